/*
 * file.h -- a whole file in memory, bounded.
 */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* A file's bytes, and a NUL behind them that does not count. */
struct file {
    char *bytes; /* owned: file_free() */
    size_t length;
};

/*
 * Read `path` ("-" is standard input) if it has no more than `max` bytes.  On
 * false one line in `error`: "PATH: what is wrong".
 */
bool file_read(const char *path, size_t max, struct file *file, char *error,
               size_t size);
void file_free(struct file *file);

#endif /* CLI_FILE_H */
