/*
 * format.h -- what the formats share; nobody outside of report/ includes it.
 */
#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include "report/report.h"

extern const struct report_format report_text;
extern const struct report_format report_json;
extern const struct report_format report_nagios;
extern const struct report_format report_junit;
extern const struct report_format report_tap;
extern const struct report_format report_prometheus;

enum {
    STAGE_SKIPPED = -1, /* beside enum check_status: not wanted, not reached */
};

/* Append a C string. */
void report_string(struct report_buffer *buffer, const char *text);

/* Append `n` times `byte`. */
void report_fill(struct report_buffer *buffer, char byte, size_t n);

/* Release what a buffer holds. */
void report_buffer_free(struct report_buffer *buffer);

const struct policy *report_policy(const struct report_item *item);

/* How long the whole check of the target took. */
uint64_t report_total_ns(const struct report_item *item);
uint64_t report_address_ns(const struct evidence_address *address);

/* The verdict that stands for DNS: the target's own when it is of that stage,
 * as only a set of addresses may prove it; else the look-up's. */
struct verdict report_dns_verdict(const struct report_item *item);

/* What DNS, or a stage of address `i`, is: an enum check_status, or
 * STAGE_SKIPPED. */
int report_dns_status(const struct report_item *item);
int report_stage_status(const struct report_item *item, unsigned i,
                        enum stage stage);

/* "ok", "warning", "critical", "unknown", "skipped". */
const char *report_status_token(int status);

/* The cause token of `stage` with `status`; NULL when it has none. */
const char *report_cause(const struct evidence_stage *evidence,
                         enum stage stage, int status,
                         const struct verdict *verdict);

/* Is the label for us alone ("__module__")? */
bool report_label_hidden(const struct probe_label *label);

/* Append "team=pay, zone=b" between `before` and `after`, escaped as
 * report_escape() does; nothing when no label is to be shown. */
void report_labels(struct report_buffer *buffer,
                   const struct probe_target *target, const char *before,
                   const char *after, bool utf8);

/* Now, in milliseconds since the epoch. */
int64_t report_now_ms(void);

#endif /* REPORT_FORMAT_H */
