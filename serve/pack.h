/*
 * pack.h -- the last result of a target, small enough to keep ten thousand.
 *
 * The evidence of a check is kilobytes; what metrics and the status page show
 * of it are some sixty bytes.  serve_pack() writes those, serve_unpack() makes
 * of them an item that any writer of report/ takes: evidence and outcome, with
 * what was not kept left out.  Pure.
 */
#ifndef SERVE_PACK_H
#define SERVE_PACK_H

#include "report/report.h"

enum {
    SERVE_TEXT_MAX = 255, /* of a kept text */
};

/* The words of a verdict that is not plainly OK; empty ones where it is. */
struct serve_words {
    char id[32];                      /* as printed: "TLS_ALERT_70" */
    char summary[SERVE_TEXT_MAX + 1]; /* one sentence */
    char evidence[SERVE_TEXT_MAX + 1];
    char fix[SERVE_TEXT_MAX + 1]; /* the likeliest command; "" none */
    char where[16];               /* "client", "consumer" or "provider" */
    bool changes;                 /* the command changes something */
};

/* One block of memory; the caller frees it with free(). */
struct serve_packed;

/* NULL: out of memory. */
struct serve_packed *serve_pack(const struct report_item *item,
                                const struct serve_words *words);

/* Its size in bytes. */
size_t serve_packed_size(const struct serve_packed *packed);

/* What can be told without unpacking: the target's verdict and when its check
 * began. */
enum check_status serve_packed_status(const struct serve_packed *packed);
enum verdict_id serve_packed_id(const struct serve_packed *packed);
int64_t serve_packed_time_ms(const struct serve_packed *packed);

/* Room for one that is unpacked: large, so made once. */
struct serve_unpacked {
    struct report_item item;
    struct serve_words words;

    /* private */
    struct evidence_target evidence;
    struct net_answer answer;
    struct evidence_address addresses[NET_ADDRS_MAX];
    const struct evidence_address *pointers[NET_ADDRS_MAX];
    struct net_tls_info tls;
    struct outcome outcome;
    struct verdict verdicts[NET_ADDRS_MAX];
};

/* Fill `to`; `target` is what the item will point to. */
void serve_unpack(const struct serve_packed *packed,
                  const struct probe_target *target, struct serve_unpacked *to);

/* Are the addresses those that `evidence` has, in whatever order? */
bool serve_same_addresses(const struct serve_unpacked *unpacked,
                          const struct evidence_target *evidence);

#endif /* SERVE_PACK_H */
