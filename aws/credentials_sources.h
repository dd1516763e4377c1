/*
 * credentials_sources.h -- one fetch of keys, and the sources it goes to.
 *
 *     fetch_start > plan > base source > role > role > ... > done
 *
 * A source puts what it has found into `found`, or why not into `fault`, and
 * ends with fetch_step(): at once, or later from the loop.  fetch_cancel() lets
 * it end soon.
 */
#ifndef AWS_CREDENTIALS_SOURCES_H
#define AWS_CREDENTIALS_SOURCES_H

#include "aws/bytes.h"
#include "aws/credentials_exchange.h"
#include "aws/credentials_keys.h"
#include "aws/credentials_plan.h"

struct process;

/* A request to STS. */
struct sts_call {
    const struct plan_role *role;
    bool web_identity;
    char url[512], region[40];
    struct bytes body, date, token, authorization; /* headers, as sent */
    const char *headers[4];
    char what[192]; /* "assuming ROLE", to begin a line with */
};

struct fetch {
    /* set by the caller, who lends all of it */
    struct net_loop *loop;
    struct http *http;
    const struct profiles *profiles;
    const struct credentials_options *options;
    void (*done)(struct fetch *fetch, bool fine); /* may run inside start */
    void *data;
    long skew_s; /* the world's clock less ours; kept for the next fetch */

    /* valid in `done`; `found` is the caller's to free then */
    struct found_keys found;
    struct fault fault;

    /* private */
    struct plan plan;
    size_t roles_left;
    bool running, canceled;
    struct exchange exchange;
    struct sts_call sts;
    struct bytes url, header; /* of the metadata services */
    const char *headers[2];
    struct process *process;
};

void fetch_start(struct fetch *fetch);
void fetch_cancel(struct fetch *fetch); /* idempotent */

/* The world's time, as far as it is known. */
time_t fetch_now(const struct fetch *fetch);

/* A source has ended. */
void fetch_step(struct fetch *fetch, bool fine);

/* Begin the exchange of `fetch` anew. */
struct exchange *fetch_exchange(struct fetch *fetch, exchange_cb done);

/* Why an exchange gave no answer of use.  Always false. */
bool fetch_unanswered(struct fetch *fetch, const char *whose);

/* Of a file, lent by the profiles; of the environment. */
bool source_file(const struct profiles *profiles, enum profile_file file,
                 const char *profile, struct found_keys *found,
                 struct fault *fault);
bool source_environment(struct found_keys *found, struct fault *fault);

void source_process(struct fetch *fetch);
void process_cancel(struct process *process); /* takes NULL */

void source_container(struct fetch *fetch);
void source_instance(struct fetch *fetch);

void source_web_identity(struct fetch *fetch);

/* Assume `role` with the keys found so far, and replace them. */
void source_role(struct fetch *fetch, const struct plan_role *role);

#endif /* AWS_CREDENTIALS_SOURCES_H */
