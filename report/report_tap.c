/*
 * TAP 14: a test an address and stage, the plan at the end.
 *
 *     TAP version 14
 *     ok 1 - h:6379 dns
 *     not ok 2 - h:6379 10.0.0.1:6379 tcp
 *       ---
 *       verdict: ...
 *       ...
 *     ok 3 - h:6379 10.0.0.1:6379 ping # SKIP not reached
 *     1..3
 *
 * What is wrong and not required is "not ok ... # TODO", which TAP counts as
 * expected.  Source: testanything.org, tap-version-14-specification.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "report/cases.h"
#include "report/format.h"
#include "report/words.h"

/* What is kept until the end. */
struct tap {
    size_t tests;
    bool bailed;
};

static void to_buffer(void *data, const char *bytes, size_t n)
{
    report_add(data, bytes, n);
}

/* Descriptions are a line; "#" would begin a directive. */
static void add_text(struct report_buffer *out, const char *text)
{
    size_t start = out->length;
    size_t extra = 0;

    report_escape(out, text, true);
    for (size_t i = start; i < out->length; i++)
        extra += out->bytes[i] == '#';
    if (!extra)
        return;
    report_fill(out, '\\', extra);
    for (size_t i = out->length; i-- > start && extra && !out->failed;) {
        out->bytes[i] = out->bytes[i - extra];
        if (out->bytes[i] == '#') {
            out->bytes[--i] = '\\';
            extra--;
        }
    }
}

/* A double-quoted YAML scalar is a JSON string. */
static void add_scalar(struct report_buffer *out, const char *before,
                       const char *text)
{
    struct json json = { .write = to_buffer, .data = out };

    report_string(out, before);
    json_string(&json, text);
    report_string(out, "\n");
}

/* A block of lines.  Not a list: "- word: ..." is a mapping to the YAML of
 * TAP::Parser, quoted or not.  Leading blanks would be its indent. */
static void add_evidence(struct report_buffer *out,
                         const struct description *words)
{
    if (words->nevidence)
        report_string(out, "  evidence: |\n");
    for (unsigned i = 0; i < words->nevidence; i++) {
        report_string(out, "    ");
        report_escape(out, words->evidence[i] + strspn(words->evidence[i], " "),
                      true);
        report_string(out, "\n");
    }
}

static void add_fixes(struct report_buffer *out,
                      const struct description *words)
{
    if (words->nfixes)
        report_string(out, "  fix:\n");
    for (unsigned i = 0; i < words->nfixes; i++) {
        add_scalar(out, "    - command: ", words->fixes[i].command);
        add_scalar(out, "      where: ", words->fixes[i].where);
        report_string(out, words->fixes[i].changes ? "      changes: true\n"
                                                   : "      changes: false\n");
    }
}

/* The details; the whole verdict's only with the first case that is wrong. */
static void add_block(struct report_buffer *out, const struct report_case *one,
                      const struct description *words, bool first)
{
    char seconds[REPORT_NUMBER_MAX];

    report_string(out, "  ---\n");
    add_scalar(out, "  verdict: ", one->id);
    add_scalar(out, "  message: ", one->message);
    add_scalar(out, "  cause: ", one->cause);
    report_print(out, "  seconds: %s\n", report_seconds(one->ns, seconds));
    if (first) {
        add_scalar(out, "  summary: ", words->summary);
        add_evidence(out, words);
        add_fixes(out, words);
    }
    report_string(out, "  ...\n");
}

/* `*told`: the whole verdict has been. */
static void add_case(struct report *report, const struct report_item *item,
                     const struct report_case *one,
                     const struct description *words, bool *told)
{
    struct report_buffer *out = &report->out;
    struct tap *tap = report->state;
    bool good = one->result == CASE_PASSED || one->result == CASE_SKIPPED;

    report_print(out, "%s %zu - ", good ? "ok" : "not ok", ++tap->tests);
    add_text(out, item->target->name);
    report_string(out, " ");
    add_text(out, one->name);
    if (one->result == CASE_SKIPPED) {
        report_string(out, " # SKIP ");
        add_text(out, one->message);
    }
    if (one->result == CASE_TOLERATED)
        report_string(out, " # TODO not required");
    report_string(out, "\n");
    if (good)
        return;
    add_block(out, one, words, !*told);
    *told = true;
}

static void begin(struct report *report)
{
    report->state = calloc(1, sizeof(struct tap));
    report->out.failed = !report->state;
    report_string(&report->out, "TAP version 14\n");
}

static void item(struct report *report, const struct report_item *item)
{
    struct description words;
    struct report_case one;
    bool told = false;

    if (!describe(item->evidence, report_policy(item), item->outcome, &words)) {
        report->out.failed = true;
        return;
    }
    report_labels(&report->out, item->target, "# ", "\n", true);
    for (struct cases walk = { .item = item, .words = &words };
         cases_next(&walk, &one);)
        add_case(report, item, &one, &words, &told);
    description_free(&words);
}

static void error(struct report *report, const char *message)
{
    struct tap *tap = report->state;

    tap->bailed = true;
    report_string(&report->out, "Bail out! ");
    add_text(&report->out, message);
    report_string(&report->out, "\n");
}

static void end(struct report *report)
{
    const struct tap *tap = report->state;

    if (tap && tap->tests)
        report_print(&report->out, "1..%zu\n", tap->tests);
    else if (tap && !tap->bailed)
        report_string(&report->out, "1..0 # SKIP nothing was checked\n");
    free(report->state);
    report->state = NULL;
}

const struct report_format report_tap = {
    .name = "tap",
    .begin = begin,
    .item = item,
    .error = error,
    .end = end,
};
