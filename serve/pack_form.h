/*
 * pack_form.h -- the form of a packed result; pack.c writes it, unpack.c reads
 * it, and nobody else.
 *
 *     id stage status cause flags | duration | dns [ttl] [certificate]
 *     | addresses: n, each: flags bytes [port] [scope] verdict stages
 *     | [words]
 *
 * Numbers are LEB128: seven bits a byte, the low ones first.
 */
#ifndef SERVE_PACK_FORM_H
#define SERVE_PACK_FORM_H

#include <stdint.h>

enum target_flag {
    TARGET_LITERAL = 1 << 0,
    TARGET_TTL = 1 << 1,
    TARGET_CERTIFICATE = 1 << 2,
    TARGET_WORDS = 1 << 3,
};

enum address_flag {
    ADDRESS_V6 = 1 << 0,
    ADDRESS_PORT = 1 << 1,  /* not the target's */
    ADDRESS_SCOPE = 1 << 2, /* of IPv6 */
    ADDRESS_ROLE = 4,       /* shift: enum server_role in two bits */
};

struct serve_packed {
    int64_t time_ms;
    uint32_t size; /* of `bytes` */
    unsigned char bytes[];
};

#endif /* SERVE_PACK_FORM_H */
