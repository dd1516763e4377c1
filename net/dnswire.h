/*
 * dnswire.h -- a name as DNS carries it (RFC 1035, 3.1): pure, no memory.
 */
#ifndef NET_DNSWIRE_H
#define NET_DNSWIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "net/answer.h"

enum {
    NET_WIRE_NAME_MAX = 254, /* without the root's octet */
    NET_WIRE_LABEL_MAX = 63,
};

/* Labels: an octet of length, then the label, in the case that it came in. */
struct net_wire_name {
    unsigned char bytes[NET_WIRE_NAME_MAX];
    size_t n;
};

/* Add a label of `n` <= 63 octets; false when it does not fit. */
bool net_wire_name_add(struct net_wire_name *name, const unsigned char *label,
                       size_t n);

/* The same name?  Letters of ASCII have two cases, others one (RFC 4343). */
bool net_wire_name_equal(const struct net_wire_name *a,
                         const struct net_wire_name *b);

/* Read "a.b.c", where a dot always parts labels; false when it is no name. */
bool net_wire_name_of_text(const char *text, struct net_wire_name *name);

/* Write it for people, with RFC 1035's escapes; cut where it does not fit. */
void net_wire_name_text(const struct net_wire_name *name,
                        char text[NET_NAME_MAX]);

#endif /* NET_DNSWIRE_H */
