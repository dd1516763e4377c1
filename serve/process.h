/*
 * process.h -- what this process uses, by the names of Prometheus' clients.
 */
#ifndef SERVE_PROCESS_H
#define SERVE_PROCESS_H

#include <stdint.h>

struct serve_process {
    double cpu_s;      /* user and system */
    uint64_t resident; /* bytes */
    uint64_t virtual_bytes;
    uint64_t open_fds, max_fds;
    double start_s; /* since the epoch */
};

/* What cannot be read is 0. */
void serve_process_read(struct serve_process *process);

#endif /* SERVE_PROCESS_H */
