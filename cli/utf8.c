/*
 * The lead byte says how many bytes belong together and the least code point
 * that needs so many; what is smaller is overlong and not UTF-8.
 */
#include "cli/utf8.h"

static const struct {
    size_t length;
    uint32_t least;
    unsigned char mask, lead;
} forms[] = {
    { 2, 0x80, 0xe0, 0xc0 },
    { 3, 0x800, 0xf0, 0xe0 },
    { 4, 0x10000, 0xf8, 0xf0 },
};

static int is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0U) == 0x80U;
}

/* Read `length` bytes; 0 when one of them does not belong. */
static size_t read_sequence(const char *bytes, size_t length, uint32_t least,
                            uint32_t *point)
{
    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(bytes[i]))
            return 0;
        *point = *point << 6U | ((unsigned char)bytes[i] & 0x3fU);
    }
    if (*point < least || *point > 0x10ffff)
        return 0;
    return *point >= 0xd800 && *point <= 0xdfff ? 0 : length;
}

size_t utf8_next(const char *bytes, size_t n, uint32_t *point)
{
    unsigned char lead = n ? (unsigned char)bytes[0] : 0xff;

    if (lead < 0x80) { /* nearly always */
        *point = lead;
        return 1;
    }
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if ((lead & forms[i].mask) != forms[i].lead)
            continue;
        *point = lead & (unsigned char)~forms[i].mask;
        return n < forms[i].length ? 0
                                   : read_sequence(bytes, forms[i].length,
                                                   forms[i].least, point);
    }
    return 0;
}

size_t utf8_cut(const char *bytes, size_t limit)
{
    while (limit > 0 && is_continuation(bytes[limit]))
        limit--;
    return limit;
}

size_t utf8_count(const char *bytes, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += !is_continuation(bytes[i]);
    return count;
}
