/*
 * bytes -> tree -> the provider, then the consumers, which need to know whether
 * there is one.
 */
#include "provision/spec/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"
#include "provision/spec/read.h"
#include "provision/spec/words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Read later, in an order of ours. */
static bool leave(struct spec_reading *r, const struct spec_node *node,
                  void *target)
{
    (void)r;
    (void)node;
    (void)target;
    return true;
}

static const struct spec_field fields[] = {
    { .key = "name",
      .offset = offsetof(struct spec, name),
      .fits = spec_word_path,
      .expects = "a name of up to 64 letters, digits, - _ ., beginning with a "
                 "letter or a digit" },
    { .key = "provider", .kind = SPEC_FIELD_CUSTOM, .read = leave },
    { .key = "consumer", .kind = SPEC_FIELD_CUSTOM, .read = leave },
    { .key = "consumers", .kind = SPEC_FIELD_CUSTOM, .read = leave },
    { .key = "protect",
      .kind = SPEC_FIELD_BOOL,
      .offset = offsetof(struct spec, protect) },
};

static bool read_one_consumer(struct spec_reading *r,
                              const struct spec_node *map)
{
    struct spec *spec = r->spec;

    spec->consumers = spec_read_alloc(r, 1, sizeof(*spec->consumers));
    if (!spec->consumers || !spec_read_consumer(r, map, spec->consumers))
        return false;
    if (!spec->consumers[0].name)
        spec->consumers[0].name = "consumer";
    spec->nconsumers = 1;
    return true;
}

static bool check_name(struct spec_reading *r, const struct spec_node *map,
                       const struct spec_consumer *consumer)
{
    if (!consumer->name)
        return spec_read_wrong(r, map, "no name; each of several has one");
    for (size_t i = 0; i < r->spec->nconsumers; i++) {
        if (strcmp(r->spec->consumers[i].name, consumer->name) == 0)
            return spec_read_wrong(r, map, "a second consumer called %s",
                                   consumer->name);
    }
    return true;
}

static bool read_consumers(struct spec_reading *r, const struct spec_node *list)
{
    struct spec *spec = r->spec;

    if (!spec_read_list(r, list, "a list of consumers"))
        return false;
    if (list->n > SPEC_CONSUMERS_MAX)
        return spec_read_wrong(r, list, "%zu consumers; expected %d at most",
                               list->n, SPEC_CONSUMERS_MAX);
    spec->consumers = spec_read_alloc(r, list->n, sizeof(*spec->consumers));
    if (!spec->consumers)
        return false;
    for (const struct spec_node *at = list->first; at; at = at->next) {
        struct spec_consumer *consumer = &spec->consumers[spec->nconsumers];

        if (!spec_read_consumer(r, at, consumer) ||
            !check_name(r, at, consumer))
            return false;
        spec->nconsumers++;
    }
    return true;
}

static bool read_tree(struct spec_reading *r, const struct spec_node *root)
{
    const struct spec_node *provider, *consumer, *consumers;

    if (root->kind != YAML_ITEM_MAP)
        return spec_read_expected(r, root, "a map with a name");
    provider = spec_tree_child(root, "provider");
    consumer = spec_tree_child(root, "consumer");
    consumers = spec_tree_child(root, "consumers");
    if (!spec_read_map(r, root, fields, COUNT(fields), r->spec) ||
        !spec_read_apart(r, root, "consumer", "consumers",
                         "expected one of the two"))
        return false;
    if ((provider && !spec_read_provider(r, provider)) ||
        (consumer && !read_one_consumer(r, consumer)) ||
        (consumers && !read_consumers(r, consumers)))
        return false;
    if (!r->spec->name)
        return spec_read_wrong(r, root, "no name");
    return provider || consumer || consumers ||
           spec_read_wrong(r, root, "neither a provider nor a consumer");
}

struct spec *spec_read(const char *file, const char *bytes, size_t n,
                       spec_warn_cb warn, void *data, char *error, size_t size)
{
    struct spec *spec = calloc(1, sizeof(*spec));
    struct spec_reading r = { .spec = spec, .warn = warn, .data = data };
    const struct spec_node *root;

    r.error = error;
    r.size = size;
    if (spec)
        spec->file = arena_text(&spec->arena, file, strlen(file));
    if (!spec || !spec->file) {
        spec_read_no_memory(&r);
        spec_free(spec);
        return NULL;
    }
    root = spec_tree_read(spec->file, bytes, n, &spec->arena, error, size);
    if (root && read_tree(&r, root))
        return spec;
    spec_free(spec);
    return NULL;
}

void spec_free(struct spec *spec)
{
    if (!spec)
        return;
    arena_free(&spec->arena);
    free(spec);
}
