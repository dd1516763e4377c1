/*
 * metrics.h -- results as Prometheus' text format (0.0.4).
 *
 * A metric's lines must stand together under its HELP and TYPE, but targets
 * come one by one: each family collects its lines in a buffer of its own until
 * metrics_write().  Empty families are left out.
 *
 * Names that blackbox_exporter has are meant as it means them; with several
 * addresses probe_ip_addr_hash is the same hash (FNV-1a, 32 bits) over all of
 * them in order, so that it changes with the set and not with its rotation.
 */
#ifndef REPORT_METRICS_H
#define REPORT_METRICS_H

#include "report/report.h"

/* name suffix, type, help */
/* clang-format off */
#define METRICS_MAP(X)                                                         \
    X(SUCCESS, "probe_success", "Whether the target passed: warnings do.")     \
    X(DURATION, "probe_duration_seconds",                                      \
      "How long the whole check took.")                                        \
    X(DNS, "probe_dns_lookup_time_seconds", "How long the look-up took.")      \
    X(PROTOCOL, "probe_ip_protocol",                                           \
      "4 or 6, of the first address; 0 without one.")                          \
    X(HASH, "probe_ip_addr_hash",                                              \
      "A hash of the addresses: it changes when they do.")                     \
    X(CERTIFICATE, "probe_ssl_earliest_cert_expiry",                           \
      "When the first certificate of the chains ends, as Unix time.")          \
    X(ADDRESS, "linkprobe_address_success",                                    \
      "Whether the address passed: warnings do.")                              \
    X(STAGE, "linkprobe_address_stage_seconds",                                \
      "How long a stage of the address took.")                                 \
    X(VERDICT, "linkprobe_verdict_info", "What the check found.")              \
    X(TTL, "linkprobe_dns_ttl_seconds",                                        \
      "The smallest time to live of the answer.")                              \
    X(ADDRESSES, "linkprobe_addresses", "How many addresses there are.")       \
    X(ROLE, "linkprobe_server_role", "The role that the server tells.")
/* clang-format on */

enum metrics_family {
#define X(name, metric, help) METRICS_##name,
    METRICS_MAP(X)
#undef X
        METRICS_COUNT
};

/* Zeroed is empty. */
struct metrics {
    bool target_labels; /* add `target` and the target's own labels */
    struct report_buffer families[METRICS_COUNT];
};

/* Append the lines that one family has for one target. */
void metrics_lines(struct report_buffer *out, enum metrics_family family,
                   const struct report_item *item, bool target_labels);

/* The name of a family, and what its HELP says. */
const char *metrics_name(enum metrics_family family);
const char *metrics_help(enum metrics_family family);

/* A line in the making: its name and the target's labels, labels of its own,
 * and its value. */
struct metrics_line {
    struct report_buffer *out;
    bool labeled; /* the brace is open */
};

/* `target` is NULL for a series that belongs to none. */
struct metrics_line metrics_begin(struct report_buffer *out, const char *name,
                                  const struct probe_target *target);
void metrics_label(struct metrics_line *line, const char *name,
                   const char *value);
void metrics_end_text(struct metrics_line *line, const char *value);
void metrics_end_number(struct metrics_line *line, int64_t value);
void metrics_end_seconds(struct metrics_line *line, uint64_t ns);

/* Take the result of one target. */
void metrics_item(struct metrics *metrics, const struct report_item *item);

/* Append all families to `out`, then linkprobe_build_info.  A failed
 * allocation of any family fails `out`. */
void metrics_write(const struct metrics *metrics, struct report_buffer *out);

void metrics_free(struct metrics *metrics);

/* Append `text` as the inside of a label's value.  Control characters have no
 * escape there and become U+FFFD. */
void metrics_escape(struct report_buffer *out, const char *text);

#endif /* REPORT_METRICS_H */
