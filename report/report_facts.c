/*
 * -v: what was seen of DNS and of each address, in a few lines.
 */
#include <stdio.h>

#include "report/format.h"
#include "report/screen.h"
#include "report/words.h"

static void add_chain(struct report *report, const struct net_answer *answer)
{
    for (unsigned i = 0; i < answer->ncnames; i++)
        screen_say(report, 4, "%s is an alias of %s, TTL %lld s",
                   answer->cnames[i].name, answer->cnames[i].target,
                   (long long)answer->cnames[i].ttl_s);
}

static void add_records(struct report *report, const struct net_answer *answer)
{
    const char *rcode = report_rcode(answer->rcode);
    char ttl[40] = "";

    if (answer->ttl_s != NET_TTL_NONE)
        (void)snprintf(ttl, sizeof(ttl), ", TTL %lld s",
                       (long long)answer->ttl_s);
    screen_say(report, 4, "%s from %s for %s, %u %s%s",
               rcode ? rcode : "no answer",
               answer->server[0] ? answer->server : "no server", answer->asked,
               answer->naddrs,
               report_plural(answer->naddrs, "address", "addresses"), ttl);
    add_chain(report, answer);
}

static void add_answer(struct report *report, const struct net_answer *answer)
{
    screen_say(report, 2, "DNS");
    if (answer->source == NET_SOURCE_HOSTS)
        screen_say(report, 4, "the hosts file: %u %s", answer->naddrs,
                   report_plural(answer->naddrs, "address", "addresses"));
    else
        add_records(report, answer);
    if (answer->truncated_udp && answer->tcp_failed)
        screen_say(report, 4, "cut short over UDP; TCP port 53 gave nothing");
    else if (answer->truncated_udp)
        screen_say(report, 4, "cut short over UDP, whole over TCP");
    screen_detail_dns(report, answer);
}

static void add_tcp(struct report *report, const struct net_tcpinfo *tcp)
{
    char rtt[64] = "not connected", time[REPORT_NUMBER_MAX];

    if (tcp->state == 0)
        return;
    if (tcp->rtt_us)
        (void)snprintf(rtt, sizeof(rtt), "RTT %s, MSS %u",
                       report_duration((uint64_t)tcp->rtt_us * 1000, time),
                       tcp->snd_mss);
    screen_say(report, 4, "TCP: %s, %u %s, %u unacknowledged", rtt,
               tcp->retransmits,
               report_plural(tcp->retransmits, "retransmit", "retransmits"),
               tcp->unacked);
}

static void add_certificate(struct report *report,
                            const struct net_tls_info *tls, int64_t now_s)
{
    char end[REPORT_TIME_MAX];

    screen_say(report, 4, "certificate: %s, until %.10s (%lld days)",
               tls->subject,
               report_time(tls->not_after * 1000, REPORT_NO_FRACTION, end),
               (long long)(tls->not_after - now_s) / REPORT_DAY_S);
    for (unsigned i = 0; i < tls->nsans; i++)
        screen_say(report, 6, "valid for %s", tls->sans[i]);
    if (tls->verify_error)
        screen_say(report, 6, "not trusted: %s (%ld)", tls->verify_text,
                   tls->verify_error);
}

static void add_tls(struct report *report, const struct net_tls_info *tls,
                    int64_t now_s)
{
    if (tls->version[0])
        screen_say(report, 4, "TLS: %s, %s", tls->version, tls->cipher);
    if (tls->alert != NET_TLS_ALERT_NONE)
        screen_say(report, 4, "TLS: the peer sent alert %d", tls->alert);
    if (tls->error[0])
        screen_say(report, 4, "TLS: %s", tls->error);
    if (tls->not_after)
        add_certificate(report, tls, now_s);
}

static const char *told(const char *text)
{
    return text[0] ? text : "?";
}

static void add_server(struct report *report,
                       const struct evidence_address *address)
{
    const struct evidence_server *server = address->server;
    const char *role = server_role_token((enum server_role)address->role);

    if (role)
        screen_say(report, 4, "role: %s%s%s", role,
                   address->master ? " of " : "",
                   address->master ? address->master : "");
    if (server && (server->product[0] || server->version[0] ||
                   server->mode[0] || server->run_id[0]))
        screen_say(report, 4, "server: %s %s, %s, run %s",
                   told(server->product), told(server->version),
                   told(server->mode), told(server->run_id));
}

static void add_idle(struct report *report, const struct evidence_idle *idle)
{
    char wanted[REPORT_NUMBER_MAX], silent[REPORT_NUMBER_MAX];

    report_duration(idle->wanted_ns, wanted);
    report_duration(idle->silent_ns, silent);
    if (idle->cause == CAUSE_OK)
        screen_say(report, 4, "idle: alive after %s of silence", wanted);
    else
        screen_say(report, 4, "idle: %s after %s of %s of silence",
                   cause_text((enum cause)idle->cause), silent, wanted);
    if (idle->twin_ran)
        screen_say(report, 4, "idle, with TCP keepalive: %s",
                   idle->twin_cause == CAUSE_OK
                       ? "alive"
                       : cause_text((enum cause)idle->twin_cause));
}

static void add_address(struct report *report, const struct report_item *item,
                        unsigned i)
{
    const struct evidence_address *address = item->evidence->addresses[i];
    const struct verdict *verdict = &item->outcome->addresses[i];
    char text[NET_ADDR_TEXT_MAX], words[256];

    screen_say(report, 2, "%s: %s", net_addr_text(&address->addr, text),
               describe_address(address, verdict, words, sizeof(words)));
    add_tcp(report, &address->tcp);
    if (address->tls)
        add_tls(report, address->tls, report_policy(item)->now_s);
    add_server(report, address);
    if (address->idle)
        add_idle(report, address->idle);
    if (address->payload_edge)
        screen_say(report, 4, "payload: %u bytes went through",
                   address->payload_edge);
    screen_detail_address(report, item, i);
}

void screen_facts(struct report *report, const struct report_item *item)
{
    screen_put(report, INK_STRONG, "\nSeen\n");
    if (item->evidence->answer)
        add_answer(report, item->evidence->answer);
    for (unsigned i = 0; i < item->evidence->naddresses; i++)
        add_address(report, item, i);
}
