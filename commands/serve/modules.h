/*
 * modules.h -- between serve/plan.c and serve/modules.c.
 */
#ifndef COMMANDS_SERVE_MODULES_H
#define COMMANDS_SERVE_MODULES_H

#include "commands/serve/plan.h"

/* Make every module of the configuration.  On false one line in `error`: a
 * value that cannot be read, credentials without targets, a pattern that is
 * none, a certificate that cannot be used. */
bool serve_modules_read(struct serve_plan *plan, char *error, size_t size);

void serve_modules_free(struct serve_plan *plan);

#endif /* COMMANDS_SERVE_MODULES_H */
