/*
 * text.c -- every addition ends in put(), which knows the room that is left.
 *
 * A character of UTF-8 is put whole or not at all, so a cut text is still
 * text.
 */
#include "verdict/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    CHUNK_MAX = 512,
    US = 1000, /* nanoseconds */
    MS = 1000 * US,
    SECOND = 1000 * MS,
};

static const char dots[] = "...";

struct text text_in(char *bytes, size_t size)
{
    assert(size > sizeof(dots) - 1);
    bytes[0] = '\0';
    return (struct text){ .bytes = bytes, .size = size };
}

/* The beginning of the character that `at` is in. */
static size_t character_at(const char *bytes, size_t at)
{
    while (at > 0 && ((unsigned char)bytes[at] & 0xc0) == 0x80)
        at--;
    return at;
}

static void cut(struct text *text)
{
    size_t last = text->size - sizeof(dots);

    text->cut = true;
    if (text->length > last)
        text->length = character_at(text->bytes, last);
    memcpy(text->bytes + text->length, dots, sizeof(dots));
    text->length += sizeof(dots) - 1;
}

static void put(struct text *text, const char *bytes, size_t n)
{
    size_t room = text->size - 1 - text->length, wanted = n;

    if (text->cut)
        return;
    if (n > room)
        n = room;
    memcpy(text->bytes + text->length, bytes, n);
    text->length += n;
    text->bytes[text->length] = '\0';
    if (n < wanted)
        cut(text);
}

void text_add(struct text *text, const char *format, ...)
{
    char chunk[CHUNK_MAX];
    struct text whole = text_in(chunk, sizeof(chunk));
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(chunk, sizeof(chunk), format, args);
    va_end(args);
    if (n < 0)
        return;
    if ((size_t)n >= sizeof(chunk)) {
        whole.length = sizeof(chunk) - 1;
        cut(&whole);
        n = (int)whole.length;
    }
    put(text, chunk, (size_t)n);
}

/* How long the character is that `head` begins; 0: none begins so. */
static size_t utf8_head(unsigned char head)
{
    if (head >= 0xc2 && head < 0xe0)
        return 2;
    if (head >= 0xe0 && head < 0xf0)
        return 3;
    return head >= 0xf0 && head < 0xf5 ? 4 : 0;
}

/* The length of the character at `bytes` when it is UTF-8 that may be printed
 * (RFC 3629), else 0.  Not printed are the controls of U+0080 and the
 * directions and joiners of U+2000, which make a text look like another. */
static size_t utf8_length(const unsigned char *bytes, size_t n)
{
    size_t length = utf8_head(bytes[0]);

    if (length == 0 || length > n)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    }
    switch (bytes[0]) {
    case 0xc2:
    case 0xe0: return bytes[1] < 0xa0 ? 0 : length;
    case 0xe2: return bytes[1] <= 0x81 ? 0 : length;
    case 0xed: return bytes[1] >= 0xa0 ? 0 : length;
    case 0xf0: return bytes[1] < 0x90 ? 0 : length;
    case 0xf4: return bytes[1] >= 0x90 ? 0 : length;
    default: return length;
    }
}

static void text_escape(struct text *text, unsigned char c)
{
    char code[sizeof("\\x00")];

    switch (c) {
    case '\n': put(text, "\\n", 2); break;
    case '\r': put(text, "\\r", 2); break;
    case '\t': put(text, "\\t", 2); break;
    case '"': put(text, "\\\"", 2); break;
    case '\\': put(text, "\\\\", 2); break;
    default:
        (void)snprintf(code, sizeof(code), "\\x%02x", c);
        put(text, code, strlen(code));
    }
}

void text_escaped(struct text *text, const void *bytes, size_t n)
{
    const unsigned char *at = bytes, *end = at + n;

    while (at < end) {
        size_t length = utf8_length(at, (size_t)(end - at));

        if (*at >= ' ' && *at < 0x7f && *at != '"' && *at != '\\')
            length = 1;
        if (length > 0)
            put(text, (const char *)at, length);
        else
            text_escape(text, *at);
        at += length > 0 ? length : 1;
    }
}

/* `ns` in `unit`, with one decimal below a hundred when it says something. */
static void add_number(struct text *text, uint64_t ns, uint64_t unit,
                       const char *name)
{
    uint64_t tenths = (ns + unit / 20) / (unit / 10);

    if (tenths >= 1000 || tenths % 10 == 0)
        text_add(text, "%llu %s", (unsigned long long)((tenths + 5) / 10),
                 name);
    else
        text_add(text, "%llu.%llu %s", (unsigned long long)(tenths / 10),
                 (unsigned long long)(tenths % 10), name);
}

void text_duration(struct text *text, uint64_t ns)
{
    if (ns < MS)
        text_add(text, "%llu us", (unsigned long long)((ns + US / 2) / US));
    else if (ns < SECOND)
        add_number(text, ns, MS, "ms");
    else
        add_number(text, ns, SECOND, "s");
}

void text_count(struct text *text, unsigned n, const char *word)
{
    size_t length = strlen(word);
    bool hisses = length > 0 && word[length - 1] == 's';

    text_add(text, "%u %s%s", n, word, n == 1 ? "" : hisses ? "es" : "s");
}

/* The calendar by arithmetic: gmtime() may read the zone files.  Years begin
 * in March, so that the odd day of a leap year comes last. */
void text_date(struct text *text, int64_t seconds)
{
    enum { DAYS_TO_1970 = 719468, DAYS_400_YEARS = 146097 };
    int64_t days = seconds / 86400 - (seconds % 86400 < 0) + DAYS_TO_1970;
    int64_t era = days / DAYS_400_YEARS - (days % DAYS_400_YEARS < 0);
    int64_t day = days - era * DAYS_400_YEARS;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t of_year = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;

    day = of_year - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    year += era * 400 + (month <= 2);
    text_add(text, "%04lld-%02lld-%02lld", (long long)year, (long long)month,
             (long long)day);
}
