/*
 * run.h -- a plan carried out: loop, signals, watchdog, report.
 */
#ifndef COMMANDS_CHECK_RUN_H
#define COMMANDS_CHECK_RUN_H

#include "commands/check/plan.h"

/* Check all targets of `plan` and print the report.  Returns the worst status,
 * CHECK_UNKNOWN when not everything could be printed. */
enum check_status check_run(struct check_plan *plan);

#endif /* COMMANDS_CHECK_RUN_H */
