/*
 * Each scene begins as a healthy one and is then changed: what a scene is
 * about is what its function says.  Here are the parts and the plain scenes.
 */
#include "scene_parts.h"

#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>

void scene_pass(struct evidence_stage *stage, uint64_t start_ns,
                uint64_t end_ns)
{
    *stage =
        (struct evidence_stage){ .start_ns = start_ns, .state = STAGE_PASSED };
    evidence_stage_end(stage, end_ns);
}

void scene_fail(struct evidence_stage *stage, uint64_t start_ns,
                uint64_t end_ns, enum cause cause)
{
    *stage = (struct evidence_stage){ .start_ns = start_ns,
                                      .state = STAGE_FAILED,
                                      .cause = (uint8_t)cause };
    evidence_stage_end(stage, end_ns);
}

void scene_not_reached(struct evidence_address *address, enum stage first)
{
    for (int stage = (int)first; stage < STAGE_COUNT; stage++)
        if (address->stages[stage].state != STAGE_NOT_WANTED)
            address->stages[stage] =
                (struct evidence_stage){ .state = STAGE_NOT_REACHED };
}

void scene_add_address(struct scene *scene, const char *text, uint64_t at_ns)
{
    unsigned i = scene->evidence.naddresses++;
    struct evidence_address *address = &scene->addresses[i];
    uint64_t sent = at_ns + US(400);

    scene->pointers[i] = address;
    if (!net_addr_parse(text, 6379, &address->addr))
        return;
    address->start_ns = at_ns;
    address->end_ns = at_ns + US(1100);
    scene_pass(&address->stages[STAGE_TCP], at_ns, sent);
    address->stages[STAGE_TLS].state = STAGE_NOT_WANTED;
    address->stages[STAGE_AUTH].state = STAGE_NOT_WANTED;
    scene_pass(&address->stages[STAGE_PING], sent, sent + US(210));
    scene_pass(&address->stages[STAGE_ROLE], sent, sent + US(212));
    scene_pass(&address->stages[STAGE_SET], sent + US(212), sent + US(450));
    scene_pass(&address->stages[STAGE_GET], sent + US(212), sent + US(455));
    scene_pass(&address->stages[STAGE_CLEANUP], sent + US(455), sent + US(700));
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
    scene_pass(&scene->evidence.dns, BEGIN, BEGIN + US(800));
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

void scene_prepare(struct scene *scene)
{
    memset(scene, 0, sizeof(*scene));
    add_target(scene);
    scene->evidence =
        (struct evidence_target){ .host = "cache.example",
                                  .port = 6379,
                                  .start_ns = BEGIN,
                                  .end_ns = BEGIN + US(1900),
                                  .addresses = scene->pointers,
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

void scene_count(struct scene *scene)
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
    scene_prepare(scene);
    scene_add_address(scene, "198.18.1.69", BEGIN + US(800));
    scene_add_address(scene, "198.18.2.69", BEGIN + US(800));
    scene->server =
        (struct evidence_server){ "valkey", "7.2.8", "standalone", "5c1a7b" };
    scene->addresses[0].server = &scene->server;
    scene->words.summary = "2 of 2 addresses pass";
    scene_count(scene);
}

void scene_silence(struct scene *scene, unsigned i, enum verdict_id id)
{
    struct evidence_address *address = &scene->addresses[i];
    uint64_t end = address->start_ns + MS(3500);

    scene_fail(&address->stages[STAGE_TCP], address->start_ns, end,
               cause_of_net(NET_TIMEOUT));
    scene_not_reached(address, STAGE_TLS);
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
    scene_silence(scene, 1, VERDICT_TCP_TIMEOUT_ONE_AZ);
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
    scene_count(scene);
}

void scene_tolerated(struct scene *scene)
{
    scene_one_dead(scene);
    scene->options.policy.require = REQUIRE_ANY;
    scene->outcome.verdict.status = CHECK_OK;
    scene->outcome.addresses_required = 1;
}
