/*
 * none.c -- linkprobe serve in a build without its HTTP server.
 */
#include <stdio.h>

#include "cli/exit.h"
#include "commands/serve/serve.h"

int command_serve(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)fputs("linkprobe: this is a static build, which cannot serve; the "
                "ordinary one can\n",
                stderr);
    return EXIT_STATUS_UNKNOWN;
}
