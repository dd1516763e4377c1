/*
 * probe.h -- what was asked for, as a probe takes it.
 */
#ifndef COMMANDS_CHECK_PROBE_H
#define COMMANDS_CHECK_PROBE_H

#include "commands/check/again.h"
#include "commands/check/options.h"
#include "probe/target.h"
#include "verdict/combine.h"

/*
 * `options` for a probe, with `again` filled for it; both are lent.  Name
 * servers, trust and `server_info` are the caller's to add.
 */
struct probe_options check_probe_options(const struct check_options *options,
                                         struct check_again *again);

/* Was the login taken?  What it found is OK, or comes after it. */
bool check_probe_accepted(const struct outcome *outcome);

#endif /* COMMANDS_CHECK_PROBE_H */
