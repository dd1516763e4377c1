/*
 * words.h -- a line into words as a shell would, and nothing else of a shell.
 *
 * The rules of Python's shlex.split(), by which the AWS CLI reads
 * credential_process and the names of sections: words are parted by blanks;
 * '...' is literal; in "..." a backslash takes the meaning from " and \; else
 * it does so from any character.  No variable, no glob, no operator.
 */
#ifndef AWS_WORDS_H
#define AWS_WORDS_H

#include <stddef.h>

enum {
    WORDS_UNCLOSED = -1, /* a quotation mark or a backslash has no other end */
    WORDS_MANY = -2,     /* more than fit */
};

/* Split `text` in place; `words` gets pointers into it.  Returns how many, or
 * one of the above. */
int words_split(char *text, char **words, size_t max);

#endif /* AWS_WORDS_H */
