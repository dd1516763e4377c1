/*
 * exit.h -- the exit statuses, each with its sentence; the manual prints them.
 *
 * The numbers are those of the Monitoring Plugins guidelines.
 */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

/* clang-format off */
#define EXIT_STATUS_MAP(X)                                                     \
    X(OK,       0, "OK: every target answers as it should")                    \
    X(WARNING,  1, "WARNING: it works, but something wants attention")         \
    X(CRITICAL, 2, "CRITICAL: a target does not answer as it should")          \
    X(UNKNOWN,  3, "UNKNOWN: wrong use, wrong configuration, or the check "    \
                   "could not run")
/* clang-format on */

enum exit_status {
#define X(name, number, text) EXIT_STATUS_##name = (number),
    EXIT_STATUS_MAP(X)
#undef X
};

#endif /* CLI_EXIT_H */
