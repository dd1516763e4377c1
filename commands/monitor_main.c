/*
 * monitor_main.c -- linkprobe-monitor: what `linkprobe serve` and `linkprobe
 * watch` are handed to; argv[0] is the word.
 */
#include <string.h>

#include "commands/serve/serve.h"
#include "commands/start.h"
#include "commands/watch/watch.h"

int main(int argc, char **argv)
{
    start();
    if (argc > 0 && strcmp(argv[0], "watch") == 0)
        return watch_command(argc, argv);
    return command_serve(argc, argv);
}
