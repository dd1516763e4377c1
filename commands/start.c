/*
 * start.c -- what every program of ours does first.
 */
#include "commands/start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/*
 * Whoever starts us may have closed them; then the first sockets would get
 * their numbers.  Writing to such a standard output fails, as it should.
 */
static void hold_standard_files(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY) != fd)
            return;
    }
}

/* A handler and not SIG_IGN: a program that we start has the default again. */
static void do_nothing(int number)
{
    (void)number;
}

void start(void)
{
    hold_standard_files();
    (void)signal(SIGPIPE, do_nothing);
}
