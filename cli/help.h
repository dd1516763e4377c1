/*
 * help.h -- --help in tiers, from the rows of the options.
 *
 * The first tier has the options of every day and fits 80 columns and 23
 * lines; "all" has every option, the name of a group those of that group.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>

#include "cli/options.h"

enum {
    HELP_COLUMNS = 80,
    HELP_LINES = 23,
    HELP_NAME_MAX = 64, /* of an option with its letter and metavar */
};

/*
 * Print the help on `topic` (NULL: the first tier) to `out`.  false: there is
 * no such topic; then one line in `error`.
 */
bool help_print(FILE *out, const struct option_spec *spec, const char *topic,
                char *error, size_t size);

/* "-p, --port PORT"; returns `text`. */
char *help_name(const struct option_row *row, char text[HELP_NAME_MAX]);

/* Walk the rows that `spec` shows, in their order: the next after `row` (NULL:
 * the first); NULL at the end.  `set` follows. */
const struct option_row *help_next(const struct option_spec *spec,
                                   const struct option_set **set,
                                   const struct option_row *row);

#endif /* CLI_HELP_H */
