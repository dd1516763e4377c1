/*
 * cause.h -- why a stage failed: one list for the network and for Redis.
 *
 * A net status *is* a cause, by number; the classes of error replies follow;
 * then the few that only a probe can see.  Tokens are the `cause` of JSON,
 * JUnit and metrics: a closed list.
 */
#ifndef VERDICT_CAUSE_H
#define VERDICT_CAUSE_H

#include "net/status.h"
#include "resp/errors.h"

enum cause {
    CAUSE_OK = NET_OK,
    CAUSE_RESP = NET_STATUS_COUNT, /* + enum resp_error */
    CAUSE_OWN = CAUSE_RESP + RESP_ERR_COUNT,
    CAUSE_MISMATCH = CAUSE_OWN, /* another value or role than expected */
    CAUSE_EXISTS,               /* SET NX found our random key there */
    CAUSE_UNEXPECTED,           /* a reply of another type than expected */
    CAUSE_THRESHOLD,            /* passed, but outside of -w or -c */
    CAUSE_EXPIRES,              /* the certificate, soon */
    CAUSE_WATCHDOG,             /* the program's own time limit */
    CAUSE_COUNT
};

static inline enum cause cause_of_net(enum net_status status)
{
    return (enum cause)status;
}

static inline enum cause cause_of_resp(enum resp_error error)
{
    return (enum cause)(CAUSE_RESP + (int)error);
}

/* Is `cause` the class `error` of error replies? */
static inline int cause_is_resp(enum cause cause, enum resp_error error)
{
    return (int)cause == CAUSE_RESP + (int)error;
}

const char *cause_token(enum cause cause);
const char *cause_text(enum cause cause);

#endif /* VERDICT_CAUSE_H */
