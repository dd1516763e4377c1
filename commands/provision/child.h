/*
 * child.h -- linkprobe itself, run for what it prints.
 */
#ifndef COMMANDS_PROVISION_CHILD_H
#define COMMANDS_PROVISION_CHILD_H

#include <stdbool.h>
#include <stddef.h>

enum {
    PROVISION_CHILD_MAX = 1 << 20, /* bytes of output; more are left out */
};

/*
 * Run `linkprobe argv[1] ...`, wherever it is installed beside this program;
 * argv[0] is set.  Its standard output becomes `*output`, the caller's to
 * free, NUL-terminated.  false: it could not be run, one line in `error`.
 */
bool provision_child(char **argv, char **output, char *error, size_t size);

#endif /* COMMANDS_PROVISION_CHILD_H */
