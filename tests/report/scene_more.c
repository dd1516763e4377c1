/*
 * The scenes in which something rarer is the matter.
 */
#include "scene_parts.h"

#include <stdio.h>
#include <string.h>

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

    scene_prepare(scene);
    scene_add_address(scene, "198.18.1.69", BEGIN + US(800));
    add_certificate(scene);
    scene->target.tls = scene->evidence.tls = true;
    address->tls = &scene->tls;
    address->written = address->cleaned = false;
    address->role = ROLE_UNKNOWN;
    address->end_ns = BEGIN + MS(5);
    scene->evidence.end_ns = BEGIN + MS(5);
    scene_fail(&address->stages[STAGE_TLS], BEGIN + US(1200), BEGIN + MS(5),
               cause_of_net(NET_TLS_VERIFY));
    scene_not_reached(address, STAGE_AUTH);
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
    scene_count(scene);
}

void scene_dns_failure(struct scene *scene)
{
    scene_prepare(scene);
    scene->answer.status = NET_NXDOMAIN;
    scene->answer.rcode = 3;
    scene->answer.v4 = (struct net_family_answer){ true, NET_NXDOMAIN, 3 };
    scene->answer.v6 = scene->answer.v4;
    scene_fail(&scene->evidence.dns, BEGIN, BEGIN + US(900),
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

    scene_prepare(scene);
    scene_add_address(scene, "2001:db8::7", BEGIN);
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
    scene_count(scene);
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
    scene_add_address(scene, "198.18.3.69", BEGIN + US(800));
    scene_add_address(scene, "198.18.4.69", BEGIN + US(800));
    scene_add_address(scene, "2001:db8:1:2:3:4:5:6", BEGIN + US(800));
    scene_silence(scene, 1, VERDICT_TCP_TIMEOUT_ONE_AZ);
    scene_silence(scene, 2, VERDICT_TCP_TIMEOUT_ONE_AZ);
    scene_silence(scene, 4, VERDICT_TCP_TIMEOUT_ONE_AZ);
    scene->words = (struct scene_words){
        .summary = "3 of 5 addresses do not answer",
        .evidence = { "198.18.2.69:6379, 198.18.3.69:6379 and "
                      "[2001:db8:1:2:3:4:5:6]:6379: no SYN-ACK in 3.5 s" },
    };
    scene_count(scene);
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

static void add_idle(struct scene *scene)
{
    scene->options.idle_ms = 360000;
    scene->idle =
        (struct evidence_idle){ .wanted_ns = MS(360000),
                                .silent_ns = MS(350000),
                                .cause = (uint8_t)cause_of_net(NET_RESET),
                                .during = true,
                                .twin_ran = true };
    scene->addresses[0].idle = &scene->idle;
    scene_fail(&scene->addresses[0].stages[STAGE_PING], BEGIN + US(1200),
               BEGIN + US(1600), cause_of_net(NET_RESET));
}

void scene_rare(struct scene *scene)
{
    static const size_t payloads[] = { 1400, 8300 };

    scene_healthy(scene);
    scene_add_address(scene, "198.18.1.69", BEGIN + US(900));
    add_idle(scene);
    scene->target.name = "# odd #1:6379";
    scene->answer.source = NET_SOURCE_HOSTS;
    scene->answer.ttl_s = scene->answer.addrs[0].ttl_s = NET_TTL_NONE;
    scene->answer.server[0] = '\0';
    scene->answer.ncnames = 0;
    scene->options.payloads = payloads;
    scene->options.npayloads = 2;
    scene->addresses[0].payload_edge = 1400;
    scene->addresses[1].role = ROLE_REPLICA;
    memcpy(scene->master, "10.0.0.5:6379", sizeof("10.0.0.5:6379"));
    scene->addresses[1].master = scene->master;
    scene->verdicts[0] = (struct verdict){ .id = VERDICT_TCP_IDLE_RESET,
                                           .stage = STAGE_PING,
                                           .cause = cause_of_net(NET_RESET),
                                           .status = CHECK_CRITICAL };
    scene->outcome.verdict = scene->verdicts[0];
    scene->words = (struct scene_words){
        .summary = "an idle connection was reset after 350 s",
        .evidence = { "  - blank: and a mapping?", "--- a document?" },
    };
    scene_count(scene);
}
