/*
 * pack.c -- a result as bytes, in the form that pack_form.h draws.
 */
#include "serve/pack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "report/format.h"
#include "serve/pack_form.h"

enum {
    HEAD_BYTES = 8, /* of the target's verdict and its flags */
    /* what one address takes at most: flags, IPv6, port, scope, verdict,
     * states, eight durations */
    ADDRESS_BYTES = 1 + 16 + 2 + 4 + 4 + 2 + 8 * 5,
    NUMBER_BYTES = 10,
    WORDS_BYTES = (int)sizeof(struct serve_words) + 8,
    BYTES_MAX = HEAD_BYTES + 4 * NUMBER_BYTES + WORDS_BYTES +
                NET_ADDRS_MAX * ADDRESS_BYTES,
};

/* Bytes being written. */
struct writer {
    unsigned char *at;
};

static void put(struct writer *w, unsigned value)
{
    *w->at++ = (unsigned char)value;
}

static void put_bytes(struct writer *w, const void *bytes, size_t n)
{
    memcpy(w->at, bytes, n);
    w->at += n;
}

static void put_number(struct writer *w, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        put(w, (unsigned)(value & 0x7f) | 0x80);
    put(w, (unsigned)value);
}

static void put_text(struct writer *w, const char *text)
{
    size_t n = strlen(text);

    put(w, (unsigned)n);
    put_bytes(w, text, n);
}

static void put_verdict(struct writer *w, const struct verdict *verdict)
{
    put(w, verdict->id);
    put(w, (unsigned)verdict->stage << 2 | verdict->status);
    put(w, verdict->cause);
}

static void put_stages(struct writer *w, const struct evidence_address *address)
{
    unsigned states = 0;

    for (int i = STAGE_TCP; i < STAGE_COUNT; i++)
        states |= (unsigned)address->stages[i].state << (2 * (i - 1));
    put(w, states & 0xff);
    put(w, states >> 8);
    for (int i = STAGE_TCP; i < STAGE_COUNT; i++) {
        if (address->stages[i].state >= STAGE_PASSED)
            put_number(w, address->stages[i].took_us);
    }
}

static void put_address(struct writer *w, const struct report_item *item,
                        unsigned i)
{
    const struct evidence_address *address = item->evidence->addresses[i];
    const struct net_addr *addr = &address->addr;
    bool v6 = addr->sa.any.sa_family == AF_INET6;
    bool other_port = net_addr_port(addr) != item->evidence->port;
    bool scope = v6 && addr->sa.v6.sin6_scope_id != 0;

    put(w, (v6 ? ADDRESS_V6 : 0U) | (other_port ? ADDRESS_PORT : 0U) |
               (scope ? ADDRESS_SCOPE : 0U) |
               (unsigned)address->role << ADDRESS_ROLE);
    if (v6)
        put_bytes(w, &addr->sa.v6.sin6_addr, 16);
    else
        put_bytes(w, &addr->sa.v4.sin_addr, 4);
    if (other_port)
        put_bytes(w, &addr->sa.v4.sin_port, 2);
    if (scope)
        put_bytes(w, &addr->sa.v6.sin6_scope_id, 4);
    put_verdict(w, &item->outcome->addresses[i]);
    put_stages(w, address);
}

/* When the first certificate of all addresses ends; 0: none was seen. */
static int64_t first_end(const struct evidence_target *evidence)
{
    int64_t first = 0;

    for (unsigned i = 0; evidence->tls && i < evidence->naddresses; i++) {
        const struct net_tls_info *tls = evidence->addresses[i]->tls;

        if (tls && tls->chain_not_after > 0 &&
            (first == 0 || tls->chain_not_after < first))
            first = tls->chain_not_after;
    }
    return first;
}

static unsigned naddresses(const struct report_item *item)
{
    unsigned n = item->evidence->naddresses;

    return n < NET_ADDRS_MAX ? n : NET_ADDRS_MAX;
}

static void put_words(struct writer *w, const struct serve_words *words)
{
    put_text(w, words->id);
    put_text(w, words->summary);
    put_text(w, words->evidence);
    put_text(w, words->fix);
    put_text(w, words->where);
    put(w, words->changes);
}

static unsigned flags_of(const struct report_item *item,
                         const struct serve_words *words)
{
    const struct evidence_target *evidence = item->evidence;
    unsigned flags = 0;

    if (evidence->literal)
        flags |= TARGET_LITERAL;
    if (evidence->answer && evidence->answer->ttl_s >= 0)
        flags |= TARGET_TTL;
    if (first_end(evidence) > 0)
        flags |= TARGET_CERTIFICATE;
    if (words->summary[0] != '\0')
        flags |= TARGET_WORDS;
    return flags;
}

static void put_item(struct writer *w, const struct report_item *item,
                     const struct serve_words *words)
{
    const struct evidence_target *evidence = item->evidence;
    unsigned flags = flags_of(item, words), n = naddresses(item);

    put_verdict(w, &item->outcome->verdict);
    put(w, flags);
    put_number(w, report_total_ns(item) / 1000);
    put(w, evidence->dns.state);
    put(w, evidence->dns.cause);
    put_number(w, evidence->dns.took_us);
    if (flags & TARGET_TTL)
        put_number(w, (uint64_t)evidence->answer->ttl_s);
    if (flags & TARGET_CERTIFICATE)
        put_number(w, (uint64_t)first_end(evidence));
    put(w, n);
    for (unsigned i = 0; i < n; i++)
        put_address(w, item, i);
    if (flags & TARGET_WORDS)
        put_words(w, words);
}

/* Written elsewhere first: ten thousand blocks that were made larger and cut
 * would leave as many holes. */
struct serve_packed *serve_pack(const struct report_item *item,
                                const struct serve_words *words)
{
    unsigned char bytes[BYTES_MAX];
    struct writer w = { .at = bytes };
    struct serve_packed *packed;
    size_t size;

    put_item(&w, item, words);
    size = (size_t)(w.at - bytes);
    assert(size <= sizeof(bytes));
    packed = malloc(sizeof(*packed) + size);
    if (!packed)
        return NULL;
    packed->time_ms = item->time_ms;
    packed->size = (uint32_t)size;
    memcpy(packed->bytes, bytes, size);
    return packed;
}

size_t serve_packed_size(const struct serve_packed *packed)
{
    return sizeof(*packed) + packed->size;
}
