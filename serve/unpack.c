/*
 * unpack.c -- a packed result read: what report/ takes, or a part of it.
 *
 * Nobody but pack.c writes these bytes, so that they do not fit is a bug and
 * not an error.
 */
#include <assert.h>
#include <string.h>

#include "serve/pack.h"
#include "serve/pack_form.h"

enum {
    STATES = 4, /* enum stage_state, two bits each */
};

struct reader {
    const unsigned char *at, *end;
};

static unsigned get(struct reader *r)
{
    assert(r->at < r->end);
    return *r->at++;
}

static void get_bytes(struct reader *r, void *bytes, size_t n)
{
    assert((size_t)(r->end - r->at) >= n);
    memcpy(bytes, r->at, n);
    r->at += n;
}

static uint64_t get_number(struct reader *r)
{
    uint64_t value = 0;

    for (unsigned shift = 0;; shift += 7) {
        unsigned byte = get(r);

        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
}

static void get_text(struct reader *r, char *text)
{
    size_t n = get(r);

    get_bytes(r, text, n);
    text[n] = '\0';
}

static void get_verdict(struct reader *r, struct verdict *verdict)
{
    unsigned both;

    *verdict = (struct verdict){ .id = (enum verdict_id)get(r) };
    both = get(r);
    verdict->stage = (enum stage)(both >> 2);
    verdict->status = (enum check_status)(both & 3);
    verdict->cause = (enum cause)get(r);
}

static void get_stages(struct reader *r, struct evidence_address *address)
{
    unsigned states = get(r);

    states |= get(r) << 8;
    for (int i = STAGE_TCP; i < STAGE_COUNT; i++) {
        struct evidence_stage *stage = &address->stages[i];

        stage->state = (uint8_t)((states >> (2 * (i - 1))) % STATES);
        if (stage->state >= STAGE_PASSED)
            stage->took_us = (uint32_t)get_number(r);
    }
}

static void get_address(struct reader *r, uint16_t port,
                        struct evidence_address *address,
                        struct verdict *verdict)
{
    struct net_addr *addr = &address->addr;
    unsigned flags = get(r);

    *address = (struct evidence_address){ 0 };
    address->role = (uint8_t)(flags >> ADDRESS_ROLE);
    addr->sa.v4.sin_family = flags & ADDRESS_V6 ? AF_INET6 : AF_INET;
    addr->sa.v4.sin_port = htons(port);
    if (flags & ADDRESS_V6)
        get_bytes(r, &addr->sa.v6.sin6_addr, 16);
    else
        get_bytes(r, &addr->sa.v4.sin_addr, 4);
    if (flags & ADDRESS_PORT)
        get_bytes(r, &addr->sa.v4.sin_port, 2);
    if (flags & ADDRESS_SCOPE)
        get_bytes(r, &addr->sa.v6.sin6_scope_id, 4);
    get_verdict(r, verdict);
    get_stages(r, address);
}

static void get_words(struct reader *r, struct serve_words *words)
{
    get_text(r, words->id);
    get_text(r, words->summary);
    get_text(r, words->evidence);
    get_text(r, words->fix);
    get_text(r, words->where);
    words->changes = get(r) != 0;
}

static struct reader reader_of(const struct serve_packed *packed)
{
    return (struct reader){ packed->bytes, packed->bytes + packed->size };
}

enum check_status serve_packed_status(const struct serve_packed *packed)
{
    return (enum check_status)(packed->bytes[1] & 3);
}

enum verdict_id serve_packed_id(const struct serve_packed *packed)
{
    return (enum verdict_id)packed->bytes[0];
}

int64_t serve_packed_time_ms(const struct serve_packed *packed)
{
    return packed->time_ms;
}

static unsigned get_item(struct reader *r, struct serve_unpacked *to,
                         struct outcome *outcome)
{
    struct evidence_target *evidence = &to->evidence;
    unsigned flags;

    get_verdict(r, &outcome->verdict);
    flags = get(r);
    evidence->literal = (flags & TARGET_LITERAL) != 0;
    evidence->end_ns = get_number(r) * 1000;
    evidence->dns.state = (uint8_t)get(r);
    evidence->dns.cause = (uint8_t)get(r);
    evidence->dns.took_us = (uint32_t)get_number(r);
    if (flags & TARGET_TTL) {
        to->answer.ttl_s = (int64_t)get_number(r);
        evidence->answer = &to->answer;
    }
    if (flags & TARGET_CERTIFICATE) {
        to->tls.chain_not_after = (int64_t)get_number(r);
        evidence->tls = true;
    }
    return flags;
}

static void get_addresses(struct reader *r, struct serve_unpacked *to)
{
    struct evidence_target *evidence = &to->evidence;
    unsigned n = get(r);

    for (unsigned i = 0; i < n; i++) {
        get_address(r, evidence->port, &to->addresses[i], &to->verdicts[i]);
        to->pointers[i] = &to->addresses[i];
    }
    if (n > 0 && evidence->tls)
        to->addresses[0].tls = &to->tls;
    evidence->naddresses = n;
    evidence->addresses = to->pointers;
}

void serve_unpack(const struct serve_packed *packed,
                  const struct probe_target *target, struct serve_unpacked *to)
{
    struct reader r = reader_of(packed);
    unsigned flags;

    to->words = (struct serve_words){ 0 };
    to->evidence =
        (struct evidence_target){ .host = target->host, .port = target->port };
    to->outcome = (struct outcome){ .addresses = to->verdicts };
    to->item = (struct report_item){ .target = target,
                                     .evidence = &to->evidence,
                                     .outcome = &to->outcome,
                                     .time_ms = packed->time_ms };
    flags = get_item(&r, to, &to->outcome);
    get_addresses(&r, to);
    to->outcome.lead = to->evidence.naddresses;
    for (unsigned i = 0; i < to->evidence.naddresses; i++)
        to->outcome.addresses_ok += to->verdicts[i].status <= CHECK_WARNING;
    if (flags & TARGET_WORDS)
        get_words(&r, &to->words);
}

/* Is `addr` among the addresses that were unpacked? */
static bool has_address(const struct serve_unpacked *in,
                        const struct net_addr *addr)
{
    for (unsigned i = 0; i < in->evidence.naddresses; i++) {
        if (net_addr_equal(&in->addresses[i].addr, addr))
            return true;
    }
    return false;
}

bool serve_same_addresses(const struct serve_unpacked *a,
                          const struct evidence_target *b)
{
    unsigned n = b->naddresses < NET_ADDRS_MAX ? b->naddresses : NET_ADDRS_MAX;

    for (unsigned i = 0; i < n; i++) {
        if (!has_address(a, &b->addresses[i]->addr))
            return false;
    }
    return a->evidence.naddresses == n;
}
