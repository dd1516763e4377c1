/*
 * The terminal itself, not standard input, which may be a list of targets.
 *
 * Signals from the keyboard are off while the password is typed: a process
 * that dies then would leave the terminal without echo.  Ctrl-C ends the line
 * instead (VEOL), and is honoured once the terminal is as it was.
 */
#include "cli/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/text.h"

static const char CTRL_C = 3;

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

/* One line, without its end; an errno, EINTR for Ctrl-C, or 0. */
static int read_line(int fd, struct secret_text *line)
{
    while (line->length < SECRET_LENGTH_MAX) {
        char *at = line->bytes + line->length;
        ssize_t n = read(fd, at, 1);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        if (n == 0 || *at == '\n')
            break;
        if (*at == CTRL_C)
            return EINTR;
        line->length++;
    }
    return 0;
}

static int ask(int fd, struct secret_text *line)
{
    struct termios before;
    int problem;

    if (!silence(fd, &before))
        return errno;
    problem = say(fd, "Password: ") ? read_line(fd, line) : EIO;
    (void)tcsetattr(fd, TCSAFLUSH, &before);
    (void)say(fd, "\n");
    if (problem == EINTR)
        (void)raise(SIGINT);
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
