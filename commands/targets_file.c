/*
 * file_sd: a list of groups.  The keys of a group may come in any order, so
 * its targets are kept as texts until its labels, and with them its module,
 * are known; then all of them are added at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"
#include "cli/yaml_reader.h"
#include "commands/targets_add.h"

/* A text of the group at hand and its line. */
struct pending {
    const char *text;
    unsigned line;
};

struct reading {
    struct target_list *list;
    struct yaml_reader *reader;
    const char *file;
    char *error;
    size_t size;

    /* the group at hand */
    struct arena texts; /* of its targets: gone with it */
    struct pending *pending;
    size_t npending, room;
    struct probe_label labels[TARGETS_LABELS_MAX];
    size_t nlabels;
    struct target_group group;
    const char *module;
    unsigned module_line;
};

static bool wrong(const struct reading *r, unsigned line, const char *what)
{
    return error_set(r->error, r->size, "%s:%u: %s", r->file, line, what);
}

static bool no_memory(const struct reading *r)
{
    return error_set(r->error, r->size, "out of memory");
}

static bool expected(const struct reading *r, const struct yaml_item *item,
                     const char *what)
{
    if (item->kind == YAML_ITEM_BAD)
        return wrong(r, item->line, yaml_reader_error(r->reader));
    return error_set(r->error, r->size, "%s:%u: expected %s, found %s", r->file,
                     item->line, what, yaml_item_found(item));
}

static bool keep_target(struct reading *r, const struct yaml_item *item)
{
    if (item->kind != YAML_ITEM_WORD || yaml_item_is_null(item) ||
        yaml_item_is_number(item) || yaml_item_is_truth(item))
        return expected(r, item, "a target such as \"cache.example:6379\"");
    if (r->list->ntargets + r->npending >= TARGETS_MAX)
        return wrong(r, item->line, "more than 1,000,000 targets");
    if (r->npending == r->room) {
        size_t room = r->room ? r->room * 2 : 16;
        struct pending *more = realloc(r->pending, room * sizeof(*more));

        if (!more)
            return no_memory(r);
        r->pending = more;
        r->room = room;
    }
    r->pending[r->npending].text =
        arena_text(&r->texts, item->text, item->length);
    r->pending[r->npending].line = item->line;
    if (!r->pending[r->npending].text)
        return no_memory(r);
    r->npending++;
    return true;
}

static bool read_targets(struct reading *r)
{
    struct yaml_item item;

    yaml_reader_next(r->reader, &item);
    if (yaml_item_is_null(&item))
        return true;
    if (item.kind != YAML_ITEM_LIST)
        return expected(r, &item, "a list of targets");
    while (yaml_reader_next(r->reader, &item) != YAML_ITEM_LIST_END) {
        if (!keep_target(r, &item))
            return false;
    }
    return true;
}

/* Where the value of a label that sets an option goes; NULL: it sets none. */
static const char **option_of(struct reading *r, const char *name)
{
    struct {
        char name[20];
        const char **value;
    } const labels[] = {
        { "__module__", &r->module },
        { "__user__", &r->group.user },
        { "__password_file__", &r->group.password_file },
        { "__tls_name__", &r->group.tls_name },
    };

    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        if (strcmp(name, labels[i].name) == 0)
            return labels[i].value;
    }
    return NULL;
}

/* [a-zA-Z_][a-zA-Z0-9_]*, as a metric's label must be. */
static bool is_label(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

    return *name != '\0' && !(*name >= '0' && *name <= '9') &&
           name[strspn(name, allowed)] == '\0';
}

static bool label_fits(struct reading *r, const struct yaml_item *name)
{
    char quoted[QUOTE_MAX], line[QUOTE_MAX + 96];
    const char *why = NULL;

    if (!is_label(name->text))
        why = "is no label; expected letters, digits and _";
    for (size_t i = 0; i < r->nlabels && !why; i++) {
        if (strcmp(r->labels[i].name, name->text) == 0)
            why = "is a label of this group already";
    }
    if (!why && r->nlabels == TARGETS_LABELS_MAX)
        return wrong(r, name->line, "more than 128 labels in a group");
    if (!why)
        return true;
    (void)snprintf(line, sizeof(line), "%s %s", text_quote(name->text, quoted),
                   why);
    return wrong(r, name->line, line);
}

/* The value of the label `name`, kept; NULL: the error is told. */
static char *label_value(struct reading *r, struct yaml_item *value)
{
    char *text;

    yaml_reader_next(r->reader, value);
    if (value->kind != YAML_ITEM_WORD || yaml_item_is_null(value)) {
        expected(r, value, "a label's text");
        return NULL;
    }
    text = arena_text(&r->list->texts, value->text, value->length);
    if (!text)
        no_memory(r);
    return text;
}

static bool read_label(struct reading *r, const struct yaml_item *name)
{
    const char **option = option_of(r, name->text);
    bool hidden = strncmp(name->text, "__", 2) == 0;
    struct yaml_item value;
    const char *kept = NULL, *text;

    if (!label_fits(r, name))
        return false;
    if (!hidden) {
        kept = arena_text(&r->list->texts, name->text, name->length);
        if (!kept)
            return no_memory(r);
    }
    text = label_value(r, &value);
    if (!text)
        return false;
    if (!hidden) {
        r->labels[r->nlabels++] = (struct probe_label){ kept, text };
        return true;
    }
    if (option == &r->group.tls_name && *text != '\0' &&
        !check_tls_name_valid(text))
        return wrong(r, value.line,
                     "__tls_name__ is no name that a certificate can have");
    if (option && *text != '\0')
        *option = text;
    if (option == &r->module)
        r->module_line = value.line;
    return true;
}

static bool read_labels(struct reading *r)
{
    struct yaml_item item;

    yaml_reader_next(r->reader, &item);
    if (yaml_item_is_null(&item))
        return true;
    if (item.kind != YAML_ITEM_MAP)
        return expected(r, &item, "a map of labels");
    while (yaml_reader_next(r->reader, &item) != YAML_ITEM_MAP_END) {
        if (item.kind != YAML_ITEM_WORD)
            return expected(r, &item, "a label");
        if (!read_label(r, &item))
            return false;
    }
    return true;
}

/* The group as it stays: its labels without the room for more. */
static const struct target_group *keep_group(struct reading *r)
{
    size_t bytes = r->nlabels * sizeof(*r->labels);
    struct target_group *group = arena_alloc(&r->list->texts, sizeof(*group));
    struct probe_label *labels = arena_alloc(&r->list->texts, bytes);

    if (!group || !labels) {
        no_memory(r);
        return NULL;
    }
    memcpy(labels, r->labels, bytes);
    *group = r->group;
    group->labels = labels;
    group->nlabels = r->nlabels;
    return group;
}

static bool close_group(struct reading *r)
{
    const struct target_group *group;
    char where[ERROR_TEXT_MAX / 2];
    unsigned line = r->module_line;
    bool fine = true;

    r->group.options =
        r->list->module(r->list->data, r->module, r->error, r->size);
    if (r->group.options) {
        group = keep_group(r);
        if (!group)
            return false;
        for (size_t i = 0; i < r->npending && fine; i++) {
            line = r->pending[i].line;
            fine = target_list_add(r->list, r->pending[i].text, group, r->error,
                                   r->size);
        }
        if (fine)
            return true;
    }
    (void)snprintf(where, sizeof(where), "%s:%u", r->file, line);
    return error_prefix(r->error, r->size, where);
}

static void open_group(struct reading *r)
{
    arena_free(&r->texts);
    r->npending = r->nlabels = 0;
    r->group = (struct target_group){ 0 };
    r->module = NULL;
    r->module_line = 0;
}

static bool read_group_key(struct reading *r, const struct yaml_item *key,
                           bool seen[2])
{
    char quoted[QUOTE_MAX], line[QUOTE_MAX + 64];
    bool labels = strcmp(key->text, "labels") == 0;

    if (!labels && strcmp(key->text, "targets") != 0) {
        (void)snprintf(line, sizeof(line),
                       "unknown key %s; expected targets or labels",
                       text_quote(key->text, quoted));
        return wrong(r, key->line, line);
    }
    if (seen[labels])
        return wrong(r, key->line,
                     labels ? "labels: given twice in a group"
                            : "targets: given twice in a group");
    seen[labels] = true;
    return labels ? read_labels(r) : read_targets(r);
}

static bool read_group(struct reading *r)
{
    struct yaml_item key;
    bool seen[2] = { false, false };

    open_group(r);
    while (yaml_reader_next(r->reader, &key) != YAML_ITEM_MAP_END) {
        if (key.kind != YAML_ITEM_WORD)
            return expected(r, &key, "targets or labels");
        if (!read_group_key(r, &key, seen))
            return false;
    }
    return close_group(r);
}

static bool read_all(struct reading *r)
{
    static const char form[] =
        "a list of groups such as [{\"targets\": [\"cache.example:6379\"]}]";
    struct yaml_item item;

    yaml_reader_next(r->reader, &item);
    if (item.kind != YAML_ITEM_LIST)
        return expected(r, &item, form);
    while (yaml_reader_next(r->reader, &item) != YAML_ITEM_LIST_END) {
        if (item.kind != YAML_ITEM_MAP)
            return expected(r, &item, "a group: {\"targets\": [...]}");
        if (!read_group(r))
            return false;
    }
    yaml_reader_next(r->reader, &item);
    return item.kind == YAML_ITEM_END ||
           expected(r, &item, "the end of the file");
}

bool target_list_parse(struct target_list *list, const char *bytes, size_t n,
                       const char *file, char *error, size_t size)
{
    struct reading r = { .list = list, .file = file };
    bool fine;

    r.error = error;
    r.size = size;
    r.reader = yaml_reader_new(bytes, n);
    if (!r.reader)
        return no_memory(&r);
    fine = read_all(&r);
    yaml_reader_free(r.reader);
    arena_free(&r.texts);
    free(r.pending);
    return fine;
}
