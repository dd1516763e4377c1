/*
 * progress.c -- what a run does, as lines on standard error while it
 * does it.
 *
 * The engine tells of each call; a line is for what is new to a reader.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/provision/run.h"

/* What a step says beside its times and counts, as a number. */
static uint64_t news_of(const struct outcome_step *step)
{
    const char *texts[] = { step->consumer, step->id, step->reason };
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    hash = (hash ^ (uint64_t)step->name) * UINT64_C(0x100000001b3);
    hash = (hash ^ step->port) * UINT64_C(0x100000001b3);
    hash = (hash ^ (uint64_t)step->state) * UINT64_C(0x100000001b3);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        for (const char *at = texts[i]; at && *at != '\0'; at++)
            hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
        hash = (hash ^ 0xff) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* Changes that are made, what is waited for and why, and failures. */
static bool is_progress(const struct outcome_step *step)
{
    if (step->state == OUTCOME_STATE_WAITING)
        return step->reason && step->id;
    return step->state == OUTCOME_STATE_FAILED ||
           (step->state == OUTCOME_STATE_DONE &&
            provision_report_changes(step));
}

/* Steps tell of each call; a line is printed when it says something new. */
static void on_step(void *data, const struct outcome_step *step)
{
    static const struct provision_style plain;
    struct provision_run *run = data;
    uint64_t news = news_of(step);

    if (!is_progress(step))
        return;
    for (size_t i = 0; i < PROVISION_SHOWN; i++) {
        if (run->shown[i] == news)
            return;
    }
    run->shown[run->nshown++ % PROVISION_SHOWN] = news;
    provision_report_step(step, &plain, stderr);
    (void)fputc('\n', stderr);
}

engine_progress_cb provision_progress(struct provision_run *run)
{
    run->nshown = 0;
    memset(run->shown, 0, sizeof(run->shown));
    return !run->job->options.quiet && isatty(STDERR_FILENO) ? on_step : NULL;
}
