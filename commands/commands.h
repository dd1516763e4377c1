/*
 * commands.h -- the commands of linkprobe: each a main() of its own.
 *
 * argv[0] is the command's own word ("check"), or the program's where the word
 * was left out.  Each returns an exit status of cli/exit.h.
 */
#ifndef COMMANDS_COMMANDS_H
#define COMMANDS_COMMANDS_H

#include <stdbool.h>

/* `plugin`: called as check_linkprobe. */
int command_check(int argc, char **argv, bool plugin);
int command_explain(int argc, char **argv);
int command_help(int argc, char **argv);

/* Of linkprobe-bench. */
int command_bench(int argc, char **argv);
int command_merge(int argc, char **argv);

/* --version: ours first, then the libraries'. */
void print_version(void);

#endif /* COMMANDS_COMMANDS_H */
