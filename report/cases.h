/*
 * cases.h -- a target as test cases, for JUnit and TAP.
 *
 * DNS is a case, then each stage of each address; the list is the same in
 * every state.  When the whole is not OK and none of them says so (a number
 * of addresses that is too small, the total time), a last case does.
 */
#ifndef REPORT_CASES_H
#define REPORT_CASES_H

#include "report/report.h"

enum case_result {
    CASE_PASSED,
    CASE_FAILED,    /* the endpoint is wrong, or slower than it may be */
    CASE_ERROR,     /* the check could not run */
    CASE_TOLERATED, /* wrong, and not required: --require */
    CASE_SKIPPED,   /* not reached, or not wanted */
    CASE_RESULT_COUNT
};

enum {
    CASE_MESSAGE_MAX = 256,
    CASE_NAME_MAX = NET_ADDR_TEXT_MAX + 16,
};

struct report_case {
    char name[CASE_NAME_MAX]; /* "dns", "10.0.0.1:6379 tcp", "verdict" */
    enum case_result result;
    uint64_t ns;
    const char *cause;              /* a token, or NULL */
    char id[32];                    /* of the verdict; "" when passed */
    char message[CASE_MESSAGE_MAX]; /* raw: escape it */
};

/* A walk over the cases of one item.  Zero but for the first two. */
struct cases {
    const struct report_item *item;
    const struct description *words;

    /* private */
    unsigned next;
    bool told; /* a case that failed has been seen */
};

/* The next case; false: there are no more. */
bool cases_next(struct cases *cases, struct report_case *out);

#endif /* REPORT_CASES_H */
