/*
 * status.c -- statuses have two orders: their values are exit statuses, and
 * the guidelines rank UNKNOWN between WARNING and CRITICAL.
 */
#include "verdict/status.h"

static int rank(enum check_status status)
{
    switch (status) {
    case CHECK_OK: return 0;
    case CHECK_WARNING: return 1;
    case CHECK_UNKNOWN: return 2;
    case CHECK_CRITICAL: return 3;
    }
    return 3; /* no status: a caller's bug, and not to be missed */
}

enum check_status check_status_worse(enum check_status a, enum check_status b)
{
    return rank(b) > rank(a) ? b : a;
}

const char *check_status_token(enum check_status status)
{
    switch (status) {
    case CHECK_OK: return "ok";
    case CHECK_WARNING: return "warning";
    case CHECK_CRITICAL: return "critical";
    case CHECK_UNKNOWN: break;
    }
    return "unknown";
}

const char *check_status_word(enum check_status status)
{
    switch (status) {
    case CHECK_OK: return "OK";
    case CHECK_WARNING: return "WARNING";
    case CHECK_CRITICAL: return "CRITICAL";
    case CHECK_UNKNOWN: break;
    }
    return "UNKNOWN";
}
