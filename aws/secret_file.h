/*
 * secret_file.h -- a whole file that may hold secrets, in memory for secrets.
 */
#ifndef AWS_SECRET_FILE_H
#define AWS_SECRET_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/secret_memory.h"

/*
 * Read `path` if it has no more than `max` bytes, whether it can tell its size
 * (a file) or not (a pipe).  Returns 0 or an errno: EFBIG when it is larger.
 * secret_text_free() releases.
 */
int secret_file_read(const char *path, size_t max, struct secret_text *text);

/* Cut spaces and line breaks at the end: an editor's, or echo's. */
void secret_text_trim(struct secret_text *text);

#endif /* AWS_SECRET_FILE_H */
