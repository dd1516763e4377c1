/*
 * Prometheus' text format, for a textfile collector or a push gateway: all
 * targets, then one write.  The names are those of `linkprobe serve`.
 */
#include <stdlib.h>

#include "report/format.h"
#include "report/metrics.h"
#include "report/words.h"

static void begin(struct report *report)
{
    struct metrics *metrics = calloc(1, sizeof(*metrics));

    report->state = metrics;
    report->out.failed = !metrics;
    if (metrics)
        metrics->target_labels = true;
}

static void item(struct report *report, const struct report_item *item)
{
    metrics_item(report->state, item);
}

/* Nothing can be said of a target; a comment tells the reader why. */
static void error(struct report *report, const char *message)
{
    report_string(&report->out, "# error: ");
    report_escape(&report->out, message, true);
    report_string(&report->out, "\n");
}

static void end(struct report *report)
{
    struct metrics *metrics = report->state;

    if (!metrics)
        return;
    metrics_write(metrics, &report->out);
    metrics_free(metrics);
    free(metrics);
    report->state = NULL;
}

const struct report_format report_prometheus = {
    .name = "prometheus",
    .begin = begin,
    .item = item,
    .error = error,
    .end = end,
};
