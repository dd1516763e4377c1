/*
 * consumer_side.h -- the consumer's side of a situation, up to its endpoint.
 */
#ifndef TESTS_CONSUMER_SIDE_H
#define TESTS_CONSUMER_SIDE_H

#include "provision/situation.h"

#define SERVICE "com.amazonaws.vpce.us-west-2.vpce-svc-0a1b2c3d"

struct world_consumer *app(void);

/* Ask a step of the consumer's account. */
enum step_now ask(const struct step_kind *kind);
enum step_now ask_acceptance(void);

/* The provider's side stands, and was made just now or before. */
void have_service(bool made);

/* No endpoint is found. */
void no_endpoint(void);

/* DescribeSubnets: two that fit in the first zone, behind one that is full; one
 * in a zone that the service is not in. */
extern const char consumer_subnets[];

void know_subnets(void); /* and the service's zones */
void make_group(void);

#endif /* TESTS_CONSUMER_SIDE_H */
