/*
 * status.h -- between serve/status.c, which has the page, and
 * serve/target.c, which has one target of it.
 */
#ifndef COMMANDS_SERVE_STATUS_H
#define COMMANDS_SERVE_STATUS_H

#include "serve/pack.h"

/* What is shown of a target besides its result. */
struct serve_target_facts {
    int64_t now_ms, changed_ms; /* changed_ms 0: never */
    uint32_t checks, failed;
    enum verdict_id before; /* until the last change; VERDICT_COUNT: none */
};

/* Append the target; `unpacked` is NULL while it has no result. */
void serve_target_html(struct report_buffer *out,
                       const struct probe_target *target,
                       const struct serve_unpacked *unpacked,
                       const struct serve_target_facts *facts);

#endif /* COMMANDS_SERVE_STATUS_H */
