/*
 * client.h -- was the client itself the bottleneck?  With the evidence.  Pure.
 */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <stdint.h>

#include "bench/histogram.h"
#include "bench/plan.h"
#include "bench/result.h"

/* Fill result->client: `cpu_ns` of each worker in `wall_ns` of measuring, and
 * how late their loops woke up: of `ticks` those in `lag` were late, and a tick
 * stands for the same stretch of time as any other. */
void client_judge(const struct bench_plan *plan, const uint64_t *cpu_ns,
                  uint64_t wall_ns, const struct histogram *lag, uint64_t ticks,
                  struct bench_result *result);

#endif /* BENCH_CLIENT_H */
