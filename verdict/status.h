/*
 * status.h -- the four outcomes of a check, and their order.
 *
 * Values are the exit statuses of the Monitoring Plugins guidelines.
 */
#ifndef VERDICT_STATUS_H
#define VERDICT_STATUS_H

enum check_status {
    CHECK_OK = 0,
    CHECK_WARNING = 1,
    CHECK_CRITICAL = 2,
    CHECK_UNKNOWN = 3,
};

/* The worse of two: CRITICAL, UNKNOWN, WARNING, OK. */
enum check_status check_status_worse(enum check_status a, enum check_status b);

/* "ok", "warning", "critical", "unknown"; and in capitals. */
const char *check_status_token(enum check_status status);
const char *check_status_word(enum check_status status);

#endif /* VERDICT_STATUS_H */
