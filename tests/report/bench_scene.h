/*
 * bench_scene.h -- benchmarks that were never run: plans and results by hand.
 *
 * Values follow a rule, not chance, so that reports of them are the same each
 * time.
 */
#ifndef TESTS_BENCH_SCENE_H
#define TESTS_BENCH_SCENE_H

#include "bench/plan.h"
#include "bench/result.h"

enum {
    SCENE_SECONDS = 20,
    SCENE_SIDES = 3,
    SCENE_ASSERTIONS = 3,
};

struct bench_scene {
    struct bench_plan plan;
    struct bench_result result;
    struct bench_assertion assertions[SCENE_ASSERTIONS];
    struct bench_interval intervals[SCENE_SIDES][SCENE_SECONDS];
    struct heat *heats[SCENE_SIDES];
    struct histogram *pool[256]; /* all that were made */
    unsigned npool;
};

/* One side and two addresses, a closed loop, all well. */
void bench_scene_closed(struct bench_scene *scene);

/* An open loop and a server that stood still for half a second. */
void bench_scene_stall(struct bench_scene *scene);

/* Three addresses: one far away, one that loses packets; and errors, of which
 * the texts mean harm. */
void bench_scene_zones(struct bench_scene *scene);

/* Two sides with a difference that is real, assertions, a busy client. */
void bench_scene_pair(struct bench_scene *scene);

/* Three sides and too few turns. */
void bench_scene_three(struct bench_scene *scene);

/* Interrupted before any reply. */
void bench_scene_nothing(struct bench_scene *scene);

void bench_scene_free(struct bench_scene *scene);

#endif /* TESTS_BENCH_SCENE_H */
