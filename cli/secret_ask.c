/*
 * The terminal itself, not standard input, which may be a list of targets.
 *
 * A process that dies while the password is typed would leave the terminal
 * without echo.  So signals from the keyboard are off: Ctrl-C ends the line
 * instead (VEOL).  Those from elsewhere are held back but while the terminal is
 * waited for.  Either is honoured once the terminal is as it was.
 */
#include "cli/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/text.h"

enum {
    ENDS = 4,
};

static const char CTRL_C = 3;

/* What asks a process to end. */
static const int ends[ENDS] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static volatile sig_atomic_t caught; /* the signal that came; 0: none */

/* How it was before. */
struct before {
    struct termios terminal;
    struct sigaction actions[ENDS];
    sigset_t mask;
};

static void on_end(int number)
{
    caught = number;
}

/* One that is ignored (nohup) stays so. */
static void hold_signals(struct before *before)
{
    struct sigaction action = { .sa_handler = on_end };
    sigset_t held;

    caught = 0;
    sigemptyset(&held);
    for (int i = 0; i < ENDS; i++)
        sigaddset(&held, ends[i]);
    (void)sigprocmask(SIG_BLOCK, &held, &before->mask);
    for (int i = 0; i < ENDS; i++) {
        (void)sigaction(ends[i], NULL, &before->actions[i]);
        if (before->actions[i].sa_handler != SIG_IGN)
            (void)sigaction(ends[i], &action, NULL);
    }
}

static void release_signals(const struct before *before)
{
    for (int i = 0; i < ENDS; i++)
        (void)sigaction(ends[i], &before->actions[i], NULL);
    (void)sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

static bool say(int fd, const char *words)
{
    size_t n = strlen(words);

    return write(fd, words, n) == (ssize_t)n;
}

static bool silence(int fd, struct termios *before)
{
    struct termios quiet;

    if (tcgetattr(fd, before) != 0)
        return false;
    quiet = *before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL | ISIG);
    quiet.c_lflag |= ICANON;
    quiet.c_cc[VEOL] = (cc_t)CTRL_C;
    return tcsetattr(fd, TCSAFLUSH, &quiet) == 0;
}

/* A byte to come, or a signal; an errno, EINTR for a signal, or 0. */
static int wait_for(int fd, const sigset_t *mask)
{
    struct pollfd terminal = { .fd = fd, .events = POLLIN };

    while (caught == 0) {
        if (ppoll(&terminal, 1, NULL, mask) > 0)
            return 0;
        if (errno != EINTR)
            return errno;
    }
    return EINTR;
}

/* One line, without its end; an errno, EINTR for the end of it all, or 0. */
static int read_line(int fd, const sigset_t *mask, struct secret_text *line)
{
    while (line->length < SECRET_LENGTH_MAX) {
        char *at = line->bytes + line->length;
        int problem = wait_for(fd, mask);
        ssize_t n = problem == 0 ? read(fd, at, 1) : 0;

        if (problem != 0)
            return problem;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        if (n == 0 || *at == '\n')
            break;
        if (*at == CTRL_C) {
            caught = SIGINT;
            return EINTR;
        }
        line->length++;
    }
    return 0;
}

static int ask(int fd, struct secret_text *line)
{
    struct before before;
    int problem;

    hold_signals(&before);
    if (silence(fd, &before.terminal)) {
        problem =
            say(fd, "Password: ") ? read_line(fd, &before.mask, line) : EIO;
        (void)tcsetattr(fd, TCSAFLUSH, &before.terminal);
        (void)say(fd, "\n");
    } else {
        problem = errno;
    }
    release_signals(&before);
    if (caught != 0)
        (void)raise(caught);
    return problem;
}

bool secret_ask(struct secret_text *text, char *error, size_t size)
{
    struct secret_text line;
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    int problem;
    bool fine = false;

    if (fd < 0)
        return error_set(error, size,
                         "there is no terminal to ask on; use --password-file "
                         "or --password-command");
    if (!secret_text_new(&line, SECRET_LENGTH_MAX)) {
        (void)close(fd);
        return error_set(error, size, "out of memory");
    }
    problem = ask(fd, &line);
    (void)close(fd);
    if (problem != 0)
        error_set(error, size, "nothing was read: %s", strerror(problem));
    else if (line.length == 0)
        error_set(error, size, "the password typed is empty");
    else
        fine = secret_text_copy(text, line.bytes, line.length) ||
               error_set(error, size, "out of memory");
    secret_text_free(&line);
    return fine;
}
