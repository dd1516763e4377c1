/*
 * folder.h -- where our other programs are looked for: beside this one.
 */
#ifndef COMMANDS_FOLDER_H
#define COMMANDS_FOLDER_H

#include <limits.h>
#include <stdbool.h>

/* The folder of this program, without a final slash.  false: unknown. */
bool folder_own(char folder[PATH_MAX]);

#endif /* COMMANDS_FOLDER_H */
