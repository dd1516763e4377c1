/*
 * Rows say what a key's value may be; here it is looked at and written.
 */
#include "provision/spec/read.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/text.h"
#include "provision/spec/words.h"

enum {
    PLACE_MAX = 160,
    TAGS_MAX = 46, /* 50 a resource, four are ours */
    TAG_KEY_MAX = 128,
    TAG_VALUE_MAX = 256,
};

/* "provider.listeners[1].port"; returns `place`. */
static const char *place_of(const struct spec_node *node, char place[PLACE_MAX])
{
    const struct spec_node *way[YAML_DEPTH_MAX + 2];
    size_t n = 0, length = 0;

    for (; node && node->parent && n < YAML_DEPTH_MAX + 2; node = node->parent)
        way[n++] = node;
    (void)snprintf(place, PLACE_MAX, "the file");
    while (n-- > 0 && length < PLACE_MAX - 1) {
        int more = way[n]->key
                       ? snprintf(place + length, PLACE_MAX - length, "%s%.40s",
                                  length ? "." : "", way[n]->key)
                       : snprintf(place + length, PLACE_MAX - length, "[%zu]",
                                  way[n]->index);

        length += more > 0 ? (size_t)more : 0;
    }
    /* A key may hold anything, and is not quoted here. */
    for (char *at = place; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    }
    return place;
}

bool spec_read_wrong(struct spec_reading *r, const struct spec_node *node,
                     const char *format, ...)
{
    char place[PLACE_MAX], line[ERROR_TEXT_MAX];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    return error_set(r->error, r->size, "%s:%u: %s: %s", r->spec->file,
                     node->line, place_of(node, place), line);
}

void spec_read_warn(struct spec_reading *r, const struct spec_node *node,
                    const char *format, ...)
{
    char place[PLACE_MAX], words[ERROR_TEXT_MAX], line[ERROR_TEXT_MAX];
    va_list arguments;

    if (!r->warn)
        return;
    va_start(arguments, format);
    (void)vsnprintf(words, sizeof(words), format, arguments);
    va_end(arguments);
    (void)error_set(line, sizeof(line), "%s:%u: %s: %s", r->spec->file,
                    node->line, place_of(node, place), words);
    r->warn(r->data, line);
}

bool spec_read_expected(struct spec_reading *r, const struct spec_node *node,
                        const char *expected)
{
    char quoted[QUOTE_MAX];

    return spec_read_wrong(r, node, "expected %s, found %s", expected,
                           node->kind == YAML_ITEM_WORD && !node->null
                               ? text_quote(node->text, quoted)
                               : node->found);
}

bool spec_read_list(struct spec_reading *r, const struct spec_node *node,
                    const char *expected)
{
    if (node->kind == YAML_ITEM_LIST && node->n == 0)
        return spec_read_wrong(r, node, "expected %s, found none", expected);
    return node->kind == YAML_ITEM_LIST ||
           spec_read_expected(r, node, expected);
}

bool spec_read_no_memory(struct spec_reading *r)
{
    return error_set(r->error, r->size, "out of memory");
}

void *spec_read_alloc(struct spec_reading *r, size_t n, size_t size)
{
    size_t all = n < SIZE_MAX / size ? n * size : SIZE_MAX;
    void *block = arena_alloc(&r->spec->arena, all ? all : 1);

    if (block)
        memset(block, 0, all);
    else
        spec_read_no_memory(r);
    return block;
}

bool spec_read_apart(struct spec_reading *r, const struct spec_node *map,
                     const char *one, const char *other, const char *why)
{
    const struct spec_node *a = spec_tree_child(map, one);
    const struct spec_node *b = spec_tree_child(map, other);

    if (!a || !b)
        return true;
    if (b->index < a->index)
        return spec_read_wrong(r, a, "stands beside %s; %s", other, why);
    return spec_read_wrong(r, b, "stands beside %s; %s", one, why);
}

static bool read_text(struct spec_reading *r, const struct spec_node *node,
                      const struct spec_field *field, const char **text)
{
    if (node->kind != YAML_ITEM_WORD || node->null || !field->fits(node->text))
        return spec_read_expected(r, node, field->expects);
    *text = node->text;
    return true;
}

bool spec_read_texts(struct spec_reading *r, const struct spec_node *list,
                     const struct spec_field *field, struct spec_texts *texts)
{
    if (!spec_read_list(r, list, field->list))
        return false;
    texts->texts = spec_read_alloc(r, list->n, sizeof(*texts->texts));
    if (!texts->texts)
        return false;
    for (const struct spec_node *at = list->first; at; at = at->next) {
        const char **text = &texts->texts[texts->n];

        if (!read_text(r, at, field, text))
            return false;
        for (size_t i = 0; i < texts->n; i++) {
            if (strcmp(texts->texts[i], *text) == 0)
                return spec_read_wrong(r, at, "%s is given twice", *text);
        }
        texts->n++;
    }
    return true;
}

static bool read_bool(struct spec_reading *r, const struct spec_node *node,
                      bool *value)
{
    if (node->kind != YAML_ITEM_WORD || node->quoted ||
        !text_truth(node->text, value))
        return spec_read_expected(r, node, "true or false");
    return true;
}

bool spec_read_port(struct spec_reading *r, const struct spec_node *node,
                    unsigned *port)
{
    static const char expected[] = "a port from 1 to 65535";
    unsigned value = 0;

    if (node->kind != YAML_ITEM_WORD || node->text[0] < '1' ||
        strlen(node->text) > 5)
        return spec_read_expected(r, node, expected);
    for (const char *at = node->text; *at != '\0'; at++) {
        if (*at < '0' || *at > '9')
            return spec_read_expected(r, node, expected);
        value = value * 10 + (unsigned)(*at - '0');
    }
    if (value > UINT16_MAX)
        return spec_read_expected(r, node, expected);
    *port = value;
    return true;
}

static bool read_choice(struct spec_reading *r, const struct spec_node *node,
                        const struct spec_field *field, unsigned *choice)
{
    const char *word = field->words;

    for (unsigned i = 0; node->kind == YAML_ITEM_WORD; i++) {
        size_t n = strcspn(word, "|");

        if (strlen(node->text) == n && memcmp(word, node->text, n) == 0) {
            *choice = i;
            return true;
        }
        if (word[n] == '\0')
            break;
        word += n + 1;
    }
    return spec_read_expected(r, node, field->expects);
}

static bool read_field(struct spec_reading *r, const struct spec_node *node,
                       const struct spec_field *field, void *target)
{
    void *at = (char *)target + field->offset;

    switch (field->kind) {
    case SPEC_FIELD_TEXT: return read_text(r, node, field, at);
    case SPEC_FIELD_TEXTS: return spec_read_texts(r, node, field, at);
    case SPEC_FIELD_BOOL: return read_bool(r, node, at);
    case SPEC_FIELD_PORT: return spec_read_port(r, node, at);
    case SPEC_FIELD_CHOICE: return read_choice(r, node, field, at);
    case SPEC_FIELD_CUSTOM: break;
    }
    return field->read(r, node, target);
}

static bool unknown_key(struct spec_reading *r, const struct spec_node *node,
                        const struct spec_field *fields, size_t n)
{
    char quoted[QUOTE_MAX], keys[320] = "", place[PLACE_MAX];
    size_t length = 0;

    (void)text_quote(node->key, quoted);
    (void)place_of(node->parent, place);
    for (size_t i = 0; i < n; i++) {
        if (text_is_near(node->key, fields[i].key))
            return error_set(r->error, r->size,
                             "%s:%u: %s: unknown key %s; did you mean %s?",
                             r->spec->file, node->line, place, quoted,
                             fields[i].key);
    }
    for (size_t i = 0; i < n && length < sizeof(keys); i++) {
        int more = snprintf(keys + length, sizeof(keys) - length, "%s%s",
                            i ? ", " : "", fields[i].key);

        length += more > 0 ? (size_t)more : 0;
    }
    return error_set(r->error, r->size,
                     "%s:%u: %s: unknown key %s; expected one of %s",
                     r->spec->file, node->line, place, quoted, keys);
}

bool spec_read_map(struct spec_reading *r, const struct spec_node *map,
                   const struct spec_field *fields, size_t nfields,
                   void *target)
{
    if (map->kind != YAML_ITEM_MAP)
        return spec_read_expected(r, map, "a map");
    for (const struct spec_node *at = map->first; at; at = at->next) {
        const struct spec_field *field = NULL;

        for (size_t i = 0; i < nfields && !field; i++) {
            if (strcmp(fields[i].key, at->key) == 0)
                field = &fields[i];
        }
        if (!field)
            return unknown_key(r, at, fields, nfields);
        if (!at->null && !read_field(r, at, field, target))
            return false;
    }
    return true;
}

/* Letters of any script, digits, blanks and a few marks. */
static bool is_tag_text(const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                   "0123456789 +-=._:/@",
                   *text) == NULL &&
            (unsigned char)*text < 0x80)
            return false;
    }
    return true;
}

/* In characters, as AWS counts. */
static size_t length_of(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static bool check_tag(struct spec_reading *r, const struct spec_node *node)
{
    if (strncmp(node->key, "aws:", 4) == 0 ||
        strncmp(node->key, "linkprobe:", 10) == 0)
        return spec_read_wrong(r, node,
                               "keys that begin with aws: or linkprobe: are "
                               "not the user's");
    if (*node->key == '\0' || length_of(node->key) > TAG_KEY_MAX ||
        !is_tag_text(node->key))
        return spec_read_wrong(r, node,
                               "expected a key of 1 to 128 letters, digits, "
                               "blanks and + - = . _ : / @");
    if (node->kind != YAML_ITEM_WORD || node->null ||
        length_of(node->text) > TAG_VALUE_MAX || !is_tag_text(node->text))
        return spec_read_expected(r, node,
                                  "a value of up to 256 letters, digits, "
                                  "blanks and + - = . _ : / @");
    return true;
}

bool spec_read_tags(struct spec_reading *r, const struct spec_node *map,
                    struct spec_tags *tags)
{
    if (map->kind != YAML_ITEM_MAP)
        return spec_read_expected(r, map, "a map of tags");
    if (map->n > TAGS_MAX)
        return spec_read_wrong(r, map, "%zu tags; expected %d at most", map->n,
                               TAGS_MAX);
    tags->tags = spec_read_alloc(r, map->n, sizeof(*tags->tags));
    if (!tags->tags)
        return false;
    for (const struct spec_node *at = map->first; at; at = at->next) {
        if (!check_tag(r, at))
            return false;
        tags->tags[tags->n++] = (struct spec_tag){ at->key, at->text };
    }
    return true;
}

static bool is_principal(const char *word)
{
    return spec_word_principal(word) != SPEC_PRINCIPAL_BAD;
}

bool spec_read_principals(struct spec_reading *r, const struct spec_node *list,
                          struct spec_texts *texts)
{
    static const struct spec_field field = {
        .fits = is_principal,
        .expects = "a role's or user's ARN, such as "
                   "arn:aws:iam::111122223333:role/app",
        .list = "a list of ARNs of roles and users",
    };

    if (list->kind == YAML_ITEM_LIST && list->n == 0)
        return true;
    if (!spec_read_texts(r, list, &field, texts))
        return false;
    for (const struct spec_node *at = list->first; at; at = at->next) {
        enum spec_principal kind = spec_word_principal(at->text);

        if (kind == SPEC_PRINCIPAL_PATH)
            return spec_read_wrong(r, at,
                                   "%s has a path, which AWS does not take "
                                   "here; expected a role or user without one",
                                   at->text);
        if (kind == SPEC_PRINCIPAL_ALL)
            spec_read_warn(r, at,
                           "* lets every AWS account ask for a connection; a "
                           "role's ARN lets in one");
        if (kind == SPEC_PRINCIPAL_ROOT)
            spec_read_warn(r, at,
                           "%s lets all users and roles of the account in; a "
                           "role's ARN lets in one",
                           at->text);
    }
    return true;
}
