/*
 * -v: the facts behind a verdict.  First what was seen of DNS and of each
 * address, then what that proves: a check that stops at TCP has still shown
 * that half of the path is good, and saying so halves the search.
 */
#include <stdio.h>
#include <string.h>

#include "report/format.h"
#include "report/screen.h"
#include "report/words.h"

enum {
    LINE_MAX_BYTES = 640,
};

static void put_line(struct report *report, unsigned indent, const char *text)
{
    screen_wrap(report, indent, text);
}

static void add_chain(struct report *report, const struct net_answer *answer)
{
    char line[LINE_MAX_BYTES];

    for (unsigned i = 0; i < answer->ncnames; i++) {
        snprintf(line, sizeof(line), "%s is an alias of %s, TTL %lld s",
                 answer->cnames[i].name, answer->cnames[i].target,
                 (long long)answer->cnames[i].ttl_s);
        put_line(report, 4, line);
    }
}

static void add_answer(struct report *report, const struct net_answer *answer)
{
    const char *rcode = report_rcode(answer->rcode);
    char line[LINE_MAX_BYTES], ttl[40] = "";

    if (answer->ttl_s != NET_TTL_NONE)
        snprintf(ttl, sizeof(ttl), ", TTL %lld s", (long long)answer->ttl_s);
    if (answer->source == NET_SOURCE_HOSTS)
        snprintf(line, sizeof(line), "the hosts file, %u %s", answer->naddrs,
                 report_plural(answer->naddrs, "address", "addresses"));
    else
        snprintf(line, sizeof(line), "%s from %s for %s, %u %s%s",
                 rcode ? rcode : "no answer",
                 answer->server[0] ? answer->server : "no server",
                 answer->asked, answer->naddrs,
                 report_plural(answer->naddrs, "address", "addresses"), ttl);
    put_line(report, 4, line);
    add_chain(report, answer);
    if (answer->truncated_udp)
        put_line(report, 4,
                 answer->tcp_failed
                     ? "the answer was cut short, and TCP port 53 gave nothing"
                     : "the answer was cut short over UDP and came over TCP");
}

static void add_tcp(struct report *report, const struct net_tcpinfo *tcp)
{
    char line[LINE_MAX_BYTES], rtt[64] = "not connected",
                               time[REPORT_NUMBER_MAX];

    if (tcp->state == 0)
        return;
    if (tcp->rtt_us)
        snprintf(rtt, sizeof(rtt), "RTT %s, MSS %u",
                 report_duration((uint64_t)tcp->rtt_us * 1000, time),
                 tcp->snd_mss);
    snprintf(line, sizeof(line), "TCP: %s, %u %s, %u unacknowledged", rtt,
             tcp->retransmits,
             report_plural(tcp->retransmits, "retransmit", "retransmits"),
             tcp->unacked);
    put_line(report, 4, line);
}

static void add_certificate(struct report *report,
                            const struct net_tls_info *tls, int64_t now_s)
{
    char line[LINE_MAX_BYTES], end[REPORT_TIME_MAX];
    long long days = (long long)(tls->not_after - now_s) / REPORT_DAY_S;

    snprintf(line, sizeof(line), "certificate: %s, until %.10s (%lld days)",
             tls->subject,
             report_time(tls->not_after * 1000, REPORT_NO_FRACTION, end), days);
    put_line(report, 4, line);
    for (unsigned i = 0; i < tls->nsans; i++) {
        snprintf(line, sizeof(line), "valid for %s", tls->sans[i]);
        put_line(report, 6, line);
    }
    if (tls->verify_error)
        snprintf(line, sizeof(line), "not trusted: %s (%ld)", tls->verify_text,
                 tls->verify_error);
    if (tls->verify_error)
        put_line(report, 6, line);
}

static void add_tls(struct report *report, const struct net_tls_info *tls,
                    int64_t now_s)
{
    char line[LINE_MAX_BYTES];

    if (tls->version[0]) {
        snprintf(line, sizeof(line), "TLS: %s, %s", tls->version, tls->cipher);
        put_line(report, 4, line);
    }
    if (tls->alert != NET_TLS_ALERT_NONE) {
        snprintf(line, sizeof(line), "TLS: the peer sent alert %d", tls->alert);
        put_line(report, 4, line);
    }
    if (tls->error[0]) {
        snprintf(line, sizeof(line), "TLS: %s", tls->error);
        put_line(report, 4, line);
    }
    if (tls->not_after)
        add_certificate(report, tls, now_s);
}

static void add_server(struct report *report,
                       const struct evidence_address *address)
{
    const struct evidence_server *server = address->server;
    const char *role = server_role_token((enum server_role)address->role);
    char line[LINE_MAX_BYTES];

    if (role && address->master) {
        snprintf(line, sizeof(line), "role: %s of %s", role, address->master);
        put_line(report, 4, line);
    } else if (role) {
        snprintf(line, sizeof(line), "role: %s", role);
        put_line(report, 4, line);
    }
    if (!server)
        return;
    snprintf(line, sizeof(line), "server: %s %s, %s, run %s",
             server->product[0] ? server->product : "redis",
             server->version[0] ? server->version : "?",
             server->mode[0] ? server->mode : "mode unknown",
             server->run_id[0] ? server->run_id : "unknown");
    put_line(report, 4, line);
}

static void add_idle(struct report *report, const struct evidence_idle *idle)
{
    char line[LINE_MAX_BYTES], wanted[REPORT_NUMBER_MAX],
        got[REPORT_NUMBER_MAX];

    if (!idle)
        return;
    report_duration(idle->wanted_ns, wanted);
    report_duration(idle->silent_ns, got);
    if (idle->cause == CAUSE_OK)
        snprintf(line, sizeof(line), "idle: still alive after %s of silence",
                 wanted);
    else
        snprintf(line, sizeof(line), "idle: %s after %s of %s of silence%s",
                 cause_text((enum cause)idle->cause), got, wanted,
                 !idle->twin_ran                ? ""
                 : idle->twin_cause == CAUSE_OK ? "; with keepalive it lives"
                                                : "; with keepalive likewise");
    put_line(report, 4, line);
}

static void add_address(struct report *report, const struct report_item *item,
                        unsigned i)
{
    const struct evidence_address *address = item->evidence->addresses[i];
    const struct verdict *verdict = &item->outcome->addresses[i];
    char text[NET_ADDR_TEXT_MAX], words[256], line[LINE_MAX_BYTES];

    snprintf(line, sizeof(line), "%s: %s", net_addr_text(&address->addr, text),
             describe_address(address, verdict, words, sizeof(words)));
    put_line(report, 2, line);
    add_tcp(report, &address->tcp);
    if (address->tls)
        add_tls(report, address->tls, report_policy(item)->now_s);
    add_server(report, address);
    add_idle(report, address->idle);
    if (item->target->options->npayloads) {
        snprintf(line, sizeof(line), "payload: %u bytes went through",
                 address->payload_edge);
        put_line(report, 4, line);
    }
}

/* How many addresses passed `stage`. */
static unsigned passed(const struct report_item *item, enum stage stage)
{
    unsigned n = 0;

    for (unsigned i = 0; i < item->evidence->naddresses; i++)
        n += item->evidence->addresses[i]->stages[stage].state == STAGE_PASSED;
    return n;
}

/* Did the stage end in an answer of Redis, be it an error? */
static bool is_redis(const struct evidence_stage *stage)
{
    return stage->state == STAGE_PASSED ||
           (stage->state == STAGE_FAILED && stage->cause >= CAUSE_RESP &&
            stage->cause < CAUSE_OWN &&
            !cause_is_resp((enum cause)stage->cause, RESP_ERR_PROTOCOL));
}

/* How many addresses spoke Redis' protocol. */
static unsigned spoke_redis(const struct report_item *item)
{
    unsigned n = 0;

    for (unsigned i = 0; i < item->evidence->naddresses; i++) {
        int stage = STAGE_AUTH;

        while (stage < STAGE_COUNT &&
               !is_redis(&item->evidence->addresses[i]->stages[stage]))
            stage++;
        n += stage < STAGE_COUNT;
    }
    return n;
}

/* How many addresses were silent to the end. */
static unsigned silent(const struct report_item *item)
{
    unsigned n = 0;

    for (unsigned i = 0; i < item->evidence->naddresses; i++)
        n += item->evidence->addresses[i]->stages[STAGE_TCP].cause ==
             cause_of_net(NET_TIMEOUT);
    return n;
}

/* One fact, which `n` of all addresses have shown; none: no fact. */
static void add_fact(struct report *report, const struct report_item *item,
                     unsigned n, const char *text)
{
    unsigned all = item->evidence->naddresses;
    char line[LINE_MAX_BYTES];

    if (n == 0)
        return;
    snprintf(line, sizeof(line), "%s", text);
    if (n < all)
        snprintf(line, sizeof(line), "over %u of %u addresses: %s", n, all,
                 text);
    put_line(report, 2, line);
}

static void add_proofs(struct report *report, const struct report_item *item)
{
    unsigned redis = spoke_redis(item), tcp = passed(item, STAGE_TCP);

    screen_put(report, INK_STRONG, "\nProven good\n");
    if (item->evidence->naddresses && !item->evidence->literal)
        put_line(report, 2, "the name and its resolver: there are addresses");
    add_fact(report, item, redis,
             "the whole network path: security groups, network ACLs, "
             "endpoint, listener, load balancer, target");
    if (redis == 0)
        add_fact(report, item, tcp,
                 "the way to whatever accepts: the target behind a TCP "
                 "listener, whose handshake is end to end; only the load "
                 "balancer behind a TLS listener");
    add_fact(report, item,
             passed(item, STAGE_SET) ? passed(item, STAGE_GET) : 0,
             "permissions and role: a value was written and read back");
    if (tcp == 0)
        put_line(report, 2,
                 item->evidence->naddresses ? "nothing behind the addresses"
                                            : "nothing: no address is known");
}

static void add_unknowns(struct report *report, const struct report_item *item)
{
    unsigned all = item->evidence->naddresses, redis = spoke_redis(item);

    screen_put(report, INK_STRONG, "\nStill unknown\n");
    add_fact(report, item, silent(item),
             "whether the way there or the way back is closed: silence does "
             "not tell");
    if (all == 0)
        put_line(report, 2, "everything behind the name");
    add_fact(report, item, all - redis,
             "what Redis would say: whether it runs, takes the password, is "
             "the primary");
    if (redis && !passed(item, STAGE_SET))
        put_line(report, 2, "whether writes are taken");
    if (redis && item->target->options->idle_ms == 0)
        put_line(report, 2, "whether idle connections live (--idle 360s)");
    if (redis && item->target->options->npayloads == 0)
        put_line(report, 2,
                 "whether large values pass, so the MTU "
                 "(--payload 1400,8300,16k,64k)");
}

void screen_facts(struct report *report, const struct report_item *item)
{
    screen_put(report, INK_STRONG, "\nSeen\n");
    if (item->evidence->answer) {
        put_line(report, 2, "DNS");
        add_answer(report, item->evidence->answer);
    }
    for (unsigned i = 0; i < item->evidence->naddresses; i++)
        add_address(report, item, i);
    add_proofs(report, item);
    add_unknowns(report, item);
}
