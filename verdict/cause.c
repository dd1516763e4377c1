/*
 * cause.c -- three lists laid end to end: net statuses, classes of error
 * replies, and our own.  The numbers say which list a cause is of.
 */
#include "verdict/cause.h"

#include <assert.h>

_Static_assert((int)CAUSE_COUNT <= 64, "classify.c keeps causes in 64 bits");

const char *cause_token(enum cause cause)
{
    assert(cause < CAUSE_COUNT);
    if ((int)cause < (int)CAUSE_RESP)
        return net_status_token((enum net_status)cause);
    if ((int)cause < (int)CAUSE_OWN)
        return resp_error_token((enum resp_error)((int)cause - CAUSE_RESP));

    switch ((int)cause) {
    case CAUSE_MISMATCH: return "mismatch";
    case CAUSE_EXISTS: return "exists";
    case CAUSE_UNEXPECTED: return "unexpected";
    case CAUSE_THRESHOLD: return "threshold";
    case CAUSE_EXPIRES: return "expires";
    default: return "watchdog";
    }
}

const char *cause_text(enum cause cause)
{
    assert(cause < CAUSE_COUNT);
    if ((int)cause < (int)CAUSE_RESP)
        return net_status_text((enum net_status)cause);
    if ((int)cause < (int)CAUSE_OWN)
        return resp_error_text((enum resp_error)((int)cause - CAUSE_RESP));

    switch ((int)cause) {
    case CAUSE_MISMATCH: return "not what was expected";
    case CAUSE_EXISTS: return "a random key was there already";
    case CAUSE_UNEXPECTED: return "a reply of another type than expected";
    case CAUSE_THRESHOLD: return "outside of the thresholds";
    case CAUSE_EXPIRES: return "the certificate expires soon";
    default: return "cut short by the program's own time limit";
    }
}
