/*
 * run.h -- a plan watched: each target checked every interval, what
 * changed told.
 */
#ifndef COMMANDS_WATCH_RUN_H
#define COMMANDS_WATCH_RUN_H

#include "commands/check/plan.h"

/*
 * Watch all targets of `plan` until --count or a signal ends it.  Returns the
 * worst status that is believed then, CHECK_UNKNOWN when nothing could be
 * watched or said.
 */
enum check_status watch_run(struct check_plan *plan);

#endif /* COMMANDS_WATCH_RUN_H */
