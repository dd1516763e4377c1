/*
 * tree.h -- a file as a tree of words, lists and maps, each with its line.
 *
 * Keys may come in any order and contradict each other, so the file is read as
 * a whole before anything is made of it.  A key that is given twice, a map of
 * more than SPEC_KEYS_MAX keys and what the reader of YAML refuses are errors.
 */
#ifndef PROVISION_SPEC_TREE_H
#define PROVISION_SPEC_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/arena.h"
#include "cli/yaml_reader.h"

enum {
    SPEC_KEYS_MAX = 256,
};

struct spec_node {
    enum yaml_item_kind kind; /* WORD, LIST or MAP */
    unsigned line;            /* of the key, or of the item of a list */
    const char *key;          /* NULL: of a list, or the whole */
    size_t index;             /* in its list, from 0 */
    const char *text;         /* of a word */
    const char *found;        /* "a list", "a number": for an error line */
    bool null;                /* nothing, or ~ */
    bool quoted;
    struct spec_node *parent, *first, *last, *next;
    size_t n; /* children */
};

/* The tree of `n` bytes, all in `arena`.  NULL: one line in `error`. */
struct spec_node *spec_tree_read(const char *file, const char *bytes, size_t n,
                                 struct arena *arena, char *error, size_t size);

/* The child called `key` that is not null, or NULL. */
struct spec_node *spec_tree_child(const struct spec_node *map, const char *key);

#endif /* PROVISION_SPEC_TREE_H */
