/*
 * exposition.c -- what the two formats write differently.
 */
#include "serve/exposition.h"

#include <stdio.h>
#include <string.h>

#include "report/format.h"

static const struct {
    char text[12], open[12], suffix[8];
} types[] = {
    [SERVE_GAUGE] = { "gauge", "gauge", "" },
    [SERVE_COUNTER] = { "counter", "counter", "_total" },
    [SERVE_INFO_METRIC] = { "gauge", "info", "_info" },
    [SERVE_HISTOGRAM] = { "histogram", "histogram", "" },
};

static bool ends_in(const char *text, size_t n, const char *end)
{
    size_t m = strlen(end);

    return n >= m && memcmp(text + n - m, end, m) == 0;
}

void serve_head(struct report_buffer *out, const struct serve_family *family,
                bool open)
{
    const char *suffix = types[family->type].suffix;
    size_t n = strlen(family->name);

    /* OpenMetrics names the family without what its samples end in. */
    if (open && ends_in(family->name, n, suffix))
        n -= strlen(suffix);
    report_print(out, "# HELP %.*s %s\n# TYPE %.*s %s\n", (int)n, family->name,
                 family->help, (int)n, family->name,
                 open ? types[family->type].open : types[family->type].text);
    if (open && ends_in(family->name, n, "_seconds"))
        report_print(out, "# UNIT %.*s seconds\n", (int)n, family->name);
    else if (open && ends_in(family->name, n, "_bytes"))
        report_print(out, "# UNIT %.*s bytes\n", (int)n, family->name);
}

void serve_number(struct report_buffer *out, const struct serve_family *family,
                  bool open, uint64_t value)
{
    serve_head(out, family, open);
    report_print(out, "%s %llu\n", family->name, (unsigned long long)value);
}

void serve_seconds(struct report_buffer *out, const struct serve_family *family,
                   bool open, double value)
{
    serve_head(out, family, open);
    report_print(out, "%s %.6f\n", family->name, value);
}

struct serve_family serve_family_of(enum metrics_family family)
{
    bool info = family == METRICS_VERDICT;

    return (struct serve_family){ .name = metrics_name(family),
                                  .type =
                                      info ? SERVE_INFO_METRIC : SERVE_GAUGE,
                                  .help = metrics_help(family) };
}

void serve_item(struct report_buffer *out, const struct report_item *item,
                bool open)
{
    for (int i = 0; i < METRICS_COUNT; i++) {
        const struct serve_family family =
            serve_family_of((enum metrics_family)i);
        size_t before = out->length, head;

        serve_head(out, &family, open);
        head = out->length;
        metrics_lines(out, (enum metrics_family)i, item, false);
        if (out->length == head)
            out->length = before;
    }
}

void serve_tail(struct report_buffer *out, bool open)
{
    if (open)
        report_string(out, "# EOF\n");
}
