/*
 * companion.h -- programs of ours that a command is handed to.
 *
 * A check is mostly the start of a process, and what it does not use must not
 * stand in its way: the benchmark with its reports, what runs for days with its
 * HTTP server, and all that speaks to AWS are programs of their own.
 */
#ifndef COMMANDS_COMPANION_H
#define COMMANDS_COMPANION_H

#define COMPANION_BENCH     "linkprobe-bench"
#define COMPANION_MONITOR   "linkprobe-monitor"
#define COMPANION_PROVISION "linkprobe-provision"

/* Become the program `name`; argv[0] is the command's word.  Returns only when
 * it cannot be run: one line on stderr, and the exit status. */
int companion_run(const char *name, char **argv);

#endif /* COMMANDS_COMPANION_H */
