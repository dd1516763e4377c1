/*
 * spawn --> read its output until the end, too much, or too late --> reap
 *
 * The command leads a process group of its own, so that what it started goes
 * with it.  Its output goes straight into secret memory.
 */
#include "cli/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/quantity.h"
#include "cli/text.h"

enum {
    STOP_EVERY_MS = 50, /* `stop` is looked at */
};

struct run {
    const struct secret_from *from;
    char *command; /* a copy for argv, while it starts */
    bool quiet;
    pid_t pid;
    int out; /* the end of the pipe that we read */
    uint64_t end_ms;
    char *error;
    size_t size;
};

static uint64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int left_ms(const struct run *run)
{
    uint64_t now = now_ms();

    if (run->from->stop && atomic_load(run->from->stop))
        return 0;
    return now >= run->end_ms ? 0 : (int)(run->end_ms - now);
}

/* For so long nothing but its output is looked at. */
static int wait_ms(const struct run *run)
{
    int left = left_ms(run);

    return run->from->stop && left > STOP_EVERY_MS ? STOP_EVERY_MS : left;
}

static bool failed(const struct run *run, const char *what)
{
    return error_set(run->error, run->size, "--password-command %s", what);
}

/* Our environment and what the command may want to know of the target. */
struct surroundings {
    char host[300], port[32], user[300];
    char **all; /* owned */
};

static void add(char **all, size_t *n, char *room, size_t size,
                const char *name, const char *value)
{
    if (!value || (size_t)snprintf(room, size, "%s=%s", name, value) >= size)
        return;
    all[(*n)++] = room;
}

static bool is_ours(const char *variable)
{
    return strncmp(variable, "LINKPROBE_HOST=", 15) == 0 ||
           strncmp(variable, "LINKPROBE_PORT=", 15) == 0 ||
           strncmp(variable, "LINKPROBE_USER=", 15) == 0;
}

static bool surround(const struct secret_from *from, struct surroundings *s)
{
    size_t n = 0, count = 0;

    while (environ[count])
        count++;
    s->all = calloc(count + 4, sizeof(char *));
    if (!s->all)
        return false;
    add(s->all, &n, s->host, sizeof(s->host), "LINKPROBE_HOST", from->host);
    add(s->all, &n, s->port, sizeof(s->port), "LINKPROBE_PORT", from->port);
    add(s->all, &n, s->user, sizeof(s->user), "LINKPROBE_USER", from->user);
    for (size_t i = 0; i < count; i++) {
        if (!is_ours(environ[i]))
            s->all[n++] = environ[i];
    }
    return true;
}

static int redirect(posix_spawn_file_actions_t *actions, int out, bool quiet)
{
    int status =
        posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);

    if (status == 0)
        status = posix_spawn_file_actions_adddup2(actions, out, 1);
    if (status == 0 && quiet)
        status = posix_spawn_file_actions_addopen(actions, 2, "/dev/null",
                                                  O_WRONLY, 0);
    return status;
}

/* A group of its own, and no signal ignored or blocked that we chose to. */
static int separate(posix_spawnattr_t *attributes)
{
    sigset_t all, none;
    int status;

    (void)sigfillset(&all);
    (void)sigemptyset(&none);
    status = posix_spawnattr_setpgroup(attributes, 0);
    if (status == 0)
        status = posix_spawnattr_setsigdefault(attributes, &all);
    if (status == 0)
        status = posix_spawnattr_setsigmask(attributes, &none);
    if (status == 0)
        status = posix_spawnattr_setflags(
            attributes, (short)(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
                                POSIX_SPAWN_SETSIGMASK));
    return status;
}

static int spawn(struct run *run, int out, char **environment)
{
    char shell[] = "sh", option[] = "-c";
    char *argv[] = { shell, option, run->command, NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int status = posix_spawn_file_actions_init(&actions);

    if (status != 0)
        return status;
    status = posix_spawnattr_init(&attributes);
    if (status == 0) {
        status = redirect(&actions, out, run->quiet);
        if (status == 0)
            status = separate(&attributes);
        if (status == 0)
            status = posix_spawn(&run->pid, "/bin/sh", &actions, &attributes,
                                 argv, environment);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return status;
}

static int start(struct run *run)
{
    struct surroundings around;
    int ends[2], status = ENOMEM;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return errno;
    run->command = strdup(run->from->command);
    if (run->command && surround(run->from, &around)) {
        status = spawn(run, ends[1], around.all);
        free((void *)around.all);
    }
    free(run->command);
    (void)close(ends[1]);
    run->out = ends[0];
    if (status != 0)
        (void)close(ends[0]);
    return status;
}

/* Read all it prints; false: it took too long. */
static bool collect(const struct run *run, struct secret_text *text)
{
    struct pollfd wait = { .fd = run->out, .events = POLLIN };

    while (text->length <= SECRET_LENGTH_MAX) {
        ssize_t n;
        int ready = poll(&wait, 1, wait_ms(run));

        if (ready == 0 && left_ms(run) == 0)
            return false;
        if (ready <= 0)
            continue;
        n = read(run->out, text->bytes + text->length,
                 SECRET_LENGTH_MAX + 1 - text->length);
        if (n > 0)
            text->length += (size_t)n;
        else if (n == 0 || errno != EINTR)
            break;
    }
    return true;
}

/* Wait for it within its time; false: it had to be killed. */
static bool reap(const struct run *run, bool in_time, int *status)
{
    static const struct timespec nap = { .tv_nsec = 1000000 };
    pid_t got = 0;

    while (in_time && got == 0) {
        got = waitpid(run->pid, status, WNOHANG);
        if (got == 0 && left_ms(run) == 0)
            in_time = false;
        else if (got == 0)
            (void)nanosleep(&nap, NULL);
    }
    /* Not once it is reaped: its number may be another's by then. */
    if (got == 0)
        (void)kill(-run->pid, SIGKILL);
    while (got == 0 && waitpid(run->pid, status, 0) < 0 && errno == EINTR)
        ;
    return in_time;
}

static bool judge(const struct run *run, int status)
{
    char what[80];

    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFEXITED(status))
        (void)snprintf(what, sizeof(what), "ended with exit status %d%s",
                       WEXITSTATUS(status),
                       WEXITSTATUS(status) == 127 ? " (command not found)"
                                                  : "");
    else
        (void)snprintf(what, sizeof(what), "was killed by signal %d",
                       WTERMSIG(status));
    return failed(run, what);
}

static bool keep(const struct run *run, struct secret_text *room,
                 struct secret_text *text)
{
    char *end = memchr(room->bytes, '\n', room->length);

    if (end)
        room->length = (size_t)(end - room->bytes);
    if (end && room->length > 0 && end[-1] == '\r')
        room->length--;
    if (room->length == 0)
        return failed(run, "printed no password on its first line");
    if (memchr(room->bytes, '\0', room->length))
        return failed(run, "printed a NUL; expected a text");
    return secret_text_copy(text, room->bytes, room->length) ||
           failed(run, "failed: out of memory");
}

static bool too_late(const struct run *run, unsigned timeout_ms)
{
    char what[80], limit[QUANTITY_TEXT_MAX];

    quantity_time_text(timeout_ms * UINT64_C(1000000), limit);
    (void)snprintf(what, sizeof(what), "did not end within %s", limit);
    return failed(run, what);
}

bool secret_run(const struct secret_from *from, bool quiet,
                struct secret_text *text, char *error, size_t size)
{
    unsigned timeout_ms =
        from->timeout_ms ? from->timeout_ms : SECRET_COMMAND_TIMEOUT_MS;
    struct run run = { .from = from,
                       .quiet = quiet,
                       .error = error,
                       .size = size,
                       .end_ms = now_ms() + timeout_ms };
    struct secret_text room;
    bool fine = false;
    int status = 0;

    if (!secret_text_new(&room, SECRET_LENGTH_MAX + 1))
        return failed(&run, "failed: out of memory");
    status = start(&run);
    if (status != 0) {
        error_set(error, size, "--password-command could not be started: %s",
                  strerror(status));
    } else {
        bool in_time = collect(&run, &room);

        (void)close(run.out);
        if (!reap(&run, in_time, &status))
            too_late(&run, timeout_ms);
        else if (room.length > SECRET_LENGTH_MAX)
            failed(&run, "printed more than 64k");
        else
            fine = judge(&run, status) && keep(&run, &room, text);
    }
    secret_text_free(&room);
    return fine;
}
