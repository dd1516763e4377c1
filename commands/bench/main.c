/*
 * main.c -- linkprobe-bench: what `linkprobe bench` and `linkprobe merge`
 * are handed to; argv[0] is the word.
 */
#include <string.h>

#include "commands/commands.h"
#include "commands/start.h"

int main(int argc, char **argv)
{
    start();
    if (argc > 0 && strcmp(argv[0], "merge") == 0)
        return command_merge(argc, argv);
    return command_bench(argc, argv);
}
