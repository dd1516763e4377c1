/*
 * hcl.h -- HCL as terraform fmt leaves it: blocks, and attributes whose "="
 * stand below each other.
 *
 * Attributes wait until their group ends: at a blank line, a block or the end
 * of the block.
 */
#ifndef PROVISION_EXPORT_HCL_H
#define PROVISION_EXPORT_HCL_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/arena.h"

enum {
    HCL_ATTRIBUTES_MAX = 64, /* of one group; more begin another */
};

struct hcl {
    FILE *out;
    struct arena *arena; /* for texts; the caller's */
    unsigned depth;      /* private, as all that follows */
    const char *keys[HCL_ATTRIBUTES_MAX], *values[HCL_ATTRIBUTES_MAX];
    unsigned n;
    bool first;  /* nothing stands in the block yet */
    bool failed; /* out of memory */
};

/* `text` as a quoted string that means just that; "" when out of memory. */
const char *hcl_quote(struct hcl *hcl, const char *text);

/* printf into the arena; "" when out of memory. */
const char *hcl_format(struct hcl *hcl, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* `key = value`, an expression; both must stay until the group ends. */
void hcl_put(struct hcl *hcl, const char *key, const char *value);
void hcl_string(struct hcl *hcl, const char *key, const char *text);
void hcl_number(struct hcl *hcl, const char *key, unsigned value);
void hcl_bool(struct hcl *hcl, const char *key, bool value);

/* `head {`, on the top level behind a blank line; and `}`. */
void hcl_open(struct hcl *hcl, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void hcl_close(struct hcl *hcl);

/* `key = {` or `key = [`, behind a blank line; ended by hcl_end(). */
void hcl_begin(struct hcl *hcl, const char *key, char bracket);
void hcl_item(struct hcl *hcl, const char *value); /* of a list */
void hcl_end(struct hcl *hcl, char bracket);

/* A blank line: a new group. */
void hcl_blank(struct hcl *hcl);

/* `# text` on a line of its own. */
void hcl_comment(struct hcl *hcl, const char *text);

#endif /* PROVISION_EXPORT_HCL_H */
