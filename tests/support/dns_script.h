/*
 * dns_script.h -- what a scripted name server makes of a query: no sockets.
 */
#ifndef TESTS_DNS_SCRIPT_H
#define TESTS_DNS_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "support/dns_message.h"
#include "support/dns_server.h"

enum {
    DNS_NAME_TEXT_MAX = 256,
};

struct dns_query {
    char name[DNS_NAME_TEXT_MAX];
    unsigned type, id;
    bool edns;
};

/* Read a query; false when it is none. */
bool dns_query_read(const unsigned char *bytes, size_t n,
                    struct dns_query *query);

/* Make the answer that `rule` has for `query`; false: silence. */
bool dns_script_answer(struct dns_message *message, const struct dns_rule *rule,
                       const struct dns_query *query, bool udp);

#endif /* TESTS_DNS_SCRIPT_H */
