/*
 * targets_add.h -- between targets.c and targets_file.c.
 */
#ifndef COMMANDS_TARGETS_ADD_H
#define COMMANDS_TARGETS_ADD_H

#include "commands/targets.h"

/* Add `text` as a target of `group`, whose options are set; `group` stays as
 * long as the list.  On false one line in `error`. */
bool target_list_add(struct target_list *list, const char *text,
                     const struct target_group *group, char *error,
                     size_t size);

#endif /* COMMANDS_TARGETS_ADD_H */
