/*
 * From texts to values.  A value is written at its row's offset, in the type
 * that its kind names (options.h); memcpy, since an offset has no type.
 *
 * A list begins anew with the first text of each source, so that an option on
 * the command line replaces the list of the configuration.
 */
#include "cli/options.h"

#include <stdio.h>
#include <string.h>

#include "cli/quantity.h"
#include "cli/text.h"

static const char prefix[] = "LINKPROBE_";

char *option_env_name(const struct option_row *row, char name[40])
{
    size_t n = sizeof(prefix) - 1;

    memcpy(name, prefix, n);
    for (const char *at = row->name; *at != '\0'; at++) {
        bool lower = *at >= 'a' && *at <= 'z';

        name[n++] = (char)(*at == '-' ? '_' : lower ? *at - 'a' + 'A' : *at);
    }
    name[n] = '\0';
    return name;
}

const char *option_choice_next(const char **rest, size_t *length)
{
    const char *word = *rest;

    if (*word == '\0')
        return NULL;
    *length = strcspn(word, "|");
    *rest = word + *length + (word[*length] == '|');
    return word;
}

static void put_unsigned(void *field, unsigned value)
{
    memcpy(field, &value, sizeof(value));
}

/* `found` is none of "a|b|c". */
static bool bad_choice(const struct option_row *row, const char *found,
                       char *error, size_t size)
{
    char list[64], quoted[QUOTE_MAX];
    const char *rest = row->choices, *word;
    size_t n = 0, length = 0;

    while ((word = option_choice_next(&rest, &length)) != NULL) {
        const char *join = n == 0 ? "" : *rest == '\0' ? " or " : ", ";

        n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%.*s", join,
                              (int)length, word);
    }
    return error_set(error, size, "%s is not known; expected %s",
                     text_quote(found, quoted), list);
}

static bool write_choice(const struct option_row *row, const char *text,
                         void *field, char *error, size_t size)
{
    const char *rest = row->choices, *word;
    size_t length = 0;

    for (unsigned i = 0; (word = option_choice_next(&rest, &length)); i++) {
        if (strlen(text) == length && memcmp(text, word, length) == 0) {
            put_unsigned(field, row->min + i);
            return true;
        }
    }
    return bad_choice(row, text, error, size);
}

static enum quantity_status read_number(uint8_t kind, const char *text,
                                        uint64_t *value)
{
    enum quantity_status status;

    if (kind == OPTION_SIZE)
        return quantity_size(text, value);
    if (kind == OPTION_NUMBER || kind == OPTION_COUNT)
        return quantity_number(text, value);
    status = quantity_time(text, value);
    /* Up to whole milliseconds: 1us is not "off". */
    *value = *value / 1000000 + (*value % 1000000 != 0);
    return status;
}

/* "a TIME from 1ms to 24h" */
static void describe_range(const struct option_row *row, char *text,
                           size_t size)
{
    char min[QUANTITY_TEXT_MAX], max[QUANTITY_TEXT_MAX];

    if (row->kind == OPTION_SIZE)
        (void)snprintf(text, size, "a size (k, m) from %s to %s",
                       quantity_size_text(row->min, min),
                       quantity_size_text(row->max, max));
    else if (row->kind == OPTION_TIME)
        (void)snprintf(text, size, "a time (us, ms, s, m, h) from %s to %s",
                       quantity_time_text(row->min * UINT64_C(1000000), min),
                       quantity_time_text(row->max * UINT64_C(1000000), max));
    else
        (void)snprintf(text, size, "a number from %u to %u", row->min,
                       row->max);
}

static bool write_number(const struct option_row *row, const char *text,
                         void *field, char *error, size_t size)
{
    uint64_t value = 0;
    enum quantity_status status = read_number(row->kind, text, &value);
    char expected[80], quoted[QUOTE_MAX];
    const char *reason = quantity_status_text(status);

    if (status == QUANTITY_OK && value >= row->min && value <= row->max) {
        if (row->kind == OPTION_SIZE)
            memcpy(field, &(size_t){ value }, sizeof(size_t));
        else
            put_unsigned(field, (unsigned)value);
        return true;
    }
    if (status == QUANTITY_OK)
        reason = value < row->min ? "is too small" : "is too large";
    describe_range(row, expected, sizeof(expected));
    return error_set(error, size, "%s %s; expected %s",
                     text_quote(text, quoted), reason, expected);
}

static bool write_text(const char *text, void *field, char *error, size_t size)
{
    if (*text == '\0')
        return error_set(error, size, "the value is empty");
    memcpy(field, &text, sizeof(text));
    return true;
}

/* A flag is told by being there; a key or a variable says true or false. */
static bool write_flag(const struct option_row *row, const char *text,
                       bool *field, char *error, size_t size)
{
    bool truth = true;
    char quoted[QUOTE_MAX];

    if (text && !text_truth(text, &truth))
        return error_set(error, size, "%s is not known; expected true or false",
                         text_quote(text, quoted));
    *field = truth != ((row->flags & OPTION_NEGATES) != 0);
    return true;
}

static bool write_custom(const struct option_set *set,
                         const struct option_row *row, const char *text,
                         bool first, void *target, char *error, size_t size)
{
    bool truth = true;

    if (!option_takes_value(row)) {
        if (!write_flag(row, text, &truth, error, size))
            return false;
        text = truth ? NULL : "";
    }
    return set->set(target, row, text, first, error, size);
}

bool option_write(const struct option_set *set, const struct option_row *row,
                  const char *text, bool first, void *target, char *error,
                  size_t size)
{
    char *field = (char *)target + row->field;
    unsigned count;

    switch ((enum option_kind)row->kind) {
    case OPTION_FLAG: return write_flag(row, text, (bool *)field, error, size);
    case OPTION_COUNT:
        if (text)
            return write_number(row, text, field, error, size);
        memcpy(&count, field, sizeof(count));
        put_unsigned(field, first ? 1 : count + 1);
        return true;
    case OPTION_TEXT: return write_text(text, field, error, size);
    case OPTION_NUMBER:
    case OPTION_TIME:
    case OPTION_SIZE: return write_number(row, text, field, error, size);
    case OPTION_CHOICE: return write_choice(row, text, field, error, size);
    case OPTION_CUSTOM:
        return write_custom(set, row, text, first, target, error, size);
    case OPTION_TARGET: break;
    }
    return true;
}

/* Where `value` was written: "--timeout", "LINKPROBE_TIMEOUT", "FILE:3: ..." */
static void origin(const struct option_values *from,
                   const struct option_value *value, char *text, size_t size)
{
    char name[40];

    switch (from->source) {
    case OPTION_FROM_CONFIG:
        (void)snprintf(text, size, "%s:%u: %s", from->file, value->line,
                       value->row->name);
        break;
    case OPTION_FROM_ENV:
        (void)snprintf(text, size, "%s", option_env_name(value->row, name));
        break;
    case OPTION_FROM_ARGV:
        (void)snprintf(text, size, "--%s", value->row->name);
        break;
    }
}

static bool is_first(const struct option_values *values, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (values->values[i].row == values->values[at].row)
            return false;
    }
    return true;
}

bool options_apply(const struct option_spec *spec,
                   const struct option_values *values, void *target,
                   char *error, size_t size)
{
    char where[ERROR_TEXT_MAX / 2];

    for (size_t i = 0; i < values->nvalues; i++) {
        const struct option_value *value = &values->values[i];
        char *part = (char *)target + value->set->base;

        if (!option_is_of(spec, value->row) ||
            option_write(value->set, value->row, value->text,
                         is_first(values, i), part, error, size))
            continue;
        origin(values, value, where, sizeof(where));
        return error_prefix(error, size, where);
    }
    return true;
}

static bool add_variable(const struct option_spec *spec, const char *variable,
                         struct option_values *values)
{
    char name[sizeof(((struct option_row *)0)->name)];
    const char *text = strchr(variable, '=');
    size_t length = text ? (size_t)(text - variable) : 0;
    struct option_value value = { 0 };

    if (length == 0 || length >= sizeof(name) || text[1] == '\0')
        return true;
    for (size_t i = 0; i < length; i++) {
        bool upper = variable[i] >= 'A' && variable[i] <= 'Z';

        name[i] = (char)(upper ? variable[i] - 'A' + 'a' : variable[i]);
    }
    value.row = option_find(spec, name, length, &value.set);
    value.text = text + 1;
    if (!value.row || (value.row->flags & OPTION_NO_ENV) != 0)
        return true;
    return option_values_add(values, &value);
}

bool options_environment(const struct option_spec *spec, char **environment,
                         struct option_values *values)
{
    *values = (struct option_values){ .source = OPTION_FROM_ENV };
    for (; *environment; environment++) {
        if (**environment == prefix[0] &&
            strncmp(*environment, prefix, sizeof(prefix) - 1) == 0 &&
            !add_variable(spec, *environment + sizeof(prefix) - 1, values))
            return false;
    }
    return true;
}

const char *option_values_last(const struct option_values *values,
                               const char *name)
{
    for (size_t i = values->nvalues; i-- > 0;) {
        if (strcmp(values->values[i].row->name, name) == 0)
            return values->values[i].text;
    }
    return NULL;
}

bool option_values_has(const struct option_values *values, const char *name)
{
    for (size_t i = 0; i < values->nvalues; i++) {
        if (strcmp(values->values[i].row->name, name) == 0)
            return true;
    }
    return false;
}
