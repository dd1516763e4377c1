/*
 * lines.c -- one observation a line; those of an address begin with it.
 *
 * First the look-up where it matters, then the addresses that are not well,
 * second look-ups, what the verdict may be instead, and the addresses that
 * pass.  Details
 * (the reply, the bytes, the kernel's view, second probes) are given for the
 * first address of each kind, so that sixty-four dead addresses do not hide
 * what they share.
 */
#include "verdict/lines.h"

#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/summary.h"
#include "verdict/vpce.h"
#include "verdict/words.h"

enum {
    LINE_MAX_BYTES = 512,
};

struct lines {
    struct description *description;
    const struct evidence_target *target;
    const struct policy *policy;
    const struct outcome *outcome;
    bool failed;
};

static void add(struct lines *lines, const char *line)
{
    struct description *d = lines->description;

    if (lines->failed || d->nevidence == DESCRIPTION_EVIDENCE_MAX)
        return;
    d->evidence[d->nevidence] = strdup(line);
    if (d->evidence[d->nevidence])
        d->nevidence++;
    else
        lines->failed = true;
}

/* Has a line already what this one would add? */
static bool is_told(const struct lines *lines, const char *what)
{
    const struct description *d = lines->description;

    return d->nevidence > 0 && strstr(d->evidence[d->nevidence - 1], what);
}

/* A line that begins with the address. */
static struct text line_of(const struct evidence_address *address, char *bytes)
{
    struct text text = text_in(bytes, LINE_MAX_BYTES);
    char name[NET_ADDR_TEXT_MAX];

    text_add(&text, "%s", net_addr_text(&address->addr, name));
    return text;
}

static void add_quoted(struct lines *lines,
                       const struct evidence_address *address, const char *what,
                       const void *bytes, size_t n)
{
    char line[LINE_MAX_BYTES], escaped[LINE_MAX_BYTES];
    struct text text = line_of(address, line);
    struct text quoted = text_in(escaped, sizeof(escaped));

    text_escaped(&quoted, bytes, n);
    if (n == 0 || is_told(lines, escaped))
        return;
    text_add(&text, ": %s \"%s\"", what, escaped);
    add(lines, line);
}

static const char *state_name(unsigned state)
{
    switch (state) {
    case TCP_ESTABLISHED: return "ESTABLISHED";
    case TCP_SYN_SENT: return "SYN_SENT";
    case TCP_SYN_RECV: return "SYN_RECV";
    case TCP_FIN_WAIT1: return "FIN_WAIT1";
    case TCP_FIN_WAIT2: return "FIN_WAIT2";
    case TCP_TIME_WAIT: return "TIME_WAIT";
    case TCP_CLOSE: return "CLOSE";
    case TCP_CLOSE_WAIT: return "CLOSE_WAIT";
    case TCP_LAST_ACK: return "LAST_ACK";
    case TCP_CLOSING: return "CLOSING";
    default: return "unknown";
    }
}

static void add_kernel(struct lines *lines,
                       const struct evidence_address *address)
{
    const struct net_tcpinfo *tcp = words_tcpinfo(address);
    char line[LINE_MAX_BYTES];
    struct text text = line_of(address, line);

    if (tcp->state == 0)
        return;
    text_add(&text, ": TCP state %s, rtt ", state_name(tcp->state));
    text_duration(&text, (uint64_t)tcp->rtt_us * 1000);
    text_add(&text, ", ");
    text_count(&text, tcp->retransmits, "retransmit");
    text_add(&text, ", %u unacked, MSS %u", tcp->unacked, tcp->snd_mss);
    add(lines, line);
}

static void add_names(struct lines *lines,
                      const struct evidence_address *address)
{
    const struct net_tls_info *tls = address->tls;
    char line[LINE_MAX_BYTES];
    struct text text = line_of(address, line);

    if (!tls || tls->nsans == 0)
        return;
    text_add(&text, ": names in the certificate:");
    for (unsigned i = 0; i < tls->nsans; i++) {
        text_add(&text, i > 0 ? ", " : " ");
        text_escaped(&text, tls->sans[i], strlen(tls->sans[i]));
    }
    add(lines, line);
}

static void add_second(struct lines *lines,
                       const struct evidence_address *address)
{
    char line[LINE_MAX_BYTES];

    for (int kind = 0; address->second && kind < SECOND_COUNT; kind++) {
        struct text text = line_of(address, line);

        if ((address->second->ran & (1U << kind)) == 0)
            continue;
        text_add(&text, ": ");
        words_second(&text, address->second, (enum second)kind);
        add(lines, line);
    }
}

static void add_token(struct lines *lines,
                      const struct evidence_address *address)
{
    char line[LINE_MAX_BYTES];
    struct text text = line_of(address, line);

    if (!address->iam)
        return;
    text_add(&text, ": ");
    words_token(&text, address->iam, lines->policy->now_s);
    add(lines, line);
}

/* Is the kernel's view worth a line: after the connect, when no reply says
 * what is wrong, or when nobody knows? */
static bool wants_kernel(const struct verdict *verdict)
{
    if (verdict->id == VERDICT_UNKNOWN_ERROR)
        return true;
    return verdict->stage > STAGE_TCP && verdict->stage < STAGE_COUNT &&
           (verdict->cause == cause_of_net(NET_TIMEOUT) ||
            verdict->cause == cause_of_net(NET_RESET) ||
            verdict->cause == cause_of_net(NET_CLOSED));
}

static void add_details(struct lines *lines,
                        const struct evidence_address *address,
                        const struct verdict *verdict)
{
    const struct evidence_fault *fault = address->fault;
    const struct net_tls_info *tls = address->tls;

    if (verdict->id == VERDICT_TLS_NAME_MISMATCH)
        add_names(lines, address);
    if (tls && verdict->stage == STAGE_TLS) {
        add_quoted(lines, address, "OpenSSL says", tls->error,
                   strlen(tls->error));
        if (verdict->id == VERDICT_TLS_NOT_OFFERED ||
            verdict->id == VERDICT_WRONG_SERVICE ||
            verdict->id == VERDICT_UNKNOWN_ERROR)
            add_quoted(lines, address, "the first bytes are", tls->head,
                       tls->nhead);
    } else if (fault) {
        add_quoted(lines, address, "the reply is", fault->text,
                   strnlen(fault->text, sizeof(fault->text)));
        add_quoted(lines, address, "the first bytes are", fault->head,
                   fault->nhead);
    }
    if (wants_kernel(verdict))
        add_kernel(lines, address);
    if (verdict->stage == STAGE_AUTH)
        add_token(lines, address);
    add_second(lines, address);
}

/* Is `i` the first address with its verdict? */
static bool is_first(const struct outcome *outcome, unsigned i)
{
    for (unsigned before = 0; before < i; before++) {
        if (outcome->addresses[before].id == outcome->addresses[i].id)
            return false;
    }
    return true;
}

static void add_address(struct lines *lines, unsigned i)
{
    const struct evidence_address *address = lines->target->addresses[i];
    const struct verdict *verdict = &lines->outcome->addresses[i];
    char line[LINE_MAX_BYTES], words[LINE_MAX_BYTES / 2];
    struct text text = line_of(address, line);

    text_add(&text, verdict->id == VERDICT_OK ? " %s" : ": %s",
             describe_address(address, verdict, words, sizeof(words)));
    if (verdict->id == VERDICT_THRESHOLD_EXCEEDED)
        summary_threshold(&text, lines->policy, verdict);
    add(lines, line);
    if (verdict->id != VERDICT_OK && is_first(lines->outcome, i))
        add_details(lines, address, verdict);
}

static void add_addresses(struct lines *lines, bool well)
{
    for (unsigned i = 0; i < lines->target->naddresses; i++) {
        if ((lines->outcome->addresses[i].id == VERDICT_OK) == well)
            add_address(lines, i);
    }
}

static void add_candidates(struct lines *lines)
{
    const struct verdict *verdict = &lines->outcome->verdict;
    char line[LINE_MAX_BYTES];

    for (unsigned i = 0; i < verdict->ncandidates; i++) {
        struct text text = text_in(line, sizeof(line));

        text_add(&text, "it may be %s as well, decided by %s",
                 catalogue_entry(verdict->candidates[i].id)->token,
                 verdict->candidates[i].decided_by);
        add(lines, line);
    }
}

static void add_chain(struct lines *lines, const struct net_answer *answer)
{
    char line[2 * LINE_MAX_BYTES];

    for (unsigned i = 0; i < answer->ncnames; i++) {
        const struct net_cname *link = &answer->cnames[i];
        struct text text = text_in(line, sizeof(line));

        text_escaped(&text, link->name, strlen(link->name));
        text_add(&text, " is a CNAME of ");
        text_escaped(&text, link->target, strlen(link->target));
        add(lines, line);
    }
}

static void add_server(struct lines *lines, const struct net_answer *answer)
{
    char line[LINE_MAX_BYTES];
    struct text text = text_in(line, sizeof(line));

    if (answer->source == NET_SOURCE_HOSTS) {
        add(lines, "the addresses are from the hosts file");
        return;
    }
    text_add(&text, "asked %s for \"",
             answer->server[0] ? answer->server : "no name server");
    text_escaped(&text, answer->asked, strlen(answer->asked));
    text_add(&text, "\", ");
    text_count(&text, answer->sends, "packet");
    text_add(&text, " sent, ");
    if (answer->rcode == NET_RCODE_NONE)
        text_add(&text, "no answer");
    else
        text_add(&text, "rcode %d", answer->rcode);
    add(lines, line);
}

static void add_tc(struct lines *lines, const struct net_answer *answer)
{
    if (answer->truncated_udp && answer->tcp_failed)
        add(lines, "the answer over UDP was cut (TC), over TCP none came");
}

/* The look-up, where the verdict is about it. */
static void add_dns(struct lines *lines)
{
    const struct verdict *verdict = &lines->outcome->verdict;
    const struct net_answer *answer = lines->target->answer;
    char line[LINE_MAX_BYTES];
    struct text text = text_in(line, sizeof(line));

    if (verdict->stage != STAGE_DNS)
        return;
    if (lines->target->dns.state == STAGE_FAILED) {
        text_add(&text, "dns: %s, after ", cause_text(verdict->cause));
        text_duration(&text, evidence_stage_ns(&lines->target->dns));
        add(lines, line);
    }
    if (!answer)
        return;
    add_server(lines, answer);
    if (verdict->id == VERDICT_DNS_NXDOMAIN &&
        vpce_is_misspelt(lines->target->host))
        add(lines, "endpoints have names of another form: "
                   "vpce-ID-HASH[-ZONE].vpce-svc-ID.REGION.vpce.amazonaws.com");
    add_chain(lines, answer);
    add_tc(lines, answer);
}

static void add_again(struct lines *lines, const struct evidence_lookups *seen)
{
    char line[LINE_MAX_BYTES];
    struct text text = text_in(line, sizeof(line));

    if (seen->asked_again == 0)
        return;
    text_add(&text, "asked again ");
    text_count(&text, seen->asked_again, "time");
    text_add(&text, ": %u answered", seen->answered);
    add(lines, line);
}

/* Second look-ups.  Most endpoints are not in all zones of a region. */
static void add_lookups(struct lines *lines)
{
    const struct evidence_lookups *seen = lines->target->lookups;
    char line[LINE_MAX_BYTES];

    for (unsigned i = 0; seen && i < seen->n; i++) {
        const struct evidence_lookup *at = &seen->at[i];
        struct text text = text_in(line, sizeof(line));

        if (at->kind == LOOKUP_ZONE && at->status == NET_NXDOMAIN)
            continue;
        words_lookup(&text, lines->target, at);
        add(lines, line);
    }
    if (seen)
        add_again(lines, seen);
}

/* What is of the target, and not of an address. */
static void add_target(struct lines *lines)
{
    const struct verdict *verdict = &lines->outcome->verdict;
    bool ours = lines->outcome->lead >= lines->target->naddresses;
    bool few = verdict->cause == CAUSE_MISMATCH &&
               (verdict->id == VERDICT_DNS_AZ_WITHDRAWN ||
                verdict->id == VERDICT_DNS_ZONAL_MISSING);
    char line[LINE_MAX_BYTES];
    struct text text = text_in(line, sizeof(line));

    if (!ours || (!few && verdict->id != VERDICT_THRESHOLD_EXCEEDED &&
                  verdict->id != VERDICT_WATCHDOG &&
                  verdict->id != VERDICT_UNKNOWN_ERROR))
        return;
    summary_add(&text, lines->target, lines->policy, lines->outcome);
    add(lines, line);
}

bool lines_add(struct description *description,
               const struct evidence_target *target,
               const struct policy *policy, const struct outcome *outcome)
{
    struct lines lines = { .description = description,
                           .target = target,
                           .policy = policy,
                           .outcome = outcome };

    add_target(&lines);
    add_dns(&lines);
    add_addresses(&lines, false);
    add_lookups(&lines);
    add_candidates(&lines);
    add_addresses(&lines, true);
    return !lines.failed;
}
