/*
 * metrics.c -- GET /metrics, made while it is sent.
 *
 *     own series > for each family: head, the lines of each target > end
 *
 * The page of ten thousand targets is megabytes; of it a piece of some
 * kilobytes is in memory at a time.  A target whose check ends meanwhile may
 * have older values in the first families than in the last.
 */
#include <stdlib.h>

#include "commands/serve/app.h"
#include "report/format.h"
#include "serve/exposition.h"
#include "serve/negotiate.h"
#include "serve/process.h"

enum {
    PIECE = 12 * 1024,

    /* the families behind those of report/ */
    FAMILY_CHECKS = METRICS_COUNT,
    FAMILY_FAILED,
    FAMILY_TIME,
    FAMILY_CHANGED,
    FAMILY_HISTOGRAM,
    FAMILY_COUNT,
};

static const struct serve_family more_families[] = {
    [FAMILY_CHECKS - METRICS_COUNT] = { "linkprobe_checks_total", SERVE_COUNTER,
                                        "Checks made; without labels those "
                                        "that /probe was asked for." },
    [FAMILY_FAILED -
        METRICS_COUNT] = { "linkprobe_checks_failed_total", SERVE_COUNTER,
                           "Checks that were critical or unknown." },
    [FAMILY_TIME - METRICS_COUNT] = { "linkprobe_check_timestamp_seconds",
                                      SERVE_GAUGE,
                                      "When the check that is told of began, "
                                      "as Unix time." },
    [FAMILY_CHANGED - METRICS_COUNT] = { "linkprobe_changed_timestamp_seconds",
                                         SERVE_GAUGE,
                                         "When the verdict or the addresses "
                                         "changed last, as Unix time." },
    [FAMILY_HISTOGRAM -
        METRICS_COUNT] = { SERVE_HISTOGRAM_NAME, SERVE_HISTOGRAM,
                           "How long stages took, of all addresses." },
};

/* A page on its way. */
struct page {
    struct serve_app *app;
    struct serve_plan *plan;
    bool open, headed;
    int family; /* -1: our own */
    size_t at;
};

static void add_counts(struct report_buffer *out, const struct serve_app *app,
                       bool open)
{
    const struct serve_checks *checks = &app->checks;
    uint64_t connections = 0, evicted = 0;
    struct serve_family f[] = {
        { "linkprobe_targets", SERVE_GAUGE,
          "Targets that are checked in the background." },
        { "linkprobe_targets_unchecked", SERVE_GAUGE,
          "Those of them that have no result yet." },
        { "linkprobe_checks_in_flight", SERVE_GAUGE,
          "Checks under way, those of /probe too." },
        { "linkprobe_checks_skipped_total", SERVE_COUNTER,
          "Checks left out: the one before was not done, or no room." },
        { "linkprobe_http_connections", SERVE_GAUGE,
          "HTTP connections that are open." },
        { "linkprobe_http_connections_evicted_total", SERVE_COUNTER,
          "Idle connections that had to make room for new ones." },
    };

    for (unsigned i = 0; i < app->nservers; i++) {
        connections += http_server_connections(app->servers[i]);
        evicted += http_server_evicted(app->servers[i]);
    }
    serve_number(out, &f[0], open, checks->plan->targets.ntargets);
    serve_number(out, &f[1], open, checks->unchecked);
    serve_number(out, &f[2], open, checks->in_flight + app->nprobes);
    serve_number(out, &f[3], open, checks->skipped + checks->schedule.dropped);
    serve_number(out, &f[4], open, connections);
    serve_number(out, &f[5], open, evicted);
}

static void add_process(struct report_buffer *out, bool open)
{
    static const struct serve_family f[] = {
        { "process_cpu_seconds_total", SERVE_COUNTER,
          "User and system processor time spent." },
        { "process_resident_memory_bytes", SERVE_GAUGE,
          "Resident memory size." },
        { "process_virtual_memory_bytes", SERVE_GAUGE, "Virtual memory size." },
        { "process_open_fds", SERVE_GAUGE, "Open file descriptors." },
        { "process_max_fds", SERVE_GAUGE,
          "File descriptors that may be open." },
        { "process_start_time_seconds", SERVE_GAUGE,
          "When the process began, as Unix time." },
    };
    struct serve_process process;

    serve_process_read(&process);
    serve_seconds(out, &f[0], open, process.cpu_s);
    serve_number(out, &f[1], open, process.resident);
    serve_number(out, &f[2], open, process.virtual_bytes);
    serve_number(out, &f[3], open, process.open_fds);
    serve_number(out, &f[4], open, process.max_fds);
    serve_seconds(out, &f[5], open, process.start_s);
}

static void add_own(struct report_buffer *out, const struct serve_app *app,
                    bool open)
{
    static const struct serve_family f[] = {
        { "linkprobe_build_info", SERVE_INFO_METRIC,
          "The version that tells all this." },
        { "linkprobe_config_last_reload_successful", SERVE_GAUGE,
          "Whether the last reload of the configuration went well." },
        { "linkprobe_config_last_reload_success_timestamp_seconds", SERVE_GAUGE,
          "When a reload went well last, as Unix time." },
        { "linkprobe_schedule_lag_seconds", SERVE_GAUGE,
          "How late a check began at most, in the last interval or two." },
    };
    double lag_s = (double)serve_checks_lag_ns(&app->checks) / 1e9;

    serve_head(out, &f[0], open);
    report_print(out, "%s{version=\"%s\"} 1\n", f[0].name, LINKPROBE_VERSION);
    serve_number(out, &f[1], open, app->reload_fine);
    serve_seconds(out, &f[2], open, (double)app->reloaded_ms / 1e3);
    serve_seconds(out, &f[3], open, lag_s);
    add_counts(out, app, open);
    add_process(out, open);
}

static struct serve_family family_of(int family)
{
    return family < METRICS_COUNT ? serve_family_of((enum metrics_family)family)
                                  : more_families[family - METRICS_COUNT];
}

static void add_timestamp(struct report_buffer *out, const char *name,
                          int64_t ms, const struct probe_target *target)
{
    struct metrics_line line = metrics_begin(out, name, target);
    char text[32];

    (void)snprintf(text, sizeof(text), "%lld.%03d", (long long)(ms / 1000),
                   (int)(ms % 1000));
    metrics_end_text(&line, text);
}

static void add_count(struct report_buffer *out, const char *name,
                      uint64_t value, const struct probe_target *target)
{
    struct metrics_line line = metrics_begin(out, name, target);

    metrics_end_number(&line, (int64_t)value);
}

/* The lines of one target in one family. */
static void add_target(struct report_buffer *out, const struct page *page)
{
    const struct serve_state *state = &page->plan->states[page->at];
    const char *name = family_of(page->family).name;
    struct serve_unpacked *room = page->app->checks.room;
    struct probe_target target;

    if (!state->packed)
        return;
    serve_plan_target(page->plan, page->at, &target);
    if (page->family < METRICS_COUNT) {
        serve_unpack(state->packed, &target, room);
        metrics_lines(out, (enum metrics_family)page->family, &room->item,
                      true);
    } else if (page->family == FAMILY_CHECKS) {
        add_count(out, name, state->checks, &target);
    } else if (page->family == FAMILY_FAILED) {
        add_count(out, name, state->failed, &target);
    } else if (page->family == FAMILY_TIME) {
        add_timestamp(out, name, serve_packed_time_ms(state->packed), &target);
    } else if (page->family == FAMILY_CHANGED) {
        add_timestamp(out, name, state->changed_ms, &target);
    } else if (state->histogram) {
        serve_histogram_lines(out, state->histogram,
                              &page->plan->options.buckets, &target);
    }
}

/* A family's head, and what belongs to no target. */
static void begin_family(struct report_buffer *out, const struct page *page)
{
    const struct serve_family family = family_of(page->family);
    const struct serve_checks *checks = &page->app->checks;

    serve_head(out, &family, page->open);
    if (page->family == FAMILY_CHECKS)
        add_count(out, family.name, checks->other_checks, NULL);
    else if (page->family == FAMILY_FAILED)
        add_count(out, family.name, checks->other_failed, NULL);
}

/* The next target; with the first that has a line comes the head. */
static void step(struct report_buffer *out, struct page *page)
{
    size_t before = out->length, head;

    if (!page->headed)
        begin_family(out, page);
    head = out->length;
    if (page->at < page->plan->targets.ntargets) {
        add_target(out, page);
        page->at++;
    }
    if (page->headed || out->length > head || page->family == FAMILY_CHECKS ||
        page->family == FAMILY_FAILED)
        page->headed = true;
    else
        out->length = before;
    if (page->at < page->plan->targets.ntargets)
        return;
    page->family++;
    page->at = 0;
    page->headed = false;
}

static bool more(void *data, struct report_buffer *out)
{
    struct page *page = data;

    if (page->family < 0) {
        add_own(out, page->app, page->open);
        page->family = 0;
    }
    while (page->family < FAMILY_COUNT && out->length < PIECE && !out->failed)
        step(out, page);
    if (page->family < FAMILY_COUNT)
        return true;
    serve_tail(out, page->open);
    return false;
}

static void end(void *data)
{
    struct page *page = data;

    serve_plan_unref(page->plan);
    free(page);
}

void serve_metrics(struct serve_app *app, struct http_request *request)
{
    struct page *page = calloc(1, sizeof(*page));
    bool gzip = serve_wants_gzip(http_header(request, "Accept-Encoding"));
    struct http_body body = { .data = page, .more = more, .end = end };
    static const char *const headers[] = { "Vary", "Accept, Accept-Encoding",
                                           "Cache-Control", "no-store", NULL };
    struct http_answer answer = { .status = 200, .headers = headers };

    if (!page) {
        http_reply_line(request, 503, "out of memory");
        return;
    }
    *page = (struct page){
        .app = app,
        .plan = serve_plan_ref(serve_app_plan(app)),
        .open = serve_wants_open(http_header(request, "Accept")),
        .family = -1,
    };
    answer.type = page->open ? SERVE_TYPE_OPEN : SERVE_TYPE_TEXT;
    http_stream(request, &answer, &body, gzip);
}
