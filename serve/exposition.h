/*
 * exposition.h -- heads and plain series of a page of metrics, in Prometheus'
 * text format 0.0.4 or in OpenMetrics 1.0.
 *
 * Names are given in full ("linkprobe_checks_total"); what OpenMetrics calls
 * the family ("linkprobe_checks") follows from the type.
 */
#ifndef SERVE_EXPOSITION_H
#define SERVE_EXPOSITION_H

#include "report/metrics.h"

enum serve_type {
    SERVE_GAUGE,
    SERVE_COUNTER,
    SERVE_INFO_METRIC,
    SERVE_HISTOGRAM,
};

struct serve_family {
    const char *name;
    enum serve_type type;
    const char *help;
};

/* HELP, TYPE and where there is one UNIT. */
void serve_head(struct report_buffer *out, const struct serve_family *family,
                bool open);

/* A family of one series without labels, head and all. */
void serve_number(struct report_buffer *out, const struct serve_family *family,
                  bool open, uint64_t value);
void serve_seconds(struct report_buffer *out, const struct serve_family *family,
                   bool open, double value);

/* The family of a metric of report/. */
struct serve_family serve_family_of(enum metrics_family family);

/* All families of one item without labels of its target: a whole page but for
 * its end. */
void serve_item(struct report_buffer *out, const struct report_item *item,
                bool open);

/* What a page ends with. */
void serve_tail(struct report_buffer *out, bool open);

#endif /* SERVE_EXPOSITION_H */
