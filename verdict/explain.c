/*
 * explain.c -- the same rows in three shapes: a list, an entry, a page.
 *
 * Paragraphs are wrapped; commands never are, so that they can be copied.
 */
#include "verdict/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/fixes.h"

enum {
    COLUMNS = 80,
    INDENT = 4,
};

struct out {
    explain_write_cb write;
    void *data;
};

static void put(const struct out *out, const char *text)
{
    out->write(out->data, text, strlen(text));
}

static void put_spaces(const struct out *out, size_t n)
{
    static const char spaces[] = "                                ";

    out->write(out->data, spaces, n < sizeof(spaces) ? n : sizeof(spaces) - 1);
}

/* `text` in lines of at most COLUMNS, each behind `indent` spaces. */
static void put_wrapped(const struct out *out, const char *text, size_t indent)
{
    size_t column = 0;

    while (*text != '\0') {
        size_t n = strcspn(text, " ");

        if (column > 0 && column + 1 + n > COLUMNS) {
            put(out, "\n");
            column = 0;
        }
        if (column == 0) {
            put_spaces(out, indent);
            column = indent;
        } else {
            put(out, " ");
            column++;
        }
        out->write(out->data, text, n);
        column += n;
        text += n + strspn(text + n, " ");
    }
    put(out, "\n");
}

static const char *stage_word(const struct catalogue_entry *entry)
{
    return entry->stage < STAGE_COUNT ? stage_token(entry->stage) : "any";
}

static const char *hop_word(const struct catalogue_entry *entry)
{
    const char *token = hop_token(entry->hop);

    return token ? token : "none";
}

void explain_list(explain_write_cb write, void *data)
{
    const struct out out = { .write = write, .data = data };
    struct catalogue_texts texts;

    for (int id = 0; id < VERDICT_COUNT; id++) {
        const struct catalogue_entry *entry =
            catalogue_entry((enum verdict_id)id);

        catalogue_texts(entry->id, &texts);
        put(&out, entry->token);
        put_spaces(&out, CATALOGUE_TOKEN_MAX - strlen(entry->token));
        put(&out, texts.meaning);
        put(&out, "\n");
    }
}

static void put_field(const struct out *out, const char *name,
                      const char *value)
{
    put_spaces(out, 2);
    put(out, name);
    put_spaces(out, 10 - strlen(name));
    put(out, value);
    put(out, "\n");
}

static void put_part(const struct out *out, const char *title, const char *text)
{
    put(out, "\n  ");
    put(out, title);
    put(out, "\n");
    put_wrapped(out, text, INDENT);
}

/* A command as in a manual.  Without memory its template will do. */
static void put_command(const struct out *out, const char *command)
{
    char *plain = fix_plain(command);

    put(out, plain ? plain : command);
    put(out, "\n");
    free(plain);
}

static void put_fixes(const struct out *out,
                      const struct catalogue_texts *texts)
{
    if (!texts->fixes[0].command)
        return;
    put(out, "\n  What to do\n");
    for (int i = 0; i < CATALOGUE_FIXES_MAX && texts->fixes[i].command; i++) {
        put_spaces(out, INDENT);
        put(out, texts->fixes[i].where);
        put(out, texts->fixes[i].changes ? ", changes:\n" : ", looks:\n");
        put_spaces(out, INDENT + 2);
        put_command(out, texts->fixes[i].command);
    }
}

void explain_entry(enum verdict_id id, explain_write_cb write, void *data)
{
    const struct out out = { .write = write, .data = data };
    const struct catalogue_entry *entry = catalogue_entry(id);
    struct catalogue_texts texts;

    catalogue_texts(id, &texts);
    put(&out, entry->token);
    put(&out, "\n");
    put_wrapped(&out, texts.meaning, 2);
    put(&out, "\n");
    put_field(&out, "stage", stage_word(entry));
    put_field(&out, "hop", hop_word(entry));
    put_field(&out, "severity", check_status_token(entry->severity));
    put_part(&out, "Evidence", texts.evidence);
    put_part(&out, "Look-alikes", texts.lookalikes);
    put_part(&out, "Cause", texts.cause);
    put_fixes(&out, &texts);
    put_part(&out, "Source", texts.source);
}

static void mark_row(const struct out *out, const struct catalogue_entry *entry,
                     const struct catalogue_texts *texts)
{
    put(out, "| [");
    put(out, entry->token);
    put(out, "](#");
    put(out, entry->token);
    put(out, ") | ");
    put(out, stage_word(entry));
    put(out, " | ");
    put(out, hop_word(entry));
    put(out, " | ");
    put(out, check_status_token(entry->severity));
    put(out, " | ");
    put(out, texts->meaning);
    put(out, " |\n");
}

static void mark_part(const struct out *out, const char *title,
                      const char *text)
{
    put(out, "\n**");
    put(out, title);
    put(out, ".** ");
    put(out, text);
    put(out, "\n");
}

static void mark_fixes(const struct out *out,
                       const struct catalogue_texts *texts)
{
    if (!texts->fixes[0].command)
        return;
    put(out, "\n```sh\n");
    for (int i = 0; i < CATALOGUE_FIXES_MAX && texts->fixes[i].command; i++) {
        put(out, "# ");
        put(out, texts->fixes[i].where);
        put(out, texts->fixes[i].changes ? ", changes\n" : ", looks\n");
        put_command(out, texts->fixes[i].command);
    }
    put(out, "```\n");
}

static void mark_entry(const struct out *out,
                       const struct catalogue_entry *entry,
                       const struct catalogue_texts *texts)
{
    put(out, "\n## <a id=\"");
    put(out, entry->token);
    put(out, "\"></a>");
    put(out, entry->token);
    put(out, "\n\n");
    put(out, texts->meaning);
    put(out, "\n\nStage ");
    put(out, stage_word(entry));
    put(out, ", hop ");
    put(out, hop_word(entry));
    put(out, ", severity ");
    put(out, check_status_token(entry->severity));
    put(out, ".\n");
    mark_part(out, "Evidence", texts->evidence);
    mark_part(out, "Look-alikes", texts->lookalikes);
    mark_part(out, "Cause", texts->cause);
    mark_fixes(out, texts);
    mark_part(out, "Source", texts->source);
}

void explain_markdown(explain_write_cb write, void *data)
{
    const struct out out = { .write = write, .data = data };
    struct catalogue_texts texts;

    put(&out,
        "<!-- Made by `linkprobe explain --markdown`; do not edit. -->\n"
        "# Verdicts\n\n"
        "Every check ends in one of these ids. They are stable: a script or "
        "an alert may rest on them.\nThe order is that of the decision table: "
        "of several kinds of fault the first stands for the whole.\n"
        "In commands, words in capitals are for you to fill in; a report has "
        "filled in what it knows.\n\n"
        "| id | stage | hop | severity | meaning |\n"
        "|---|---|---|---|---|\n");
    for (int id = 0; id < VERDICT_COUNT; id++) {
        catalogue_texts((enum verdict_id)id, &texts);
        mark_row(&out, catalogue_entry((enum verdict_id)id), &texts);
    }
    for (int id = 0; id < VERDICT_COUNT; id++) {
        catalogue_texts((enum verdict_id)id, &texts);
        mark_entry(&out, catalogue_entry((enum verdict_id)id), &texts);
    }
}
