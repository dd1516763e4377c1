/*
 * status.c -- GET /: every target, what is wrong first.
 *
 * One file without scripts, and nothing of it is fetched from elsewhere: it is
 * read on a phone in a data centre.  Large fleets come in pages, and `q` picks
 * those whose name or label holds a text.
 */
#include "commands/serve/status.h"

#include <stdlib.h>
#include <string.h>

#include "commands/serve/app.h"
#include "report/format.h"
#include "report/words.h"
#include "serve/html.h"
#include "serve/negotiate.h"

enum {
    PIECE = 12 * 1024,
    PAGE_TARGETS = 100,
    QUERY_MAX = 128,
    RANKS = 5, /* critical, unknown, warning, not checked yet, OK */
};

/* A page on its way. */
struct page {
    struct serve_app *app;
    struct serve_plan *plan;
    uint32_t *order; /* of those that `query` picks, the worst first */
    size_t norder, at, end;
    size_t counts[RANKS]; /* of all */
    unsigned number;      /* of the page, from 1 */
    bool begun;
    char query[QUERY_MAX];
};

static const char style[] =
    ":root{color-scheme:light "
    "dark;--p:#fff;--i:#1b1f24;--m:#59636e;--l:#d1d9e0;--k:#f6f8fa;--o:#1a7f37;"
    "--w:#9a6700;--x:#cf222e;--u:#8250df}"
    "@media(prefers-color-scheme:dark){:root{--p:#0d1117;--i:#e6edf3;"
    "--m:#9198a1;--l:#3d444d;--k:#161b22;--o:#3fb950;--w:#d29922;--x:#f85149;"
    "--u:#ab7df8}}"
    "*{box-sizing:border-box}body{margin:0 auto;padding:12px;max-width:1100px;"
    "background:var(--p);color:var(--i);font:15px/1.45 "
    "system-ui,sans-serif;overflow-wrap:anywhere}"
    "h1{font-size:20px;margin:4px 0}h2{font-size:16px;margin:0}"
    "h3{font-size:14px;margin:10px 0 4px;font-weight:600}"
    "small{color:var(--m);font-weight:400}a{color:inherit}"
    "nav,form{margin:8px 0}input{font:inherit;padding:4px 8px;width:100%;"
    "max-width:320px;border:1px solid var(--l);border-radius:6px;"
    "background:var(--p);color:inherit}"
    ".n1{font-weight:600}.x1{color:var(--x)}.m1{color:var(--w)}"
    ".o1{color:var(--o)}.u1{color:var(--u)}"
    ".t{border:1px solid var(--l);border-left:5px solid var(--m);"
    "border-radius:8px;padding:10px 12px;margin:10px 0;background:var(--k)}"
    ".t.ok{border-left-color:var(--o)}.t.warning{border-left-color:var(--w)}"
    ".t.critical{border-left-color:var(--x)}"
    ".t.unknown{border-left-color:var(--u)}"
    ".v{font-size:12px;font-weight:600;color:var(--m)}"
    ".ok .v{color:var(--o)}.warning .v{color:var(--w)}"
    ".critical .v{color:var(--x)}.unknown .v{color:var(--u)}"
    ".ls,.w,.e,.f,.c{margin:4px 0}.l{font-size:12px;color:var(--m)}"
    ".w{font-weight:600}.e,.c,.f{color:var(--m);font-size:13px}"
    "pre{margin:4px 0;padding:8px;border:1px solid var(--l);border-radius:6px;"
    "background:var(--p);white-space:pre-wrap;font-size:13px}"
    ".d{display:inline-block;width:9px;height:9px;border-radius:50%;"
    "margin-right:6px;background:var(--o)}.d.m{background:var(--w)}"
    ".d.x{background:var(--x)}"
    ".r{display:grid;grid-template-columns:repeat(auto-fill,minmax(92px,1fr));"
    "gap:6px 10px}.s{font-size:12px;line-height:1.3}.s b{font-weight:600}"
    ".s i{font-style:normal;color:var(--m)}.s svg{display:block;width:100%;"
    "height:6px;margin:2px 0}.g{fill:var(--l)}.b{fill:var(--o)}"
    ".s.x .b{fill:var(--x)}.s.x b,.s.x i{color:var(--x)}.s.n{opacity:.55}";

/* No script, and nothing from elsewhere, whatever a label might smuggle in. */
static const char policy[] =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

static unsigned rank_of(const struct serve_state *state)
{
    static const unsigned ranks[] = {
        [CHECK_CRITICAL] = 0,
        [CHECK_UNKNOWN] = 1,
        [CHECK_WARNING] = 2,
        [CHECK_OK] = 4,
    };

    return state->packed ? ranks[serve_packed_status(state->packed)] : 3;
}

static bool picks(const struct page *page, const struct target *target)
{
    const struct target_group *group = target->group;

    if (page->query[0] == '\0' || strcasestr(target->name, page->query))
        return true;
    for (size_t i = 0; i < group->nlabels; i++) {
        if (strcasestr(group->labels[i].value, page->query))
            return true;
    }
    return false;
}

/* Sort by rank, in the order of the file within each. */
static void sort(struct page *page)
{
    const struct serve_plan *plan = page->plan;

    for (unsigned rank = 0; rank < RANKS; rank++) {
        for (size_t i = 0; i < plan->targets.ntargets; i++) {
            if (rank_of(&plan->states[i]) != rank)
                continue;
            page->counts[rank]++;
            if (picks(page, &plan->targets.targets[i]))
                page->order[page->norder++] = (uint32_t)i;
        }
    }
}

static void add_counts(struct report_buffer *out, const struct page *page)
{
    static const char *const words[RANKS] = {
        "%s<span class=\"n1 x1\">%zu critical</span>",
        "%s<span class=\"n1 u1\">%zu unknown</span>",
        "%s<span class=\"n1 m1\">%zu warning</span>",
        "%s<span class=n1>%zu not checked yet</span>",
        "%s<span class=\"n1 o1\">%zu OK</span>",
    };
    const char *comma = "";

    for (unsigned i = 0; i < RANKS; i++) {
        char text[80];

        if (page->counts[i] == 0)
            continue;
        /* The formats are those above. */
        (void)snprintf(text, sizeof(text), words[i], /* NOLINT */
                       comma, page->counts[i]);
        report_string(out, text);
        comma = ", ";
    }
    report_print(
        out, " <small>of %zu %s</small>", page->plan->targets.ntargets,
        report_plural(page->plan->targets.ntargets, "target", "targets"));
}

/* "?page=2&q=..." for a link; only letters that need no escape in a URL. */
static void add_link(struct report_buffer *out, const struct page *page,
                     unsigned number, const char *text)
{
    report_print(out, "<a href=\"/?page=%u", number);
    if (page->query[0] != '\0')
        report_string(out, "&amp;q=");
    for (const char *at = page->query; *at; at++)
        report_print(out, "%%%02X", (unsigned)(unsigned char)*at);
    report_print(out, "\">%s</a> ", text);
}

static void add_pages(struct report_buffer *out, const struct page *page)
{
    unsigned all = (unsigned)((page->norder + PAGE_TARGETS - 1) / PAGE_TARGETS);

    if (all < 2)
        return;
    report_string(out, "<nav>");
    if (page->number > 1)
        add_link(out, page, page->number - 1, "previous");
    report_print(out, "page %u of %u ", page->number, all);
    if (page->number < all)
        add_link(out, page, page->number + 1, "next");
    report_string(out, "</nav>");
}

static void add_form(struct report_buffer *out, const struct page *page)
{
    if (page->plan->targets.ntargets < 2)
        return;
    report_string(out, "<form><input type=search name=q maxlength=100 "
                       "placeholder=\"name or label\" "
                       "aria-label=\"name or label\" value=\"");
    serve_html_text(out, page->query);
    report_string(out, "\"></form>");
}

static void add_head(struct report_buffer *out, const struct page *page)
{
    char time[REPORT_TIME_MAX];
    unsigned refresh_s = page->plan->options.check.interval_ms / 1000;

    report_print(out,
                 "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>"
                 "<meta name=viewport content=\"width=device-width,"
                 "initial-scale=1\"><meta http-equiv=refresh content=%u>"
                 "<title>linkprobe: ",
                 refresh_s < 5 ? 5 : refresh_s);
    if (page->counts[0] + page->counts[1] > 0)
        report_print(out, "%zu of %zu down", page->counts[0] + page->counts[1],
                     page->plan->targets.ntargets);
    else
        report_string(out, "status");
    report_print(out,
                 "</title><link rel=icon href=\"data:,\"><style>%s</style>"
                 "</head><body>\n<h1>linkprobe <small>" LINKPROBE_VERSION
                 ", %s</small></h1><p>",
                 style, report_time(report_now_ms(), REPORT_NO_FRACTION, time));
    add_counts(out, page);
    report_string(out, "</p><nav><a href=\"/metrics\">metrics</a> <a "
                       "href=\"/config\">configuration</a></nav>");
    add_form(out, page);
    add_pages(out, page);
    report_string(out, "\n");
    if (page->plan->targets.ntargets == 0)
        report_string(out, "<p>No targets: --targets names a file of them; "
                           "/probe?target=HOST checks one on request.</p>\n");
    else if (page->norder == 0)
        report_string(out, "<p>No target is called so.</p>\n");
}

static void add_target(struct report_buffer *out, const struct page *page,
                       size_t at)
{
    const struct serve_state *state = &page->plan->states[at];
    struct serve_unpacked *room = page->app->checks.room;
    const struct serve_target_facts facts = {
        .now_ms = report_now_ms(),
        .changed_ms = state->changed_ms,
        .checks = state->checks,
        .failed = state->failed,
        .before =
            state->has_before ? (enum verdict_id)state->before : VERDICT_COUNT,
    };
    struct probe_target target;

    serve_plan_target(page->plan, at, &target);
    if (state->packed)
        serve_unpack(state->packed, &target, room);
    serve_target_html(out, &target, state->packed ? room : NULL, &facts);
}

static bool more(void *data, struct report_buffer *out)
{
    struct page *page = data;

    if (!page->begun)
        add_head(out, page);
    page->begun = true;
    for (; page->at < page->end && out->length < PIECE; page->at++)
        add_target(out, page, page->order[page->at]);
    if (page->at < page->end)
        return true;
    add_pages(out, page);
    report_string(out, "</body></html>\n");
    return false;
}

static void end(void *data)
{
    struct page *page = data;

    serve_plan_unref(page->plan);
    free(page->order);
    free(page);
}

static unsigned page_number(const struct http_request *request)
{
    const char *text = http_query(request, "page", NULL);
    unsigned long number = text ? strtoul(text, NULL, 10) : 1;

    return number >= 1 && number < UINT32_MAX / PAGE_TARGETS ? (unsigned)number
                                                             : 1;
}

static struct page *page_new(struct serve_app *app,
                             const struct http_request *request)
{
    struct page *page = calloc(1, sizeof(*page));
    const char *query = http_query(request, "q", NULL);
    size_t first;

    if (!page)
        return NULL;
    page->app = app;
    page->plan = serve_plan_ref(serve_app_plan(app));
    page->number = page_number(request);
    (void)snprintf(page->query, sizeof(page->query), "%s", query ? query : "");
    page->order = calloc(page->plan->targets.ntargets + 1, sizeof(uint32_t));
    if (!page->order) {
        end(page);
        return NULL;
    }
    sort(page);
    first = (size_t)(page->number - 1) * PAGE_TARGETS;
    page->at = first < page->norder ? first : page->norder;
    page->end = page->at + PAGE_TARGETS < page->norder ? page->at + PAGE_TARGETS
                                                       : page->norder;
    return page;
}

void serve_status(struct serve_app *app, struct http_request *request)
{
    static const char *const headers[] = {
        "Content-Security-Policy",
        policy,
        "Referrer-Policy",
        "no-referrer",
        "Cache-Control",
        "no-store",
        NULL,
    };
    const struct http_answer answer = { .status = 200,
                                        .type = "text/html; charset=utf-8",
                                        .headers = headers };
    struct page *page = page_new(app, request);
    struct http_body body = { .data = page, .more = more, .end = end };

    if (!page) {
        http_reply_line(request, 503, "out of memory");
        return;
    }
    http_stream(request, &answer, &body,
                serve_wants_gzip(http_header(request, "Accept-Encoding")));
}
