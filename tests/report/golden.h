/*
 * golden.h -- a report run into memory, and compared with a file.
 *
 * LINKPROBE_GOLDEN=write rewrites the files; look at the difference.
 */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include "scene.h"

typedef void (*scene_cb)(struct scene *scene);

/* A run of `format` over `scenes`, NULL at the end; or an error. */
struct golden {
    const char *format;
    struct report_style style;
    scene_cb scenes[4];
    const char *error;
    const char *const *warnings;
    size_t nwarnings;
};

/* Run it and return what was written, of `n` bytes; free() it.  Asserts that
 * the report says that all was written. */
char *golden_run(const struct golden *golden, size_t *n);

/* Run it and compare with tests/report/golden/`name`.txt. */
void golden_check(const char *name, const struct golden *golden);

#endif /* TESTS_GOLDEN_H */
