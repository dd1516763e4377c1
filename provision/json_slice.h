/*
 * json_slice.h -- a member of a JSON object, as it stands in the text.
 *
 * For what is passed on unread: a check's verdict.  The text is JSON of ours;
 * what is not is answered with "there is none".
 */
#ifndef PROVISION_JSON_SLICE_H
#define PROVISION_JSON_SLICE_H

#include <stdbool.h>
#include <stddef.h>

struct json_slice {
    const char *text; /* in the object's; not NUL-terminated */
    size_t n;
};

/* The value of `key`, a member of the object that `text` begins with.  false:
 * it has none, or `text` is no object. */
bool json_slice_member(const char *text, size_t n, const char *key,
                       struct json_slice *slice);

/* The next item of the array `array`, after `item` (its text NULL: the first).
 * false: there is none, or it is no array. */
bool json_slice_next(const struct json_slice *array, struct json_slice *item);

/* Is the slice the string `text`? */
bool json_slice_is(const struct json_slice *slice, const char *text);

/* The string as text, cut to `size`: what is escaped in it and is no quotation
 * mark, slash or backslash becomes a blank.  "" when it is no string. */
void json_slice_text(const struct json_slice *slice, char *text, size_t size);

#endif /* PROVISION_JSON_SLICE_H */
