/*
 * companion.c -- a program of ours takes over: same words, same process.
 *
 * It is looked for beside this program, then in libexec of the same tree; never
 * in PATH or the working directory.
 */
#include "commands/companion.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/exit.h"
#include "commands/folder.h"

int companion_run(const char *name, char **argv)
{
    static const char *const places[] = { "", "../libexec/linkprobe/" };
    char folder[PATH_MAX], path[PATH_MAX + 64];

    if (folder_own(folder)) {
        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
            (void)snprintf(path, sizeof(path), "%s/%s%s", folder, places[i],
                           name);
            execv(path, argv);
            if (errno != ENOENT && errno != ENOTDIR)
                break;
        }
    }
    (void)fprintf(
        stderr,
        "linkprobe: cannot run %s (%s); it is expected beside linkprobe "
        "or in libexec/linkprobe\n",
        name, strerror(errno));
    return EXIT_STATUS_UNKNOWN;
}
