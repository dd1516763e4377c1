/*
 * text.h -- words for people: one line of error, a quoted value, a near miss.
 *
 * An error line has the name of the thing, what was found, and what is
 * expected; no line break, no control byte, never a secret.
 */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum {
    ERROR_TEXT_MAX = 512, /* room that every error line fits in */
    QUOTE_MAX = 256,      /* a quoted value, its marks and a NUL */
};

/* Write one line to `error`.  Always false, for `return error_set(...)`. */
bool error_set(char *error, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Put "PREFIX: " before the line in `error`.  Always false. */
bool error_prefix(char *error, size_t size, const char *prefix);

/*
 * Write `text` in quotation marks: cut to 60 bytes, control bytes and what is
 * no UTF-8 as \xNN, the credentials of a URL as "...".  Returns `quoted`.
 */
char *text_quote(const char *text, char quoted[QUOTE_MAX]);

/* The same for a path, whose end is what names the file: the last 60 bytes. */
char *text_quote_path(const char *path, char quoted[QUOTE_MAX]);

/*
 * How far apart two words are: letters to insert, remove, replace or swap with
 * their neighbour; "-" and "_" count as the same.  More than 3 comes out as 4.
 */
unsigned text_distance(const char *a, const char *b);

/* Is `candidate` near enough to `word` that it may have been meant? */
bool text_is_near(const char *word, const char *candidate);

/* Is a plain YAML or environment word true or false?  false: neither. */
bool text_truth(const char *text, bool *truth);

#endif /* CLI_TEXT_H */
