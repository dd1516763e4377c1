/*
 * summary.c -- what an operator wants to read first.
 *
 * Verdicts of the set count addresses; those of one address are its words, and
 * how many are like it; those of DNS say what the resolver said.
 */
#include "verdict/summary.h"

#include <signal.h>
#include <string.h>

#include "verdict/describe.h"
#include "verdict/lookups.h"
#include "verdict/words.h"

enum {
    DAY_S = 24 * 60 * 60,
    NAME_SHOWN = 36,
};

static void add_name(struct text *text, const char *name)
{
    size_t n = strlen(name);

    text_escaped(text, name, n > NAME_SHOWN ? NAME_SHOWN : n);
    text_add(text, n > NAME_SHOWN ? "..." : "");
}

static const char *rcode_word(const struct verdict *verdict)
{
    switch ((int)verdict->id) {
    case VERDICT_DNS_NXDOMAIN: return "NXDOMAIN: there is no name ";
    case VERDICT_DNS_SERVFAIL: return "SERVFAIL: the resolver failed on ";
    case VERDICT_DNS_REFUSED: return "REFUSED: the resolver will not look up ";
    case VERDICT_DNS_NODATA: return "no address is recorded for ";
    case VERDICT_DNS_BAD_NAME: return "no DNS name can be ";
    case VERDICT_DNS_TC_TCP_BLOCKED:
        return "the answer needs TCP port 53, which is shut, for ";
    default: return "";
    }
}

static void add_wait(struct text *text, const struct evidence_target *target)
{
    const struct net_answer *answer = target->answer;

    text_add(text, "no answer from ");
    text_add(text, "%s",
             answer && answer->server[0] ? answer->server : "the resolver");
    text_add(text, " in ");
    text_duration(text, evidence_stage_ns(&target->dns));
}

static void add_zone(struct text *text, const char *host)
{
    struct vpce_name vpce;

    if (vpce_parse(host, &vpce))
        text_add(text, "%s", vpce.zone);
}

void summary_dns(struct text *text, const struct evidence_target *target,
                 const struct verdict *verdict)
{
    const struct net_answer *answer = target->answer;

    switch ((int)verdict->id) {
    case VERDICT_DNS_TIMEOUT: add_wait(text, target); return;
    case VERDICT_DNS_UNREACHABLE:
        text_add(text, "no resolver can be reached");
        if (answer && answer->server[0])
            text_add(text, ": nothing listens at %s", answer->server);
        return;
    case VERDICT_DNS_DANGLING_CNAME:
        add_name(text, target->host);
        text_add(text, " is an alias of a name that does not exist");
        return;
    case VERDICT_DNS_SPLIT_HORIZON:
        text_add(text, verdict->by_lookup
                           ? "the name servers disagree whether there is "
                           : "--expect-address does not allow that of ");
        add_name(text, target->host);
        return;
    case VERDICT_DNS_ZONAL_MISSING:
        text_add(text, "the endpoint has a name, but not that of the zone ");
        add_zone(text, target->host);
        return;
    case VERDICT_DNS_PRIVATE_NAME_OFF:
        text_add(text, "the endpoint answers, but there is no name ");
        add_name(text, target->host);
        return;
    case VERDICT_DNS_NXDOMAIN:
    case VERDICT_DNS_SERVFAIL:
    case VERDICT_DNS_REFUSED:
    case VERDICT_DNS_NODATA:
    case VERDICT_DNS_BAD_NAME:
    case VERDICT_DNS_TC_TCP_BLOCKED:
        text_add(text, "%s", rcode_word(verdict));
        add_name(text, target->host);
        return;
    default: break;
    }
    text_add(text, "the look-up failed: ");
    if (verdict->cause == cause_of_net(NET_BADANSWER) && answer &&
        answer->rcode > 0)
        text_add(text, "the resolver answers with rcode %d", answer->rcode);
    else
        text_add(text, "%s", cause_text(verdict->cause));
}

void summary_threshold(struct text *text, const struct policy *policy,
                       const struct verdict *verdict)
{
    bool critical = verdict->status == CHECK_CRITICAL;
    int row = verdict->stage < STAGE_COUNT ? (int)verdict->stage
                                           : (int)THRESHOLD_TOTAL;
    const struct range *range = critical ? &policy->thresholds.critical[row]
                                         : &policy->thresholds.warning[row];
    char bytes[RANGE_TEXT_MAX];

    text_add(text, ", %s of %s ", range->inside ? "inside" : "outside",
             critical ? "-c" : "-w");
    if (verdict->stage < STAGE_COUNT)
        text_add(text, "%s=", stage_token(verdict->stage));
    text_add(text, "%s", range_text(range, bytes));
}

/* A threshold of the target's: DNS, the total, or addresses it never had. */
static void add_target_threshold(struct text *text,
                                 const struct evidence_target *target,
                                 const struct policy *policy,
                                 const struct outcome *outcome)
{
    const struct verdict *verdict = &outcome->verdict;
    bool dns = verdict->stage == STAGE_DNS;

    if (target->in_a_row < target->consecutive) {
        text_add(text, "%u of %u in a row were OK when the time was over",
                 target->in_a_row, target->consecutive);
        return;
    }
    if (verdict->cause == CAUSE_MISMATCH) {
        text_count(text, target->naddresses, "address");
        text_add(text, " given, %u required", outcome->addresses_required);
        return;
    }
    text_add(text, dns ? "dns took " : "the whole took ");
    text_duration(text, dns ? evidence_stage_ns(&target->dns)
                            : target->end_ns - target->start_ns);
    summary_threshold(text, policy, verdict);
}

static unsigned count_id(const struct evidence_target *target,
                         const struct outcome *outcome)
{
    unsigned n = 0;

    for (unsigned i = 0; i < target->naddresses; i++)
        n += outcome->addresses[i].id == outcome->verdict.id;
    return n;
}

/* "2 of 3 addresses do not answer" */
static void add_some(struct text *text, const struct evidence_target *target,
                     const struct outcome *outcome)
{
    unsigned n = count_id(target, outcome);

    text_add(text, "%u of %u addresses ", n, target->naddresses);
    if (outcome->verdict.id == VERDICT_TCP_REFUSED_ONE_AZ)
        text_add(text, n == 1 ? "refuses connections" : "refuse connections");
    else if (outcome->verdict.id == VERDICT_DNS_IPV6_FIRST)
        text_add(text, n == 1 ? "is IPv6 and has no route from here"
                              : "are IPv6 and have no route from here");
    else
        text_add(text, n == 1 ? "does not answer" : "do not answer");
}

/* "none of 2 addresses answers" */
static void add_none(struct text *text, const struct evidence_target *target,
                     const struct outcome *outcome)
{
    const struct evidence_address *lead = target->addresses[outcome->lead];
    unsigned n = count_id(target, outcome);
    char address[NET_ADDR_TEXT_MAX], words[120];
    bool refused = outcome->verdict.id == VERDICT_TCP_REFUSED;

    if (n == 1 && target->naddresses == 1)
        text_add(text, "%s %s", net_addr_text(&lead->addr, address),
                 refused ? "refuses connections" : "does not answer");
    else if (n == target->naddresses)
        text_add(text,
                 refused ? "all %u addresses refuse connections"
                         : "none of %u addresses answers",
                 n);
    else
        text_add(text,
                 refused ? "%u of %u addresses refuse connections"
                         : "%u of %u addresses do not answer",
                 n, target->naddresses);
    if (!refused)
        text_add(
            text, ": %s",
            describe_address(lead, &outcome->verdict, words, sizeof(words)));
}

static void add_days(struct text *text, const struct net_tls_info *tls,
                     const struct policy *policy)
{
    if (!tls)
        return;
    text_add(text, ", in ");
    text_count(text, (unsigned)((tls->not_after - policy->now_s) / DAY_S),
               "day");
}

static void add_expected_role(struct text *text, const struct policy *policy)
{
    text_add(text, ", expected %s",
             policy->role == EXPECT_REPLICA ? "replica" : "master");
}

static void add_token(struct text *text, const struct evidence_address *lead,
                      const struct policy *policy)
{
    if (!lead->iam)
        return;
    text_add(text, ": ");
    words_token(text, lead->iam, policy->now_s);
}

/* What the words of an address cannot know. */
static void add_context(struct text *text, const struct evidence_target *target,
                        const struct policy *policy,
                        const struct outcome *outcome)
{
    const struct verdict *verdict = &outcome->verdict;

    switch ((int)verdict->id) {
    case VERDICT_TLS_NAME_MISMATCH:
        text_add(text, ", not for ");
        add_name(text, target->tls_name ? target->tls_name : target->host);
        break;
    case VERDICT_TLS_EXPIRES_SOON:
        add_days(text, target->addresses[outcome->lead]->tls, policy);
        break;
    case VERDICT_AUTH_IAM_EXPIRED:
        add_token(text, target->addresses[outcome->lead], policy);
        break;
    case VERDICT_REDIS_ROLE_MISMATCH: add_expected_role(text, policy); break;
    case VERDICT_THRESHOLD_EXCEEDED:
        summary_threshold(text, policy, verdict);
        break;
    default: break;
    }
}

static void add_lead(struct text *text, const struct evidence_target *target,
                     const struct policy *policy, const struct outcome *outcome)
{
    const struct evidence_address *lead = target->addresses[outcome->lead];
    char words[120];

    text_add(text, "%s",
             describe_address(lead, &outcome->verdict, words, sizeof(words)));
    add_context(text, target, policy, outcome);
    if (target->naddresses > 1)
        text_add(text, " (%u of %u addresses)", count_id(target, outcome),
                 target->naddresses);
}

/* Too few addresses, or no name for the zone that was asked for. */
static void add_shortage(struct text *text,
                         const struct evidence_target *target,
                         const struct outcome *outcome)
{
    const struct evidence_lookups *lookups = target->lookups;
    const char *zone = NULL;

    if (outcome->verdict.cause != CAUSE_MISMATCH) {
        summary_dns(text, target, &outcome->verdict);
        return;
    }
    for (unsigned i = 0; lookups && !zone && i < lookups->n; i++) {
        if (lookups_withdrawn(target, &lookups->at[i]))
            zone = lookups->at[i].name;
    }
    text_add(text, "DNS has ");
    text_count(text, target->naddresses, "address");
    if (outcome->addresses_required > target->naddresses)
        text_add(text, ", %u required", outcome->addresses_required);
    if (outcome->verdict.id == VERDICT_DNS_ZONAL_MISSING)
        text_add(text, ", and no name for another zone");
    else if (zone)
        text_add(text, "; %s has a name, and is left out", zone);
}

static void add_whole(struct text *text, const struct evidence_target *target,
                      const struct policy *policy,
                      const struct outcome *outcome)
{
    switch ((int)outcome->verdict.id) {
    case VERDICT_OK:
        text_count(text, target->naddresses, "address");
        text_add(text, target->naddresses == 1 ? " passes" : " pass");
        break;
    case VERDICT_WATCHDOG:
        text_add(text, target->signal == 0 ? "not done in time, stopped after "
                       : target->signal == SIGINT ? "interrupted after "
                                                  : "terminated after ");
        text_duration(text, target->end_ns - target->start_ns);
        break;
    case VERDICT_DNS_AZ_WITHDRAWN:
    case VERDICT_DNS_ZONAL_MISSING: add_shortage(text, target, outcome); break;
    case VERDICT_THRESHOLD_EXCEEDED:
        add_target_threshold(text, target, policy, outcome);
        break;
    default:
        if (outcome->verdict.stage == STAGE_DNS)
            summary_dns(text, target, &outcome->verdict);
        else
            text_add(text, "the check could not run: %s",
                     cause_text(outcome->verdict.cause));
    }
}

/* A number that the user gave, where it is what is missing. */
static void add_required(struct text *text, const struct policy *policy,
                         const struct outcome *outcome)
{
    if (policy->require > 0 &&
        outcome->addresses_ok < outcome->addresses_required)
        text_add(text, ", %u required", outcome->addresses_required);
}

void summary_add(struct text *text, const struct evidence_target *target,
                 const struct policy *policy, const struct outcome *outcome)
{
    if (outcome->lead >= target->naddresses ||
        outcome->verdict.id == VERDICT_OK) {
        add_whole(text, target, policy, outcome);
        return;
    }
    switch ((int)outcome->verdict.id) {
    case VERDICT_TCP_TIMEOUT_ONE_AZ:
    case VERDICT_TCP_REFUSED_ONE_AZ:
    case VERDICT_DNS_IPV6_FIRST: add_some(text, target, outcome); break;
    case VERDICT_TCP_TIMEOUT_ALL:
    case VERDICT_TCP_REFUSED: add_none(text, target, outcome); break;
    default: add_lead(text, target, policy, outcome);
    }
    add_required(text, policy, outcome);
}
