/*
 * provision.c -- linkprobe provision: the companion program takes over.
 *
 * It is looked for beside this program, then in libexec of the same tree; never
 * in PATH or the working directory.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/exit.h"
#include "commands/commands.h"

#define COMPANION "linkprobe-provision"

/* The folder of this program, without a final slash.  false: unknown. */
static bool own_folder(char folder[PATH_MAX])
{
    ssize_t n = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    char *slash;

    if (n <= 0)
        return false;
    folder[n] = '\0';
    slash = strrchr(folder, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return true;
}

int command_provision(int argc, char **argv)
{
    static const char *const places[] = { "/", "/../libexec/linkprobe/" };
    char folder[PATH_MAX], path[PATH_MAX + 64];

    (void)argc;
    if (own_folder(folder)) {
        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
            snprintf(path, sizeof(path), "%s%s" COMPANION, folder, places[i]);
            execv(path, argv);
            if (errno != ENOENT && errno != ENOTDIR)
                break;
        }
    }
    fprintf(stderr,
            "linkprobe: cannot run " COMPANION " (%s); it is expected beside "
            "linkprobe or in libexec/linkprobe\n",
            strerror(errno));
    return EXIT_STATUS_UNKNOWN;
}
