/*
 * safe.c -- one pass over the text, a character or a token at a time.
 *
 * A refused signature is answered with the canonical request, and so with the
 * session token: that is why tokens are looked for here.
 */
#include "aws/safe.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "cli/utf8.h"

#define TOKEN_NAME "security-token"
#define TOKEN_STAR "(token)"

enum {
    NAME_SIZE = sizeof(TOKEN_NAME), /* with its ":" or "=", without a NUL */
};

struct line {
    char *out;
    size_t n, room; /* without the NUL */
    bool blank;     /* one is owed before the next character */
};

static bool put(struct line *line, const char *bytes, size_t n)
{
    size_t blank = line->blank && line->n > 0;

    if (n + blank > line->room - line->n) {
        line->room = line->n; /* cut here: nothing shorter follows */
        return false;
    }
    if (blank)
        line->out[line->n++] = ' ';
    memcpy(line->out + line->n, bytes, n);
    line->n += n;
    line->blank = false;
    return true;
}

/* How long is the token that `text` begins with?  0: with none. */
static size_t token_at(const char *text, const char *secret)
{
    size_t n = secret ? strlen(secret) : 0;

    return n > 0 && strncmp(text, secret, n) == 0 ? n : 0;
}

/* After the name and its ":" or "=": up to the end of the value. */
static size_t value_at(const char *text, size_t *skip)
{
    size_t n = sizeof(TOKEN_NAME) - 1;

    if (strncasecmp(text, TOKEN_NAME, n) != 0 ||
        (text[n] != ':' && text[n] != '='))
        return 0;
    *skip = n + 1;
    *skip += strspn(text + *skip, " ");
    return strcspn(text + *skip, " \t\r\n&;,'\"<>");
}

static bool is_control(uint32_t point)
{
    return point < ' ' || (point >= 0x7f && point < 0xa0) || point == 0x2028 ||
           point == 0x2029;
}

/* Put the character at `text`; returns its length. */
static size_t put_next(struct line *line, const char *text, size_t left)
{
    uint32_t point;
    size_t n = utf8_next(text, left, &point);

    if (n == 0) {
        (void)put(line, "?", 1);
        return 1;
    }
    if (is_control(point) || point == ' ')
        line->blank = true;
    else
        (void)put(line, text, n);
    return n;
}

void safe_line(char *out, size_t size, const char *text, const char *secret)
{
    struct line line = { .out = out, .room = size - 1 };
    size_t left = strlen(text), n, skip;

    while (left > 0) {
        skip = 0;
        n = token_at(text, secret);
        if (n == 0)
            n = value_at(text, &skip);
        if (n > 0) {
            (void)put(&line, text, skip < NAME_SIZE ? skip : NAME_SIZE);
            line.blank |= skip > NAME_SIZE;
            (void)put(&line, TOKEN_STAR, sizeof(TOKEN_STAR) - 1);
            n += skip;
        } else {
            n = put_next(&line, text, left);
        }
        text += n;
        left -= n;
    }
    out[line.n] = '\0';
}

static bool is_word(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || (c != '\0' && strchr("._:-", c));
}

void safe_word(char *out, size_t size, const char *text)
{
    size_t n = 0;

    while (n < size - 1 && is_word(text[n])) {
        out[n] = text[n];
        n++;
    }
    out[n] = '\0';
}
