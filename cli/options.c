/*
 * A command line is read once, from left to right:
 *
 *     word ---- "--name..." ---> long_option ---> take_value ---> value
 *        \----- "-abc..." -----> letters -------> take_value ---> value
 *         \---- else, or after "--" -----------------------------> target
 *
 * Nothing is written anywhere before all of it is understood: options_apply()
 * (options_apply.c) does that.
 */
#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"

/* Where in argv we are. */
struct cursor {
    const struct option_spec *spec;
    struct options *options;
    char **argv;
    int argc, at;
    char *error;
    size_t size;
};

bool option_takes_value(const struct option_row *row)
{
    return row->metavar[0] != '\0';
}

bool option_is_of(const struct option_spec *spec, const struct option_row *row)
{
    return (row->commands & spec->command) != 0;
}

bool option_values_add(struct option_values *values,
                       const struct option_value *value)
{
    if (values->nvalues == values->room) {
        size_t room = values->room ? values->room * 2 : 16;
        struct option_value *more =
            realloc(values->values, room * sizeof(*more));

        if (!more)
            return false;
        values->values = more;
        values->room = room;
    }
    values->values[values->nvalues++] = *value;
    return true;
}

void option_values_free(struct option_values *values)
{
    free(values->values);
    *values = (struct option_values){ 0 };
}

void options_free(struct options *options)
{
    option_values_free(&options->argv);
    free(options->targets);
    *options = (struct options){ 0 };
}

/* Names hold "-" only; keys may be written with "_". */
static bool same_name(const char *row, const char *name, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        if (row[i] != name[i] && !(row[i] == '-' && name[i] == '_'))
            return false;
    }
    return row[i] == '\0';
}

const struct option_row *option_find(const struct option_spec *spec,
                                     const char *name, size_t length,
                                     const struct option_set **set)
{
    if (length >= sizeof(((struct option_row *)0)->name))
        return NULL;
    for (unsigned s = 0; s < spec->nsets; s++) {
        const struct option_set *in = &spec->sets[s];

        for (unsigned i = 0; i < in->nrows; i++) {
            if (!option_is_of(spec, &in->rows[i]) ||
                !same_name(in->rows[i].name, name, length))
                continue;
            if (set)
                *set = in;
            return &in->rows[i];
        }
    }
    return NULL;
}

static const struct option_row *find_letter(const struct option_spec *spec,
                                            char letter,
                                            const struct option_set **set)
{
    for (unsigned s = 0; s < spec->nsets; s++) {
        const struct option_set *in = &spec->sets[s];

        for (unsigned i = 0; i < in->nrows; i++) {
            if (in->rows[i].letter != letter ||
                !option_is_of(spec, &in->rows[i]))
                continue;
            *set = in;
            return &in->rows[i];
        }
    }
    return NULL;
}

const char *option_nearest(const struct option_spec *spec, const char *word,
                           unsigned flags)
{
    const char *best = NULL;
    unsigned least = 0;

    for (unsigned s = 0; s < spec->nsets; s++) {
        for (unsigned i = 0; i < spec->sets[s].nrows; i++) {
            const struct option_row *row = &spec->sets[s].rows[i];
            unsigned distance = text_distance(word, row->name);

            if (!option_is_of(spec, row) || (row->flags & flags) != 0 ||
                !text_is_near(word, row->name) || (best && distance >= least))
                continue;
            best = row->name;
            least = distance;
        }
    }
    return best;
}

/* Words of other programs for a password: never taken, so never seen by ps. */
static bool is_password_word(const char *name)
{
    return strcmp(name, "--password") == 0 || strcmp(name, "--pass") == 0 ||
           strcmp(name, "--auth") == 0 || strcmp(name, "--passwd") == 0;
}

/* An option's name as it was found, escaped, but without marks. */
static const char *plain(const char *name, char quoted[QUOTE_MAX])
{
    text_quote(name, quoted);
    quoted[strlen(quoted) - 1] = '\0';
    return quoted + 1;
}

static bool refuse_password(struct cursor *c, const char *name)
{
    return error_set(c->error, c->size,
                     "unknown option %s: a password on the command line can be "
                     "seen by others; use --askpass, --password-file, "
                     "--password-command or LINKPROBE_PASSWORD",
                     name);
}

static bool unknown(struct cursor *c, const char *name)
{
    char quoted[QUOTE_MAX];

    return error_set(c->error, c->size,
                     "unknown option %s; linkprobe %s --help all lists them",
                     plain(name, quoted), c->spec->name);
}

/* What stands behind a "=" is never shown: it may be a secret. */
static bool unknown_long(struct cursor *c, const char *word)
{
    char name[40], quoted[QUOTE_MAX];
    const char *nearest;

    (void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
    if (is_password_word(name))
        return refuse_password(c, name);
    nearest = option_nearest(c->spec, name + 2, OPTION_HIDDEN);
    if (!nearest)
        return unknown(c, name);
    return error_set(c->error, c->size, "unknown option %s; did you mean --%s?",
                     plain(name, quoted), nearest);
}

static bool unknown_letter(struct cursor *c, char letter)
{
    char word[3] = { '-', letter, '\0' };

    return letter == 'a' ? refuse_password(c, word) : unknown(c, word);
}

static bool out_of_memory(struct cursor *c)
{
    return error_set(c->error, c->size, "out of memory");
}

static bool add_target(struct cursor *c, char *target)
{
    struct options *options = c->options;

    /* One allocation: argv has no more targets than words. */
    if (!options->targets) {
        options->targets = calloc((size_t)c->argc, sizeof(char *));
        if (!options->targets)
            return out_of_memory(c);
    }
    options->targets[options->ntargets++] = target;
    return true;
}

/* `--help all`: the next word is a topic when it is one. */
static void take_topic(struct cursor *c, const struct option_row *row)
{
    c->options->stop = row;
    if (c->at + 1 < c->argc)
        c->options->topic = c->argv[c->at + 1];
    c->at = c->argc;
}

static bool add_value(struct cursor *c, const struct option_set *set,
                      const struct option_row *row, char *text)
{
    struct option_value value = { .row = row, .set = set, .text = text };

    if (row->kind == OPTION_TARGET)
        return add_target(c, text);
    if (!option_values_add(&c->options->argv, &value))
        return out_of_memory(c);
    if ((row->flags & OPTION_STOPS) != 0)
        take_topic(c, row);
    return true;
}

/* Is `word` one of our long options?  Then it was not meant as a value. */
static bool is_option(const struct cursor *c, const char *word)
{
    return strncmp(word, "--", 2) == 0 &&
           option_find(c->spec, word + 2, strcspn(word + 2, "="), NULL);
}

/* The next word is the value of `row`, written as `name`. */
static bool take_value(struct cursor *c, const struct option_set *set,
                       const struct option_row *row, const char *name)
{
    char *next = c->at + 1 < c->argc ? c->argv[c->at + 1] : NULL;

    if (!next)
        return error_set(c->error, c->size, "%s needs a value: %s", name,
                         row->metavar);
    if (is_option(c, next))
        return error_set(c->error, c->size,
                         "%s needs a value (%s) and found the option %.*s",
                         name, row->metavar, (int)strcspn(next, "="), next);
    c->at++;
    return add_value(c, set, row, next);
}

static bool long_option(struct cursor *c, char *word)
{
    const struct option_set *set = NULL;
    size_t length = strcspn(word + 2, "=");
    const struct option_row *row = option_find(c->spec, word + 2, length, &set);
    char *text = word[2 + length] == '=' ? word + 3 + length : NULL;
    char name[24];

    /* "_" is for keys: on the command line there is one way to write it. */
    if (!row || memchr(word, '_', length + 2))
        return unknown_long(c, word);
    (void)snprintf(name, sizeof(name), "--%s", row->name);
    if (text && (row->flags & OPTION_STOPS) != 0) {
        if (!add_value(c, set, row, NULL))
            return false;
        c->options->topic = text;
        return true;
    }
    if (!option_takes_value(row)) {
        if (text)
            return error_set(c->error, c->size, "%s takes no value", name);
        return add_value(c, set, row, NULL);
    }
    return text ? add_value(c, set, row, text) : take_value(c, set, row, name);
}

/* "-4v", "-p6379", "-vp 6379": letters, the last of which may take a value. */
static bool letters(struct cursor *c, char *word)
{
    for (char *at = word + 1; *at != '\0'; at++) {
        const struct option_set *set = NULL;
        const struct option_row *row = find_letter(c->spec, *at, &set);
        char name[3] = { '-', *at, '\0' };

        if (!row)
            return unknown_letter(c, *at);
        if (option_takes_value(row))
            return at[1] != '\0' ? add_value(c, set, row, at + 1)
                                 : take_value(c, set, row, name);
        if (!add_value(c, set, row, NULL))
            return false;
    }
    return true;
}

bool options_parse(const struct option_spec *spec, int argc, char **argv,
                   struct options *options, char *error, size_t size)
{
    struct cursor c = {
        .spec = spec, .options = options, .argv = argv, .argc = argc
    };
    bool only_targets = false;

    c.error = error;
    c.size = size;
    *options = (struct options){ .argv.source = OPTION_FROM_ARGV };
    for (c.at = 1; c.at < argc; c.at++) {
        char *word = argv[c.at];
        bool fine;

        if (only_targets || word[0] != '-' || word[1] == '\0')
            fine = add_target(&c, word);
        else if (strcmp(word, "--") == 0)
            fine = only_targets = true;
        else
            fine = word[1] == '-' ? long_option(&c, word) : letters(&c, word);
        if (!fine)
            return false;
    }
    return true;
}
