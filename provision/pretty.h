/*
 * pretty.h -- JSON for people: what json.h writes, a line a value.
 */
#ifndef PROVISION_PRETTY_H
#define PROVISION_PRETTY_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/json.h"

struct pretty {
    struct json json; /* write to this; see pretty_begin() */
    bool plain;       /* on one line, after all */
    FILE *out;
    unsigned depth; /* private, as all that follows */
    bool in_string, escaped, fresh;
};

/* Whatever is written to `pretty->json` comes out indented on `out`. */
void pretty_begin(struct pretty *pretty, FILE *out);

/* The last line's end. */
void pretty_end(struct pretty *pretty);

#endif /* PROVISION_PRETTY_H */
