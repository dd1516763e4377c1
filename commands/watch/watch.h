/*
 * watch.h -- linkprobe watch: what changes, as it changes.
 */
#ifndef COMMANDS_WATCH_WATCH_H
#define COMMANDS_WATCH_WATCH_H

/* A main() of its own, as those of commands.h; argv[0] is "watch". */
int watch_command(int argc, char **argv);

#endif /* COMMANDS_WATCH_WATCH_H */
