/*
 * ini.h -- the form of ~/.aws/config and ~/.aws/credentials, without meaning.
 *
 *     [section]
 *     key = value          ":" serves for "="
 *     key =
 *       sub = value        nested: indented deeper than its key
 *     # comment            or ";", on a line of its own
 *
 * An indented line below a key that has a value goes on with the value.  Keys
 * are in lower case here; a section or a key that stands twice is an error, as
 * it is for the AWS CLI.
 */
#ifndef AWS_INI_H
#define AWS_INI_H

#include <stdbool.h>
#include <stddef.h>

enum {
    INI_ENTRIES_MAX = 20000,
};

struct ini_entry {
    char *section;     /* what stands between the brackets, trimmed */
    const char *key;   /* NULL: the line of the section itself */
    const char *sub;   /* "endpoint_url" of a nested value; NULL: none */
    const char *value; /* "" where nested values follow, or there is none */
    unsigned line;
};

struct ini {
    struct ini_entry *entries; /* owned: ini_free(); texts are the caller's */
    size_t n;
    size_t room; /* private */
};

/*
 * Read `n` bytes and a NUL, in place: they are changed, and the entries point
 * into them.  NULL: done; else what is wrong with `*line`, and `ini` is empty.
 */
const char *ini_read(char *bytes, size_t n, struct ini *ini, unsigned *line);
void ini_free(struct ini *ini);

#endif /* AWS_INI_H */
