/*
 * client.c -- two signs, each enough: a thread that is never idle, and a loop
 * that often wakes up late: then a good part of the latencies is its own.
 */
#include "bench/client.h"

#include <stdio.h>

#define BUSY   0.95                     /* of a thread's time */
#define LAG_NS (UINT64_C(10) * 1000000) /* less is the machine's noise */

static void judge(struct bench_client *client, double busiest,
                  uint64_t often_ns)
{
    if (busiest >= BUSY) {
        client->bound = true;
        (void)snprintf(client->reason, sizeof(client->reason),
                       "a thread was busy for %.0f %% of the time: use more "
                       "threads (-T) or more machines",
                       busiest > 1 ? 100 : busiest * 100);
    } else if (often_ns >= LAG_NS) {
        client->bound = true;
        (void)snprintf(client->reason, sizeof(client->reason),
                       "one time in ten the loop woke up %.1f ms late: the "
                       "machine is busy",
                       (double)often_ns / 1e6);
    }
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
    judge(client, wall_ns > 0 ? (double)most / (double)wall_ns : 0,
          lag_at(lag, ticks, 90));
}
