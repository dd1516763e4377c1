/*
 * Two columns: the option, and its text wrapped beside it.  What is too wide
 * for the left one stands on a line of its own.
 */
#include "cli/help.h"

#include <string.h>

#include "cli/text.h"

enum {
    INDENT = 30, /* where texts begin */
};

static void put(FILE *out, const char *text, size_t n)
{
    (void)fwrite(text, 1, n, out);
}

char *help_name(const struct option_row *row, char text[HELP_NAME_MAX])
{
    char letter[5] = "    ";

    if (row->letter != '\0') {
        letter[0] = '-';
        letter[1] = row->letter;
        letter[2] = ',';
    }
    (void)snprintf(text, HELP_NAME_MAX, "%s--%s%s%s", letter, row->name,
                   option_takes_value(row) ? " " : "", row->metavar);
    return text;
}

const struct option_row *help_next(const struct option_spec *spec,
                                   const struct option_set **set,
                                   const struct option_row *row)
{
    if (!row)
        *set = spec->sets;
    for (; *set < spec->sets + spec->nsets; (*set)++) {
        const struct option_row *end = (*set)->rows + (*set)->nrows;

        for (row = row ? row + 1 : (*set)->rows; row < end; row++) {
            if (option_is_of(spec, row) && (row->flags & OPTION_HIDDEN) == 0)
                return row;
        }
        row = NULL;
    }
    return NULL;
}

/* How much of `text` fits into `width`, cut at a blank. */
static size_t line_length(const char *text, size_t width)
{
    size_t n = strlen(text), at = width;

    if (n <= width)
        return n;
    while (at > 0 && text[at] != ' ')
        at--;
    return at > 0 ? at : width;
}

/* `text` in lines from column `indent` on, where the first one begins now. */
static void put_wrapped(FILE *out, const char *text, int indent)
{
    while (*text != '\0') {
        size_t n = line_length(text, (size_t)(HELP_COLUMNS - indent - 1));

        put(out, text, n);
        (void)fputc('\n', out);
        text += n;
        while (*text == ' ')
            text++;
        if (*text != '\0')
            (void)fprintf(out, "%*s", indent, "");
    }
}

/* The left column; the text then begins at INDENT. */
static void put_name(FILE *out, const struct option_row *row)
{
    char name[HELP_NAME_MAX];

    help_name(row, name);
    if (strlen(name) > INDENT - 3)
        (void)fprintf(out, " %s\n%*s", name, INDENT, "");
    else
        (void)fprintf(out, " %-*s", INDENT - 1, name);
}

/* The first sentence, which ends in ". " or with the text. */
static size_t sentence(const char *text)
{
    const char *end = strstr(text, ". ");

    return end ? (size_t)(end - text) + 1 : strlen(text);
}

static void put_row(FILE *out, const struct option_row *row, bool whole)
{
    char text[sizeof(row->help) + sizeof(row->fallback) + 16];
    size_t n = whole ? strlen(row->help) : sentence(row->help);

    memcpy(text, row->help, n);
    if (n > 0 && text[n - 1] == '.')
        n--;
    text[n] = '\0';
    if (row->fallback[0] != '\0')
        (void)snprintf(text + n, sizeof(text) - n, " [%s]", row->fallback);
    put_name(out, row);
    put_wrapped(out, text, INDENT);
}

static void put_usage(FILE *out, const struct option_spec *spec)
{
    (void)fprintf(out, "Usage: linkprobe %s %s\n%s\n", spec->name, spec->usage,
                  spec->summary);
    /* The files of merge are no targets. */
    if (strstr(spec->usage, "TARGET"))
        (void)fputs("TARGET: ", out);
    put_wrapped(out, spec->target, 8);
}

/* Has this command any row in `group` of `in`? */
static bool has_rows(const struct option_spec *spec,
                     const struct option_set *in, unsigned group)
{
    const struct option_set *set;
    const struct option_row *row = NULL;

    while ((row = help_next(spec, &set, row)) != NULL) {
        if (set == in && row->group == group)
            return true;
    }
    return false;
}

/* "targets addresses tls ...": the topics there are. */
static void put_topics(FILE *out, const struct option_spec *spec)
{
    (void)fputs("More: --help all, or --help with one of these:\n ", out);
    for (unsigned s = 0; s < spec->nsets; s++) {
        const struct option_set *set = &spec->sets[s];

        for (unsigned g = 0; g < set->ngroups; g++) {
            if (has_rows(spec, set, g))
                (void)fprintf(out, " %s", set->groups[g]);
        }
    }
    (void)fputc('\n', out);
}

static void put_basic(FILE *out, const struct option_spec *spec)
{
    const struct option_set *set;
    const struct option_row *row = NULL;

    put_usage(out, spec);
    while ((row = help_next(spec, &set, row)) != NULL) {
        if ((row->flags & OPTION_BASIC) != 0)
            put_row(out, row, false);
    }
    put_topics(out, spec);
}

/* All rows of `group` of `set`. */
static void put_group(FILE *out, const struct option_spec *spec,
                      const struct option_set *in, unsigned group)
{
    const struct option_set *set;
    const struct option_row *row = NULL;
    bool any = false;

    while ((row = help_next(spec, &set, row)) != NULL) {
        if (set != in || row->group != group)
            continue;
        if (!any)
            (void)fprintf(out, "\n%s:\n", in->groups[group]);
        any = true;
        put_row(out, row, true);
    }
}

bool help_print(FILE *out, const struct option_spec *spec, const char *topic,
                char *error, size_t size)
{
    bool all = topic && strcmp(topic, "all") == 0, found = all;
    char quoted[QUOTE_MAX];

    if (!topic) {
        put_basic(out, spec);
        return true;
    }
    if (all)
        put_usage(out, spec);
    for (unsigned s = 0; s < spec->nsets; s++) {
        const struct option_set *set = &spec->sets[s];

        for (unsigned g = 0; g < set->ngroups; g++) {
            if ((!all && strcmp(topic, set->groups[g]) != 0) ||
                !has_rows(spec, set, g))
                continue;
            put_group(out, spec, set, g);
            found = true;
        }
    }
    return found ||
           error_set(error, size, "%s is no topic of --help; --help names them",
                     text_quote(topic, quoted));
}
