/*
 * bench_json.h -- what the page shares with bench_json.c.
 */
#ifndef REPORT_BENCH_JSON_H
#define REPORT_BENCH_JSON_H

#include "bench/plan.h"
#include "bench/result.h"
#include "cli/json.h"

/* All members of the object, within its braces. */
void bench_json_members(struct json *json, const struct bench_plan *plan,
                        const struct bench_result *result);

/* How many errors have the token of `cause`, told at the first cause that has
 * it; 0 at the others. */
uint64_t bench_cause_errors(const struct bench_side_result *side, int cause);

#endif /* REPORT_BENCH_JSON_H */
