/*
 * run.c -- the phases of a run, led by the main thread.
 *
 *     check > keys loaded > workers up > connect > (start_at) > warm up
 *           > measure > close > clean up
 *
 * What workers do is cut into turns.  With one side warming up and measuring
 * are a turn each; with several every slice is one.  Told to stop, a run goes
 * on with what tidies up.
 */
#include "bench/run.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bench/crew.h"
#include "bench/gather.h"
#include "bench/keys.h"
#include "bench/slices.h"

enum {
    IDLE_MS = 100,         /* how often to look at the stop flag, at least */
    AHEAD_NS = 500 * 1000, /* a schedule begins so much later, for all alike */
};

#define MS_NS UINT64_C(1000000)

struct run {
    const struct bench_plan *plan;
    const struct bench_hooks *hooks;
    struct bench_result *result;
    char *error;
    size_t error_size;

    char prefix[KEYS_PREFIX_MAX];
    struct mix_plan mix;
    struct crew crew;
    struct gather gather;
    uint64_t left[BENCH_SIDES_MAX]; /* requests of each side; of 0: no limit */
    const struct slice *slice;      /* that is on; NULL: one side */
    uint64_t connected;             /* of the side that connects */
    char failure[TALLY_TEXT_MAX];   /* of its first connection that failed */

    struct bench_progress progress;
    uint64_t phase_ns, length_ns; /* its begin; 0: length not known */
    uint64_t told_ns;             /* when progress was last told */
};

static bool fail(struct run *run, const char *text)
{
    (void)snprintf(run->error, run->error_size, "%s", text);
    return false;
}

static bool is_stopped(const struct run *run)
{
    return run->hooks->stop && *run->hooks->stop;
}

static void begin_phase(struct run *run, const char *phase, uint64_t length_ns)
{
    run->phase_ns = net_now();
    run->length_ns = length_ns;
    run->told_ns = 0;
    run->progress = (struct bench_progress){ .phase = phase };
}

static double seconds_left(const struct run *run, uint64_t elapsed_ns)
{
    if (run->length_ns == 0)
        return -1;
    if (elapsed_ns >= run->length_ns)
        return 0;
    return (double)(run->length_ns - elapsed_ns) / 1e9;
}

/* Tell how far it is, every progress_ms; look whether to stop. */
static bool idle(void *data)
{
    struct run *run = data;
    const struct bench_hooks *hooks = run->hooks;
    uint64_t now = net_now(), elapsed_ns = now - run->phase_ns;

    if (hooks->progress && hooks->progress_ms > 0 &&
        now >= run->told_ns + hooks->progress_ms * MS_NS) {
        run->told_ns = now;
        run->progress.elapsed_s = (double)elapsed_ns / 1e9;
        run->progress.left_s = seconds_left(run, elapsed_ns);
        hooks->progress(hooks->data, &run->progress);
    }
    return is_stopped(run);
}

/* Keys */

static bool on_keys_loaded(void *data, uint64_t done)
{
    (void)done;
    return !idle(data);
}

static bool on_keys_removed(void *data, uint64_t done)
{
    (void)done;
    (void)idle(data); /* what is ours is removed in any case */
    return true;
}

static bool uses_keys(const struct bench_plan *plan)
{
    return plan->weights[BENCH_SET] > 0 || plan->weights[BENCH_GET] > 0;
}

/* Of the first `nsides`. */
static void remove_keys(struct run *run, unsigned nsides)
{
    struct keys keys = { .mix = &run->mix,
                         .progress = on_keys_removed,
                         .data = run };

    if (!uses_keys(run->plan))
        return;
    begin_phase(run, "cleaning", 0);
    for (unsigned i = 0; i < nsides; i++) {
        run->progress.side = i;
        keys.side = &run->plan->sides[i];
        run->result->sides[i].keys_left = !keys_remove(&keys);
    }
}

static bool prepare_keys(struct run *run)
{
    struct keys keys = { .mix = &run->mix,
                         .progress = on_keys_loaded,
                         .data = run };

    begin_phase(run, "loading keys", 0);
    for (unsigned i = 0; i < run->plan->nsides; i++) {
        run->progress.side = i;
        keys.side = &run->plan->sides[i];
        if (!keys_load(&keys, uses_keys(run->plan), &run->mix.keep_ttl,
                       run->error, run->error_size)) {
            remove_keys(run, i);
            return false;
        }
    }
    return true;
}

/* Connections */

static void take_connects(void *data, const struct turn *turn, unsigned worker,
                          struct tally *tally)
{
    struct run *run = data;

    (void)worker;
    gather_connects(&run->gather, turn->side, tally);
    run->connected += tally->connected;
    if (!run->failure[0])
        memcpy(run->failure, tally->first_failure, sizeof(run->failure));
}

static bool connect_all(struct run *run)
{
    const struct crew_hooks hooks = { .data = run,
                                      .take = take_connects,
                                      .idle = idle };
    struct turn turn = { .kind = TURN_CONNECT };

    if (run->plan->reconnect)
        return true; /* every request has its own */
    begin_phase(run, "connecting", 0);
    for (; turn.side < run->plan->nsides; turn.side++) {
        run->progress.side = turn.side;
        run->connected = 0;
        run->failure[0] = '\0';
        crew_do(&run->crew, &turn, &hooks);
        if (run->connected == 0)
            return fail(run, run->failure);
    }
    return true;
}

/* Load */

static void take_load(void *data, const struct turn *turn, unsigned worker,
                      struct tally *tally)
{
    struct run *run = data;
    uint64_t done = tally->requests + tally->errors;

    gather_add(&run->gather, turn->side, worker, tally);
    run->progress.errors = run->result->sides[turn->side].errors;
    run->left[turn->side] -=
        done < run->left[turn->side] ? done : run->left[turn->side];
}

static void on_lap(void *data, const struct turn *turn)
{
    struct run *run = data;

    gather_lap(&run->gather, turn->side, run->slice);
    run->progress.rate = run->gather.rate;
    run->progress.p50_ns = run->gather.p50_ns;
    run->progress.p99_ns = run->gather.p99_ns;
}

/* One turn of `side`; `ns` 0: until its requests are done. */
static void work(struct run *run, unsigned side, uint64_t ns, uint64_t requests,
                 bool counts)
{
    const struct crew_hooks hooks = { .data = run,
                                      .take = counts ? take_load : NULL,
                                      .lap = counts ? on_lap : NULL,
                                      .idle = idle };
    struct turn turn = { .kind = TURN_WORK,
                         .side = side,
                         .begin_ns = net_now(),
                         .ns = ns,
                         .requests = requests,
                         .laps = counts && run->plan->nsides == 1 };

    if (run->plan->rate > 0)
        turn.begin_ns += AHEAD_NS;
    run->progress.side = side;
    crew_do(&run->crew, &turn, &hooks);
    if (counts)
        gather_turn(&run->gather, side);
}

static bool is_done(const struct run *run, unsigned side)
{
    return run->plan->requests > 0 && run->left[side] == 0;
}

static bool all_are_done(const struct run *run)
{
    for (unsigned i = 0; i < run->plan->nsides; i++)
        if (!is_done(run, i))
            return false;
    return true;
}

/* Several sides, in slices; `ns` of each, 0: until the requests are done. */
static void work_in_slices(struct run *run, uint64_t ns, uint64_t seed,
                           bool counts)
{
    struct slices slices;
    struct slice slice;

    slices_init(&slices, run->plan->nsides, ns, seed);
    run->slice = &slice;
    while (!is_stopped(run) && slices_next(&slices, &slice)) {
        if (counts && all_are_done(run))
            break;
        if (!counts || !is_done(run, slice.side))
            work(run, slice.side, slices.ns,
                 counts && run->plan->requests > 0 ? run->left[slice.side] : 0,
                 counts);
    }
    run->slice = NULL;
}

static void warm_up(struct run *run)
{
    const struct bench_plan *plan = run->plan;

    if (plan->warmup_ns == 0 || is_stopped(run))
        return;
    begin_phase(run, "warm-up", plan->warmup_ns * plan->nsides);
    if (plan->nsides == 1)
        work(run, 0, plan->warmup_ns, 0, false);
    else
        work_in_slices(run, plan->warmup_ns, ~plan->seed, false);
}

static int64_t wall_clock_ms(void)
{
    struct timespec time = { .tv_sec = 0 };

    (void)clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void measure(struct run *run)
{
    const struct bench_plan *plan = run->plan;

    for (unsigned i = 0; i < plan->nsides; i++)
        run->left[i] = plan->requests;
    run->result->time_ms = wall_clock_ms();
    begin_phase(run, "measuring", plan->duration_ns * plan->nsides);
    gather_begin(&run->gather, run->phase_ns);
    if (!is_stopped(run)) {
        if (plan->nsides == 1)
            work(run, 0, plan->duration_ns, plan->requests, true);
        else
            work_in_slices(run, plan->duration_ns, plan->seed, true);
    }
    gather_end(&run->gather);
    run->result->interrupted = is_stopped(run);
}

static void wait_for_start(struct run *run)
{
    int64_t left_ms = run->plan->start_at_ms - wall_clock_ms();
    struct timespec pause;

    if (run->plan->start_at_ms == 0 || left_ms <= 0)
        return;
    begin_phase(run, "waiting", (uint64_t)left_ms * MS_NS);
    for (; left_ms > 0 && !idle(run);
         left_ms = run->plan->start_at_ms - wall_clock_ms()) {
        if (left_ms > IDLE_MS)
            left_ms = IDLE_MS;
        pause = (struct timespec){ .tv_nsec = left_ms * (long)MS_NS };
        (void)nanosleep(&pause, NULL);
    }
}

/* With the workers up. */
static bool lead(struct run *run)
{
    if (!connect_all(run))
        return false;
    wait_for_start(run);
    warm_up(run);
    measure(run);
    return true;
}

static bool has_measured(const struct run *run)
{
    for (unsigned i = 0; i < run->plan->nsides; i++)
        if (run->result->sides[i].requests + run->result->sides[i].errors > 0)
            return true;
    return false;
}

static bool carry_out(struct run *run)
{
    const struct bench_hooks *hooks = run->hooks;
    const struct gather_hooks seconds = { .second = hooks->second,
                                          .data = hooks->data,
                                          .keep_heat = hooks->keep_heat };
    bool ok;

    run->crew.plan = run->plan;
    run->crew.apart = hooks->second != NULL;
    run->crew.idle_ms = hooks->progress_ms > 0 && hooks->progress_ms < IDLE_MS
                            ? hooks->progress_ms
                            : IDLE_MS;
    if (!gather_init(&run->gather, run->plan, &seconds, run->result))
        return fail(run, "out of memory");
    if (!prepare_keys(run))
        return false;
    ok = crew_start(&run->crew, &run->mix);
    if (ok) {
        ok = lead(run);
        crew_end(&run->crew);
    } else {
        fail(run, "out of memory, threads or file descriptors");
    }
    remove_keys(run, run->plan->nsides);
    if (ok && !has_measured(run))
        ok = fail(run, is_stopped(run) ? "interrupted before anything was "
                                         "measured"
                                       : "nothing could be measured");
    return ok;
}

bool bench_run(const struct bench_plan *plan, const struct bench_hooks *hooks,
               struct bench_result *result, char *error, size_t size)
{
    struct run run = { .plan = plan,
                       .hooks = hooks,
                       .result = result,
                       .error = error,
                       .error_size = size };
    bool ok;

    *result = (struct bench_result){ .nsides = 0 };
    if (!bench_plan_check(plan, error, size))
        return false;
    keys_prefix(plan, run.prefix);
    run.mix = (struct mix_plan){ .plan = plan,
                                 .prefix = run.prefix,
                                 .expire_s = keys_expire_s(plan),
                                 .keep_ttl = true };
    ok = carry_out(&run);
    gather_deinit(&run.gather);
    if (!ok)
        bench_result_free(result);
    return ok;
}
