/*
 * start.h -- what every program of ours does first.
 */
#ifndef COMMANDS_START_H
#define COMMANDS_START_H

/* Hold the standard files open, and outlive a peer or a pipe that closes. */
void start(void);

#endif /* COMMANDS_START_H */
