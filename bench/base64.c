/*
 * base64.c -- three bytes are four letters.
 */
#include "bench/base64.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(const uint8_t *bytes, size_t n, char *letters)
{
    for (size_t i = 0; i < n; i += 3) {
        uint32_t group = (uint32_t)bytes[i] << 16;

        if (i + 1 < n)
            group |= (uint32_t)bytes[i + 1] << 8;
        if (i + 2 < n)
            group |= bytes[i + 2];
        *letters++ = alphabet[group >> 18];
        *letters++ = alphabet[group >> 12 & 63];
        *letters++ = '=';
        *letters++ = '=';
        if (i + 1 < n)
            letters[-2] = alphabet[group >> 6 & 63];
        if (i + 2 < n)
            letters[-1] = alphabet[group & 63];
    }
    *letters = '\0';
}

/* The number of a letter; 64 and more: it is none. */
static uint32_t letter_value(char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return (uint32_t)(letter - 'A');
    if (letter >= 'a' && letter <= 'z')
        return (uint32_t)(letter - 'a') + 26;
    if (letter >= '0' && letter <= '9')
        return (uint32_t)(letter - '0') + 52;
    return letter == '+' ? 62 : letter == '/' ? 63 : 64;
}

/* Four letters, the last `padding` of which are not there. */
static bool read_group(const char *letters, unsigned padding, uint32_t *group)
{
    *group = 0;
    for (unsigned i = 0; i < 4; i++) {
        uint32_t value = i < 4 - padding ? letter_value(letters[i]) : 0;
        if (value >= 64)
            return false;
        *group = *group << 6 | value;
    }
    return true;
}

bool base64_decode(const char *letters, size_t n, uint8_t *bytes,
                   size_t *nbytes)
{
    unsigned padding = 0;
    size_t written = 0;

    if (n % 4 != 0)
        return false;
    while (padding < 2 && padding < n && letters[n - 1 - padding] == '=')
        padding++;
    for (size_t i = 0; i < n; i += 4) {
        unsigned missing = i + 4 == n ? padding : 0;
        uint32_t group;

        if (!read_group(letters + i, missing, &group))
            return false;
        for (unsigned shift = 16; written < (i / 4 + 1) * 3 - missing;
             shift -= 8)
            bytes[written++] = (uint8_t)(group >> shift);
    }
    *nbytes = written;
    return true;
}
