/*
 * outcome.h -- what a run of `linkprobe provision` found and did, as plain
 * data: exactly the JSON object of a run, for every format.
 *
 * Texts and arrays live in the arena; outcome_release() releases.  NULL is
 * JSON's null.  Lists are in the order of the steps, of the file's listeners
 * and consumers.
 */
#ifndef PROVISION_OUTCOME_H
#define PROVISION_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/arena.h"
#include "provision/spec/spec.h"

/* In their order; tokens are an interface. */
/* clang-format off */
#define OUTCOME_STEP_MAP(X)                                                    \
    X(CACHE,                   "cache")                                        \
    X(RESOLVE,                 "resolve")                                      \
    X(CACHE_SECURITY_GROUP,    "cache_security_group")                         \
    X(LOAD_BALANCER,           "load_balancer")                                \
    X(TARGET_GROUP,            "target_group")                                 \
    X(TARGETS,                 "targets")                                      \
    X(LISTENER,                "listener")                                     \
    X(ENDPOINT_SERVICE,        "endpoint_service")                             \
    X(PERMISSIONS,             "permissions")                                  \
    X(ENDPOINT_SECURITY_GROUP, "endpoint_security_group")                      \
    X(ENDPOINT,                "endpoint")                                     \
    X(ACCEPTANCE,              "acceptance")                                   \
    X(AVAILABLE,               "available")                                    \
    X(PRIVATE_DNS,             "private_dns")                                  \
    X(VERIFY,                  "verify")

#define OUTCOME_ACTION_MAP(X)                                                  \
    X(NONE,      "none")                                                       \
    X(REFERENCE, "reference")                                                  \
    X(WAIT,      "wait")                                                       \
    X(UPDATE,    "update")                                                     \
    X(CREATE,    "create")                                                     \
    X(DELETE,    "delete")

#define OUTCOME_STATE_MAP(X)                                                   \
    X(DONE,    "done")                                                         \
    X(PLANNED, "planned")                                                      \
    X(WAITING, "waiting")                                                      \
    X(SKIPPED, "skipped")                                                      \
    X(FAILED,  "failed")

/* Of the whole run, with its exit status. */
#define OUTCOME_STATUS_MAP(X)                                                  \
    X(OK,          "ok",          0) /* done, or nothing to do */              \
    X(WAITING,     "waiting",     1) /* for the other side, or for AWS */      \
    X(DRIFTED,     "drifted",     1)                                           \
    X(UNHEALTHY,   "unhealthy",   1)                                           \
    X(CHANGES,     "changes",     2) /* of plan and --dry-run: to make */      \
    X(REFUSED,     "refused",     3) /* for safety, or the file is wrong */    \
    X(FAILED,      "failed",      4) /* AWS or the network */                  \
    X(INTERRUPTED, "interrupted", 4)
/* clang-format on */

enum outcome_step_name {
#define X(name, token) OUTCOME_##name,
    OUTCOME_STEP_MAP(X)
#undef X
        OUTCOME_STEP_NAMES
};

enum outcome_action {
#define X(name, token) OUTCOME_ACTION_##name,
    OUTCOME_ACTION_MAP(X)
#undef X
};

enum outcome_state {
#define X(name, token) OUTCOME_STATE_##name,
    OUTCOME_STATE_MAP(X)
#undef X
};

enum outcome_status {
#define X(name, token, exit_status) OUTCOME_STATUS_##name,
    OUTCOME_STATUS_MAP(X)
#undef X
};

const char *outcome_step_token(enum outcome_step_name name);
const char *outcome_action_token(enum outcome_action action);
const char *outcome_state_token(enum outcome_state state);
const char *outcome_status_token(enum outcome_status status);
int outcome_status_exit(enum outcome_status status);

/* One line of `steps`. */
struct outcome_step {
    enum outcome_step_name name;
    const char *consumer; /* whose account; NULL: the provider's */
    unsigned port;        /* of which listener; 0: of the whole path */
    enum outcome_action action;
    enum outcome_state state;
    const char *id;     /* of the resource; NULL: not known yet */
    const char *reason; /* one line for people; NULL: nothing to say */
    const char *call;   /* of plan: "CreateLoadBalancer"; several with ", " */
    unsigned calls;     /* sent for this step */
    uint64_t ns;        /* from its first call to its end */
    uint64_t start_ns;  /* of its first call, net_now(); 0: none */
};

struct outcome_target {
    const char *address;
    unsigned port;
    const char *zone_id; /* NULL: not known */
    const char *health;  /* "healthy", "initial", ...; NULL: not known */
    const char *reason;  /* "Target.FailedHealthChecks"; NULL */
};

struct outcome_listener {
    unsigned port;
    const char *host; /* the name that its targets follow; NULL: not known */
    bool tls;         /* as AWS or the file says of the cache */
    int64_t ttl_s;    /* of its addresses when they were looked up; 0: not
                         looked up */
    struct outcome_target *targets; /* of all load balancers */
    size_t ntargets;
};

struct outcome_connection {
    const char *consumer; /* NULL: none of the file */
    const char *account;
    const char *endpoint_id;
    const char *state; /* as AWS writes it, the first letter small */
    bool ours;         /* the endpoint is one of this path */
    struct spec_texts dns_names;
};

struct outcome_drift {
    enum outcome_step_name step;
    const char *consumer; /* NULL: of the provider's side */
    const char *field;
    struct spec_texts want, have;
};

struct outcome {
    const char *command; /* "apply" */
    const char *name;    /* of the path */
    enum outcome_status status;
    struct outcome_step *steps;
    size_t nsteps;
    const char *service_name, *service_id; /* NULL: none yet */
    struct outcome_listener *listeners;
    size_t nlisteners;
    struct outcome_connection *connections;
    size_t nconnections;
    struct outcome_drift *drift;
    size_t ndrift;
    const char *verdict;      /* an id of the catalogue, "OK" */
    const char *verdict_text; /* one line; NULL with OK */
    const char *fix;          /* the command that mends it; NULL */
    const char **notes;       /* lines worth saying beside: warnings */
    size_t nnotes;
    const char *error; /* why it was refused or failed; NULL */
    unsigned api_calls, writes, retries;
    unsigned changes; /* of plan: to make */
    struct arena arena;
};

/* A copy of `line` to the notes; without memory there is none. */
void outcome_note(struct outcome *outcome, const char *line);

void outcome_release(struct outcome *outcome); /* what it holds; takes zeroed */

#endif /* PROVISION_OUTCOME_H */
