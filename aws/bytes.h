/*
 * bytes.h -- a text that grows and is wiped: what is signed holds tokens.
 *
 * A zeroed struct is an empty text.  A failed allocation is kept in `failed`
 * and makes all that follows do nothing: look once, at the end.
 */
#ifndef AWS_BYTES_H
#define AWS_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
    char *text; /* owned; NUL-terminated; NULL while empty */
    size_t size, room;
    bool failed;
};

void bytes_put(struct bytes *bytes, const char *text, size_t n);
void bytes_text(struct bytes *bytes, const char *text);

/* Percent-encoded, all but A-Z a-z 0-9 - . _ ~ and the characters of `safe`. */
void bytes_encode(struct bytes *bytes, const char *text, size_t n,
                  const char *safe);

/* Wipe and release; the struct is an empty text again. */
void bytes_free(struct bytes *bytes);

#endif /* AWS_BYTES_H */
