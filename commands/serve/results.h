/*
 * results.h -- what a check of the background saw, kept with its target.
 */
#ifndef COMMANDS_SERVE_RESULTS_H
#define COMMANDS_SERVE_RESULTS_H

#include "commands/serve/checks.h"

/* Count `result`, log it if the verdict is another, and keep it packed in
 * `state`; without memory the one before stands. */
void serve_result_take(struct serve_checks *checks, struct serve_state *state,
                       const struct report_item *result);

/* Nothing was seen: only that, and why, is the result. */
void serve_result_error(struct serve_checks *checks, struct serve_state *state,
                        const struct probe_target *target, const char *error);

#endif /* COMMANDS_SERVE_RESULTS_H */
