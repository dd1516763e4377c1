/*
 * catalogue_texts.c -- the way to the texts of an entry.
 *
 * They are one string an id, catalogue_ID (in the files catalogue_*.c), in
 * which a NUL ends each field.  A switch leads there: unlike a table of
 * pointers it is code, and nothing is relocated.  An id without texts does not
 * link.
 */
#include <assert.h>
#include <string.h>

#include "verdict/catalogue.h"
#include "verdict/catalogue_rows.h"

static const char *strings_of(enum verdict_id id)
{
    switch (id) {
#define X(name)                                                                \
    case VERDICT_##name: return catalogue_##name;
        VERDICT_MAP(X)
#undef X
    case VERDICT_COUNT: break;
    }
    return NULL;
}

/* The string at `*at`; moves `at` to the one behind it. */
static const char *next(const char **at)
{
    const char *string = *at;

    *at += strlen(string) + 1;
    return string;
}

static void split(const char *at, struct catalogue_texts *texts)
{
    assert(at);
    *texts = (struct catalogue_texts){ 0 };
    texts->meaning = next(&at);
    texts->evidence = next(&at);
    texts->lookalikes = next(&at);
    texts->cause = next(&at);
    texts->source = next(&at);
    for (int i = 0; *at != '\0'; i++) {
        struct catalogue_fix *fix = &texts->fixes[i];

        assert(i < CATALOGUE_FIXES_MAX);
        fix->changes = *at == CATALOGUE_CHANGES[0];
        at++;
        fix->where = next(&at);
        fix->command = next(&at);
    }
}

void catalogue_texts(enum verdict_id id, struct catalogue_texts *texts)
{
    split(strings_of(id), texts);
}

void catalogue_case_texts(enum catalogue_case which,
                          struct catalogue_texts *texts)
{
    split(which == CATALOGUE_CASE_IDLE_END ? catalogue_case_idle_end
                                           : catalogue_case_no_database,
          texts);
}
