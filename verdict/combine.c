/*
 * combine.c -- first each address by itself, then what the set shows of them
 * (one silent address means something else beside one that connects), then how
 * many pass against how many are required.
 */
#include "verdict/combine.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "verdict/lookups.h"
#include "verdict/rules.h"
#include "verdict/vpce.h"

enum {
    AT_ONCE_NS = 1000000000, /* an ARP failure takes three seconds */
};

static bool passes(const struct verdict *verdict)
{
    return verdict->status == CHECK_OK || verdict->status == CHECK_WARNING;
}

static bool connects(const struct evidence_address *address)
{
    return address->stages[STAGE_TCP].state == STAGE_PASSED;
}

static bool is_v6(const struct evidence_address *address)
{
    return address->addr.sa.any.sa_family == AF_INET6;
}

/* Does an address other than `but` connect?  Of IPv4 only, if `v4` says so. */
static bool another_connects(const struct evidence_target *target, unsigned but,
                             bool v4)
{
    for (unsigned i = 0; i < target->naddresses; i++) {
        const struct evidence_address *address = target->addresses[i];

        if (i != but && connects(address) && !(v4 && is_v6(address)))
            return true;
    }
    return false;
}

/* Has an IPv4 address no route either? */
static bool v4_is_unreachable(const struct evidence_target *target)
{
    for (unsigned i = 0; i < target->naddresses; i++) {
        const struct evidence_address *address = target->addresses[i];

        if (!is_v6(address) &&
            address->stages[STAGE_TCP].cause == cause_of_net(NET_UNREACHABLE))
            return true;
    }
    return false;
}

/*
 * Is `host` a name that only stands for addresses inside a network: an
 * endpoint's, one without a dot, or of a domain that is never delegated
 * (RFC 6762, appendix G; ICANN reserved .internal)?
 */
static bool is_private_name(const char *host)
{
    static const char domains[][10] = {
        ".internal", ".intranet", ".private", ".corp",
        ".home",     ".lan",      ".local",
    };
    size_t n = strlen(host);
    struct vpce_name vpce;

    if (n > 0 && host[n - 1] == '.')
        n--;
    if (vpce_parse(host, &vpce) || !memchr(host, '.', n))
        return true;
    for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++) {
        size_t length = strlen(domains[i]);

        if (n > length &&
            strncasecmp(host + n - length, domains[i], length) == 0)
            return true;
    }
    return false;
}

/* ... by its own name, or by what it is a CNAME of. */
static bool is_private_target(const struct evidence_target *target)
{
    const struct net_answer *answer = target->answer;

    if (target->literal)
        return false;
    if (is_private_name(target->host))
        return true;
    for (unsigned i = 0; answer && i < answer->ncnames; i++) {
        if (is_private_name(answer->cnames[i].target))
            return true;
    }
    return false;
}

/* The verdict of a failed connect, now that the other addresses are known. */
static enum verdict_id connect_id(const struct evidence_target *target,
                                  unsigned i, enum verdict_id id)
{
    const struct evidence_address *address = target->addresses[i];
    const struct evidence_stage *tcp = &address->stages[STAGE_TCP];

    if (id == VERDICT_TCP_CLIENT_PORTS_EXHAUSTED)
        return id;
    /* A VPC's own IPv6 addresses are global ones. */
    if (!is_v6(address) && !net_addr_is_private(&address->addr) &&
        is_private_target(target))
        return VERDICT_DNS_SPLIT_HORIZON;
    if (id == VERDICT_TCP_TIMEOUT_ALL && another_connects(target, i, false))
        return VERDICT_TCP_TIMEOUT_ONE_AZ;
    if (id == VERDICT_TCP_REFUSED && another_connects(target, i, false))
        return VERDICT_TCP_REFUSED_ONE_AZ;
    if (id == VERDICT_TCP_NO_ROUTE_LOCAL && is_v6(address) &&
        tcp->cause == cause_of_net(NET_UNREACHABLE) &&
        evidence_stage_ns(tcp) < AT_ONCE_NS && !v4_is_unreachable(target) &&
        another_connects(target, i, true))
        return VERDICT_DNS_IPV6_FIRST;
    return id;
}

static bool another_source_connects(const struct evidence_address *address)
{
    const struct evidence_second *second = address->second;

    return second && second->sources_tried > second->sources_failed;
}

/*
 * It is our own address that gets no answer: since its packets take another's
 * way out, or since it alone is not admitted.
 */
static void refine_source(const struct evidence_address *address,
                          struct verdict *verdict)
{
    if (!another_source_connects(address))
        return;
    verdict->ncandidates = 0;
    if (address->second->astray) {
        verdict->id = VERDICT_NET_ASYMMETRIC;
        return;
    }
    rules_candidate(verdict, VERDICT_AWS_NO_RULE);
    rules_candidate(verdict, VERDICT_NET_ASYMMETRIC);
}

static void refine(const struct evidence_target *target, unsigned i,
                   struct verdict *verdict)
{
    enum verdict_id id;

    if (verdict->stage != STAGE_TCP || passes(verdict))
        return;
    switch ((int)verdict->id) {
    case VERDICT_TCP_CLIENT_PORTS_EXHAUSTED:
    case VERDICT_TCP_NO_ROUTE_LOCAL:
    case VERDICT_TCP_TIMEOUT_ALL:
    case VERDICT_TCP_REFUSED: break;
    default: return;
    }
    if (lookups_judge_connect(target, i, verdict))
        return;
    id = connect_id(target, i, verdict->id);
    if (id != verdict->id)
        verdict->ncandidates = 0;
    verdict->id = id;
    if (id == VERDICT_DNS_SPLIT_HORIZON)
        verdict->stage = STAGE_DNS;
    else
        refine_source(target->addresses[i], verdict);
}

/* Does `a` stand for the set rather than `b`?  The worse, then the first in
 * the order of the decision table. */
static bool comes_first(const struct verdict *a, const struct verdict *b)
{
    if (a->status != b->status)
        return check_status_worse(a->status, b->status) == a->status;
    return a->id < b->id;
}

/* The address that stands for those that pass, or for those that do not;
 * naddresses: there is none. */
static unsigned lead_of(const struct outcome *outcome, unsigned n, bool passing)
{
    unsigned lead = n;

    for (unsigned i = 0; i < n; i++) {
        const struct verdict *verdict = &outcome->addresses[i];

        if (passes(verdict) == passing &&
            (lead == n || comes_first(verdict, &outcome->addresses[lead])))
            lead = i;
    }
    return lead;
}

static void lead_with(struct outcome *outcome, unsigned i)
{
    outcome->lead = i;
    outcome->verdict = outcome->addresses[i];
}

/* As many as required pass.  One that does not is told, and changes nothing. */
static void combine_enough(struct outcome *outcome, unsigned n)
{
    unsigned good = lead_of(outcome, n, true), bad = lead_of(outcome, n, false);

    if (good < n && outcome->addresses[good].status != CHECK_OK) {
        lead_with(outcome, good);
    } else if (bad < n) {
        lead_with(outcome, bad);
        outcome->verdict.status = CHECK_OK;
    }
}

/* Fewer addresses than required, and nothing is wrong with any of them: DNS
 * left some out.  Who gave the addresses by hand asked for too many. */
static void combine_missing(const struct evidence_target *target,
                            struct outcome *outcome)
{
    outcome->verdict.cause = CAUSE_MISMATCH;
    if (target->literal) {
        outcome->verdict.id = VERDICT_THRESHOLD_EXCEEDED;
        return;
    }
    lookups_judge_missing(target, &outcome->verdict);
    outcome->verdict.stage = STAGE_DNS;
}

static void combine_few(const struct evidence_target *target,
                        const struct policy *policy, struct outcome *outcome)
{
    unsigned bad = lead_of(outcome, target->naddresses, false);

    if (bad < target->naddresses)
        lead_with(outcome, bad);
    else
        combine_missing(target, outcome);
    if (outcome->addresses_ok > 0)
        outcome->verdict.status = policy->degraded;
}

static unsigned required(const struct evidence_target *target,
                         const struct policy *policy)
{
    if (policy->require == REQUIRE_ALL)
        return target->naddresses > 0 ? target->naddresses : 1;
    return policy->require == REQUIRE_ANY ? 1 : (unsigned)policy->require;
}

/* What is of the target and not of an address: worse, it takes the lead. */
static void consider(struct outcome *outcome, const struct verdict *verdict,
                     unsigned nobody)
{
    if (verdict_worse(&outcome->verdict, verdict) != verdict)
        return;
    outcome->verdict = *verdict;
    outcome->lead = nobody;
}

static bool all_pass(const struct evidence_target *target,
                     const struct outcome *outcome)
{
    return target->naddresses > 0 &&
           outcome->addresses_ok == target->naddresses;
}

static void combine_target(const struct evidence_target *target,
                           const struct policy *policy, struct outcome *outcome)
{
    struct verdict dns = classify_dns(target, policy), left_out;
    uint64_t total_ns = target->end_ns > target->start_ns
                            ? target->end_ns - target->start_ns
                            : 0;
    struct verdict total =
        classify_threshold(total_ns, THRESHOLD_TOTAL, &policy->thresholds);

    if (target->watchdog) {
        outcome->verdict = (struct verdict){ .id = VERDICT_WATCHDOG,
                                             .stage = STAGE_COUNT,
                                             .cause = CAUSE_WATCHDOG,
                                             .status = policy->watchdog };
        if (target->signal != 0)
            outcome->verdict.status = CHECK_UNKNOWN;
        outcome->lead = target->naddresses;
        return;
    }
    if (dns.status == CHECK_CRITICAL && dns.id == outcome->verdict.id) {
        outcome->verdict.status = CHECK_CRITICAL; /* whatever --require says */
    } else if ((dns.status == CHECK_CRITICAL &&
                dns.id != VERDICT_THRESHOLD_EXCEEDED) ||
               target->naddresses == 0) {
        outcome->verdict = dns;
        outcome->lead = target->naddresses;
    }
    consider(outcome, &dns, target->naddresses);
    if (policy->require == REQUIRE_ALL && all_pass(target, outcome) &&
        lookups_judge_well(target, &left_out))
        consider(outcome, &left_out, target->naddresses);
    consider(outcome, &total, target->naddresses);
}

/* No address and no word from DNS: there was no memory for them. */
static void combine_nothing(struct outcome *outcome)
{
    outcome->verdict = (struct verdict){ .id = VERDICT_UNKNOWN_ERROR,
                                         .stage = STAGE_COUNT,
                                         .cause = cause_of_net(NET_NOMEM),
                                         .status = CHECK_UNKNOWN };
}

bool combine(const struct evidence_target *target, const struct policy *policy,
             struct outcome *outcome)
{
    unsigned n = target->naddresses;

    *outcome = (struct outcome){ .lead = n, .verdict.stage = STAGE_COUNT };
    outcome->addresses = calloc(n > 0 ? n : 1, sizeof(*outcome->addresses));
    if (!outcome->addresses)
        return false;
    for (unsigned i = 0; i < n; i++) {
        outcome->addresses[i] = classify_address(target->addresses[i], policy);
        refine(target, i, &outcome->addresses[i]);
        if (passes(&outcome->addresses[i]))
            outcome->addresses_ok++;
    }

    outcome->addresses_required = required(target, policy);
    if (n > 0 && outcome->addresses_ok >= outcome->addresses_required)
        combine_enough(outcome, n);
    else if (n > 0)
        combine_few(target, policy, outcome);
    combine_target(target, policy, outcome);
    if (n == 0 && outcome->verdict.id == VERDICT_OK)
        combine_nothing(outcome);
    return true;
}

void combine_last(const struct evidence_target *target, struct outcome *outcome)
{
    if (outcome->verdict.status != CHECK_OK ||
        target->in_a_row >= target->consecutive)
        return;
    outcome->verdict = (struct verdict){ .id = VERDICT_THRESHOLD_EXCEEDED,
                                         .stage = STAGE_COUNT,
                                         .cause = CAUSE_MISMATCH,
                                         .status = CHECK_CRITICAL };
    outcome->lead = target->naddresses;
}

void outcome_free(struct outcome *outcome)
{
    free(outcome->addresses);
    outcome->addresses = NULL;
}
