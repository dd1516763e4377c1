/*
 * Each scene begins as a healthy one and is then changed: what a scene is
 * about is what its function says.  The clock begins at BEGIN.
 */
#include "scene.h"

#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>

#define BEGIN     UINT64_C(5000000000)
#define US(n)     (UINT64_C(1000) * (n))
#define MS(n)     (UINT64_C(1000000) * (n))
#define WHEN_MS   INT64_C(1795402800123) /* 2026-11-23T03:00:00.123Z */
#define NOT_AFTER INT64_C(1798761599)    /* 2026-12-31T23:59:59Z */

static void pass(struct evidence_stage *stage, uint64_t start_ns,
                 uint64_t end_ns)
{
    *stage = (struct evidence_stage){ .start_ns = start_ns,
                                      .end_ns = end_ns,
                                      .state = STAGE_PASSED };
}

static void fail(struct evidence_stage *stage, uint64_t start_ns,
                 uint64_t end_ns, enum cause cause)
{
    *stage = (struct evidence_stage){ .start_ns = start_ns,
                                      .end_ns = end_ns,
                                      .state = STAGE_FAILED,
                                      .cause = (uint8_t)cause };
}

static void not_reached(struct evidence_address *address, enum stage first)
{
    for (int stage = (int)first; stage < STAGE_COUNT; stage++)
        if (address->stages[stage].state != STAGE_NOT_WANTED)
            address->stages[stage] =
                (struct evidence_stage){ .state = STAGE_NOT_REACHED };
}

/* An address that passes; its commands go out together after the connect. */
static void add_address(struct scene *scene, const char *text, uint64_t at_ns)
{
    unsigned i = scene->evidence.naddresses++;
    struct evidence_address *address = &scene->addresses[i];
    uint64_t sent = at_ns + US(400);

    scene->pointers[i] = address;
    if (!net_addr_parse(text, 6379, &address->addr))
        return;
    address->start_ns = at_ns;
    address->end_ns = at_ns + US(1100);
    pass(&address->stages[STAGE_TCP], at_ns, sent);
    address->stages[STAGE_TLS].state = STAGE_NOT_WANTED;
    address->stages[STAGE_AUTH].state = STAGE_NOT_WANTED;
    pass(&address->stages[STAGE_PING], sent, sent + US(210));
    pass(&address->stages[STAGE_ROLE], sent, sent + US(212));
    pass(&address->stages[STAGE_SET], sent + US(212), sent + US(450));
    pass(&address->stages[STAGE_GET], sent + US(212), sent + US(455));
    pass(&address->stages[STAGE_CLEANUP], sent + US(455), sent + US(700));
    address->tcp = (struct net_tcpinfo){ .rtt_us = 210,
                                         .snd_mss = 8353,
                                         .state = TCP_ESTABLISHED };
    address->role = ROLE_MASTER;
    address->written = address->cleaned = true;
    scene->answer.addrs[i].addr = address->addr;
    scene->answer.addrs[i].ttl_s = 60;
    scene->answer.naddrs = scene->evidence.naddresses;
}

static void add_answer(struct scene *scene)
{
    struct net_answer *answer = &scene->answer;

    answer->rcode = 0;
    answer->ttl_s = 60;
    answer->sends = 2;
    answer->v4 = (struct net_family_answer){ .asked = true };
    answer->v6 =
        (struct net_family_answer){ .asked = true, .status = NET_NODATA };
    snprintf(answer->asked, sizeof(answer->asked), "cache.example");
    snprintf(answer->server, sizeof(answer->server), "198.18.0.2:53");
    answer->ncnames = 1;
    answer->cnames[0].ttl_s = 60;
    snprintf(answer->cnames[0].name, NET_NAME_MAX, "cache.example");
    snprintf(answer->cnames[0].target, NET_NAME_MAX, "vpce-0db.example");
    scene->evidence.answer = answer;
    pass(&scene->evidence.dns, BEGIN, BEGIN + US(800));
}

static void add_target(struct scene *scene)
{
    static const struct probe_label labels[] = {
        { "team", "payments" },
        { "__module__", "secret" },
        { "zone", "usw2-az1" },
    };

    memcpy(scene->labels, labels, sizeof(labels));
    scene->options.policy =
        (struct policy){ .degraded = CHECK_CRITICAL,
                         .write = true,
                         .cert_warning_days = CERT_DAYS_OFF,
                         .cert_critical_days = CERT_DAYS_OFF,
                         .now_s = WHEN_MS / 1000 };
    scene->target = (struct probe_target){ .name = "cache.example:6379",
                                           .host = "cache.example",
                                           .port = 6379,
                                           .labels = scene->labels,
                                           .nlabels = 3,
                                           .options = &scene->options };
}

/* All that a scene has but for addresses; everything is well. */
static void prepare(struct scene *scene)
{
    memset(scene, 0, sizeof(*scene));
    add_target(scene);
    scene->evidence =
        (struct evidence_target){ .host = "cache.example",
                                  .port = 6379,
                                  .start_ns = BEGIN,
                                  .end_ns = BEGIN + US(1900),
                                  .addresses = scene->pointers,
                                  .client_address = "198.18.9.9",
                                  .key_prefix = "linkprobe:{check}:" };
    add_answer(scene);
    scene->outcome.verdict.stage = STAGE_COUNT;
    scene->outcome.addresses = scene->verdicts;
    for (unsigned i = 0; i < SCENE_ADDRESSES_MAX; i++)
        scene->verdicts[i].stage = STAGE_COUNT;
    scene->item = (struct report_item){ .target = &scene->target,
                                        .evidence = &scene->evidence,
                                        .outcome = &scene->outcome,
                                        .time_ms = WHEN_MS };
}

static void count(struct scene *scene)
{
    unsigned n = scene->evidence.naddresses;

    scene->outcome.addresses_required = n;
    scene->outcome.addresses_ok = 0;
    for (unsigned i = 0; i < n; i++)
        scene->outcome.addresses_ok +=
            scene->verdicts[i].status <= CHECK_WARNING;
}

void scene_healthy(struct scene *scene)
{
    prepare(scene);
    add_address(scene, "198.18.1.69", BEGIN + US(800));
    add_address(scene, "198.18.2.69", BEGIN + US(800));
    scene->server =
        (struct evidence_server){ "valkey", "7.2.8", "standalone", "5c1a7b" };
    scene->addresses[0].server = &scene->server;
    scene->words.summary = "2 of 2 addresses pass";
    count(scene);
}

/* Address `i` does not answer a SYN. */
static void silence(struct scene *scene, unsigned i, enum verdict_id id)
{
    struct evidence_address *address = &scene->addresses[i];
    uint64_t end = address->start_ns + MS(3500);

    fail(&address->stages[STAGE_TCP], address->start_ns, end,
         cause_of_net(NET_TIMEOUT));
    not_reached(address, STAGE_TLS);
    address->end_ns = end;
    address->tcp = (struct net_tcpinfo){ .retransmits = 3,
                                         .unacked = 1,
                                         .state = TCP_SYN_SENT };
    address->role = ROLE_UNKNOWN;
    address->written = address->cleaned = false;
    scene->verdicts[i] = (struct verdict){ .id = id,
                                           .stage = STAGE_TCP,
                                           .cause = cause_of_net(NET_TIMEOUT),
                                           .status = CHECK_CRITICAL };
    scene->outcome.verdict = scene->verdicts[i];
    scene->evidence.end_ns = end;
}

void scene_one_dead(struct scene *scene)
{
    scene_healthy(scene);
    silence(scene, 1, VERDICT_TCP_TIMEOUT_ONE_AZ);
    scene->words = (struct scene_words){
        .summary = "1 of 2 addresses does not answer",
        .evidence = { "198.18.2.69:6379: no SYN-ACK in 3.5 s, 3 retransmits",
                      "198.18.1.69:6379 passes" },
        .cause = "The load balancer has no healthy target in that zone and "
                 "cross-zone balancing is off, or the endpoint has a subnet "
                 "there that the service does not serve.",
        .fixes = { { "aws elbv2 describe-target-health --target-group-arn ARN",
                     "provider", false },
                   { "aws elbv2 describe-load-balancer-attributes "
                     "--load-balancer-arn ARN",
                     "provider", false },
                   { "aws elbv2 modify-load-balancer-attributes "
                     "--load-balancer-arn ARN --attributes "
                     "Key=load_balancing.cross_zone.enabled,Value=true",
                     "provider", true } },
    };
    scene->outcome.verdict.ncandidates = 1;
    scene->outcome.verdict.candidates[0] =
        (struct candidate){ VERDICT_TCP_TIMEOUT_SOME_PORTS,
                            "the same check from ten source ports" };
    count(scene);
}

void scene_tolerated(struct scene *scene)
{
    scene_one_dead(scene);
    scene->options.policy.require = REQUIRE_ANY;
    scene->outcome.verdict.status = CHECK_OK;
    scene->outcome.addresses_required = 1;
}

static void add_certificate(struct scene *scene)
{
    struct net_tls_info *tls = &scene->tls;

    *tls = (struct net_tls_info){ .version = "TLSv1.3",
                                  .cipher = "TLS_AES_256_GCM_SHA384",
                                  .subject = "CN=*.x.cache.amazonaws.com",
                                  .issuer = "CN=Amazon RSA 2048 M01",
                                  .sans = { "*.x.cache.amazonaws.com" },
                                  .nsans = 1,
                                  .not_before = NOT_AFTER - 31536000,
                                  .not_after = NOT_AFTER,
                                  .chain_not_after = NOT_AFTER - 86400,
                                  .verify_error = 62,
                                  .verify_text = "hostname mismatch",
                                  .alert = NET_TLS_ALERT_NONE,
                                  .server_hello = true };
}

void scene_tls(struct scene *scene)
{
    struct evidence_address *address = &scene->addresses[0];

    prepare(scene);
    add_address(scene, "198.18.1.69", BEGIN + US(800));
    add_certificate(scene);
    scene->target.tls = scene->evidence.tls = true;
    address->tls = &scene->tls;
    address->written = address->cleaned = false;
    address->role = ROLE_UNKNOWN;
    address->end_ns = BEGIN + MS(5);
    scene->evidence.end_ns = BEGIN + MS(5);
    fail(&address->stages[STAGE_TLS], BEGIN + US(1200), BEGIN + MS(5),
         cause_of_net(NET_TLS_VERIFY));
    not_reached(address, STAGE_AUTH);
    scene->verdicts[0] =
        (struct verdict){ .id = VERDICT_TLS_NAME_MISMATCH,
                          .stage = STAGE_TLS,
                          .cause = cause_of_net(NET_TLS_VERIFY),
                          .status = CHECK_CRITICAL };
    scene->outcome.verdict = scene->verdicts[0];
    scene->words = (struct scene_words){
        .summary = "the certificate is for another name",
        .evidence = { "asked for cache.example; the certificate has "
                      "*.x.cache.amazonaws.com" },
        .cause = "The endpoint's own name is never in the cache's "
                 "certificate.",
        .fixes = { { "linkprobe check --tls --tls-name "
                     "master.test1.x.cache.amazonaws.com cache.example",
                     "client", false } },
    };
    count(scene);
}

void scene_dns_failure(struct scene *scene)
{
    prepare(scene);
    scene->answer.status = NET_NXDOMAIN;
    scene->answer.rcode = 3;
    scene->answer.v4 = (struct net_family_answer){ true, NET_NXDOMAIN, 3 };
    scene->answer.v6 = scene->answer.v4;
    fail(&scene->evidence.dns, BEGIN, BEGIN + US(900),
         cause_of_net(NET_NXDOMAIN));
    scene->evidence.end_ns = BEGIN + US(900);
    scene->outcome.verdict =
        (struct verdict){ .id = VERDICT_DNS_DANGLING_CNAME,
                          .stage = STAGE_DNS,
                          .cause = cause_of_net(NET_NXDOMAIN),
                          .status = CHECK_CRITICAL };
    scene->words = (struct scene_words){
        .summary = "the name is an alias of one that does not exist",
        .evidence = { "cache.example is an alias of vpce-0db.example: "
                      "NXDOMAIN from 198.18.0.2:53" },
        .cause = "The endpoint was deleted and its name is still in use.",
        .fixes = { { "aws ec2 describe-vpc-endpoints", "consumer", false } },
    };
}

void scene_literal(struct scene *scene)
{
    struct range *range = NULL;

    prepare(scene);
    add_address(scene, "2001:db8::7", BEGIN);
    scene->target.name = "[2001:db8::7]:6379";
    scene->target.host = scene->evidence.host = "2001:db8::7";
    scene->target.nlabels = 0;
    scene->evidence.literal = true;
    scene->evidence.answer = NULL;
    scene->evidence.dns = (struct evidence_stage){ .state = STAGE_NOT_WANTED };
    scene->evidence.end_ns = BEGIN + US(1100);
    scene->options.policy.write = false;
    scene->addresses[0].written = scene->addresses[0].cleaned = false;
    scene->addresses[0].stages[STAGE_SET] =
        (struct evidence_stage){ .state = STAGE_NOT_WANTED };
    scene->addresses[0].stages[STAGE_CLEANUP] =
        scene->addresses[0].stages[STAGE_SET];
    range = &scene->options.policy.thresholds.warning[STAGE_PING];
    *range = (struct range){ .set = true, .start = 0, .end = 0.0002 };
    range = &scene->options.policy.thresholds.critical[THRESHOLD_TOTAL];
    *range = (struct range){ .set = true, .start = 0, .end = 1.5 };
    scene->verdicts[0] = (struct verdict){ .id = VERDICT_THRESHOLD_EXCEEDED,
                                           .stage = STAGE_PING,
                                           .cause = CAUSE_THRESHOLD,
                                           .status = CHECK_WARNING };
    scene->outcome.verdict = scene->verdicts[0];
    scene->words = (struct scene_words){
        .summary = "ping took 0.21 ms, outside of 0.0002",
    };
    count(scene);
}

void scene_hostile(struct scene *scene)
{
    struct evidence_address *address = &scene->addresses[0];
    static const char evil[] = "\x1b[2J|<a href='x'>&\"\xff\xc3#\n\xe2\x80\xae"
                               "\xc3\xa9\x07`$~";

    scene_one_dead(scene);
    scene->labels[0] = (struct probe_label){ "0 bad-name", evil };
    scene->labels[2] = (struct probe_label){ "stage", "prod" };
    scene->target.name = "\x1b]0;owned\x07host:6379";
    scene->target.host = scene->evidence.host = scene->target.name;
    scene->words.summary = evil;
    scene->words.evidence[0] = evil;
    scene->words.fixes[0].command = evil;
    snprintf(scene->answer.cnames[0].target, NET_NAME_MAX, "%s", evil);
    snprintf(scene->server.version, sizeof(scene->server.version), "%.20s",
             evil);
    snprintf(scene->fault.text, sizeof(scene->fault.text), "%s", evil);
    scene->addresses[1].fault = &scene->fault;
    scene->evidence.key_prefix = evil;
    address->written = true;
    address->cleaned = false;
}

void scene_crowd(struct scene *scene)
{
    scene_healthy(scene);
    add_address(scene, "198.18.3.69", BEGIN + US(800));
    add_address(scene, "198.18.4.69", BEGIN + US(800));
    add_address(scene, "2001:db8:1:2:3:4:5:6", BEGIN + US(800));
    silence(scene, 1, VERDICT_TCP_TIMEOUT_ONE_AZ);
    silence(scene, 2, VERDICT_TCP_TIMEOUT_ONE_AZ);
    silence(scene, 4, VERDICT_TCP_TIMEOUT_ONE_AZ);
    scene->words = (struct scene_words){
        .summary = "3 of 5 addresses do not answer",
        .evidence = { "198.18.2.69:6379, 198.18.3.69:6379 and "
                      "[2001:db8:1:2:3:4:5:6]:6379: no SYN-ACK in 3.5 s" },
    };
    count(scene);
}

void scene_watchdog(struct scene *scene)
{
    scene_one_dead(scene);
    scene->evidence.watchdog = true;
    scene->outcome.verdict = (struct verdict){ .id = VERDICT_WATCHDOG,
                                               .stage = STAGE_COUNT,
                                               .cause = CAUSE_WATCHDOG,
                                               .status = CHECK_UNKNOWN };
    scene->words = (struct scene_words){
        .summary = "the time limit of 3.5 s ended the check",
    };
}
