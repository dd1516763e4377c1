/*
 * Line by line: a blank one or a comment, the rest of a key's value, a section,
 * or a key.  Which it is depends on the indent, as in Python's configparser,
 * through which the AWS CLI reads these files.
 *
 * No problem names the line's text: what stands in the wrong place may be a
 * secret.
 */
#include "aws/ini.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char no_memory[] = "out of memory";

struct reader {
    struct ini *ini;
    char *at, *end; /* what is left */
    unsigned line;

    char *section;
    size_t first;  /* the entry that is the section's line */
    size_t key;    /* the entry of the last key; 0: none in this section */
    size_t indent; /* of that key */
    char *value_end;
};

static struct ini_entry *entry_add(struct reader *r, const char *key)
{
    struct ini *ini = r->ini;

    if (ini->n == ini->room) {
        size_t room = ini->room ? ini->room * 2 : 32;
        struct ini_entry *entries =
            realloc(ini->entries, room * sizeof(*entries));

        if (!entries)
            return NULL;
        ini->entries = entries;
        ini->room = room;
    }
    ini->entries[ini->n] = (struct ini_entry){
        .section = r->section, .key = key, .value = "", .line = r->line
    };
    return &ini->entries[ini->n++];
}

/* Cut blanks at both ends, in place. */
static char *trim(char *text, char *end)
{
    while (text < end && isspace((unsigned char)*text))
        text++;
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    *end = '\0';
    return text;
}

static void lower(char *text)
{
    for (; *text; text++)
        *text = (char)tolower((unsigned char)*text);
}

static const char *read_section(struct reader *r, char *text)
{
    char *end = strrchr(text, ']');

    if (!end || end == text + 1)
        return "a section is written [name]";
    text = trim(text + 1, end);
    for (size_t i = 0; i < r->ini->n; i++)
        if (!r->ini->entries[i].key &&
            strcmp(r->ini->entries[i].section, text) == 0)
            return "this section stands in the file twice";
    r->section = text;
    r->first = r->ini->n;
    r->key = 0;
    return entry_add(r, NULL) ? NULL : no_memory;
}

static const char *read_key(struct reader *r, char *text, size_t indent)
{
    char *mark = text + strcspn(text, "=:");
    struct ini_entry *entry;

    if (!*mark || mark == text)
        return "expected [section] or key = value";
    if (!r->section)
        return "a key stands before the first [section]";
    trim(text, mark);
    lower(text);
    for (size_t i = r->first + 1; i < r->ini->n; i++)
        if (!r->ini->entries[i].sub &&
            strcmp(r->ini->entries[i].key, text) == 0)
            return "this key stands in its section twice";
    entry = entry_add(r, text);
    if (!entry)
        return no_memory;
    text = trim(mark + 1, mark + 1 + strlen(mark + 1));
    entry->value = text;
    r->value_end = text + strlen(text);
    r->key = r->ini->n - 1;
    r->indent = indent;
    return NULL;
}

/* The nested key `sub` of the key at work; a new one when it is not there: the
 * last of several counts, as the AWS CLI has it. */
static struct ini_entry *nested_entry(struct reader *r, const char *key,
                                      const char *sub)
{
    for (size_t i = r->key + 1; i < r->ini->n; i++) {
        struct ini_entry *entry = &r->ini->entries[i];

        if (entry->sub && strcmp(entry->sub, sub) == 0)
            return entry;
    }
    return entry_add(r, key);
}

static const char *read_nested(struct reader *r, char *text)
{
    const char *key = r->ini->entries[r->key].key;
    char *mark = strchr(text, '=');
    struct ini_entry *entry;

    if (!mark || mark == text)
        return "expected key = value below a key without a value";
    trim(text, mark);
    lower(text);
    entry = nested_entry(r, key, text);
    if (!entry)
        return no_memory;
    entry->sub = text;
    entry->value = trim(mark + 1, mark + 1 + strlen(mark + 1));
    return NULL;
}

/* What is below a key and deeper: nested, or more of its value. */
static const char *read_more(struct reader *r, char *text)
{
    size_t n = strlen(text);

    if (!*r->ini->entries[r->key].value)
        return read_nested(r, text);
    *r->value_end++ = '\n'; /* there was a line's end in between */
    memmove(r->value_end, text, n + 1);
    r->value_end += n;
    return NULL;
}

static const char *read_line(struct reader *r, char *line, char *end)
{
    char *text = trim(line, end);
    size_t indent = (size_t)(text - line);

    if (!*text || *text == '#' || *text == ';')
        return NULL;
    if (r->ini->n >= INI_ENTRIES_MAX)
        return "too many keys";
    if (r->key != 0 && indent > r->indent)
        return read_more(r, text);
    if (*text == '[')
        return read_section(r, text);
    return read_key(r, text, indent);
}

const char *ini_read(char *bytes, size_t n, struct ini *ini, unsigned *line)
{
    struct reader r = { .ini = ini, .at = bytes, .end = bytes + n };
    const char *problem = NULL;

    *ini = (struct ini){ 0 };
    if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        r.at += 3; /* the mark that some editors begin UTF-8 with */
    while (!problem && r.at < r.end) {
        char *text = r.at, *end = memchr(text, '\n', (size_t)(r.end - text));

        r.line++;
        end = end ? end : r.end;
        r.at = end + 1;
        if (memchr(text, '\0', (size_t)(end - text)))
            problem = "a NUL byte is no text";
        else
            problem = read_line(&r, text, end);
    }
    *line = r.line;
    if (problem)
        ini_free(ini);
    return problem;
}

void ini_free(struct ini *ini)
{
    free(ini->entries);
    *ini = (struct ini){ 0 };
}
