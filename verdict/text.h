/*
 * text.h -- a sentence in a buffer of fixed size: cut, never overrun.
 *
 * What does not fit is cut at a whole character and ends in "...".  Numbers
 * come out the same in every locale.
 */
#ifndef VERDICT_TEXT_H
#define VERDICT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *bytes; /* the caller's; always ends in a NUL */
    size_t size;
    size_t length;
    bool cut;
};

/* Begin an empty text in `bytes`; `size` is 4 at least. */
struct text text_in(char *bytes, size_t size);

void text_add(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Bytes of others: control bytes, quotes and backslashes as \n, \", \x00;
 * UTF-8 is kept when it is whole and printable. */
void text_escaped(struct text *text, const void *bytes, size_t n);

/* "210 us", "12.3 ms", "3.5 s", "350 s". */
void text_duration(struct text *text, uint64_t ns);

/* "1 address", "2 addresses": `n` and the word, with "s" or "es" behind. */
void text_count(struct text *text, unsigned n, const char *word);

/* "2026-11-23", of seconds since the epoch, UTC. */
void text_date(struct text *text, int64_t seconds);

#endif /* VERDICT_TEXT_H */
