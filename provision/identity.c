/*
 * Names and tokens are made of hashes, so that any machine comes to the same
 * ones.  They guard against mistakes, not against attackers, and must never
 * fail: a hash of 64 bits by FNV-1a, whose bits are then mixed, will do.
 */
#include "provision/identity.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    LENGTH_MAX = IDENTITY_NAME_SIZE - 1,
    HASH_DIGITS = 8, /* at the end of a name */
};

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* AWS' own load balancers begin so. */
#define RESERVED "internal-"

static uint64_t mix_byte(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * UINT64_C(0x100000001b3);
}

/* Each part ends in a byte that is in none: "a", "bc" are not "ab", "c". */
static uint64_t hash_parts(uint64_t seed, const char *const *parts, size_t n)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ seed;

    for (size_t i = 0; i < n; i++) {
        for (const char *at = parts[i]; *at != '\0'; at++)
            hash = mix_byte(hash, (unsigned char)*at);
        hash = mix_byte(hash, 0xff);
    }
    /* the finalizer of SplitMix64 */
    hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
    return hash ^ (hash >> 31);
}

static void put_hex(uint64_t value, size_t digits, char *out)
{
    for (size_t i = digits; i-- > 0; value >>= 4)
        out[i] = "0123456789abcdef"[value & 15];
    out[digits] = '\0';
}

void identity_spec(const char *name, const char *account, const char *region,
                   char out[IDENTITY_SPEC_SIZE])
{
    const char *const parts[] = { name, account, region };

    put_hex(hash_parts(0, parts, 3), IDENTITY_SPEC_SIZE - 1, out);
}

/* May it stand as it is? */
static bool is_plain(const char *name)
{
    size_t n = strlen(name);

    return n > 0 && n <= LENGTH_MAX && strspn(name, LETTERS "-") == n &&
           name[0] != '-' && name[n - 1] != '-' && strstr(name, "--") == NULL &&
           strncmp(name, RESERVED, sizeof(RESERVED) - 1) != 0;
}

/* What can be read of the name, and a hash of all of it. */
static void shorten(const char *name, const char *suffix, char *out)
{
    const char *const parts[] = { name, suffix };
    char joined[2 * LENGTH_MAX + 2], text[LENGTH_MAX - HASH_DIGITS + 1];
    char *from = text;
    size_t n = 0;

    (void)snprintf(joined, sizeof(joined), "%.*s-%.*s", LENGTH_MAX, name,
                   LENGTH_MAX, suffix);
    for (const char *at = joined; *at != '\0' && n < sizeof(text) - 2; at++) {
        bool fits = strchr(LETTERS, *at) != NULL;

        if (fits || (n > 0 && text[n - 1] != '-'))
            text[n++] = (char)(fits ? *at : '-');
    }
    if (n > 0 && text[n - 1] != '-')
        text[n++] = '-';
    text[n] = '\0';
    while (strncmp(from, RESERVED, sizeof(RESERVED) - 1) == 0)
        from += sizeof(RESERVED) - 1;
    n = strlen(from);
    memcpy(out, from, n);
    put_hex(hash_parts(1, parts, 2), HASH_DIGITS, out + n);
}

/* With a suffix there is always a hash: else the path "orders-6380" and a part
 * of the path "orders" could have one name. */
void identity_name(const char *name, const char *suffix,
                   char out[IDENTITY_NAME_SIZE])
{
    if (*suffix == '\0' && is_plain(name))
        (void)snprintf(out, IDENTITY_NAME_SIZE, "%s", name);
    else
        shorten(name, suffix, out);
}

void identity_token(const char *name, const char *kind, const char *parent,
                    unsigned salt, char out[IDENTITY_TOKEN_SIZE])
{
    static const char prefix[] = "linkprobe-";
    char generation[16];
    const char *const parts[] = { name, kind, parent, generation };
    size_t n = sizeof(prefix) - 1;

    (void)snprintf(generation, sizeof(generation), "%u", salt);
    memcpy(out, prefix, n);
    put_hex(hash_parts(2, parts, 4), 16, out + n);
    put_hex(hash_parts(3, parts, 4), 16, out + n + 16);
}
