/*
 * probe.c -- options of the commands to those of a probe, one by one.
 */
#include "commands/check/probe.h"

#include <sys/socket.h>
#include <time.h>

static struct policy policy_of(const struct check_options *options)
{
    return (struct policy){
        .require = options->require,
        .degraded = (enum check_status)options->degraded,
        .write = options->write,
        .role = (enum expect_role)options->role,
        .expect = options->expect,
        .nexpect = options->nexpect,
        .thresholds = options->thresholds,
        .cert_warning_days = options->cert_warning_days,
        .cert_critical_days = options->cert_critical_days,
        .now_s = (int64_t)time(NULL),
        .watchdog = options->watchdog_status,
    };
}

struct probe_options check_probe_options(const struct check_options *options,
                                         struct check_again *again)
{
    check_again_fill(again, options);
    return (struct probe_options){
        .family = options->family,
        .addresses = options->addresses,
        .naddresses = options->naddresses,
        .source = options->source.sa.any.sa_family == AF_UNSPEC
                      ? NULL
                      : &options->source,
        .timeout_ms = options->timeout_ms,
        .deadline_ms = options->deadline_ms,
        .key_prefix = options->key_prefix,
        .payloads = options->payloads,
        .npayloads = options->npayloads,
        .idle_ms = options->idle_ms,
        .diagnose = options->diagnose,
        .again = again->list,
        .policy = policy_of(options),
    };
}

bool check_probe_accepted(const struct outcome *outcome)
{
    const struct verdict *verdict = &outcome->verdict;

    return verdict->id == VERDICT_OK ||
           (verdict->stage > STAGE_AUTH && verdict->stage < STAGE_COUNT);
}
