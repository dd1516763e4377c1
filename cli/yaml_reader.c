/*
 * libyaml's events, one at a time, without those that say nothing here: the
 * stream's and the document's begin and end.  The event at hand is kept until
 * the next call, so its text is lent.
 */
#include "cli/yaml_reader.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct yaml_reader {
    yaml_parser_t parser;
    yaml_event_t event;
    bool have_event;
    unsigned depth, documents;
    enum yaml_item_kind over; /* END or BAD; WORD: not over */
    unsigned line;            /* where it was over */
    char error[160];
};

struct yaml_reader *yaml_reader_new(const char *bytes, size_t n)
{
    struct yaml_reader *reader = calloc(1, sizeof(*reader));

    if (!reader)
        return NULL;
    if (yaml_parser_initialize(&reader->parser) == 0) {
        free(reader);
        return NULL;
    }
    yaml_parser_set_input_string(&reader->parser, (const unsigned char *)bytes,
                                 n);
    return reader;
}

void yaml_reader_free(struct yaml_reader *reader)
{
    if (!reader)
        return;
    if (reader->have_event)
        yaml_event_delete(&reader->event);
    yaml_parser_delete(&reader->parser);
    free(reader);
}

static enum yaml_item_kind over(struct yaml_reader *reader,
                                enum yaml_item_kind kind, size_t line,
                                const char *why)
{
    reader->over = kind;
    reader->line = (unsigned)line + 1;
    (void)snprintf(reader->error, sizeof(reader->error), "%s", why);
    return kind;
}

static enum yaml_item_kind bad(struct yaml_reader *reader, const char *why)
{
    return over(reader, YAML_ITEM_BAD, reader->event.start_mark.line, why);
}

static enum yaml_item_kind parser_failed(struct yaml_reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    const char *problem = parser->problem ? parser->problem : "it ends early";
    char why[160];

    reader->have_event = false;
    if (parser->error == YAML_MEMORY_ERROR)
        return over(reader, YAML_ITEM_BAD, parser->mark.line, "out of memory");
    (void)snprintf(why, sizeof(why), "neither YAML nor JSON: %s%s%s", problem,
                   parser->context ? " " : "",
                   parser->context ? parser->context : "");
    /* The reader's errors (no UTF-8) have no mark of their own. */
    return over(reader, YAML_ITEM_BAD,
                parser->error == YAML_READER_ERROR ? parser->mark.line
                                                   : parser->problem_mark.line,
                why);
}

static enum yaml_item_kind open_level(struct yaml_reader *reader,
                                      enum yaml_item_kind kind)
{
    if (++reader->depth > YAML_DEPTH_MAX)
        return bad(reader, "more than 16 levels of lists and maps");
    return kind;
}

static enum yaml_item_kind close_level(struct yaml_reader *reader,
                                       enum yaml_item_kind kind)
{
    assert(reader->depth > 0);
    reader->depth--;
    return kind;
}

static enum yaml_item_kind take_word(struct yaml_reader *reader,
                                     struct yaml_item *item)
{
    const yaml_event_t *event = &reader->event;

    item->text = (const char *)event->data.scalar.value;
    item->length = event->data.scalar.length;
    item->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (memchr(item->text, '\0', item->length))
        return bad(reader, "a NUL inside a text");
    return YAML_ITEM_WORD;
}

/* The item of the event at hand; false: it has none. */
static bool translate(struct yaml_reader *reader, struct yaml_item *item)
{
    switch (reader->event.type) {
    case YAML_SCALAR_EVENT: item->kind = take_word(reader, item); return true;
    case YAML_SEQUENCE_START_EVENT:
        item->kind = open_level(reader, YAML_ITEM_LIST);
        return true;
    case YAML_MAPPING_START_EVENT:
        item->kind = open_level(reader, YAML_ITEM_MAP);
        return true;
    case YAML_SEQUENCE_END_EVENT:
        item->kind = close_level(reader, YAML_ITEM_LIST_END);
        return true;
    case YAML_MAPPING_END_EVENT:
        item->kind = close_level(reader, YAML_ITEM_MAP_END);
        return true;
    case YAML_ALIAS_EVENT:
        item->kind = bad(reader, "aliases (*name) are not taken here");
        return true;
    case YAML_DOCUMENT_START_EVENT:
        if (reader->documents++ == 0)
            return false;
        item->kind = bad(reader, "a second document begins");
        return true;
    case YAML_STREAM_END_EVENT:
        item->kind =
            over(reader, YAML_ITEM_END, reader->event.start_mark.line, "");
        return true;
    default: return false;
    }
}

enum yaml_item_kind yaml_reader_next(struct yaml_reader *reader,
                                     struct yaml_item *item)
{
    *item = (struct yaml_item){ .kind = reader->over, .line = reader->line };
    while (reader->over == YAML_ITEM_WORD) {
        if (reader->have_event)
            yaml_event_delete(&reader->event);
        reader->have_event = true;
        if (yaml_parser_parse(&reader->parser, &reader->event) == 0) {
            item->kind = parser_failed(reader);
            break;
        }
        if (translate(reader, item)) {
            item->line = (unsigned)reader->event.start_mark.line + 1;
            break;
        }
    }
    if (reader->over != YAML_ITEM_WORD)
        item->line = reader->line;
    return item->kind;
}

const char *yaml_reader_error(const struct yaml_reader *reader)
{
    return reader->error;
}

/* One of `words`, in any of YAML's three ways to write capitals? */
static bool is_one_of(const struct yaml_item *item, const char (*words)[6],
                      size_t n)
{
    if (item->kind != YAML_ITEM_WORD || item->quoted)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(item->text, words[i]) == 0)
            return true;
    }
    return false;
}

bool yaml_item_is_null(const struct yaml_item *item)
{
    static const char words[][6] = { "", "~", "null", "Null", "NULL" };

    return is_one_of(item, words, sizeof(words) / sizeof(words[0]));
}

bool yaml_item_is_truth(const struct yaml_item *item)
{
    static const char words[][6] = { "true",  "True",  "TRUE",
                                     "false", "False", "FALSE" };

    return is_one_of(item, words, sizeof(words) / sizeof(words[0]));
}

/* Digits with at most one dot and an exponent (RFC 8259, 6; YAML is wider). */
bool yaml_item_is_number(const struct yaml_item *item)
{
    const char *at = item->text;
    size_t digits;

    if (item->kind != YAML_ITEM_WORD || item->quoted)
        return false;
    at += *at == '-' || *at == '+';
    digits = strspn(at, "0123456789");
    at += digits;
    if (*at == '.') {
        size_t more = strspn(at + 1, "0123456789");

        digits += more;
        at += more + 1;
    }
    if (digits != 0 && (*at == 'e' || *at == 'E')) {
        at += 1 + (at[1] == '-' || at[1] == '+');
        digits = strspn(at, "0123456789");
        at += digits;
    }
    return digits != 0 && *at == '\0';
}

const char *yaml_item_found(const struct yaml_item *item)
{
    switch (item->kind) {
    case YAML_ITEM_LIST: return "a list";
    case YAML_ITEM_MAP: return "a map";
    case YAML_ITEM_LIST_END:
    case YAML_ITEM_MAP_END: return "the end of it";
    case YAML_ITEM_END: return "the end of the file";
    case YAML_ITEM_BAD: return "what cannot be read";
    case YAML_ITEM_WORD: break;
    }
    if (yaml_item_is_null(item))
        return "nothing";
    if (yaml_item_is_number(item))
        return "a number";
    return yaml_item_is_truth(item) ? "true or false" : "a text";
}

const char *yaml_library_version(void)
{
    return yaml_get_version_string();
}
