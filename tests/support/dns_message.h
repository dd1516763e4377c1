/*
 * dns_message.h -- DNS messages made by hand, sound or not.
 */
#ifndef TESTS_DNS_MESSAGE_H
#define TESTS_DNS_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

enum {
    DNS_MESSAGE_MAX = 65535,
    DNS_A = 1,
    DNS_NS = 2,
    DNS_CNAME = 5,
    DNS_TXT = 16,
    DNS_AAAA = 28,
    DNS_OPT = 41,

    DNS_RESPONSE = 0x8180, /* QR, RD, RA */
    DNS_TC = 0x0200,
};

/* `data` is an address, a name, or text, as `type` has it. */
struct dns_record {
    const char *name;
    unsigned type;
    uint32_t ttl;
    const char *data;
};

struct dns_message {
    unsigned char bytes[DNS_MESSAGE_MAX];
    size_t n;
};

/* A header; `flags` with the rcode. */
void dns_begin(struct dns_message *message, unsigned id, unsigned flags);

/* Add to it; each counts itself in the header.  Too much fails the test. */
void dns_question(struct dns_message *message, const char *name, unsigned type);
void dns_answer(struct dns_message *message, const struct dns_record *record);

/* The pieces: what the header does not count. */
void dns_name(struct dns_message *message, const char *name);
void dns_u16(struct dns_message *message, unsigned value);
void dns_bytes(struct dns_message *message, const void *bytes, size_t n);

/* Read and write the 16 bits at `at`. */
unsigned dns_get(const unsigned char *bytes, size_t at);
void dns_set(struct dns_message *message, size_t at, unsigned value);

#endif /* TESTS_DNS_MESSAGE_H */
