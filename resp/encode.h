/*
 * encode.h -- commands as RESP2 bytes, through hiredis' formatter.
 */
#ifndef RESP_ENCODE_H
#define RESP_ENCODE_H

#include <stdbool.h>
#include <stddef.h>

/* Commands to be sent in one write.  Zeroed is empty. */
struct resp_batch {
    char *bytes;
    size_t length;
    size_t room;
    unsigned commands;
};

/*
 * Append the command of `argc` arguments with lengths `argvlen`, or of C
 * strings when `argvlen` is NULL.  Returns false when out of memory; the batch
 * is then as before.
 */
bool resp_batch_add(struct resp_batch *batch, int argc, const char **argv,
                    const size_t *argvlen);

/* Empty it, keep its memory.  Passwords may have been in it: it is wiped. */
void resp_batch_clear(struct resp_batch *batch);

/* Wipe and release. */
void resp_batch_free(struct resp_batch *batch);

#endif /* RESP_ENCODE_H */
