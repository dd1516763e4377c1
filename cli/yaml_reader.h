/*
 * yaml_reader.h -- YAML (and so JSON) as a stream of items, bounded.
 *
 * One document of words, lists and maps: the keys of a map are words, each
 * followed by its value.  Refused, each with its line: what does not parse,
 * aliases (a few lines of them can stand for gigabytes), more than 16 levels,
 * a NUL inside a word, a second document.
 */
#ifndef CLI_YAML_READER_H
#define CLI_YAML_READER_H

#include <stdbool.h>
#include <stddef.h>

enum yaml_item_kind {
    YAML_ITEM_WORD,
    YAML_ITEM_LIST,
    YAML_ITEM_LIST_END,
    YAML_ITEM_MAP,
    YAML_ITEM_MAP_END,
    YAML_ITEM_END, /* of the document; an empty one has nothing else */
    YAML_ITEM_BAD, /* see yaml_reader_error() */
};

enum {
    YAML_DEPTH_MAX = 16,
};

struct yaml_item {
    enum yaml_item_kind kind;
    unsigned line;    /* where it begins, from 1 */
    const char *text; /* of a word; lent until the next item is asked for */
    size_t length;
    bool quoted; /* so it is a text, whatever it looks like */
};

struct yaml_reader;

/* A reader of `n` bytes, which are the caller's and must stay.  NULL: out of
 * memory. */
struct yaml_reader *yaml_reader_new(const char *bytes, size_t n);
void yaml_reader_free(struct yaml_reader *reader); /* takes NULL */

/* The next item.  After END and BAD there are only more of the same. */
enum yaml_item_kind yaml_reader_next(struct yaml_reader *reader,
                                     struct yaml_item *item);

/* Why the item was BAD: a line without file and number; item.line has that. */
const char *yaml_reader_error(const struct yaml_reader *reader);

/* Is `item` no text for YAML and JSON: a number, true, null or nothing? */
bool yaml_item_is_number(const struct yaml_item *item);
bool yaml_item_is_null(const struct yaml_item *item);
bool yaml_item_is_truth(const struct yaml_item *item);

/* "a list", "a map", "a number", ...: what was found, for an error line. */
const char *yaml_item_found(const struct yaml_item *item);

/* The version of libyaml. */
const char *yaml_library_version(void);

#endif /* CLI_YAML_READER_H */
