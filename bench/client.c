/*
 * client.c -- three signs, each enough: a thread that is never idle, a loop
 * that often wakes up late, and one that now and then does so by most of what
 * the highest latencies are: then a good part of them is its own.
 */
#include "bench/client.h"

#include <stdarg.h>
#include <stdio.h>

enum {
    LATE_TICKS_MIN = 3, /* fewer are chance */
};

#define BUSY     0.95                     /* of a thread's time */
#define OFTEN_NS (UINT64_C(10) * 1000000) /* less is the machine's noise */
#define RARE_NS  (UINT64_C(1) * 1000000)  /* of a schedule */

__attribute__((format(printf, 2, 3))) static void
blame(struct bench_client *client, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(client->reason, sizeof(client->reason), format, arguments);
    va_end(arguments);
    client->bound = true;
}

/* The percentile over all ticks, of which most were not late at all. */
static uint64_t lag_at(const struct histogram *lag, uint64_t ticks,
                       double percentile)
{
    double over = (100 - percentile) / 100 * (double)ticks;

    if (lag->count == 0 || over >= (double)lag->count)
        return 0;
    return histogram_at(lag, 100 - over / (double)lag->count * 100);
}

/* The lag of one tick in a hundred, and of several in any case. */
static uint64_t rare_lag(const struct histogram *lag, uint64_t ticks)
{
    double percentile = 100 - 100.0 * LATE_TICKS_MIN / (double)ticks;

    return lag_at(lag, ticks, percentile < 99 ? percentile : 99);
}

/* The side whose p99 is made by a lag of `lag_ns`, half of it at least; NULL:
 * none. */
static const struct bench_side_result *
explained(const struct bench_result *result, uint64_t lag_ns)
{
    for (unsigned i = 0; i < result->nsides; i++) {
        const struct bench_side_result *side = &result->sides[i];

        /* A closed loop may come late since the server had its processor. */
        if (lag_ns < (side->late ? RARE_NS : OFTEN_NS) || !side->response ||
            side->response->count == 0)
            continue;
        if (2 * lag_ns >= histogram_at(side->response, 99))
            return side;
    }
    return NULL;
}

/* What the sides show of a lag: late replies, and in an open loop late sends,
 * which are evidence only beside it: a slow server makes them too. */
static void blame_lag(struct bench_client *client,
                      const struct bench_side_result *side, uint64_t lag_ns)
{
    char sent[64] = "";

    if (side->late && side->late->count > 0)
        (void)snprintf(sent, sizeof(sent), ", requests left %.1f ms late",
                       (double)histogram_at(side->late, 99) / 1e6);
    blame(client,
          "at p99 the loop woke up %.1f ms late%s, and the response time is "
          "%.1f ms: the machine is busy",
          (double)lag_ns / 1e6, sent,
          (double)histogram_at(side->response, 99) / 1e6);
}

static void judge(const struct bench_result *result, double busiest,
                  const struct histogram *lag, uint64_t ticks,
                  struct bench_client *client)
{
    uint64_t often_ns = lag_at(lag, ticks, 90), rare_ns = rare_lag(lag, ticks);
    const struct bench_side_result *side = explained(result, rare_ns);

    if (busiest >= BUSY)
        blame(client,
              "a thread was busy for %.0f %% of the time: use more threads "
              "(-T) or more machines",
              busiest > 1 ? 100 : busiest * 100);
    else if (often_ns >= OFTEN_NS)
        blame(client,
              "one time in ten the loop woke up %.1f ms late: the machine is "
              "busy",
              (double)often_ns / 1e6);
    else if (side)
        blame_lag(client, side, rare_ns);
}

void client_judge(const struct bench_plan *plan, const uint64_t *cpu_ns,
                  uint64_t wall_ns, const struct histogram *lag, uint64_t ticks,
                  struct bench_result *result)
{
    struct bench_client *client = &result->client;
    uint64_t most = 0, all = 0;

    for (unsigned i = 0; i < plan->threads; i++) {
        all += cpu_ns[i];
        most = cpu_ns[i] > most ? cpu_ns[i] : most;
    }
    client->cpu_s = (double)all / 1e9;
    client->wall_s = (double)wall_ns / 1e9;
    client->loop_lag_ns = lag_at(lag, ticks, 99);
    judge(result, wall_ns > 0 ? (double)most / (double)wall_ns : 0, lag, ticks,
          client);
}
