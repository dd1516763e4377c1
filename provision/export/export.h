/*
 * export.h -- a path as a template or a script, for those who keep theirs so.
 *
 * From the same file and the same names and tags as apply; the same file gives
 * the same bytes.  What the file does not know is a data source, a parameter
 * or a look-up.  The addresses behind the cache's name change at a failover, so
 * no template follows them: `linkprobe provision sync` does, on what was made
 * this way, too, when the file has provider.account and provider.region (they
 * are in the tags by which it knows its own).
 */
#ifndef PROVISION_EXPORT_EXPORT_H
#define PROVISION_EXPORT_EXPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "provision/outcome.h"
#include "provision/spec/spec.h"

enum export_side {
    EXPORT_BOTH,
    EXPORT_PROVIDER,
    EXPORT_CONSUMER,
};

struct export_options {
    const struct spec *spec;
    enum export_side side;
    const struct outcome *found; /* what there is already; NULL: not known */
    FILE *out;
};

/* Each writes all of it to `out`.  false: one line in `error`, and nothing was
 * written. */
typedef bool (*export_form)(const struct export_options *options, char *error,
                            size_t size);
bool export_terraform(const struct export_options *options, char *error,
                      size_t size);
bool export_cloudformation(const struct export_options *options, char *error,
                           size_t size);
bool export_cli(const struct export_options *options, char *error, size_t size);

#endif /* PROVISION_EXPORT_EXPORT_H */
