/*
 * bytes.c -- room that doubles; what is left behind is wiped, so never
 * realloc().
 */
#include "aws/bytes.h"

#include <openssl/crypto.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROOM_FIRST = 256,
};

static void wipe(char *text, size_t room)
{
    if (text)
        OPENSSL_cleanse(text, room);
    free(text);
}

/* Room for `more` bytes and a NUL. */
static bool make_room(struct bytes *bytes, size_t more)
{
    size_t room = bytes->room > 0 ? bytes->room : ROOM_FIRST;
    char *text;

    while (room - bytes->size <= more) {
        if (room > SIZE_MAX / 2)
            return false;
        room *= 2;
    }
    if (room == bytes->room)
        return true;
    text = malloc(room);
    if (!text)
        return false;
    if (bytes->size > 0)
        memcpy(text, bytes->text, bytes->size);
    wipe(bytes->text, bytes->room);
    bytes->text = text;
    bytes->room = room;
    return true;
}

void bytes_put(struct bytes *bytes, const char *text, size_t n)
{
    if (bytes->failed || !make_room(bytes, n)) {
        bytes->failed = true;
        return;
    }
    if (n > 0)
        memcpy(bytes->text + bytes->size, text, n);
    bytes->size += n;
    bytes->text[bytes->size] = '\0';
}

void bytes_text(struct bytes *bytes, const char *text)
{
    bytes_put(bytes, text, strlen(text));
}

static bool is_plain(char c, const char *safe)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~", c)) ||
           (c != '\0' && strchr(safe, c));
}

void bytes_encode(struct bytes *bytes, const char *text, size_t n,
                  const char *safe)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        char encoded[] = { '%', digits[c >> 4], digits[c & 15] };

        if (is_plain(text[i], safe))
            bytes_put(bytes, &text[i], 1);
        else
            bytes_put(bytes, encoded, sizeof(encoded));
    }
}

void bytes_free(struct bytes *bytes)
{
    wipe(bytes->text, bytes->room);
    *bytes = (struct bytes){ 0 };
}
