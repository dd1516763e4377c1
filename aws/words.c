/*
 * One pass in place: what is written never overtakes what is read, since every
 * word is at most as long as its text, and a blank follows where its NUL goes.
 */
#include "aws/words.h"

#include <stdbool.h>
#include <string.h>

struct splitter {
    const char *from;
    char *to;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What stands between marks; false: the mark has no other end. */
static bool take_quoted(struct splitter *s)
{
    char mark = *s->from++;

    while (*s->from && *s->from != mark) {
        if (mark == '"' && s->from[0] == '\\' &&
            (s->from[1] == '"' || s->from[1] == '\\'))
            s->from++;
        *s->to++ = *s->from++;
    }
    if (!*s->from)
        return false;
    s->from++;
    return true;
}

static bool take_word(struct splitter *s)
{
    while (*s->from && !is_blank(*s->from)) {
        if (*s->from == '"' || *s->from == '\'') {
            if (!take_quoted(s))
                return false;
            continue;
        }
        if (*s->from == '\\' && !*++s->from)
            return false;
        *s->to++ = *s->from++;
    }
    return true;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): written through s.to */
int words_split(char *text, char **words, size_t max)
{
    struct splitter s = { .from = text, .to = text };
    size_t n = 0;

    for (;;) {
        while (is_blank(*s.from))
            s.from++;
        if (!*s.from)
            return (int)n;
        if (n == max)
            return WORDS_MANY;
        words[n++] = s.to;
        if (!take_word(&s))
            return WORDS_UNCLOSED;
        if (*s.from)
            s.from++;
        *s.to++ = '\0';
    }
}
