/*
 * given.c -- evidence as a probe would have collected it.
 */
#include "verdict/given.h"

#include <stdio.h>
#include <string.h>

static const uint64_t START_NS = 1000 * S;

static void pass(struct evidence_stage *stage, uint64_t *now_ns, uint64_t ns)
{
    *stage = (struct evidence_stage){ .start_ns = *now_ns,
                                      .took_us = (uint32_t)(ns / US),
                                      .state = STAGE_PASSED };
    *now_ns += ns;
}

static void healthy(struct evidence_address *address)
{
    uint64_t now_ns = START_NS;

    address->start_ns = now_ns;
    pass(&address->stages[STAGE_TCP], &now_ns, 400 * US);
    address->stages[STAGE_TLS].state = STAGE_NOT_WANTED;
    address->stages[STAGE_AUTH].state = STAGE_NOT_WANTED;
    for (int stage = STAGE_PING; stage < STAGE_COUNT; stage++)
        pass(&address->stages[stage], &now_ns, 300 * US);
    address->end_ns = now_ns;
    address->role = ROLE_MASTER;
    address->written = address->cleaned = true;
    address->tcp =
        (struct net_tcpinfo){ .rtt_us = 210, .snd_mss = 8353, .state = 1 };
}

void given_addr(struct given *given, unsigned i, const char *text)
{
    net_addr_parse(text, 6379, &given->at[i].evidence.addr);
    given->answer.addrs[i].addr = given->at[i].evidence.addr;
}

void given_begin(struct given *given, unsigned n)
{
    memset(given, 0, sizeof(*given));
    for (unsigned i = 0; i < n; i++) {
        char text[NET_ADDR_TEXT_MAX];

        (void)snprintf(text, sizeof(text), "198.18.%u.69", i + 1);
        given_addr(given, i, text);
        healthy(&given->at[i].evidence);
        given->pointers[i] = &given->at[i].evidence;
    }
    given->answer.naddrs = n;
    given->answer.ttl_s = 60;
    given->answer.sends = 2;
    (void)snprintf(given->answer.server, sizeof(given->answer.server),
                   "198.18.0.2:53");
    (void)snprintf(given->answer.asked, sizeof(given->answer.asked),
                   "cache.test");
    given->target = (struct evidence_target){
        .host = "cache.test",
        .port = 6379,
        .start_ns = START_NS,
        .end_ns = START_NS + 3 * MS,
        .dns = { .start_ns = START_NS, .took_us = 800, .state = STAGE_PASSED },
        .answer = &given->answer,
        .addresses = given->pointers,
        .naddresses = n,
        .key_prefix = "linkprobe:{check}:",
    };
    given->policy = (struct policy){ .degraded = CHECK_CRITICAL,
                                     .write = true,
                                     .cert_warning_days = CERT_DAYS_OFF,
                                     .cert_critical_days = CERT_DAYS_OFF,
                                     .watchdog = CHECK_UNKNOWN };
}

struct evidence_fault *given_failure(struct given *given, unsigned i,
                                     enum stage stage, enum cause cause,
                                     uint64_t ns)
{
    struct given_address *at = &given->at[i];
    struct evidence_stage *failed = &at->evidence.stages[stage];
    uint64_t start_ns = failed->start_ns ? failed->start_ns : START_NS;

    *failed = (struct evidence_stage){ .start_ns = start_ns,
                                       .took_us = (uint32_t)(ns / US),
                                       .state = STAGE_FAILED,
                                       .cause = (uint8_t)cause };
    for (int later = (int)stage + 1; later < STAGE_COUNT; later++)
        at->evidence.stages[later] = (struct evidence_stage){ 0 };
    if (stage < STAGE_ROLE)
        at->evidence.role = ROLE_UNKNOWN;
    if (stage <= STAGE_TCP)
        at->evidence.tcp = (struct net_tcpinfo){ 0 };
    at->fault.waited_ns = ns;
    at->fault.tcp = at->evidence.tcp;
    at->evidence.fault = &at->fault;
    given->target.end_ns = START_NS + 3 * MS + ns;
    return &at->fault;
}

struct net_tls_info *given_tls(struct given *given, unsigned i)
{
    struct given_address *at = &given->at[i];
    struct evidence_stage *tls = &at->evidence.stages[STAGE_TLS];

    given->target.tls = true;
    if (tls->state != STAGE_FAILED)
        *tls = (struct evidence_stage){ .start_ns = START_NS + 400 * US,
                                        .took_us = 1600,
                                        .state = STAGE_PASSED };
    at->tls = (struct net_tls_info){ .alert = NET_TLS_ALERT_NONE };
    at->evidence.tls = &at->tls;
    return &at->tls;
}

void given_dns_failure(struct given *given, enum net_status status, uint64_t ns)
{
    given->target.naddresses = 0;
    given->answer.naddrs = 0;
    given->answer.status = status;
    given->answer.rcode = status == NET_NXDOMAIN   ? 3
                          : status == NET_SERVFAIL ? 2
                          : status == NET_REFUSED  ? 5
                          : status == NET_NODATA   ? 0
                                                   : NET_RCODE_NONE;
    given->target.dns.state = STAGE_FAILED;
    given->target.dns.cause = (uint8_t)cause_of_net(status);
    given->target.dns.took_us = (uint32_t)(ns / US);
}

void given_cname(struct given *given, const char *name)
{
    struct net_cname *link = &given->answer.cnames[given->answer.ncnames++];

    (void)snprintf(link->name, sizeof(link->name), "%s", given->target.host);
    (void)snprintf(link->target, sizeof(link->target), "%s", name);
    link->ttl_s = 60;
}

struct evidence_lookup *given_lookup(struct given *given, enum lookup kind,
                                     enum net_status status, const char *text,
                                     enum net_status connect)
{
    struct evidence_lookups *seen = &given->lookups;
    struct evidence_lookup *at = &seen->at[seen->n++];

    given->target.lookups = seen;
    at->kind = (uint8_t)kind;
    at->status = (uint8_t)status;
    (void)snprintf(at->name, sizeof(at->name), "us-west-2%c",
                   'a' + (char)seen->n - 1);
    if (text)
        net_addr_parse(text, 6379, &at->addrs[at->naddrs++]);
    at->dialed = connect != NET_CANCELED;
    at->connect = (uint8_t)connect;
    return at;
}
