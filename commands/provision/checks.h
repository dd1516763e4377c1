/*
 * checks.h -- linkprobe check through the endpoints of an outcome,
 * run as a program, one after the other.
 */
#ifndef COMMANDS_PROVISION_CHECKS_H
#define COMMANDS_PROVISION_CHECKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "commands/provision/run.h"

enum {
    CLIENT_CHECKS_MAX = 64, /* endpoints times listeners; more are left out */
    CLIENT_ID_SIZE = 64,
};

enum client_found {
    CLIENT_PASSES,
    CLIENT_FAILS,
    CLIENT_UNDECIDED, /* the path is not to blame for certain: this machine
                         may be outside of the clients' network, or has no
                         password */
};

/* Checks that are made beside another command decide nothing that this machine
 * may be to blame for, and end soon. */
struct client_checks {
    bool beside;
    uint64_t end_ns;                  /* of those beside; net_now() */
    char *outputs[CLIENT_CHECKS_MAX]; /* owned; objects of check */
    size_t n;
    const char *worst; /* the verdict of the first that fails; of outputs */
    size_t worst_length;
    char seen[CLIENT_ID_SIZE]; /* its id */
    const char *undecided;     /* what the first of these has met, one line of
                                  the outcome's; NULL */
    bool asked;                /* ... a password */
    const char *refused;       /* why none of them could be made: their options;
                                  NULL */
};

/* Would linkprobe check take the options behind "--"?  If not, job->error says
 * which is wrong. */
bool client_checks_can(struct provision_run *run);

/* Check every endpoint of the file that is available; the lines of their steps
 * say what came of it.  Requires: zeroed but for `beside`. */
void client_checks_run(struct provision_run *run, struct outcome *outcome,
                       struct client_checks *checks);

/* The words of the first that fails become the outcome's. */
void client_checks_take(const struct client_checks *checks,
                        struct outcome *outcome);

void client_checks_free(struct client_checks *checks);

#endif /* COMMANDS_PROVISION_CHECKS_H */
