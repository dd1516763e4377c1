/*
 * lookups.c -- first how one answer relates to the one in use, then a judge for
 * each of the three occasions: a failed connect, a failed look-up, a shortage.
 *
 * What could not be asked, or was answered with an error, proves nothing.
 */
#include "verdict/lookups.h"

#include "verdict/rules.h"

enum {
    ZONES_ASKED = 6, /* a .. f: all that a region has */
    MOSTLY = 3,      /* of five */
};

const char *lookups_endpoint(const struct evidence_target *target,
                             struct vpce_name *vpce)
{
    const struct net_answer *answer = target->answer;

    if (target->host && vpce_parse(target->host, vpce))
        return target->host;
    for (unsigned i = 0; answer && i < answer->ncnames; i++) {
        if (vpce_parse(answer->cnames[i].target, vpce))
            return answer->cnames[i].target;
    }
    return NULL;
}

/* --- How answers relate --------------------------------------------------- */

static bool has(const struct evidence_lookup *at, const struct net_addr *addr)
{
    for (unsigned i = 0; i < at->naddrs; i++) {
        if (net_addr_equal(&at->addrs[i], addr))
            return true;
    }
    return false;
}

static bool has_family(const struct evidence_lookup *at, int family)
{
    for (unsigned i = 0; i < at->naddrs; i++) {
        if (at->addrs[i].sa.any.sa_family == family)
            return true;
    }
    return false;
}

bool lookups_in_use(const struct evidence_target *target,
                    const struct net_addr *addr)
{
    for (unsigned i = 0; i < target->naddresses; i++) {
        if (net_addr_equal(&target->addresses[i]->addr, addr))
            return true;
    }
    return false;
}

/* Has it addresses of the same kind, and none of those in use?  Answers that
 * overlap are the same name at another moment. */
static bool is_apart(const struct evidence_target *target,
                     const struct evidence_lookup *at)
{
    bool comparable = false;

    if (at->status != NET_OK || at->more)
        return false;
    for (unsigned i = 0; i < target->naddresses; i++) {
        const struct net_addr *addr = &target->addresses[i]->addr;

        if (has(at, addr))
            return false;
        comparable |= has_family(at, addr->sa.any.sa_family);
    }
    return comparable;
}

static bool has_no_name(const struct evidence_lookup *at)
{
    return at->status == NET_NXDOMAIN || at->status == NET_NODATA;
}

static bool leads_somewhere(const struct evidence_lookup *at)
{
    return at->dialed > 0 && at->connect == NET_OK;
}

/* Outside of any VPC?  Of IPv6 nobody can tell. */
static bool is_public(const struct evidence_lookup *at)
{
    for (unsigned i = 0; i < at->naddrs; i++) {
        if (at->addrs[i].sa.any.sa_family == AF_INET6 ||
            net_addr_is_private(&at->addrs[i]))
            return false;
    }
    return true;
}

/* The first look-up of `kind` from `from` on, or NULL. */
static const struct evidence_lookup *find(const struct evidence_target *target,
                                          enum lookup kind, unsigned from)
{
    const struct evidence_lookups *lookups = target->lookups;

    for (unsigned i = from; lookups && i < lookups->n; i++) {
        if (lookups->at[i].kind == (uint8_t)kind)
            return &lookups->at[i];
    }
    return NULL;
}

/* --- A failed connect ----------------------------------------------------- */

static bool none_connects(const struct evidence_target *target)
{
    for (unsigned i = 0; i < target->naddresses; i++) {
        if (target->addresses[i]->stages[STAGE_TCP].state == STAGE_PASSED)
            return false;
    }
    return true;
}

/* The path refused or swallowed it, and not this machine. */
static bool is_of_the_path(const struct verdict *verdict)
{
    return verdict->cause == cause_of_net(NET_TIMEOUT) ||
           verdict->cause == cause_of_net(NET_REFUSED) ||
           verdict->cause == cause_of_net(NET_UNREACHABLE);
}

/* It is `id` when where `at` leads answers; else it may be what it was. */
static bool becomes(struct verdict *verdict, enum verdict_id id,
                    const struct evidence_lookup *at)
{
    enum verdict_id before = verdict->id;

    verdict->id = id;
    verdict->stage = STAGE_DNS;
    verdict->by_lookup = true;
    verdict->ncandidates = 0;
    if (!leads_somewhere(at))
        rules_candidate(verdict, before);
    return true;
}

static bool hosts_file_is_stale(const struct evidence_target *target,
                                unsigned i, struct verdict *verdict)
{
    const struct evidence_lookup *dns = find(target, LOOKUP_DNS, 0);
    const struct net_addr *addr = &target->addresses[i]->addr;

    if (!dns || dns->status != NET_OK || dns->more || has(dns, addr) ||
        !has_family(dns, addr->sa.any.sa_family))
        return false;
    return becomes(verdict, VERDICT_DNS_STALE, dns);
}

/* The server that disagrees and whose answer leads somewhere, or the first one
 * that disagrees, or NULL. */
static const struct evidence_lookup *
who_disagrees(const struct evidence_target *target)
{
    const struct evidence_lookups *lookups = target->lookups;
    const struct evidence_lookup *first = NULL;

    for (unsigned i = 0; i < lookups->n; i++) {
        const struct evidence_lookup *at = &lookups->at[i];

        if (at->kind != LOOKUP_SERVER || !is_apart(target, at))
            continue;
        if (leads_somewhere(at))
            return at;
        first = first ? first : at;
    }
    return first;
}

static bool servers_disagree(const struct evidence_target *target, unsigned i,
                             struct verdict *verdict)
{
    const struct evidence_lookup *other = who_disagrees(target);

    if (!other)
        return false;
    /* A public resolver is hardly right where a private one is not. */
    if (!leads_somewhere(other) && is_public(other) &&
        net_addr_is_private(&target->addresses[i]->addr)) {
        rules_candidate(verdict, VERDICT_DNS_SPLIT_HORIZON);
        return true;
    }
    return becomes(verdict, VERDICT_DNS_SPLIT_HORIZON, other);
}

static bool search_list_misleads(const struct evidence_target *target,
                                 struct verdict *verdict)
{
    const struct evidence_lookup *at = find(target, LOOKUP_ABSOLUTE, 0);

    return at && is_apart(target, at) &&
           becomes(verdict, VERDICT_DNS_SEARCH_DOMAIN, at);
}

bool lookups_judge_connect(const struct evidence_target *target, unsigned i,
                           struct verdict *verdict)
{
    if (!target->lookups || !is_of_the_path(verdict))
        return false;
    if (hosts_file_is_stale(target, i, verdict))
        return true;
    return none_connects(target) && (servers_disagree(target, i, verdict) ||
                                     search_list_misleads(target, verdict));
}

/* --- A failed look-up ----------------------------------------------------- */

/* Some server has the name: with an address inside, or one that answers. */
static void judge_servers(const struct evidence_target *target,
                          struct verdict *verdict)
{
    const struct evidence_lookups *lookups = target->lookups;
    bool maybe = false;

    for (unsigned i = 0; i < lookups->n; i++) {
        const struct evidence_lookup *at = &lookups->at[i];

        if (at->kind != LOOKUP_SERVER || at->status != NET_OK)
            continue;
        if (!is_public(at) || leads_somewhere(at)) {
            verdict->id = VERDICT_DNS_SPLIT_HORIZON;
            verdict->by_lookup = true;
            return;
        }
        maybe = true;
    }
    if (maybe)
        rules_candidate(verdict, VERDICT_DNS_SPLIT_HORIZON);
}

/* The endpoint itself is well; whether this name is its private one, nobody
 * said. */
static bool private_name_is_off(const struct evidence_target *target,
                                struct verdict *verdict)
{
    const struct evidence_lookup *at = find(target, LOOKUP_ENDPOINT, 0);

    if (!at || !leads_somewhere(at))
        return false;
    verdict->id = VERDICT_DNS_PRIVATE_NAME_OFF;
    verdict->by_lookup = true;
    rules_candidate(verdict, VERDICT_DNS_NXDOMAIN);
    return true;
}

static void judge_missing_name(const struct evidence_target *target,
                               struct verdict *verdict)
{
    const struct evidence_lookup *region = find(target, LOOKUP_REGION, 0);

    if (region && region->status == NET_OK) {
        verdict->id = VERDICT_DNS_ZONAL_MISSING;
        verdict->by_lookup = true;
        return;
    }
    judge_servers(target, verdict);
    if (verdict->id == VERDICT_DNS_NXDOMAIN)
        private_name_is_off(target, verdict);
}

void lookups_judge_dns(const struct evidence_target *target,
                       struct verdict *verdict)
{
    if (!target->lookups)
        return;
    switch ((int)verdict->id) {
    case VERDICT_DNS_NXDOMAIN:
    case VERDICT_DNS_DANGLING_CNAME:
    case VERDICT_DNS_NODATA: judge_missing_name(target, verdict); break;
    case VERDICT_DNS_TIMEOUT:
        if (target->lookups->answered >= MOSTLY)
            rules_candidate(verdict, VERDICT_DNS_THROTTLED);
        break;
    default: break;
    }
}

/* --- A shortage ----------------------------------------------------------- */

/* A wildcard answers for zones that are none: with the same address. */
static bool is_shared(const struct evidence_lookups *lookups,
                      const struct evidence_lookup *zone)
{
    for (unsigned i = 0; i < lookups->n; i++) {
        const struct evidence_lookup *at = &lookups->at[i];

        if (at != zone && at->kind == LOOKUP_ZONE && has(at, &zone->addrs[0]))
            return true;
    }
    return false;
}

bool lookups_withdrawn(const struct evidence_target *target,
                       const struct evidence_lookup *at)
{
    return at->kind == LOOKUP_ZONE && at->naddrs > 0 && is_apart(target, at) &&
           !is_shared(target->lookups, at);
}

/* Is every zone's name either gone, or one of the addresses in use? */
static bool zones_are_all_in_use(const struct evidence_target *target)
{
    const struct evidence_lookups *lookups = target->lookups;
    unsigned zones = 0, used = 0;

    for (unsigned i = 0; i < lookups->n; i++) {
        const struct evidence_lookup *at = &lookups->at[i];

        if (at->kind != LOOKUP_ZONE)
            continue;
        zones++;
        if (has_no_name(at))
            continue;
        if (at->status != NET_OK || is_shared(lookups, at))
            return false;
        for (unsigned j = 0; j < target->naddresses; j++)
            used += has(at, &target->addresses[j]->addr);
    }
    return zones == ZONES_ASKED && used == target->naddresses;
}

static bool some_zone_is_withdrawn(const struct evidence_target *target)
{
    for (unsigned i = 0; target->lookups && i < target->lookups->n; i++) {
        if (lookups_withdrawn(target, &target->lookups->at[i]))
            return true;
    }
    return false;
}

bool lookups_judge_well(const struct evidence_target *target,
                        struct verdict *verdict)
{
    if (!some_zone_is_withdrawn(target))
        return false;
    *verdict = (struct verdict){ .id = VERDICT_DNS_AZ_WITHDRAWN,
                                 .stage = STAGE_DNS,
                                 .cause = CAUSE_MISMATCH,
                                 .status = CHECK_WARNING };
    return true;
}

void lookups_judge_missing(const struct evidence_target *target,
                           struct verdict *verdict)
{
    verdict->id = VERDICT_DNS_AZ_WITHDRAWN;
    if (some_zone_is_withdrawn(target))
        return;
    if (target->lookups && zones_are_all_in_use(target))
        verdict->id = VERDICT_DNS_ZONAL_MISSING;
    else
        rules_candidate(verdict, VERDICT_DNS_ZONAL_MISSING);
}
