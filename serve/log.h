/*
 * log.h -- what the service tells its administrator: logfmt on stderr.
 *
 *     time=2026-11-23T03:00:00.123Z level=info msg="listening" address=...
 *
 * Under systemd's journal a line begins with its priority, <N>, and has no time
 * of its own: the journal keeps both.
 */
#ifndef SERVE_LOG_H
#define SERVE_LOG_H

#include <stdbool.h>
#include <stddef.h>

/* Values are syslog's priorities. */
enum serve_level {
    SERVE_ERROR = 3,
    SERVE_WARNING = 4,
    SERVE_INFO = 6,
    SERVE_DEBUG = 7,
};

/* Take lines up to `level` from now on; find out where stderr leads. */
void serve_log_init(enum serve_level level);

/* A line: `message`, then pairs of name and value, and NULL.  A value may be
 * NULL: its pair is left out. */
void serve_log(enum serve_level level, const char *message, ...)
    __attribute__((sentinel));

/* The same as text, without priority and time; returns its length, cut to
 * `size`.  For tests. */
size_t serve_log_text(char *text, size_t size, enum serve_level level,
                      const char *message, const char *const *pairs);

#endif /* SERVE_LOG_H */
