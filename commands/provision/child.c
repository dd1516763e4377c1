/*
 * child.c -- linkprobe is looked for beside this program, then in
 * bin of the same tree; never in PATH or the working directory.
 */
#include "commands/provision/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/text.h"
#include "commands/folder.h"

enum { ROOM_FIRST = 16 * 1024 };

static bool find(char path[PATH_MAX + 64])
{
    static const char *const places[] = { "", "../../bin/" };
    char folder[PATH_MAX];

    if (!folder_own(folder))
        return false;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        (void)snprintf(path, PATH_MAX + 64, "%s/%slinkprobe", folder,
                       places[i]);
        if (access(path, X_OK) == 0)
            return true;
    }
    return false;
}

/* All that comes from `fd`; what is too much is read and dropped. */
static char *read_all(int fd)
{
    size_t n = 0, room = ROOM_FIRST;
    char *text = malloc(room + 1), waste[4096];
    ssize_t got = 1;

    while (got > 0 || (got < 0 && errno == EINTR)) {
        if (text && n == room && room < PROVISION_CHILD_MAX) {
            char *more = realloc(text, room * 2 + 1);

            if (!more)
                free(text);
            text = more;
            room *= 2;
        }
        if (!text || n == room) {
            got = read(fd, waste, sizeof(waste));
            continue;
        }
        got = read(fd, text + n, room - n);
        n += got > 0 ? (size_t)got : 0;
    }
    if (text)
        text[n] = '\0';
    return text;
}

static int spawn(const char *path, char **argv, int out, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    int status = posix_spawn_file_actions_init(&actions);

    if (status != 0)
        return status;
    status = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (status == 0)
        status = posix_spawn(child, path, &actions, NULL, argv, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    return status;
}

bool provision_child(char **argv, char **output, char *error, size_t size)
{
    static char name[] = "linkprobe";
    char path[PATH_MAX + 64];
    int ends[2], status;
    pid_t child;

    argv[0] = name;
    if (!find(path))
        return error_set(error, size,
                         "linkprobe is not where it was installed with this "
                         "program");
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set(error, size, "no pipe: %s", strerror(errno));
    status = spawn(path, argv, ends[1], &child);
    (void)close(ends[1]);
    if (status != 0) {
        (void)close(ends[0]);
        return error_set(error, size, "cannot run linkprobe: %s",
                         strerror(status));
    }
    *output = read_all(ends[0]);
    (void)close(ends[0]);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return *output || error_set(error, size, "out of memory");
}
