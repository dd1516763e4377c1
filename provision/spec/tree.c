/*
 * The reader gives items, a stack of open lists and maps gives each its place.
 *
 *     item -> a key, kept until its value comes
 *          -> a value: a child of the innermost open list or map
 *          -> an end: that one is closed
 */
#include "provision/spec/tree.h"

#include <assert.h>
#include <string.h>

#include "cli/text.h"

struct growing {
    const char *file;
    struct yaml_reader *reader;
    struct arena *arena;
    struct spec_node *root, *open; /* open: the innermost list or map */
    const char *key;               /* whose value comes next */
    unsigned key_line;
    char *error;
    size_t size;
};

static bool wrong(const struct growing *g, unsigned line, const char *key,
                  const char *what)
{
    return error_set(g->error, g->size, "%s:%u: %s%s%s", g->file, line, key,
                     *key != '\0' ? ": " : "", what);
}

static bool no_memory(const struct growing *g)
{
    return error_set(g->error, g->size, "out of memory");
}

static bool read_key(struct growing *g, const struct yaml_item *item)
{
    char quoted[QUOTE_MAX];

    if (item->kind != YAML_ITEM_WORD)
        return error_set(g->error, g->size, "%s:%u: expected a key, found %s",
                         g->file, item->line, yaml_item_found(item));
    for (struct spec_node *at = g->open->first; at; at = at->next) {
        if (strcmp(at->key, item->text) == 0)
            return wrong(g, item->line, text_quote(item->text, quoted),
                         "given twice");
    }
    if (g->open->n >= SPEC_KEYS_MAX)
        return wrong(g, item->line, "", "more than 256 keys in one map");
    g->key = arena_text(g->arena, item->text, item->length);
    g->key_line = item->line;
    return g->key ? true : no_memory(g);
}

static void append(struct spec_node *parent, struct spec_node *node)
{
    node->parent = parent;
    node->index = parent->n++;
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
}

static bool read_value(struct growing *g, const struct yaml_item *item)
{
    struct spec_node *node = arena_alloc(g->arena, sizeof(*node));

    if (!node)
        return no_memory(g);
    *node = (struct spec_node){
        .kind = item->kind,
        .line = g->key ? g->key_line : item->line,
        .key = g->key,
        .found = yaml_item_found(item),
        .null = yaml_item_is_null(item),
        .quoted = item->quoted,
    };
    g->key = NULL;
    if (item->kind == YAML_ITEM_WORD) {
        node->text = arena_text(g->arena, item->text, item->length);
        if (!node->text)
            return no_memory(g);
    }
    if (g->open)
        append(g->open, node);
    else
        g->root = node;
    if (item->kind != YAML_ITEM_WORD)
        g->open = node;
    return true;
}

static bool grow(struct growing *g)
{
    struct yaml_item item;

    while (yaml_reader_next(g->reader, &item) != YAML_ITEM_END) {
        bool fine = true;

        if (item.kind == YAML_ITEM_BAD)
            return wrong(g, item.line, "", yaml_reader_error(g->reader));
        if (item.kind == YAML_ITEM_LIST_END || item.kind == YAML_ITEM_MAP_END) {
            assert(g->open);
            g->open = g->open->parent;
        } else if (g->open && g->open->kind == YAML_ITEM_MAP && !g->key)
            fine = read_key(g, &item);
        else
            fine = read_value(g, &item);
        if (!fine)
            return false;
    }
    return g->root ? true : wrong(g, 1, "", "the file is empty");
}

struct spec_node *spec_tree_read(const char *file, const char *bytes, size_t n,
                                 struct arena *arena, char *error, size_t size)
{
    struct growing g = { .file = file,
                         .reader = yaml_reader_new(bytes, n),
                         .arena = arena };
    bool fine;

    g.error = error;
    g.size = size;
    fine = g.reader ? grow(&g) : no_memory(&g);
    yaml_reader_free(g.reader);
    return fine ? g.root : NULL;
}

struct spec_node *spec_tree_child(const struct spec_node *map, const char *key)
{
    for (struct spec_node *at = map->first; at; at = at->next) {
        if (at->key && strcmp(at->key, key) == 0)
            return at->null ? NULL : at;
    }
    return NULL;
}
