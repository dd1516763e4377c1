/*
 * url_piece.c -- pieces of a target, and what to say when one is wrong.
 */
#include "net/url_piece.h"

#include <stdio.h>
#include <string.h>

enum {
    SHOWN_MAX = 40, /* characters of what was found */
};

struct url_piece url_piece(const char *at, const char *end)
{
    return (struct url_piece){ at, (size_t)(end - at) };
}

bool url_consists_of(struct url_piece piece, const char *bytes)
{
    for (size_t i = 0; i < piece.n; i++)
        if (piece.at[i] == '\0' || !strchr(bytes, piece.at[i]))
            return false;
    return true;
}

/* Printable ASCII as it is, the rest as \xNN, and no more than fits. */
static void show(struct url_piece piece, char shown[SHOWN_MAX + sizeof("...")])
{
    size_t used = 0;
    unsigned char byte;
    bool plain;

    for (size_t i = 0; i < piece.n; i++) {
        byte = (unsigned char)piece.at[i];
        plain = byte > ' ' && byte < 0x7f && byte != '"' && byte != '\\';
        if (used + (plain ? 1 : 4) > SHOWN_MAX) {
            memcpy(shown + used, "...", sizeof("..."));
            return;
        }
        if (plain)
            shown[used++] = (char)byte;
        else
            used += (size_t)snprintf(shown + used, 5, "\\x%02x", byte);
    }
    shown[used] = '\0';
}

/* Complain of `piece`: NAME "FOUND" EXPECTED.  Returns false. */
bool url_complain(const struct url_complaint *complaint, const char *name,
                  struct url_piece piece, const char *expected)
{
    char shown[SHOWN_MAX + sizeof("...")];

    show(piece, shown);
    (void)snprintf(complaint->text, complaint->size, "%s \"%s\" %s", name,
                   shown, expected);
    return false;
}

/* Complain without showing anything.  Returns false. */
bool url_complain_text(const struct url_complaint *complaint, const char *text)
{
    (void)snprintf(complaint->text, complaint->size, "%s", text);
    return false;
}
