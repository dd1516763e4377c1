/*
 * serve.c -- linkprobe serve.
 */
#include "commands/serve.h"

#include <stdio.h>

#include "cli/exit.h"

int command_serve(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)fputs("linkprobe: serve is not part of this build\n", stderr);
    return EXIT_STATUS_UNKNOWN;
}
