/*
 * lookups_plan.c -- what was seen so far, reduced to the names worth asking.
 *
 *     no such name       the name for all zones; each server; the endpoint
 *     no answer          the same again
 *     no connection      each server, or DNS past the hosts file; the name
 *                        without the search list; each zone
 *     too few addresses  each zone
 *     a single address   each zone, though it passes
 */
#include "probe/lookups_plan.h"

#include <stdio.h>
#include <string.h>

#include "verdict/lookups.h"

static bool failed_by(const struct evidence_stage *stage,
                      enum net_status status)
{
    return stage->state == STAGE_FAILED &&
           stage->cause == (uint8_t)cause_of_net(status);
}

static bool is_unconnected(const struct evidence_address *address)
{
    const struct evidence_stage *tcp = &address->stages[STAGE_TCP];

    return failed_by(tcp, NET_TIMEOUT) || failed_by(tcp, NET_REFUSED) ||
           failed_by(tcp, NET_UNREACHABLE);
}

static unsigned count_unconnected(const struct evidence_target *e)
{
    unsigned n = 0;

    for (unsigned i = 0; i < e->naddresses; i++)
        n += is_unconnected(e->addresses[i]);
    return n;
}

static bool is_short(const struct probe_target *t,
                     const struct evidence_target *e)
{
    int require = t->options->policy.require;

    return e->naddresses > 0 && require > 0 &&
           e->naddresses < (unsigned)require;
}

/*
 * All is well, and an endpoint has but one address of a kind, where an address
 * a zone is usual.  Who wants no more than that has said so (--require).
 */
static bool is_single(const struct probe_target *t,
                      const struct evidence_target *e)
{
    struct vpce_name vpce;

    if (t->options->policy.require != REQUIRE_ALL || e->naddresses == 0 ||
        e->naddresses > 2 || e->answer->source == NET_SOURCE_HOSTS ||
        evidence_failed_stage(e->addresses[0]) != STAGE_COUNT)
        return false;
    if (e->naddresses == 2 &&
        (e->addresses[0]->addr.sa.any.sa_family ==
             e->addresses[1]->addr.sa.any.sa_family ||
         evidence_failed_stage(e->addresses[1]) != STAGE_COUNT))
        return false;
    return lookups_endpoint(e, &vpce) && vpce.zone[0] == '\0';
}

static bool is_gone(const struct evidence_target *e)
{
    return failed_by(&e->dns, NET_NXDOMAIN) || failed_by(&e->dns, NET_NODATA);
}

bool lookups_wanted(const struct probe_target *t,
                    const struct evidence_target *e)
{
    if (!t->options->diagnose || e->literal || e->watchdog || !e->answer)
        return false;
    return is_gone(e) || failed_by(&e->dns, NET_TIMEOUT) ||
           count_unconnected(e) > 0 || is_short(t, e) || is_single(t, e);
}

/* The next look-up, of `host`; NULL: there is no room for it. */
static struct lookup_plan *add(struct lookups_plan *plan, enum lookup kind,
                               const char *host)
{
    struct lookup_plan *at = &plan->at[plan->n];

    if (plan->n == LOOKUPS_MAX || strlen(host) >= sizeof(at->host))
        return NULL;
    plan->n++;
    at->kind = (uint8_t)kind;
    (void)snprintf(at->host, sizeof(at->host), "%s", host);
    (void)snprintf(at->name, sizeof(at->name), "%s", host);
    return at;
}

/* An endpoint has an address in some of the zones of its region. */
static void add_zones(struct lookups_plan *plan,
                      const struct evidence_target *e)
{
    struct vpce_name vpce;
    const char *endpoint = lookups_endpoint(e, &vpce);
    char host[NET_NAME_MAX];

    if (!endpoint || vpce.zone[0] != '\0')
        return;
    for (const char *zone = "abcdef"; *zone != '\0'; zone++) {
        struct lookup_plan *at = NULL;

        if (vpce_sibling(endpoint, *zone, host, sizeof(host)))
            at = add(plan, LOOKUP_ZONE, host);
        if (at)
            (void)snprintf(at->name, sizeof(at->name), "%s%c", vpce.region,
                           *zone);
    }
}

static void add_region(struct lookups_plan *plan,
                       const struct evidence_target *e)
{
    struct vpce_name vpce;
    char host[NET_NAME_MAX];

    if (vpce_parse(e->host, &vpce) && vpce.zone[0] != '\0' &&
        vpce_sibling(e->host, '\0', host, sizeof(host)))
        add(plan, LOOKUP_REGION, host);
}

/* With one server there is nobody else to ask. */
static void add_servers(struct lookups_plan *plan, const char *host,
                        unsigned servers)
{
    for (unsigned i = 0; servers > 1 && i < servers; i++) {
        struct lookup_plan *at = add(plan, LOOKUP_SERVER, host);

        if (!at)
            return;
        at->name[0] = '\0';
        at->only = (uint8_t)(i + 1);
        at->no_hosts = true;
    }
}

/* A private name may be one of an endpoint that is checked beside it. */
static void add_endpoint(struct lookups_plan *plan,
                         const struct probe_target *t,
                         const struct evidence_target *e)
{
    struct vpce_name vpce;

    if (t->endpoint && e->answer->ncnames == 0 && !vpce_parse(e->host, &vpce))
        add(plan, LOOKUP_ENDPOINT, t->endpoint);
}

static void plan_gone(struct lookups_plan *plan, const struct probe_target *t,
                      const struct evidence_target *e, unsigned servers)
{
    add_region(plan, e);
    add_servers(plan, e->host, servers);
    add_endpoint(plan, t, e);
}

/* The name that was found, absolute. */
static bool found_name(const struct evidence_target *e, char host[NET_NAME_MAX])
{
    size_t n = strlen(e->answer->asked);

    if (n == 0 || n + 2 > NET_NAME_MAX)
        return false;
    (void)snprintf(host, NET_NAME_MAX, "%s%s", e->answer->asked,
                   e->answer->asked[n - 1] == '.' ? "" : ".");
    return true;
}

/* A name without a dot was found in a domain of the search list. */
static void add_absolute(struct lookups_plan *plan,
                         const struct evidence_target *e)
{
    char host[NET_NAME_MAX];

    if (strchr(e->host, '.') || strcasecmp(e->host, e->answer->asked) == 0 ||
        strlen(e->host) + 2 > sizeof(host))
        return;
    (void)snprintf(host, sizeof(host), "%s.", e->host);
    add(plan, LOOKUP_ABSOLUTE, host);
}

static void plan_unconnected(struct lookups_plan *plan,
                             const struct evidence_target *e, unsigned servers)
{
    char host[NET_NAME_MAX];
    struct lookup_plan *at;

    if (e->answer->source == NET_SOURCE_HOSTS) {
        at = add(plan, LOOKUP_DNS, e->host);
        if (at)
            at->no_hosts = true;
        return;
    }
    if (count_unconnected(e) < e->naddresses)
        return; /* the answer leads somewhere */
    if (found_name(e, host))
        add_servers(plan, host, servers);
    add_absolute(plan, e);
}

bool lookups_plan(struct lookups_plan *plan, const struct probe_target *t,
                  const struct evidence_target *e, unsigned servers)
{
    memset(plan, 0, sizeof(*plan));
    if (is_gone(e))
        plan_gone(plan, t, e, servers);
    plan->again = failed_by(&e->dns, NET_TIMEOUT);
    if (count_unconnected(e) > 0)
        plan_unconnected(plan, e, servers);
    if (count_unconnected(e) > 0 || is_short(t, e) || is_single(t, e))
        add_zones(plan, e);
    return plan->n > 0 || plan->again;
}
