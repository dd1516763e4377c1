/*
 * explain.h -- the catalogue as text and as a page: pure, through a callback.
 */
#ifndef VERDICT_EXPLAIN_H
#define VERDICT_EXPLAIN_H

#include <stddef.h>

#include "verdict/catalogue.h"

/* Takes `n` bytes of the output.  They are lent for the call. */
typedef void (*explain_write_cb)(void *data, const char *bytes, size_t n);

/* `linkprobe explain`: a line an id. */
void explain_list(explain_write_cb write, void *data);

/* `linkprobe explain ID`: the whole entry, wrapped at 80 columns. */
void explain_entry(enum verdict_id id, explain_write_cb write, void *data);

/* `linkprobe explain --markdown`: docs/verdicts.md. */
void explain_markdown(explain_write_cb write, void *data);

#endif /* VERDICT_EXPLAIN_H */
