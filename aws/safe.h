/*
 * safe.h -- what a server says, made fit for a line of ours.
 */
#ifndef AWS_SAFE_H
#define AWS_SAFE_H

#include <stddef.h>

/*
 * Copy `text` as one line: control characters and runs of blanks become one
 * blank, what is no UTF-8 a question mark, session tokens "(token)": `secret`
 * (NULL: none), and what follows the name of the header or the parameter.  Cut
 * to `size` bytes between two characters.
 */
void safe_line(char *out, size_t size, const char *text, const char *secret);

/* Copy a word: letters, digits and "._:-"; it ends before anything else. */
void safe_word(char *out, size_t size, const char *text);

#endif /* AWS_SAFE_H */
