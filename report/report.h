/*
 * report.h -- results as text, JSON, Nagios, JUnit, TAP or Prometheus.
 *
 * A report is begun once, given each target when it is done (in the order of
 * completion), and ended once.  Formats differ only behind `struct
 * report_format`; report_find() knows them by name.
 *
 * Output is collected and written to the descriptor in whole items; a write
 * error is remembered and told by report_end().
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/target.h"
#include "verdict/combine.h"
#include "verdict/describe.h"

/* How to print. */
struct report_style {
    int verbosity;    /* -v counts up */
    bool quiet;       /* -q */
    bool color;       /* decided already */
    bool utf8;        /* the terminal and its locale take UTF-8 */
    unsigned columns; /* the terminal's width; 80 when unknown */
    size_t targets;   /* how many will come */
};

/* One target that is done.  Everything is lent for the call. */
struct report_item {
    const struct probe_target *target;
    const struct evidence_target *evidence;
    const struct outcome *outcome;
    int64_t time_ms; /* wall clock when the check began, since the epoch */
};

/* Bytes on their way out. */
struct report_buffer {
    char *bytes;
    size_t length, room;
    bool failed; /* out of memory, or a write failed */
};

struct report;

struct report_format {
    const char *name;
    void (*begin)(struct report *report);
    void (*item)(struct report *report, const struct report_item *item);
    /* a usage or configuration error instead of results */
    void (*error)(struct report *report, const char *message);
    void (*end)(struct report *report);
};

struct report {
    const struct report_format *format;
    struct report_style style;
    struct report_buffer out;
    int fd;
    bool held;   /* set after begin: items wait for report_flush() */
    void *state; /* the format's own, made in begin, released in end */
    struct {
        size_t total, ok, warning, critical, unknown;
    } count;
    enum check_status worst;
    /* lines for the long output of nagios; set after report_begin(), lent */
    const char *const *warnings;
    size_t nwarnings;
};

/* The format called `name`, or NULL. */
const struct report_format *report_find(const char *name);

void report_begin(struct report *report, const struct report_format *format,
                  const struct report_style *style, int fd);
void report_item(struct report *report, const struct report_item *item);

/* Write what is held, with one write() unless the descriptor takes less. */
void report_flush(struct report *report);

/* Ends the report with an error of usage or configuration: CHECK_UNKNOWN. */
void report_error(struct report *report, const char *message);

/* Flush and release.  Returns false when not everything could be written. */
bool report_end(struct report *report);

/* For the formats: append; a failure is remembered in `buffer->failed`. */
void report_add(struct report_buffer *buffer, const char *bytes, size_t n);
void report_print(struct report_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif /* REPORT_REPORT_H */
