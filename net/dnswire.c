/*
 * dnswire.c -- names of the wire: compare, read from text, write for people.
 */
#include "net/dnswire.h"

#include <string.h>

bool net_wire_name_add(struct net_wire_name *name, const unsigned char *label,
                       size_t n)
{
    if (name->n + 1 + n > sizeof(name->bytes))
        return false;
    name->bytes[name->n] = (unsigned char)n;
    memcpy(name->bytes + name->n + 1, label, n);
    name->n += 1 + n;
    return true;
}

/* Only letters of ASCII have two cases in DNS (RFC 4343); octets of length are
 * below them all. */
static unsigned char folded(unsigned char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte + 32) : byte;
}

bool net_wire_name_equal(const struct net_wire_name *a,
                         const struct net_wire_name *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (folded(a->bytes[i]) != folded(b->bytes[i]))
            return false;
    return true;
}

bool net_wire_name_of_text(const char *text, struct net_wire_name *name)
{
    name->n = 0;
    while (*text != '\0') {
        size_t n = strcspn(text, ".");

        if (n == 0 || n > NET_WIRE_LABEL_MAX ||
            !net_wire_name_add(name, (const unsigned char *)text, n))
            return false;
        text += n;
        if (*text == '.')
            text++;
    }
    return name->n > 0;
}

/* One octet of a label as RFC 1035, 5.1 writes it; returns its length. */
static size_t octet_text(unsigned char octet, char text[4])
{
    bool plain = octet > ' ' && octet < 0x7f;

    text[0] = '\\';
    if (plain && (octet == '.' || octet == '\\')) {
        text[1] = (char)octet;
        return 2;
    }
    if (plain) {
        text[0] = (char)octet;
        return 1;
    }
    text[1] = (char)('0' + octet / 100);
    text[2] = (char)('0' + octet / 10 % 10);
    text[3] = (char)('0' + octet % 10);
    return 4;
}

void net_wire_name_text(const struct net_wire_name *name,
                        char text[NET_NAME_MAX])
{
    char piece[4] = ".";
    size_t n = 0, left = 0;

    for (size_t i = 0; i < name->n; i++) {
        size_t size = i > 0; /* a dot, but none in front */

        if (left > 0)
            size = octet_text(name->bytes[i], piece);
        else
            piece[0] = '.';
        left = left > 0 ? left - 1 : name->bytes[i];
        if (n + size >= NET_NAME_MAX)
            break;
        memcpy(text + n, piece, size);
        n += size;
    }
    if (name->n == 0)
        text[n++] = '.';
    text[n] = '\0';
}
