/*
 * soft.h -- all passed, and yet: what the times of one check and the kernel's
 * view of its connection prove; internal to classify.h.
 *
 * Stages of one write overlap: a reply's own time begins when the one before it
 * had come.  What this machine itself was late is taken off.
 */
#ifndef VERDICT_SOFT_H
#define VERDICT_SOFT_H

#include "verdict/classify.h"

/* How long `stage` (PING, SET, CLEANUP) kept its reply back by itself, in ns.
 */
uint64_t soft_own_ns(const struct evidence_address *address, enum stage stage);

/* Retransmits after the connect that were for something. */
unsigned soft_losses(const struct evidence_address *address);

/* How long the values of --payload took, in ns; 0: there were none. */
uint64_t soft_payload_ns(const struct evidence_address *address);

/* Was PING slow, once, for less than a moment may be?  The same once more would
 * tell. */
bool soft_doubts_ping(const struct evidence_address *address);

/* NET_MTU_BLACKHOLE, REDIS_PAUSED, REDIS_SLOW, PERF_LOSS, PERF_CROSS_AZ; else
 * VERDICT_OK. */
struct verdict soft_judge(const struct evidence_address *address);

#endif /* VERDICT_SOFT_H */
