/*
 * A report: begin, item..., end -- or begin, error, end.
 *
 * An item is formatted whole and then written at once, unless its format
 * keeps it back (nagios has one write for all, prometheus groups by metric) or
 * the caller says when (`held`: a fleet writes once a turn of its loop).
 * An item that met an allocation failure is dropped whole.
 */
#include "report/report.h"

#include <assert.h>
#include <string.h>
#include <time.h>

#include "report/format.h"
#include "report/words.h"

const struct report_format *report_find(const char *name)
{
    static const struct report_format *const formats[] = {
        &report_text,  &report_json, &report_nagios,
        &report_junit, &report_tap,  &report_prometheus,
    };

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}

void report_begin(struct report *report, const struct report_format *format,
                  const struct report_style *style, int fd)
{
    *report = (struct report){ .format = format, .style = *style, .fd = fd };
    format->begin(report);
}

static void count(struct report *report, enum check_status status)
{
    size_t *const counts[] = {
        [CHECK_OK] = &report->count.ok,
        [CHECK_WARNING] = &report->count.warning,
        [CHECK_CRITICAL] = &report->count.critical,
        [CHECK_UNKNOWN] = &report->count.unknown,
    };

    ++*counts[status];
    report->count.total++;
    report->worst = check_status_worse(report->worst, status);
}

void report_item(struct report *report, const struct report_item *item)
{
    count(report, item->outcome->verdict.status);
    if (report->out.failed)
        return;
    report->format->item(report, item);
    if (!report->held)
        report_flush(report);
}

void report_error(struct report *report, const char *message)
{
    report->worst = check_status_worse(report->worst, CHECK_UNKNOWN);
    if (report->out.failed)
        return;
    report->format->error(report, message);
    report_flush(report);
}

bool report_end(struct report *report)
{
    report->format->end(report);
    report_flush(report);
    report_buffer_free(&report->out);
    assert(!report->state);
    return !report->out.failed;
}

const struct policy *report_policy(const struct report_item *item)
{
    return &item->target->options->policy;
}

uint64_t report_total_ns(const struct report_item *item)
{
    uint64_t start = item->evidence->start_ns, end = item->evidence->end_ns;

    return end > start ? end - start : 0;
}

uint64_t report_address_ns(const struct evidence_address *address)
{
    return address->end_ns > address->start_ns
               ? address->end_ns - address->start_ns
               : 0;
}

struct verdict report_dns_verdict(const struct report_item *item)
{
    if (item->outcome->verdict.stage == STAGE_DNS)
        return item->outcome->verdict;
    return classify_dns(item->evidence, report_policy(item));
}

int report_dns_status(const struct report_item *item)
{
    struct verdict verdict = report_dns_verdict(item);
    int status = classify_stage(&item->evidence->dns, STAGE_DNS, &verdict,
                                report_policy(item));

    if (status == STAGE_SKIPPED)
        return status;
    return (int)check_status_worse((enum check_status)status,
                                   verdict.stage == STAGE_DNS ? verdict.status
                                                              : CHECK_OK);
}

int report_stage_status(const struct report_item *item, unsigned i,
                        enum stage stage)
{
    return classify_stage(&item->evidence->addresses[i]->stages[stage], stage,
                          &item->outcome->addresses[i], report_policy(item));
}

const char *report_status_token(int status)
{
    return status == STAGE_SKIPPED
               ? "skipped"
               : check_status_token((enum check_status)status);
}

const char *report_cause(const struct evidence_stage *evidence,
                         enum stage stage, int status,
                         const struct verdict *verdict)
{
    if (status == STAGE_SKIPPED)
        return NULL;
    if (evidence->cause != CAUSE_OK)
        return cause_token((enum cause)evidence->cause);
    if (status == CHECK_OK)
        return NULL;
    if (verdict->stage == stage)
        return verdict->cause == CAUSE_OK ? NULL : cause_token(verdict->cause);
    return cause_token(CAUSE_THRESHOLD);
}

bool report_label_hidden(const struct probe_label *label)
{
    return strncmp(label->name, "__", 2) == 0;
}

void report_labels(struct report_buffer *buffer,
                   const struct probe_target *target, const char *before,
                   const char *after, bool utf8)
{
    const char *first = before;

    for (size_t i = 0; i < target->nlabels; i++) {
        const struct probe_label *label = &target->labels[i];

        if (report_label_hidden(label))
            continue;
        report_string(buffer, first);
        report_escape(buffer, label->name, utf8);
        report_string(buffer, "=");
        report_escape(buffer, label->value, utf8);
        first = ", ";
    }
    if (first != before)
        report_string(buffer, after);
}

int64_t report_now_ms(void)
{
    struct timespec now = { 0 };

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
