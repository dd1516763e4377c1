/*
 * The manual: a template in roff, and what the rows know in its places.
 *
 *     @OPTIONS check@       the options of a command, by group
 *     @ENVIRONMENT check@   its LINKPROBE_*
 *     @EXIT@                the exit statuses
 *     @VERSION@             the version, anywhere in a line
 */
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/exit.h"
#include "docs/docgen.h"

/* Text as roff takes it: no line begins with a request, "-" stays "-". */
static void put_text(FILE *out, const char *text, size_t n)
{
    if (n > 0 && (*text == '.' || *text == '\''))
        (void)fputs("\\&", out);
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\\')
            (void)fputs("\\e", out);
        else if (text[i] == '-')
            (void)fputs("\\-", out);
        else
            (void)fputc(text[i], out);
    }
}

static void put_string(FILE *out, const char *text)
{
    put_text(out, text, strlen(text));
}

/* .B "-p PORT", ... with its metavar in italics */
static void put_name(FILE *out, const struct option_row *row)
{
    if (row->letter != '\0')
        (void)fprintf(out, "\\fB\\-%c\\fR, ", row->letter);
    (void)fputs("\\fB\\-\\-", out);
    put_string(out, row->name);
    (void)fputs("\\fR", out);
    if (option_takes_value(row)) {
        (void)fputs(" \\fI", out);
        put_string(out, row->metavar);
        (void)fputs("\\fR", out);
    }
    (void)fputc('\n', out);
}

static void put_option(FILE *out, const struct option_row *row)
{
    (void)fputs(".TP\n", out);
    put_name(out, row);
    put_string(out, row->help);
    if (row->fallback[0] != '\0') {
        (void)fputs(" Default: ", out);
        put_string(out, row->fallback);
        (void)fputc('.', out);
    }
    (void)fputc('\n', out);
}

static void put_options(FILE *out, const struct option_spec *spec)
{
    const struct option_set *set = spec->sets, *in = NULL;
    const struct option_row *row = NULL;
    unsigned group = 0;

    while ((row = help_next(spec, &set, row)) != NULL) {
        assert(set);
        if (set != in || row->group != group) {
            const char *name = set->groups[row->group];

            (void)fprintf(out, ".SS %c%s\n", toupper((unsigned char)*name),
                          name + 1);
        }
        in = set;
        group = row->group;
        put_option(out, row);
    }
}

static void put_environment(FILE *out, const struct option_spec *spec)
{
    const struct option_set *set;
    const struct option_row *row = NULL;
    const char *before = "";

    while ((row = help_next(spec, &set, row)) != NULL) {
        char name[40];

        if ((row->flags & OPTION_NO_ENV) != 0)
            continue;
        (void)fprintf(out, "%s\\fB%s\\fR", before, option_env_name(row, name));
        before = ",\n";
    }
    (void)fputs(".\n", out);
}

static void put_exit(FILE *out)
{
    static const struct {
        int number;
        const char *text;
    } rows[] = {
#define X(name, number, text) { number, text },
        EXIT_STATUS_MAP(X)
#undef X
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        (void)fprintf(out, ".TP\n\\fB%d\\fR\n", rows[i].number);
        put_string(out, rows[i].text);
        (void)fputs(".\n", out);
    }
}

static const struct option_spec *spec_of(const char *name)
{
    size_t n = strcspn(name, "@");

    for (size_t i = 0; i < docgen_ncommands; i++) {
        const char *command = docgen_commands[i].name;

        if (strlen(command) == n && memcmp(command, name, n) == 0)
            return docgen_commands[i].spec;
    }
    return NULL;
}

/* A line that is a place; false: it names nothing that we know. */
static bool put_place(FILE *out, const char *line)
{
    const char *name = strchr(line, ' ');
    const struct option_spec *spec = name ? spec_of(name + 1) : NULL;

    if (strncmp(line, "@OPTIONS ", 9) == 0 && spec)
        put_options(out, spec);
    else if (strncmp(line, "@ENVIRONMENT ", 13) == 0 && spec)
        put_environment(out, spec);
    else if (strncmp(line, "@EXIT@", 6) == 0)
        put_exit(out);
    else
        return false;
    return true;
}

static void put_line(FILE *out, char *line, const char *version)
{
    static const char mark[] = "@VERSION@";
    char *at = strstr(line, mark);

    if (at) {
        *at = '\0';
        (void)fprintf(out, "%s%s", line, version);
        line = at + sizeof(mark) - 1;
    }
    (void)fputs(line, out);
}

int docgen_man(FILE *template, FILE *out, const char *version)
{
    char line[1024];

    while (fgets(line, sizeof(line), template)) {
        if (line[0] != '@') {
            put_line(out, line, version);
        } else if (!put_place(out, line)) {
            (void)fprintf(stderr, "docgen: unknown place: %s", line);
            return EXIT_FAILURE;
        }
    }
    return EXIT_SUCCESS;
}
