/*
 * watch.c -- linkprobe watch.
 */
#include "commands/watch.h"

#include <stdio.h>

#include "cli/exit.h"

int watch_command(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)fputs("linkprobe: watch is not part of this build\n", stderr);
    return EXIT_STATUS_UNKNOWN;
}
