/*
 * provision.h -- linkprobe provision COMMAND: the words and what they run.
 *
 * Each returns an exit status of its own kind: 0 done or nothing to do; 1 done,
 * but something wants attention; 2 changes to make, of plan; 3 wrong use,
 * refused; 4 AWS, the network, or interrupted.
 */
#ifndef COMMANDS_PROVISION_PROVISION_H
#define COMMANDS_PROVISION_PROVISION_H

enum provision_exit {
    PROVISION_DONE = 0,
    PROVISION_ATTENTION = 1,
    PROVISION_CHANGES = 2,
    PROVISION_REFUSED = 3,
    PROVISION_FAILED = 4,
};

int command_provision(int argc, char **argv);

#endif /* COMMANDS_PROVISION_PROVISION_H */
