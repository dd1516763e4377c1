/*
 * The objects `dns` and of an address.  An address lists every stage from tcp
 * to cleanup, in order, skipped or not: a reader may count on them.
 */
#include <string.h>

#include "report/format.h"
#include "report/json_address.h"
#include "report/words.h"

enum {
    DETAIL_MAX = 256,
};

/* A text that is empty where nobody told it. */
static void add_told(struct json *json, const char *key, const char *text)
{
    json_member_string(json, key, text && text[0] ? text : NULL);
}

static void add_ttl(struct json *json, int64_t ttl_s)
{
    json_key(json, "ttl_s");
    if (ttl_s == NET_TTL_NONE)
        json_null(json);
    else
        json_signed(json, ttl_s);
}

static void add_date(struct json *json, const char *key, int64_t seconds)
{
    char text[REPORT_TIME_MAX];

    json_member_string(
        json, key,
        seconds ? report_time(seconds * 1000, REPORT_NO_FRACTION, text) : NULL);
}

static void add_cnames(struct json *json, const struct net_answer *answer)
{
    json_key(json, "cnames");
    json_array(json);
    for (unsigned i = 0; answer && i < answer->ncnames; i++) {
        json_object(json);
        json_member_string(json, "name", answer->cnames[i].name);
        json_member_string(json, "target", answer->cnames[i].target);
        add_ttl(json, answer->cnames[i].ttl_s);
        json_object_end(json);
    }
    json_array_end(json);
}

static void add_addresses(struct json *json, const struct net_answer *answer)
{
    char host[NET_ADDR_TEXT_MAX];

    json_key(json, "addresses");
    json_array(json);
    for (unsigned i = 0; answer && i < answer->naddrs; i++) {
        json_object(json);
        json_member_string(json, "address",
                           net_addr_host(&answer->addrs[i].addr, host));
        add_ttl(json, answer->addrs[i].ttl_s);
        json_object_end(json);
    }
    json_array_end(json);
}

static void add_query(struct json *json, const char *type,
                      const struct net_family_answer *family)
{
    if (!family->asked)
        return;
    json_object(json);
    json_member_string(json, "type", type);
    json_member_string(
        json, "cause",
        family->status == NET_OK ? NULL : net_status_token(family->status));
    json_member_string(json, "rcode", report_rcode(family->rcode));
    json_object_end(json);
}

static void add_answer(struct json *json, const struct net_answer *answer)
{
    bool hosts = answer && answer->source == NET_SOURCE_HOSTS;

    add_ttl(json, answer ? answer->ttl_s : NET_TTL_NONE);
    add_told(json, "server", answer ? answer->server : NULL);
    add_cnames(json, answer);
    add_addresses(json, answer);
    json_member_string(json, "source",
                       !answer ? NULL
                       : hosts ? "hosts"
                               : "dns");
    add_told(json, "asked", answer ? answer->asked : NULL);
    json_member_unsigned(json, "sends", answer ? answer->sends : 0);
    json_member_bool(json, "truncated", answer && answer->truncated_udp);
    json_key(json, "queries");
    json_array(json);
    if (answer) {
        add_query(json, "A", &answer->v4);
        add_query(json, "AAAA", &answer->v6);
    }
    json_array_end(json);
}

void report_json_dns(struct json *json, const struct report_item *item)
{
    const struct evidence_target *evidence = item->evidence;
    const struct net_answer *answer = evidence->answer;
    struct verdict verdict;
    int status = 0;

    json_key(json, "dns");
    if (evidence->literal) {
        json_null(json);
        return;
    }
    verdict = report_dns_verdict(item);
    status = report_dns_status(item);
    json_object(json);
    json_member_string(json, "status", report_status_token(status));
    json_member_string(
        json, "cause",
        report_cause(&evidence->dns, STAGE_DNS, status, &verdict));
    json_member_string(json, "rcode",
                       answer ? report_rcode(answer->rcode) : NULL);
    report_json_ms(json, "ms", evidence_stage_ns(&evidence->dns));
    add_answer(json, answer);
    json_object_end(json);
}

static void add_detail(struct json *json,
                       const struct evidence_address *address,
                       const struct verdict *verdict, enum stage stage)
{
    char text[DETAIL_MAX];

    json_member_string(
        json, "detail",
        verdict->stage == stage && verdict->id != VERDICT_OK
            ? describe_address(address, verdict, text, sizeof(text))
            : NULL);
}

static void add_stage(struct json *json, const struct report_item *item,
                      unsigned i, enum stage stage)
{
    const struct evidence_address *address = item->evidence->addresses[i];
    const struct evidence_stage *evidence = &address->stages[stage];
    const struct verdict *verdict = &item->outcome->addresses[i];
    int status = report_stage_status(item, i, stage);

    json_object(json);
    json_member_string(json, "stage", stage_token(stage));
    json_member_string(json, "status", report_status_token(status));
    json_member_string(json, "cause",
                       report_cause(evidence, stage, status, verdict));
    if (status == STAGE_SKIPPED)
        json_member_null(json, "ms");
    else
        report_json_ms(json, "ms", evidence_stage_ns(evidence));
    add_detail(json, address, verdict, stage);
    json_object_end(json);
}

static void add_tcpinfo(struct json *json, const struct net_tcpinfo *tcp)
{
    json_key(json, "tcp_info");
    if (tcp->state == 0) {
        json_null(json);
        return;
    }
    json_object(json);
    json_member_unsigned(json, "rtt_us", tcp->rtt_us);
    json_member_unsigned(json, "snd_mss", tcp->snd_mss);
    json_member_unsigned(json, "retransmits", tcp->retransmits);
    json_member_unsigned(json, "unacked", tcp->unacked);
    json_object_end(json);
}

static void add_tls(struct json *json, const struct net_tls_info *tls)
{
    json_key(json, "tls");
    json_object(json);
    add_told(json, "version", tls->version);
    add_told(json, "cipher", tls->cipher);
    add_told(json, "subject", tls->subject);
    add_told(json, "issuer", tls->issuer);
    json_key(json, "sans");
    json_array(json);
    for (unsigned i = 0; i < tls->nsans; i++)
        json_string(json, tls->sans[i]);
    json_array_end(json);
    add_date(json, "not_before", tls->not_before);
    add_date(json, "not_after", tls->not_after);
    add_date(json, "chain_not_after", tls->chain_not_after);
    if (tls->verify_error == 0 && tls->not_after)
        json_member_string(json, "verify", "ok");
    else
        add_told(json, "verify", tls->verify_text);
    json_key(json, "alert");
    if (tls->alert == NET_TLS_ALERT_NONE)
        json_null(json);
    else
        json_signed(json, tls->alert);
    json_object_end(json);
}

static void add_server(struct json *json,
                       const struct evidence_address *address)
{
    const struct evidence_server *server = address->server;

    json_key(json, "server");
    json_object(json);
    json_member_string(json, "role",
                       server_role_token((enum server_role)address->role));
    add_told(json, "product", server ? server->product : NULL);
    add_told(json, "version", server ? server->version : NULL);
    add_told(json, "mode", server ? server->mode : NULL);
    add_told(json, "run_id", server ? server->run_id : NULL);
    add_told(json, "master", address->master);
    json_object_end(json);
}

static void add_idle(struct json *json, const struct evidence_idle *idle)
{
    json_key(json, "idle");
    if (!idle) {
        json_null(json);
        return;
    }
    json_object(json);
    report_json_ms(json, "wanted_ms", idle->wanted_ns);
    report_json_ms(json, "silent_ms", idle->silent_ns);
    json_member_string(
        json, "cause",
        idle->cause == CAUSE_OK ? NULL : cause_token((enum cause)idle->cause));
    json_member_bool(json, "during", idle->during);
    json_key(json, "keepalive_survives");
    if (idle->twin_ran)
        json_bool(json, idle->twin_cause == CAUSE_OK);
    else
        json_null(json);
    json_object_end(json);
}

/* What was left in Redis, and what --payload found. */
static void add_traces(struct json *json, const struct report_item *item,
                       const struct evidence_address *address)
{
    json_member_bool(json, "written", address->written);
    json_member_bool(json, "cleaned", address->cleaned);
    json_key(json, "payload_bytes");
    if (item->target->options->npayloads)
        json_unsigned(json, address->payload_edge);
    else
        json_null(json);
    add_idle(json, address->idle);
}

static void add_verdict(struct json *json,
                        const struct evidence_address *address,
                        const struct verdict *verdict)
{
    char text[DETAIL_MAX], id[32];
    bool staged = verdict->stage < STAGE_COUNT;

    json_key(json, "verdict");
    json_object(json);
    json_member_string(json, "id", describe_id(verdict, address, id));
    json_member_string(json, "stage",
                       staged ? stage_token(verdict->stage) : NULL);
    json_member_string(json, "hop",
                       hop_token(catalogue_entry(verdict->id)->hop));
    json_member_string(json, "summary",
                       describe_address(address, verdict, text, sizeof(text)));
    json_object_end(json);
}

void report_json_address(struct json *json, const struct report_item *item,
                         unsigned i)
{
    const struct evidence_address *address = item->evidence->addresses[i];
    const struct verdict *verdict = &item->outcome->addresses[i];
    char host[NET_ADDR_TEXT_MAX];

    json_object(json);
    json_member_string(json, "address", net_addr_host(&address->addr, host));
    json_member_unsigned(json, "port", net_addr_port(&address->addr));
    json_member_string(json, "status", check_status_token(verdict->status));
    add_verdict(json, address, verdict);
    report_json_ms(json, "total_ms", report_address_ns(address));
    json_key(json, "stages");
    json_array(json);
    for (int stage = STAGE_TCP; stage < STAGE_COUNT; stage++)
        add_stage(json, item, i, (enum stage)stage);
    json_array_end(json);
    add_tcpinfo(json, &address->tcp);
    if (item->evidence->tls && address->tls)
        add_tls(json, address->tls);
    add_server(json, address);
    add_traces(json, item, address);
    json_object_end(json);
}
