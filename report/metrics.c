/*
 * A line is begun with its name and the target's labels, given labels of its
 * own, and ended with its value.
 */
#include "report/metrics.h"

#include <string.h>

#include "cli/utf8.h"
#include "report/format.h"
#include "report/words.h"

static const struct {
    const char *name, *help;
} families[] = {
#define X(name, metric, help) { metric, help },
    METRICS_MAP(X)
#undef X
};

void metrics_escape(struct report_buffer *out, const char *text)
{
    for (size_t n = strlen(text); n;) {
        uint32_t point = 0;
        size_t length = utf8_next(text, n, &point);

        if (length && point == '\n')
            report_string(out, "\\n");
        else if (!length || point < 0x20 || (point >= 0x7f && point <= 0x9f))
            report_string(out, "\xef\xbf\xbd");
        else if (point == '\\' || point == '"')
            report_print(out, "\\%c", (int)point);
        else
            report_add(out, text, length);
        text += length ? length : 1;
        n -= length ? length : 1;
    }
}

/* Append `name` as a label's name: what it may not hold becomes "_". */
static void add_name(struct report_buffer *out, const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    size_t first = strspn(name, "0123456789");

    if (first || !name[0])
        report_string(out, "_");
    for (; *name; name++)
        report_add(out, strchr(letters, *name) ? name : "_", 1);
}

void metrics_label(struct metrics_line *line, const char *name,
                   const char *value)
{
    report_string(line->out, line->labeled ? "," : "{");
    line->labeled = true;
    add_name(line->out, name);
    report_string(line->out, "=\"");
    metrics_escape(line->out, value);
    report_string(line->out, "\"");
}

/* A target's label that has the name of one of ours gets Prometheus' prefix. */
static bool is_ours(const char *name)
{
    static const char *const ours[] = { "target", "address", "stage", "id",
                                        "cause",  "hop",     "role",  "le" };

    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        if (strcmp(ours[i], name) == 0)
            return true;
    return false;
}

static void add_target_label(struct metrics_line *line,
                             const struct probe_label *label)
{
    report_string(line->out, ",");
    if (is_ours(label->name))
        report_string(line->out, "exported_");
    add_name(line->out, label->name);
    report_string(line->out, "=\"");
    metrics_escape(line->out, label->value);
    report_string(line->out, "\"");
}

struct metrics_line metrics_begin(struct report_buffer *out, const char *name,
                                  const struct probe_target *target)
{
    struct metrics_line line = { .out = out };

    report_string(out, name);
    if (!target)
        return line;
    metrics_label(&line, "target", target->name);
    for (size_t i = 0; i < target->nlabels; i++)
        if (!report_label_hidden(&target->labels[i]))
            add_target_label(&line, &target->labels[i]);
    return line;
}

void metrics_end_text(struct metrics_line *line, const char *value)
{
    report_string(line->out, line->labeled ? "} " : " ");
    report_string(line->out, value);
    report_string(line->out, "\n");
}

void metrics_end_number(struct metrics_line *line, int64_t value)
{
    report_print(line->out, "%s%lld\n", line->labeled ? "} " : " ",
                 (long long)value);
}

void metrics_end_seconds(struct metrics_line *line, uint64_t ns)
{
    char text[REPORT_NUMBER_MAX];

    metrics_end_text(line, report_seconds(ns, text));
}

const char *metrics_name(enum metrics_family family)
{
    return families[family].name;
}

const char *metrics_help(enum metrics_family family)
{
    return families[family].help;
}

void metrics_item(struct metrics *metrics, const struct report_item *item)
{
    for (int i = 0; i < METRICS_COUNT; i++)
        metrics_lines(&metrics->families[i], (enum metrics_family)i, item,
                      metrics->target_labels);
}

static void add_head(struct report_buffer *out, const char *name,
                     const char *help)
{
    report_print(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

void metrics_write(const struct metrics *metrics, struct report_buffer *out)
{
    for (int i = 0; i < METRICS_COUNT; i++) {
        const struct report_buffer *family = &metrics->families[i];

        out->failed |= family->failed;
        if (family->length == 0)
            continue;
        add_head(out, families[i].name, families[i].help);
        report_add(out, family->bytes, family->length);
    }
    add_head(out, "linkprobe_build_info", "The version that tells all this.");
    report_print(out, "linkprobe_build_info{version=\"%s\"} 1\n",
                 LINKPROBE_VERSION);
}

void metrics_free(struct metrics *metrics)
{
    for (int i = 0; i < METRICS_COUNT; i++)
        report_buffer_free(&metrics->families[i]);
}
