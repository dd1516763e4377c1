/*
 * schedule.c -- one cursor that goes round and round.
 *
 *     first round:  0, 1, 2 ... n-1, a step of at most FIRST_STEP apart
 *     round r:      start + r * interval + target * interval / n + jitter
 *
 * So a start has no more checks in flight than ten thousand targets have later:
 * where nothing answers, each is in flight for seconds.
 *
 * The first of the slow rounds begins at once.  Those whose time comes less
 * than half an interval after their first check are passed over in it.
 */
#include "serve/schedule.h"

enum {
    FIRST_STEP_NS = 2000000, /* five hundred targets a second at most */
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

static uint64_t step_ns(const struct serve_schedule *s)
{
    uint64_t step = s->interval_ns / s->n;

    return s->first && step > FIRST_STEP_NS ? FIRST_STEP_NS : step;
}

/* Up to a step, so that the order stays; n * n ns would overflow nothing. */
static uint64_t jitter_ns(struct serve_schedule *s)
{
    uint64_t most = step_ns(s), part = s->interval_ns / JITTER_PART;

    if (most > part)
        most = part;
    return s->first || most == 0 ? 0 : next_random(&s->seed) % most;
}

/* Offset of a target within a round; exact, however large n is. */
static uint64_t offset_ns(const struct serve_schedule *s, size_t target)
{
    uint64_t step = step_ns(s), rest = s->first ? 0 : s->interval_ns % s->n;

    return (uint64_t)target * step + (uint64_t)target * rest / s->n;
}

static void set_due(struct serve_schedule *s)
{
    s->due_ns = s->start_ns + offset_ns(s, s->next) + jitter_ns(s);
}

/* Pass over those that the first round has checked a moment ago. */
static void begin_slow(struct serve_schedule *s)
{
    uint64_t first_step = step_ns(s);

    s->first = false;
    for (s->next = 0; s->next < s->n; s->next++) {
        if (offset_ns(s, s->next) - s->next * first_step >= s->interval_ns / 2)
            break;
    }
    if (s->next == s->n) {
        s->next = 0;
        s->start_ns += s->interval_ns;
    }
    set_due(s);
}

static void advance(struct serve_schedule *s)
{
    if (++s->next < s->n) {
        set_due(s);
        return;
    }
    if (s->first) {
        begin_slow(s);
        return;
    }
    s->next = 0;
    s->start_ns += s->interval_ns;
    set_due(s);
}

void serve_schedule_init(struct serve_schedule *s, size_t n,
                         uint64_t interval_ns, uint64_t now_ns, uint64_t seed,
                         bool soon)
{
    *s = (struct serve_schedule){ .n = n,
                                  .interval_ns = interval_ns,
                                  .start_ns = now_ns,
                                  .first = soon,
                                  .due_ns = now_ns,
                                  .seed = seed };
}

uint64_t serve_schedule_due(const struct serve_schedule *s)
{
    return s->n == 0 ? UINT64_MAX : s->due_ns;
}

/* What is a whole interval late is done by the round after it. */
static void drop_late(struct serve_schedule *s, uint64_t now_ns)
{
    uint64_t rounds = (now_ns - s->due_ns) / s->interval_ns;

    s->start_ns += rounds * s->interval_ns;
    s->due_ns += rounds * s->interval_ns;
    s->dropped += rounds * s->n;
}

bool serve_schedule_take(struct serve_schedule *s, uint64_t now_ns,
                         size_t *target)
{
    if (s->n == 0 || now_ns < s->due_ns)
        return false;
    drop_late(s, now_ns);
    s->lag_ns = now_ns > s->due_ns ? now_ns - s->due_ns : 0;
    if (s->lag_ns > s->worst_ns)
        s->worst_ns = s->lag_ns;
    *target = s->next;
    s->taken++;
    advance(s);
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
    bool alive =
        s->taken != s->taken_at_feed || s->n == 0 || now_ns < s->due_ns;

    s->taken_at_feed = s->taken;
    return alive;
}
