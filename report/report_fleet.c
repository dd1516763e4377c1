/*
 * Many targets, a line each:
 *
 *     OK           1.90 ms  a.example:6379  2 of 2 addresses pass
 *     CRITICAL      3.50 s  b.example:6379  TCP_TIMEOUT_ALL: no address answers
 *                           10.0.0.1:6379: no SYN-ACK in 3.5 s
 *                           try (consumer): aws ec2 ...
 *     1 ok, 1 critical of 2 targets in 3.51 s
 *
 * What has a fixed width stands first, so that the columns hold while the
 * lines come one by one; names are of any length.
 */
#include <stdio.h>
#include <string.h>

#include "report/format.h"
#include "report/screen.h"
#include "report/words.h"

enum {
    STATUS_WIDTH = 10,
    TIME_WIDTH = 8,
    DETAIL_INDENT = STATUS_WIDTH + TIME_WIDTH + 2,
    NAME_WIDTH = 24,
};

static void add_line(struct report *report, const struct report_item *item,
                     const struct description *words)
{
    struct report_buffer *out = &report->out;
    enum check_status status = item->outcome->verdict.status;
    const char *word = check_status_word(status);
    char total[REPORT_NUMBER_MAX];
    size_t start = 0;

    screen_put(report, screen_ink((int)status), word);
    report_print(out, "%*s  ", STATUS_WIDTH + TIME_WIDTH - (int)strlen(word),
                 report_duration(report_total_ns(item), total));
    start = out->length;
    report_escape(out, item->target->name, report->style.utf8);
    screen_pad(report, start, NAME_WIDTH);
    report_string(out, " ");
    if (item->outcome->verdict.id != VERDICT_OK)
        report_print(out, "%s: ", words->id);
    report_escape(out, words->summary, report->style.utf8);
    report_labels(out, item->target, " (", ")", report->style.utf8);
    report_string(out, "\n");
}

static void add_detail(struct report *report, const char *before,
                       const char *text)
{
    report_fill(&report->out, ' ', DETAIL_INDENT);
    report_string(&report->out, before);
    report_escape(&report->out, text, report->style.utf8);
    report_string(&report->out, "\n");
}

void screen_fleet_item(struct report *report, const struct report_item *item,
                       const struct description *words)
{
    add_line(report, item, words);
    if (item->outcome->verdict.status == CHECK_OK)
        return;
    if (words->nevidence)
        add_detail(report, "", words->evidence[0]);
    if (words->nfixes) {
        char before[64];

        (void)snprintf(
            before, sizeof(before), "try (%s, %s): ", words->fixes[0].where,
            words->fixes[0].changes ? "changes something" : "only looks");
        add_detail(report, before, words->fixes[0].command);
    }
}

void screen_fleet_end(struct report *report, uint64_t ns)
{
    const struct {
        size_t n;
        int status;
    } counts[] = {
        { report->count.ok, CHECK_OK },
        { report->count.warning, CHECK_WARNING },
        { report->count.critical, CHECK_CRITICAL },
        { report->count.unknown, CHECK_UNKNOWN },
    };
    const char *comma = "";
    char text[REPORT_NUMBER_MAX];

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        if (counts[i].n == 0)
            continue;
        report_string(&report->out, comma);
        screen_paint(report, screen_ink(counts[i].status));
        report_print(&report->out, "%zu %s", counts[i].n,
                     report_status_token(counts[i].status));
        screen_paint(report, INK_PLAIN);
        comma = ", ";
    }
    report_print(&report->out, "%s of %zu %s in %s\n", comma[0] ? "" : "none",
                 report->style.targets,
                 report_plural(report->style.targets, "target", "targets"),
                 report_duration(ns, text));
}
