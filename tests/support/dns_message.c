/*
 * dns_message.c -- no compression: a test that wants it writes its bytes.
 */
#include "support/dns_message.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum {
    AT_QDCOUNT = 4,
    AT_ANCOUNT = 6,
};

unsigned dns_get(const unsigned char *bytes, size_t at)
{
    return (unsigned)bytes[at] << 8 | bytes[at + 1];
}

void dns_set(struct dns_message *message, size_t at, unsigned value)
{
    message->bytes[at] = (unsigned char)(value >> 8);
    message->bytes[at + 1] = (unsigned char)value;
}

void dns_bytes(struct dns_message *message, const void *bytes, size_t n)
{
    if (n > sizeof(message->bytes) - message->n)
        abort();
    memcpy(message->bytes + message->n, bytes, n);
    message->n += n;
}

void dns_u16(struct dns_message *message, unsigned value)
{
    unsigned char bytes[] = { (unsigned char)(value >> 8),
                              (unsigned char)value };

    dns_bytes(message, bytes, sizeof(bytes));
}

void dns_name(struct dns_message *message, const char *name)
{
    while (*name != '\0') {
        size_t n = strcspn(name, ".");
        unsigned char length = (unsigned char)n;

        dns_bytes(message, &length, 1);
        dns_bytes(message, name, n);
        name += n + (name[n] == '.');
    }
    dns_bytes(message, "", 1);
}

void dns_begin(struct dns_message *message, unsigned id, unsigned flags)
{
    message->n = 0;
    dns_u16(message, id);
    dns_u16(message, flags);
    for (int counts = 0; counts < 4; counts++)
        dns_u16(message, 0);
}

static void count(struct dns_message *message, size_t at)
{
    dns_set(message, at, dns_get(message->bytes, at) + 1);
}

void dns_question(struct dns_message *message, const char *name, unsigned type)
{
    dns_name(message, name);
    dns_u16(message, type);
    dns_u16(message, 1);
    count(message, AT_QDCOUNT);
}

static void data_add(struct dns_message *message,
                     const struct dns_record *record)
{
    unsigned char address[16];
    unsigned char length = (unsigned char)strlen(record->data);

    switch (record->type) {
    case DNS_A:
        if (inet_pton(AF_INET, record->data, address) != 1)
            abort();
        dns_bytes(message, address, 4);
        return;
    case DNS_AAAA:
        if (inet_pton(AF_INET6, record->data, address) != 1)
            abort();
        dns_bytes(message, address, 16);
        return;
    case DNS_CNAME:
    case DNS_NS: dns_name(message, record->data); return;
    default:
        dns_bytes(message, &length, 1);
        dns_bytes(message, record->data, length);
    }
}

void dns_answer(struct dns_message *message, const struct dns_record *record)
{
    size_t length;

    dns_name(message, record->name);
    dns_u16(message, record->type);
    dns_u16(message, 1);
    dns_u16(message, record->ttl >> 16);
    dns_u16(message, record->ttl & 0xffff);
    length = message->n;
    dns_u16(message, 0);
    data_add(message, record);
    dns_set(message, length, (unsigned)(message->n - length - 2));
    count(message, AT_ANCOUNT);
}
