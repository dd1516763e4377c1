/*
 * merge_page.c -- logs that were added up, as if one client had measured them:
 * the page of a benchmark, without what logs do not tell (how the load was
 * made, errors, addresses).
 *
 * Its charts have a point for every second, or for as many together as leave
 * POINTS_MAX of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/result.h"
#include "commands/bench/merge_report.h"
#include "report/bench_report.h"

enum {
    POINTS_MAX = HEAT_COLUMNS,
    NAME_MAX_BYTES = HLOG_TAG_MAX + 32,
};

struct page {
    const struct merge *merge;
    struct bench_plan plan;
    struct bench_result result;
    char names[BENCH_SIDES_MAX][NAME_MAX_BYTES];
};

/* The series "send" beside the one without a tag, "b.send" beside "b". */
static struct histogram *beside(const struct page *page,
                                const struct merge_series *main,
                                const char *name)
{
    char tag[2 * HLOG_TAG_MAX];
    const struct merge_series *series;

    (void)snprintf(tag, sizeof(tag), "%s%s%s", main->tag,
                   main->tag[0] ? "." : "", name);
    series = merge_find(page->merge, tag);
    return series && series->total->count > 0 ? series->total : NULL;
}

/* `n` seconds as one point, and into the heat map; false: no memory. */
static bool make_point(struct bench_side_result *side,
                       const struct merge_second *seconds, size_t n,
                       double origin_s)
{
    struct bench_interval *point = &side->intervals[side->nintervals++];
    struct histogram *one = calloc(1, sizeof(*one));
    struct histogram *all = calloc(1, sizeof(*all));

    for (size_t i = 0; one && all && i < n; i++) {
        merge_second_read(&seconds[i], one);
        histogram_merge(all, one);
        point->length_s += seconds[i].length_s;
    }
    if (one && all) {
        point->at_s = seconds[n - 1].span.end_s - origin_s;
        point->requests = all->count;
        point->p50_ns = histogram_at(all, 50);
        point->p99_ns = histogram_at(all, 99);
        point->max_ns = histogram_max(all);
        heat_add(side->heat, point->at_s, point->length_s, all);
    }
    free(one);
    free(all);
    return one && all;
}

static bool make_points(struct bench_side_result *side,
                        const struct merge_series *series, double origin_s)
{
    size_t n = series->nseconds, each = (n + POINTS_MAX - 1) / POINTS_MAX;

    side->intervals = calloc(n / each + 1, sizeof(*side->intervals));
    side->heat = calloc(1, sizeof(*side->heat));
    if (!side->intervals || !side->heat)
        return false;
    for (size_t i = 0; i < n; i += each) {
        if (!make_point(side, &series->seconds[i], n - i < each ? n - i : each,
                        origin_s))
            return false;
    }
    return true;
}

static bool make_side(struct page *page, unsigned i,
                      const struct merge_series *series)
{
    struct bench_side_result *side = &page->result.sides[i];

    (void)snprintf(page->names[i], NAME_MAX_BYTES, "%s%s%zu %s", series->tag,
                   series->tag[0] ? " of " : "", page->merge->nlogs,
                   page->merge->nlogs == 1 ? "log" : "logs");
    page->plan.sides[i].name = page->names[i];
    side->requests = series->total->count;
    side->measured_ns = (uint64_t)(series->covered_s * 1e9);
    side->response = series->total;
    side->service = beside(page, series, "send");
    side->connect = beside(page, series, "connect");
    for (unsigned k = 0; k < BENCH_COMMANDS; k++)
        side->by_command[k] =
            beside(page, series, bench_command_token((enum bench_command)k));
    return make_points(side, series, page->merge->span.start_s);
}

/* The totals are the merge's own. */
static void free_page(struct page *page)
{
    for (unsigned i = 0; i < page->result.nsides; i++) {
        free(page->result.sides[i].intervals);
        free(page->result.sides[i].heat);
    }
    free(page);
}

bool merge_report_html(const struct merge *merge, struct report_buffer *out)
{
    const struct merge_series *main[BENCH_SIDES_MAX];
    struct page *page = calloc(1, sizeof(*page));
    bool fine = page != NULL;

    if (!page)
        return false;
    page->merge = merge;
    page->result.time_ms = (int64_t)(merge->span.start_s * 1000);
    page->result.nsides = merge_main_series(merge, main);
    page->plan.nsides = page->result.nsides;
    for (unsigned i = 0; fine && i < page->result.nsides; i++)
        fine = make_side(page, i, main[i]);
    if (fine)
        bench_report_html(&page->plan, &page->result, out);
    free_page(page);
    return fine;
}
