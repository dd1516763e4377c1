/*
 * credentials_keys.h -- keys that a source has given, and why it gave none.
 */
#ifndef AWS_CREDENTIALS_KEYS_H
#define AWS_CREDENTIALS_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "aws/credentials.h"
#include "aws/sigv4.h"
#include "cli/secret_memory.h"
#include "cli/text.h"

/* Zeroed: none. */
struct found_keys {
    struct aws_keys keys; /* texts of the pool */
    time_t expires;       /* 0: never */
    const char *source;   /* "env", "assume-role": the AWS CLI's words */
    struct secret_pool pool;
};

struct fault {
    enum credentials_fault kind;
    char text[ERROR_TEXT_MAX]; /* one line */
};

/* Always false, for `return fault_set(...)`. */
bool fault_set(struct fault *fault, enum credentials_fault kind,
               const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A text of others within a line of ours: cut at its first line's end, without
 * control bytes.  Returns `out`. */
char *fault_words(const char *text, char *out, size_t size);

/*
 * Keep copies; `token` may be NULL or "".  false: one is empty, holds what no
 * key does (a blank, a control byte), or there is no memory; `whose` begins the
 * line.
 */
bool found_set(struct found_keys *found, const struct aws_keys *keys,
               const char *whose, struct fault *fault);
void found_free(struct found_keys *found); /* wiped */

/* "2026-01-02T03:04:05Z", with a fraction or another zone (ISO 8601). */
bool expiration_read(const char *text, time_t *expires);

#endif /* AWS_CREDENTIALS_KEYS_H */
