/*
 * schedule.c -- two cursors over the targets.
 *
 *     round r:  start + r * interval + target * interval / n + jitter
 *     fresh:    those never begun, in order, a step of at most FRESH_STEP apart
 *
 * So a start has no more checks in flight than ten thousand targets have later:
 * where nothing answers, each is in flight for seconds.
 *
 * The round passes over those that were due less than half an interval ago, be
 * it that they were fresh, or that a reload moved them.
 */
#include "serve/schedule.h"

enum {
    FRESH_STEP_NS = 2000000, /* five hundred targets a second at most */
    JITTER_PART = 10,        /* of the interval */
};

/* splitmix64 */
static uint64_t next_random(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t fresh_step_ns(const struct serve_schedule *s)
{
    uint64_t step = s->interval_ns / s->n;

    return step < FRESH_STEP_NS ? step : FRESH_STEP_NS;
}

/* Up to a step, so that the order stays. */
static uint64_t most_jitter_ns(const struct serve_schedule *s)
{
    uint64_t step = s->interval_ns / s->n, part = s->interval_ns / JITTER_PART;

    return step < part ? step : part;
}

static uint64_t jitter_ns(struct serve_schedule *s)
{
    uint64_t most = most_jitter_ns(s);

    return most == 0 ? 0 : next_random(&s->seed) % most;
}

/* Offset of a target within a round; exact, however large n is. */
static uint64_t offset_ns(const struct serve_schedule *s, size_t target)
{
    uint64_t step = s->interval_ns / s->n, rest = s->interval_ns % s->n;

    return (uint64_t)target * step + (uint64_t)target * rest / s->n;
}

static void set_due(struct serve_schedule *s)
{
    s->due_ns = s->start_ns + offset_ns(s, s->next) + jitter_ns(s);
}

static void next_of_round(struct serve_schedule *s)
{
    if (++s->next == s->n) {
        s->next = 0;
        s->start_ns += s->interval_ns;
    }
    set_due(s);
}

static bool is_too_soon(const struct serve_schedule *s)
{
    uint64_t begun_ns = s->begun_ns[s->next];

    return begun_ns != 0 && s->due_ns < begun_ns + s->interval_ns / 2;
}

/* Both cursors on targets that may be taken.  It ends: a target is too soon
 * in one round at most, those never begun are not. */
static void settle(struct serve_schedule *s)
{
    while (s->fresh < s->n && s->begun_ns[s->fresh] != 0)
        s->fresh++;
    while (is_too_soon(s))
        next_of_round(s);
}

void serve_schedule_init(struct serve_schedule *s, size_t n, uint64_t *begun_ns,
                         uint64_t interval_ns, uint64_t now_ns, uint64_t seed)
{
    *s = (struct serve_schedule){ .n = n,
                                  .interval_ns = interval_ns,
                                  .start_ns = now_ns,
                                  .fresh_due_ns = now_ns,
                                  .seed = seed };
    s->begun_ns = begun_ns;
    if (n == 0)
        return;
    set_due(s);
    settle(s);
}

/* The same part of the round is behind us, of an interval that may be
 * another. */
static void keep_place(struct serve_schedule *s, uint64_t interval_ns,
                       uint64_t from_ns)
{
    double part = 0;
    uint64_t behind_ns;

    if (s->n > 0 && s->start_ns < from_ns)
        part = (double)(from_ns - s->start_ns) / (double)s->interval_ns;
    behind_ns = (uint64_t)(part * (double)interval_ns);
    if (s->n == 0 || interval_ns != s->interval_ns)
        s->start_ns = behind_ns < from_ns ? from_ns - behind_ns : 0;
    s->interval_ns = interval_ns;
}

/* The first whose time is not behind us, however late within its jitter. */
static void find_next(struct serve_schedule *s, uint64_t from_ns)
{
    for (s->next = 0; s->next < s->n; s->next++) {
        if (s->start_ns + offset_ns(s, s->next) + most_jitter_ns(s) > from_ns)
            break;
    }
    if (s->next == s->n) {
        s->next = 0;
        s->start_ns += s->interval_ns;
    }
    set_due(s);
    settle(s);
}

void serve_schedule_change(struct serve_schedule *s, size_t n,
                           uint64_t *begun_ns, uint64_t interval_ns,
                           uint64_t now_ns)
{
    /* What is due, but was not taken yet, stays due. */
    uint64_t from_ns = s->n > 0 && s->due_ns < now_ns ? s->due_ns : now_ns;

    keep_place(s, interval_ns, from_ns);
    s->n = n;
    s->begun_ns = begun_ns;
    s->fresh = 0;
    if (s->fresh_due_ns < now_ns)
        s->fresh_due_ns = now_ns;
    if (n > 0)
        find_next(s, from_ns);
}

static bool is_fresh_first(const struct serve_schedule *s)
{
    return s->fresh < s->n && s->fresh_due_ns <= s->due_ns;
}

uint64_t serve_schedule_due(const struct serve_schedule *s)
{
    if (s->n == 0)
        return UINT64_MAX;
    return is_fresh_first(s) ? s->fresh_due_ns : s->due_ns;
}

/* What is a whole interval late is done by the round after it. */
static void drop_late(struct serve_schedule *s, uint64_t now_ns)
{
    uint64_t rounds =
        now_ns > s->due_ns ? (now_ns - s->due_ns) / s->interval_ns : 0;

    s->start_ns += rounds * s->interval_ns;
    s->due_ns += rounds * s->interval_ns;
    s->dropped += rounds * s->n;
    if (s->fresh_due_ns + s->interval_ns < now_ns)
        s->fresh_due_ns = now_ns;
}

static size_t take(struct serve_schedule *s)
{
    bool fresh = is_fresh_first(s);
    size_t target = fresh ? s->fresh : s->next;

    s->begun_ns[target] = fresh ? s->fresh_due_ns : s->due_ns;
    if (fresh)
        s->fresh_due_ns += fresh_step_ns(s);
    else
        next_of_round(s);
    settle(s);
    return target;
}

bool serve_schedule_take(struct serve_schedule *s, uint64_t now_ns,
                         size_t *target)
{
    uint64_t due_ns;

    if (now_ns < serve_schedule_due(s) || s->n == 0)
        return false;
    drop_late(s, now_ns);
    due_ns = serve_schedule_due(s);
    s->lag_ns = now_ns > due_ns ? now_ns - due_ns : 0;
    if (s->lag_ns > s->worst_ns)
        s->worst_ns = s->lag_ns;
    *target = take(s);
    s->taken++;
    return true;
}

uint64_t serve_schedule_worst(struct serve_schedule *s)
{
    uint64_t worst = s->worst_ns;

    s->worst_ns = 0;
    return worst;
}

bool serve_schedule_alive(struct serve_schedule *s, uint64_t now_ns)
{
    bool alive = s->taken != s->taken_at_feed || s->n == 0 ||
                 now_ns < serve_schedule_due(s);

    s->taken_at_feed = s->taken;
    return alive;
}
