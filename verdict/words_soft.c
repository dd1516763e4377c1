/*
 * words_soft.c -- all passed, and this is what was not as it should be.
 */
#include "verdict/distance.h"
#include "verdict/soft.h"
#include "verdict/words.h"

static void add_rtt(struct text *text, const struct evidence_address *address)
{
    text_add(text, ", the kernel's round trip is ");
    text_duration(text, (uint64_t)address->tcp.rtt_us * 1000);
}

static void add_paused(struct text *text,
                       const struct evidence_address *address)
{
    if (address->stages[STAGE_SET].state == STAGE_FAILED)
        text_add(text, "SET is kept back, longer than ");
    else
        text_add(text, "SET was kept back for ");
    text_duration(text, soft_own_ns(address, STAGE_SET));
    text_add(text, ", PING took ");
    text_duration(text, soft_own_ns(address, STAGE_PING));
}

static void add_slow(struct text *text, const struct evidence_address *address)
{
    text_add(text, "PONG after ");
    text_duration(text, soft_own_ns(address, STAGE_PING));
    add_rtt(text, address);
}

static void add_losses(struct text *text,
                       const struct evidence_address *address)
{
    text_count(text, soft_losses(address), "retransmit");
    text_add(text, " after the connect");
    add_rtt(text, address);
}

static void add_stall(struct text *text, const struct evidence_address *address)
{
    text_add(text, "large values took ");
    text_duration(text, soft_payload_ns(address));
    text_add(text, ", the MSS fell from %u to %u", address->connect_mss,
             address->tcp.snd_mss);
}

static void add_distance(struct text *text,
                         const struct evidence_distance *distance)
{
    char host[NET_ADDR_TEXT_MAX];

    bool kernel = distance_in_kernel(distance);
    uint32_t far_us = kernel ? distance->far_rtt_us : distance_far_us(distance);
    uint32_t near_us =
        kernel ? distance->near_rtt_us : distance_near_us(distance);

    text_add(text, kernel ? "the round trip is " : "PING takes ");
    text_duration(text, (uint64_t)far_us * 1000);
    text_add(text, ", to %s only ", net_addr_host(&distance->near, host));
    text_duration(text, (uint64_t)near_us * 1000);
    text_add(text, " (%s %u in turns)", kernel ? "the least of" : "of",
             distance->rounds);
}

bool words_soft(struct text *text, const struct evidence_address *address,
                const struct verdict *verdict)
{
    switch ((int)verdict->id) {
    case VERDICT_NET_MTU_BLACKHOLE:
        if (verdict->cause != CAUSE_OK)
            return false;
        add_stall(text, address);
        break;
    case VERDICT_REDIS_PAUSED: add_paused(text, address); break;
    case VERDICT_REDIS_SLOW: add_slow(text, address); break;
    case VERDICT_PERF_CROSS_AZ: add_distance(text, address->distance); break;
    case VERDICT_PERF_LOSS: add_losses(text, address); break;
    default: return false;
    }
    return true;
}
