/*
 * JUnit XML: a testsuite a target, a testcase an address and stage.
 *
 * Written so that two schemas take it that differ: Jenkins' junit-10.xsd and
 * the one of Apache Ant (windyroad).  The second wants `properties`,
 * `system-out`, `system-err`, `package`, `id` and a timestamp without a zone,
 * and no attributes of `testsuites`; it lets nothing but one result stand in
 * a testcase.
 *
 * XML 1.0 has no way to write most control characters: they are left out.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/utf8.h"
#include "report/cases.h"
#include "report/format.h"
#include "report/words.h"

enum {
    HOSTNAME_MAX = 65, /* HOST_NAME_MAX and a NUL */
};

static const char *entity_of(uint32_t point)
{
    switch (point) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\n': return "&#10;";
    case '\t': return "&#9;";
    default: return NULL;
    }
}

/* A Char of XML 1.0, and neither DEL nor C1. */
static bool is_plain(uint32_t point)
{
    if (point < 0x7f)
        return point >= 0x20 && !entity_of(point);
    return point > 0x9f && point != 0xfffe && point != 0xffff;
}

static void add_xml(struct report_buffer *out, const char *text)
{
    size_t n = strlen(text), run = 0;

    while (run < n) {
        uint32_t point = 0;
        size_t length = utf8_next(text + run, n - run, &point);

        if (length && is_plain(point)) {
            run += length;
            continue;
        }
        report_add(out, text, run);
        if (!length)
            report_string(out, "\xef\xbf\xbd");
        else if (entity_of(point))
            report_string(out, entity_of(point));
        length = run + (length ? length : 1);
        text += length;
        n -= length;
        run = 0;
    }
    report_add(out, text, run);
}

static void add_attribute(struct report_buffer *out, const char *name,
                          const char *value)
{
    report_print(out, " %s=\"", name);
    add_xml(out, value);
    report_string(out, "\"");
}

static void add_seconds(struct report_buffer *out, uint64_t ns)
{
    char text[REPORT_NUMBER_MAX];

    add_attribute(out, "time", report_seconds(ns, text));
}

/* Of a suite three digits: newer schemas of Jenkins take no more. */
static void add_suite_time(struct report_buffer *out, uint64_t ns)
{
    char text[REPORT_NUMBER_MAX];

    report_seconds((ns + 500000) / 1000000 * 1000000, text);
    text[strlen(text) - 3] = '\0';
    add_attribute(out, "time", text);
}

static void add_hostname(struct report_buffer *out)
{
    char name[HOSTNAME_MAX] = "";

    if (gethostname(name, sizeof(name) - 1) != 0 || name[0] == '\0')
        memcpy(name, "localhost", sizeof("localhost"));
    add_attribute(out, "hostname", name);
}

static void add_suite_head(struct report *report,
                           const struct report_item *item,
                           const unsigned counts[CASE_RESULT_COUNT])
{
    struct report_buffer *out = &report->out;
    char time[REPORT_TIME_MAX];
    unsigned tests = 0;

    for (int i = 0; i < CASE_RESULT_COUNT; i++)
        tests += counts[i];
    report_string(out, "  <testsuite");
    add_attribute(out, "name", item->target->name);
    report_print(out, " package=\"linkprobe\" id=\"%zu\"",
                 report->count.total - 1);
    add_attribute(out, "timestamp",
                  report_time(item->time_ms, REPORT_NO_ZONE, time));
    add_hostname(out);
    report_print(out,
                 " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\"",
                 tests, counts[CASE_FAILED], counts[CASE_ERROR],
                 counts[CASE_SKIPPED] + counts[CASE_TOLERATED]);
    add_suite_time(out, report_total_ns(item));
    report_string(out, ">\n");
}

static void add_property(struct report_buffer *out, const char *name,
                         const char *value)
{
    report_string(out, "      <property");
    add_attribute(out, "name", name);
    add_attribute(out, "value", value);
    report_string(out, "/>\n");
}

static void add_properties(struct report_buffer *out,
                           const struct report_item *item,
                           const struct description *words)
{
    report_string(out, "    <properties>\n");
    add_property(out, "status",
                 check_status_token(item->outcome->verdict.status));
    add_property(out, "verdict", words->id);
    for (size_t i = 0; i < item->target->nlabels; i++)
        if (!report_label_hidden(&item->target->labels[i]) &&
            item->target->labels[i].name[0])
            add_property(out, item->target->labels[i].name,
                         item->target->labels[i].value);
    report_string(out, "    </properties>\n");
}

static void add_result(struct report_buffer *out, const struct report_case *one)
{
    bool skipped = one->result == CASE_SKIPPED || one->result == CASE_TOLERATED;
    const char *element = skipped                      ? "skipped"
                          : one->result == CASE_FAILED ? "failure"
                                                       : "error";

    report_print(out, ">\n      <%s", element);
    if (!skipped)
        add_attribute(out, "type", one->id);
    if (one->result == CASE_TOLERATED)
        report_print(out, " message=\"not required: %s: ", one->id);
    else
        report_string(out, " message=\"");
    add_xml(out, one->message);
    report_string(out, "\"/>\n    </testcase>\n");
}

static void add_case(struct report_buffer *out, const struct report_item *item,
                     const struct report_case *one)
{
    report_string(out, "    <testcase");
    add_attribute(out, "name", one->name);
    add_attribute(out, "classname", item->target->name);
    add_seconds(out, one->ns);
    if (one->result == CASE_PASSED)
        report_string(out, "/>\n");
    else
        add_result(out, one);
}

static void add_line(struct report_buffer *out, const char *before,
                     const char *text)
{
    report_string(out, before);
    add_xml(out, text);
    report_string(out, "\n");
}

static void add_transcript(struct report_buffer *out,
                           const struct description *words)
{
    report_string(out, "    <system-out>");
    add_line(out, "", words->summary);
    for (unsigned i = 0; i < words->nevidence; i++)
        add_line(out, "seen: ", words->evidence[i]);
    if (words->cause)
        add_line(out, "likely cause: ", words->cause);
    for (unsigned i = 0; i < words->nfixes; i++) {
        report_print(out, "try (%s, %s): ", words->fixes[i].where,
                     words->fixes[i].changes ? "changes something"
                                             : "only looks");
        add_line(out, "", words->fixes[i].command);
    }
    report_string(out, "</system-out>\n    <system-err></system-err>\n"
                       "  </testsuite>\n");
}

static void begin(struct report *report)
{
    report_string(&report->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                "<testsuites>\n");
}

static void item(struct report *report, const struct report_item *item)
{
    unsigned counts[CASE_RESULT_COUNT] = { 0 };
    struct description words;
    struct report_case one;

    if (!describe(item->evidence, report_policy(item), item->outcome, &words)) {
        report->out.failed = true;
        return;
    }
    for (struct cases walk = { .item = item, .words = &words };
         cases_next(&walk, &one);)
        counts[one.result]++;
    add_suite_head(report, item, counts);
    add_properties(&report->out, item, &words);
    for (struct cases walk = { .item = item, .words = &words };
         cases_next(&walk, &one);)
        add_case(&report->out, item, &one);
    add_transcript(&report->out, &words);
    description_free(&words);
}

static void error(struct report *report, const char *message)
{
    struct report_buffer *out = &report->out;
    char time[REPORT_TIME_MAX];

    report_print(out,
                 "  <testsuite name=\"linkprobe\" package=\"linkprobe\" "
                 "id=\"%zu\"",
                 report->count.total);
    add_attribute(out, "timestamp",
                  report_time(report_now_ms(), REPORT_NO_ZONE, time));
    add_hostname(out);
    report_string(out,
                  " tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" "
                  "time=\"0.000\">\n    <properties>\n    </properties>\n"
                  "    <testcase name=\"usage\" classname=\"linkprobe\" "
                  "time=\"0.000000\">\n      <error type=\"usage\" message=\"");
    add_xml(out, message);
    report_string(out, "\"/>\n    </testcase>\n    <system-out></system-out>\n"
                       "    <system-err></system-err>\n  </testsuite>\n");
}

static void end(struct report *report)
{
    report_string(&report->out, "</testsuites>\n");
}

const struct report_format report_junit = {
    .name = "junit",
    .begin = begin,
    .item = item,
    .error = error,
    .end = end,
};
