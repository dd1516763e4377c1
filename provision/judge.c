/*
 * One function a rule, in one table; the first that finds its fault tells.
 */
#include "provision/judge.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { LINE_SIZE = 512 };

/* A rule's finding: `id` is static. */
struct finding {
    const char *id;
    char line[LINE_SIZE];
};

typedef bool (*rule)(const struct outcome *outcome, struct finding *finding);

static bool found(struct finding *finding, const char *id, const char *format,
                  ...) __attribute__((format(printf, 3, 4)));

static bool found(struct finding *finding, const char *id, const char *format,
                  ...)
{
    va_list arguments;

    finding->id = id;
    va_start(arguments, format);
    (void)vsnprintf(finding->line, sizeof(finding->line), format, arguments);
    va_end(arguments);
    return true;
}

static const struct outcome_drift *drift_of(const struct outcome *outcome,
                                            enum outcome_step_name step,
                                            const char *field)
{
    for (size_t i = 0; i < outcome->ndrift; i++) {
        const struct outcome_drift *at = &outcome->drift[i];

        if (at->step == step && (!field || strcmp(at->field, field) == 0))
            return at;
    }
    return NULL;
}

/* A step that has something to do, or could not. */
static const struct outcome_step *open_step(const struct outcome *outcome,
                                            enum outcome_step_name name)
{
    for (size_t i = 0; i < outcome->nsteps; i++) {
        const struct outcome_step *at = &outcome->steps[i];

        if (at->name == name && (at->state == OUTCOME_STATE_FAILED ||
                                 at->state == OUTCOME_STATE_WAITING ||
                                 at->state == OUTCOME_STATE_PLANNED))
            return at;
    }
    return NULL;
}

static bool has(const struct spec_texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->n; i++) {
        if (strcmp(texts->texts[i], text) == 0)
            return true;
    }
    return false;
}

/* The first of `want` that is not in `have`; NULL: all are. */
static const char *missing_of(const struct outcome_drift *drift)
{
    for (size_t i = 0; i < drift->want.n; i++) {
        if (!has(&drift->have, drift->want.texts[i]))
            return drift->want.texts[i];
    }
    return NULL;
}

static const char *surplus_of(const struct outcome_drift *drift)
{
    for (size_t i = 0; i < drift->have.n; i++) {
        if (!has(&drift->want, drift->have.texts[i]))
            return drift->have.texts[i];
    }
    return NULL;
}

/* --- the endpoint --- */

static const struct outcome_connection *
closed_connection(const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->nconnections; i++) {
        if (outcome->connections[i].ours &&
            strcmp(outcome->connections[i].state, "available") != 0)
            return &outcome->connections[i];
    }
    return NULL;
}

static bool principal(const struct outcome *outcome, struct finding *finding)
{
    const struct outcome_drift *drift =
        drift_of(outcome, OUTCOME_PERMISSIONS, NULL);
    const char *missing = drift ? missing_of(drift) : NULL;

    return missing &&
           found(finding, "AWS_PRINCIPAL_NOT_ALLOWED",
                 "%s is not among the service's allowed principals", missing);
}

/* ... and that is why there is no endpoint. */
static bool not_allowed(const struct outcome *outcome, struct finding *finding)
{
    return (open_step(outcome, OUTCOME_ENDPOINT) ||
            closed_connection(outcome)) &&
           principal(outcome, finding);
}

static bool closed(const struct outcome *outcome, struct finding *finding)
{
    static const enum outcome_step_name names[] = { OUTCOME_ENDPOINT,
                                                    OUTCOME_ACCEPTANCE,
                                                    OUTCOME_AVAILABLE };
    const struct outcome_connection *at = closed_connection(outcome);
    const struct outcome_drift *drift;

    if (at)
        return found(finding, "AWS_ENDPOINT_NOT_AVAILABLE",
                     "the endpoint %s of %s is %s", at->endpoint_id,
                     at->consumer ? at->consumer : "the consumer", at->state);
    for (size_t i = 0; i < COUNT(names); i++) {
        drift = drift_of(outcome, names[i], "state");
        if (drift && drift->have.n)
            return found(finding, "AWS_ENDPOINT_NOT_AVAILABLE",
                         "the endpoint of %s is %s",
                         drift->consumer ? drift->consumer : "the consumer",
                         drift->have.texts[0]);
    }
    return false;
}

static bool no_endpoint(const struct outcome *outcome, struct finding *finding)
{
    const struct outcome_step *made = open_step(outcome, OUTCOME_ENDPOINT);
    const struct outcome_step *accepted =
        open_step(outcome, OUTCOME_ACCEPTANCE);

    if (made && (!made->id || made->action == OUTCOME_ACTION_CREATE))
        return found(
            finding, "AWS_ENDPOINT_NOT_AVAILABLE", "%s has no endpoint%s%s",
            made->consumer ? made->consumer : "the consumer",
            made->reason ? ": " : "", made->reason ? made->reason : "");
    return accepted && accepted->id &&
           found(finding, "AWS_ENDPOINT_NOT_AVAILABLE",
                 "nobody has accepted the endpoint %s", accepted->id);
}

static bool no_rule(const struct outcome *outcome, struct finding *finding)
{
    const struct outcome_drift *drift =
        drift_of(outcome, OUTCOME_ENDPOINT_SECURITY_GROUP, NULL);
    const char *missing = drift ? missing_of(drift) : NULL;

    return missing && found(finding, "AWS_NO_RULE",
                            "no inbound rule of the endpoint's security "
                            "groups admits %s",
                            missing);
}

/* --- the load balancer --- */

static bool is_health(const struct outcome_target *target, const char *health)
{
    return target->health && strcmp(target->health, health) == 0;
}

static bool is_unused(const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->nlisteners; i++) {
        for (size_t k = 0; k < outcome->listeners[i].ntargets; k++) {
            if (is_health(&outcome->listeners[i].targets[k], "unused"))
                return true;
        }
    }
    return false;
}

static bool no_listener(const struct outcome *outcome, struct finding *finding)
{
    const struct outcome_step *step = open_step(outcome, OUTCOME_LISTENER);
    const struct outcome_drift *drift =
        drift_of(outcome, OUTCOME_LISTENER, NULL);

    if (!step && !drift && !is_unused(outcome))
        return false;
    if (step && step->port && step->action != OUTCOME_ACTION_CREATE)
        return found(finding, "AWS_NO_LISTENER",
                     "the listener on port %u does not lead to the targets",
                     step->port);
    if (step && step->port)
        return found(finding, "AWS_NO_LISTENER",
                     "the load balancer does not listen on port %u",
                     step->port);
    return found(finding, "AWS_NO_LISTENER",
                 "no listener of the load balancer leads to the targets");
}

/* Targets that are leaving take no new connections. */
static size_t count_targets(const struct outcome_listener *listener)
{
    size_t n = 0;

    for (size_t i = 0; i < listener->ntargets; i++)
        n += !is_health(&listener->targets[i], "draining");
    return n;
}

static bool no_target(const struct outcome *outcome, struct finding *finding)
{
    if (!drift_of(outcome, OUTCOME_TARGETS, NULL) &&
        !open_step(outcome, OUTCOME_TARGETS))
        return false;
    for (size_t i = 0; i < outcome->nlisteners; i++) {
        if (count_targets(&outcome->listeners[i]) == 0)
            return found(finding, "AWS_NO_TARGET",
                         "port %u has no target that takes connections",
                         outcome->listeners[i].port);
    }
    return false;
}

static bool stale(const struct outcome *outcome, struct finding *finding)
{
    const struct outcome_drift *drift =
        drift_of(outcome, OUTCOME_TARGETS, "addresses");
    const char *old = drift ? surplus_of(drift) : NULL;
    const char *new = drift ? missing_of(drift) : NULL;

    if (old && new)
        return found(finding, "TCP_TARGET_STALE",
                     "the target %s is stale: the cache's name leads to %s",
                     old, new);
    if (old)
        return found(finding, "TCP_TARGET_STALE",
                     "the target %s is stale: the cache's name does not lead "
                     "there",
                     old);
    return new &&found(finding, "TCP_TARGET_STALE",
                       "%s, an address of the cache, is no target", new);
}

static bool proxy(const struct outcome *outcome, struct finding *finding)
{
    return drift_of(outcome, OUTCOME_TARGET_GROUP, "proxy_protocol") &&
           found(finding, "APP_PROXY_V2",
                 "the target group sends a PROXY header, which Redis takes "
                 "for a command");
}

static bool wrong_zone(const struct outcome *outcome, struct finding *finding)
{
    return drift_of(outcome, OUTCOME_LOAD_BALANCER, "cross_zone") &&
           found(finding, "AWS_ZONE_MISMATCH",
                 "cross-zone is off: a zone of the endpoint without a target "
                 "answers nobody");
}

/* --- the cache --- */

/* What its line says, of the first that says something. */
static const char *said_of_cache(const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->nsteps; i++) {
        if (outcome->steps[i].name == OUTCOME_CACHE && outcome->steps[i].reason)
            return outcome->steps[i].reason;
    }
    return "the cache is not as it was";
}

static bool cluster_mode(const struct outcome *outcome, struct finding *finding)
{
    return drift_of(outcome, OUTCOME_CACHE, "cluster_mode") &&
           found(finding, "REDIS_MOVED",
                 "%s: name that one in the file, and "
                 "apply",
                 said_of_cache(outcome));
}

static bool no_cache(const struct outcome *outcome, struct finding *finding)
{
    return drift_of(outcome, OUTCOME_CACHE, NULL) &&
           found(finding, "UNKNOWN_ERROR", "%s", said_of_cache(outcome));
}

static bool unhealthy(const struct outcome *outcome, struct finding *finding)
{
    const struct outcome_drift *drift =
        drift_of(outcome, OUTCOME_CACHE_SECURITY_GROUP, NULL);
    const char *missing = drift ? missing_of(drift) : NULL;

    for (size_t i = 0; i < outcome->nlisteners; i++) {
        for (size_t k = 0; k < outcome->listeners[i].ntargets; k++) {
            const struct outcome_target *at = &outcome->listeners[i].targets[k];

            if (!is_health(at, "unhealthy"))
                continue;
            return found(
                finding, "AWS_TARGET_UNHEALTHY",
                "target %s:%u is unhealthy%s%s%s%s", at->address, at->port,
                at->reason ? ": " : "", at->reason ? at->reason : "",
                missing ? "; the cache's security group does not admit " : "",
                missing ? missing : "");
        }
    }
    return false;
}

static bool private_name(const struct outcome *outcome, struct finding *finding)
{
    return drift_of(outcome, OUTCOME_PRIVATE_DNS, NULL) &&
           found(finding, "DNS_PRIVATE_NAME_OFF",
                 "the service's private name is off at the endpoint");
}

void outcome_judge(struct outcome *outcome)
{
    static const rule rules[] = {
        not_allowed, closed,    no_endpoint, cluster_mode, no_cache,
        no_listener, no_rule,   no_target,   stale,        proxy,
        wrong_zone,  unhealthy, principal,   private_name,
    };
    struct finding finding;
    char *line;

    for (size_t i = 0; i < COUNT(rules); i++) {
        if (!rules[i](outcome, &finding))
            continue;
        line = arena_text(&outcome->arena, finding.line, strlen(finding.line));
        if (line) {
            outcome->verdict = finding.id;
            outcome->verdict_text = line;
        }
        return;
    }
}
