/*
 * policy.h -- what the user calls good: the second input of a verdict.
 */
#ifndef VERDICT_POLICY_H
#define VERDICT_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"
#include "verdict/status.h"
#include "verdict/threshold.h"

enum {
    REQUIRE_ALL = 0,
    REQUIRE_ANY = -1,
    /* N > 0: that many addresses must pass */
    CERT_DAYS_OFF = -1,
};

enum expect_role {
    EXPECT_DEFAULT, /* master when writing, else any */
    EXPECT_MASTER,
    EXPECT_REPLICA,
    EXPECT_ANY,
};

struct policy {
    int require;                /* REQUIRE_ALL, REQUIRE_ANY or a number */
    enum check_status degraded; /* some pass, but fewer than required */
    bool write;                 /* SET, GET, DEL are wanted */
    enum expect_role role;
    const struct net_cidr *expect; /* --expect-address; NULL: any */
    size_t nexpect;
    struct thresholds thresholds;
    int cert_warning_days, cert_critical_days; /* CERT_DAYS_OFF */
    int64_t now_s;              /* wall clock, for certificates */
    enum check_status watchdog; /* status when the watchdog ended it */
};

#endif /* VERDICT_POLICY_H */
