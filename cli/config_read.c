/*
 * The shape is fixed and three levels deep, so it is read straight down.  The
 * first error ends it; whatever is there then is released.
 *
 *     file: map of sections -> defaults: map of keys -> key: word or words
 *                           -> modules:  map of names -> map of keys -> ...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/config.h"
#include "cli/text.h"
#include "cli/yaml_reader.h"

struct loading {
    struct config *config;
    struct yaml_reader *reader;
    const struct option_spec *const *specs;
    size_t nspecs;
    char *error;
    size_t size;
};

/* Where the keys of one section go. */
struct section {
    struct option_values *values;
    struct config_module *module; /* NULL: defaults */
};

/* "FILE:LINE: ..." */
static bool wrong(const struct loading *l, unsigned line, const char *what)
{
    return error_set(l->error, l->size, "%s:%u: %s", l->config->file, line,
                     what);
}

static bool no_memory(const struct loading *l)
{
    return error_set(l->error, l->size, "out of memory");
}

static bool expected(const struct loading *l, const struct yaml_item *item,
                     const char *name, const char *what)
{
    if (item->kind == YAML_ITEM_BAD)
        return wrong(l, item->line, yaml_reader_error(l->reader));
    return error_set(l->error, l->size, "%s:%u: %s: expected %s, found %s",
                     l->config->file, item->line, name, what,
                     yaml_item_found(item));
}

/* The next key of a map into `key`; false with `*end` set: there is none. */
static bool next_key(const struct loading *l, const char *in,
                     struct yaml_item *key, bool *end)
{
    *end = false;
    yaml_reader_next(l->reader, key);
    if (key->kind == YAML_ITEM_WORD)
        return true;
    if (key->kind == YAML_ITEM_MAP_END) {
        *end = true;
        return false;
    }
    return expected(l, key, in, "a key");
}

/* The row of `key` that its value may be written to, in any of the commands. */
static const struct option_row *find_key(const struct loading *l,
                                         const struct yaml_item *key,
                                         const struct option_set **set,
                                         bool *ours)
{
    for (size_t i = 0; i < l->nspecs; i++) {
        const struct option_row *row =
            option_find(l->specs[i], key->text, key->length, set);

        *ours = i == 0;
        if (row && (row->flags & (OPTION_NO_CONFIG | OPTION_HIDDEN)) == 0)
            return row;
    }
    return NULL;
}

static bool is_password(const char *key)
{
    static const char words[][10] = { "password", "pass", "auth", "passwd",
                                      "secret" };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(key, words[i]) == 0)
            return true;
    }
    return false;
}

static bool unknown_key(const struct loading *l, const struct yaml_item *key,
                        bool in_module)
{
    char quoted[QUOTE_MAX], line[QUOTE_MAX + 128];
    const char *nearest = NULL, *name = text_quote(key->text, quoted);

    if (is_password(key->text))
        return wrong(l, key->line,
                     "a password does not belong into this file; expected "
                     "password-file or password-command");
    if (!in_module && strcmp(key->text, "targets") == 0)
        return wrong(l, key->line,
                     "targets: belongs into a module, not into defaults");
    for (size_t i = 0; i < l->nspecs && !nearest; i++)
        nearest = option_nearest(l->specs[i], key->text,
                                 OPTION_NO_CONFIG | OPTION_HIDDEN);
    if (nearest)
        (void)snprintf(line, sizeof(line), "unknown key %s; did you mean %s?",
                       name, nearest);
    else
        (void)snprintf(line, sizeof(line),
                       "unknown key %s; expected a long option without its "
                       "dashes, such as timeout",
                       name);
    return wrong(l, key->line, line);
}

/* Keep a word for `row`, unless it is of another command. */
static bool keep(const struct loading *l, struct option_values *values,
                 struct option_value value, const struct yaml_item *item,
                 bool ours)
{
    if (item->kind != YAML_ITEM_WORD || yaml_item_is_null(item))
        return expected(l, item, value.row->name,
                        option_takes_value(value.row) ? value.row->metavar
                                                      : "true or false");
    if (!ours)
        return true;
    value.text = arena_text(&l->config->texts, item->text, item->length);
    value.line = item->line;
    if (!value.text || !option_values_add(values, &value))
        return no_memory(l);
    return true;
}

static bool read_value(const struct loading *l, struct option_values *values,
                       struct option_value value, bool ours)
{
    struct yaml_item item;

    yaml_reader_next(l->reader, &item);
    if (item.kind != YAML_ITEM_LIST)
        return keep(l, values, value, &item, ours);
    if ((value.row->flags & OPTION_REPEATS) == 0)
        return expected(l, &item, value.row->name, "one value");
    while (yaml_reader_next(l->reader, &item) != YAML_ITEM_LIST_END) {
        if (!keep(l, values, value, &item, ours))
            return false;
    }
    return true;
}

static bool add_target(const struct loading *l, struct config_module *module,
                       const struct yaml_item *item)
{
    const char **more;
    size_t n = module->ntargets;

    if (item->kind != YAML_ITEM_WORD || yaml_item_is_null(item))
        return expected(l, item, "targets", "a name, a glob or a CIDR");
    /* Room doubles at powers of two. */
    if ((n & (n - 1)) == 0) {
        more =
            realloc((void *)module->targets, (n ? n * 2 : 1) * sizeof(*more));
        if (!more)
            return no_memory(l);
        module->targets = more;
    }
    module->targets[n] =
        arena_text(&l->config->texts, item->text, item->length);
    if (!module->targets[n])
        return no_memory(l);
    module->ntargets++;
    return true;
}

static bool read_targets(const struct loading *l, struct config_module *module,
                         unsigned line)
{
    struct yaml_item item;

    if (module->ntargets != 0)
        return wrong(l, line, "targets: given twice");
    yaml_reader_next(l->reader, &item);
    if (item.kind != YAML_ITEM_LIST)
        return add_target(l, module, &item);
    while (yaml_reader_next(l->reader, &item) != YAML_ITEM_LIST_END) {
        if (!add_target(l, module, &item))
            return false;
    }
    return true;
}

static bool is_twice(const struct option_values *values,
                     const struct option_row *row)
{
    for (size_t i = 0; i < values->nvalues; i++) {
        if (values->values[i].row == row)
            return true;
    }
    return false;
}

static bool read_key(const struct loading *l, const struct section *section,
                     const struct yaml_item *key)
{
    struct option_value value = { 0 };
    bool ours = false;
    char line[64];

    if (section->module && strcmp(key->text, "targets") == 0)
        return read_targets(l, section->module, key->line);
    value.row = find_key(l, key, &value.set, &ours);
    if (!value.row)
        return unknown_key(l, key, section->module != NULL);
    if (ours && is_twice(section->values, value.row)) {
        (void)snprintf(line, sizeof(line), "%s: given twice", value.row->name);
        return wrong(l, key->line, line);
    }
    return read_value(l, section->values, value, ours);
}

/* A map of keys; nothing at all is an empty one. */
static bool read_section(const struct loading *l, const char *name,
                         const struct section *section)
{
    struct yaml_item item;
    bool end;

    yaml_reader_next(l->reader, &item);
    if (yaml_item_is_null(&item))
        return true;
    if (item.kind != YAML_ITEM_MAP)
        return expected(l, &item, name, "a map of options");
    while (next_key(l, name, &item, &end)) {
        if (!read_key(l, section, &item))
            return false;
    }
    return end;
}

static struct config_module *add_module(const struct loading *l,
                                        const struct yaml_item *key)
{
    struct config *config = l->config;
    struct config_module *more, *module;
    size_t n = config->nmodules;

    if (n >= CONFIG_MODULES_MAX) {
        wrong(l, key->line, "modules: more than 1000 of them");
        return NULL;
    }
    more = realloc(config->modules, (n + 1) * sizeof(*more));
    if (!more) {
        no_memory(l);
        return NULL;
    }
    config->modules = more;
    module = &more[n];
    *module = (struct config_module){
        .name = arena_text(&config->texts, key->text, key->length),
        .values = { .source = OPTION_FROM_CONFIG, .file = config->file },
        .line = key->line,
    };
    if (!module->name) {
        no_memory(l);
        return NULL;
    }
    config->nmodules++;
    return module;
}

static bool read_module(const struct loading *l, const struct yaml_item *key)
{
    char quoted[QUOTE_MAX], line[QUOTE_MAX + 32];
    struct config_module *module;
    struct section section;

    (void)snprintf(line, sizeof(line), "module %s given twice",
                   text_quote(key->text, quoted));
    for (size_t i = 0; i < l->config->nmodules; i++) {
        if (strcmp(l->config->modules[i].name, key->text) == 0)
            return wrong(l, key->line, line);
    }
    if (key->length == 0)
        return wrong(l, key->line, "modules: a name is empty");
    module = add_module(l, key);
    if (!module)
        return false;
    section = (struct section){ &module->values, module };
    return read_section(l, module->name, &section);
}

static bool read_modules(const struct loading *l)
{
    struct yaml_item item;
    bool end;

    yaml_reader_next(l->reader, &item);
    if (yaml_item_is_null(&item))
        return true;
    if (item.kind != YAML_ITEM_MAP)
        return expected(l, &item, "modules", "a map of modules");
    while (next_key(l, "modules", &item, &end)) {
        if (!read_module(l, &item))
            return false;
    }
    return end;
}

static bool unknown_section(const struct loading *l,
                            const struct yaml_item *key)
{
    char quoted[QUOTE_MAX], line[QUOTE_MAX + 128];
    const struct option_set *set;
    bool ours, option = find_key(l, key, &set, &ours) != NULL;

    (void)snprintf(line, sizeof(line),
                   option ? "%s stands on the top level; expected it below "
                            "\"defaults\" or a module of \"modules\""
                          : "unknown section %s; expected \"defaults\" or "
                            "\"modules\"",
                   text_quote(key->text, quoted));
    return wrong(l, key->line, line);
}

static bool read_top(const struct loading *l)
{
    struct section defaults = { &l->config->defaults, NULL };
    bool end, seen[2] = { false, false };
    struct yaml_item key;

    while (next_key(l, "the file", &key, &end)) {
        bool modules = strcmp(key.text, "modules") == 0;

        if (!modules && strcmp(key.text, "defaults") != 0)
            return unknown_section(l, &key);
        if (seen[modules])
            return wrong(l, key.line,
                         modules ? "modules: given twice"
                                 : "defaults: given twice");
        seen[modules] = true;
        if (!(modules ? read_modules(l)
                      : read_section(l, "defaults", &defaults)))
            return false;
    }
    return end;
}

static bool read_document(const struct loading *l)
{
    struct yaml_item item;

    yaml_reader_next(l->reader, &item);
    if (item.kind == YAML_ITEM_END)
        return true;
    if (item.kind == YAML_ITEM_MAP) {
        if (!read_top(l))
            return false;
    } else if (!yaml_item_is_null(&item)) {
        return expected(l, &item, "the file",
                        "a map of \"defaults\" and \"modules\"");
    }
    yaml_reader_next(l->reader, &item);
    return item.kind == YAML_ITEM_END ||
           expected(l, &item, "the file", "its end");
}

bool config_parse(const char *bytes, size_t n, const char *file,
                  const struct option_spec *const *specs, size_t nspecs,
                  struct config *config, char *error, size_t size)
{
    struct loading l = { .config = config, .specs = specs, .nspecs = nspecs };
    bool fine = false;

    l.error = error;
    l.size = size;
    *config = (struct config){ 0 };
    config->file = arena_text(&config->texts, file, strlen(file));
    config->defaults = (struct option_values){ .source = OPTION_FROM_CONFIG,
                                               .file = config->file };
    l.reader = yaml_reader_new(bytes, n);
    if (config->file && l.reader)
        fine = read_document(&l);
    else
        no_memory(&l);
    yaml_reader_free(l.reader);
    if (!fine)
        config_free(config);
    return fine;
}
