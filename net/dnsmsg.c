/*
 * dnsmsg.c -- the life of a reading:
 *
 *     header > questions skipped > every answer record checked once
 *            > the chain followed > the addresses at its end
 *
 * What is not sound from the first to the last answer record is not used at
 * all; authority and additional records are not looked at.  A name is kept as
 * the bytes of the wire, decompressed: at most 255, so that nothing here
 * grows.  A compression pointer must point backwards and there is a limit to
 * how many one name may have, so every reading ends.
 */
#include "net/dnsmsg.h"

#include <string.h>

#include "net/dnswire.h"

enum {
    HEADER_SIZE = 12,
    JUMPS_MAX = 127,
    HOPS_MAX = 2 * NET_CNAMES_MAX,
    CLASS_IN = 1,
    TYPE_CNAME = 5,
    TYPE_OPT = 41,
};

struct record {
    struct net_wire_name owner;
    unsigned type, class;
    int64_t ttl_s;
    size_t data; /* offset in the message */
    size_t ndata;
};

struct reader {
    const unsigned char *bytes;
    size_t n;
    size_t answers;    /* offset of the first answer record */
    unsigned nanswers; /* as the header says */
    unsigned ncnames;
    unsigned rcode;
    struct net_wire_name name; /* the name that the chain has come to */
    unsigned hops;
    unsigned found; /* addresses, also those known before */
    unsigned type;
    uint16_t port;
    struct net_answer *answer;
};

static unsigned u16_at(const struct reader *r, size_t at)
{
    return (unsigned)r->bytes[at] << 8 | r->bytes[at + 1];
}

/* Where the pointer at `at` leads: before `limit`, or 0 (the header, where no
 * name is). */
static size_t pointer_target(const struct reader *r, size_t at, size_t limit)
{
    size_t target;

    if (r->n - at < 2)
        return 0;
    target = u16_at(r, at) & 0x3fff;
    return target < limit ? target : 0;
}

/*
 * Read the name at `*at` and step behind it.  `limit` falls with each pointer,
 * so that none is followed twice.
 */
static bool name_read(const struct reader *r, size_t *at,
                      struct net_wire_name *name)
{
    size_t here = *at, limit = *at;
    unsigned jumps = 0;

    name->n = 0;
    while (here < r->n && r->bytes[here] != 0) {
        unsigned length = r->bytes[here];

        if (length > NET_WIRE_LABEL_MAX) {
            if (length < 0xc0 || ++jumps > JUMPS_MAX)
                return false;
            if (jumps == 1)
                *at = here + 2;
            here = pointer_target(r, here, limit);
            limit = here;
            if (here < HEADER_SIZE)
                return false;
            continue;
        }
        if (r->n - here <= length ||
            !net_wire_name_add(name, r->bytes + here + 1, length))
            return false;
        here += 1 + length;
    }
    if (jumps == 0)
        *at = here + 1;
    return here < r->n;
}

/* The record at `*at`, of which no byte lies outside; and step behind it. */
static bool record_read(const struct reader *r, size_t *at,
                        struct record *record)
{
    uint32_t ttl;

    if (!name_read(r, at, &record->owner) || *at > r->n || r->n - *at < 10)
        return false;
    record->type = u16_at(r, *at);
    record->class = u16_at(r, *at + 2);
    ttl = (uint32_t)u16_at(r, *at + 4) << 16 | u16_at(r, *at + 6);
    record->ttl_s = ttl > INT32_MAX ? 0 : ttl; /* RFC 2181, 8 */
    record->ndata = u16_at(r, *at + 8);
    record->data = *at + 10;
    *at = record->data + record->ndata;
    return *at <= r->n;
}

static bool record_is(const struct record *record, unsigned type)
{
    return record->class == CLASS_IN && record->type == type;
}

/* Is the data of `record` what its type says? */
static bool data_sound(const struct reader *r, const struct record *record)
{
    size_t at = record->data;
    struct net_wire_name target;

    if (record_is(record, DNSMSG_A))
        return record->ndata == sizeof(struct in_addr);
    if (record_is(record, DNSMSG_AAAA))
        return record->ndata == sizeof(struct in6_addr);
    if (record_is(record, TYPE_CNAME))
        return name_read(r, &at, &target) && at == record->data + record->ndata;
    return true;
}

static bool header_read(struct reader *r)
{
    if (r->n < HEADER_SIZE)
        return false;
    if ((r->bytes[2] & 0xf8) != 0x80) /* a response to a plain query */
        return false;
    r->rcode = r->bytes[3] & 0x0f;
    r->answer->rcode = (int)r->rcode;
    r->nanswers = u16_at(r, 6);
    return true;
}

/* Skip the questions, check the answers. */
static bool records_check(struct reader *r)
{
    struct record record;
    size_t at = HEADER_SIZE;

    for (unsigned i = u16_at(r, 4); i > 0; i--) {
        if (!name_read(r, &at, &record.owner) || at + 4 > r->n)
            return false;
        at += 4;
    }
    r->answers = at;
    for (unsigned i = 0; i < r->nanswers; i++) {
        if (!record_read(r, &at, &record) || !data_sound(r, &record))
            return false;
        r->ncnames += record_is(&record, TYPE_CNAME);
    }
    return true;
}

/* The next record of `type` that the name has, from the `*i`th at `*at` on. */
static bool record_find(const struct reader *r, unsigned type, unsigned *i,
                        size_t *at, struct record *record)
{
    for (; *i < r->nanswers; (*i)++) {
        if (!record_read(r, at, record))
            return false;
        if (record_is(record, type) &&
            net_wire_name_equal(&record->owner, &r->name)) {
            (*i)++;
            return true;
        }
    }
    return false;
}

static bool link_known(const struct net_answer *answer,
                       const struct net_cname *link)
{
    for (unsigned i = 0; i < answer->ncnames; i++)
        if (strcmp(answer->cnames[i].name, link->name) == 0 &&
            strcmp(answer->cnames[i].target, link->target) == 0)
            return true;
    return false;
}

static void link_add(struct reader *r, const struct record *record,
                     const struct net_wire_name *target)
{
    struct net_answer *answer = r->answer;
    struct net_cname link = { .ttl_s = record->ttl_s };

    net_wire_name_text(&record->owner, link.name);
    net_wire_name_text(target, link.target);
    net_answer_ttl(answer, link.ttl_s);
    if (link_known(answer, &link))
        return;
    if (answer->ncnames == NET_CNAMES_MAX)
        answer->truncated = true;
    else
        answer->cnames[answer->ncnames++] = link;
}

/* One link further; false at the end of the chain. */
static bool chain_step(struct reader *r)
{
    struct record record;
    struct net_wire_name target;
    unsigned i = 0;
    size_t at = r->answers;

    if (!record_find(r, TYPE_CNAME, &i, &at, &record))
        return false;
    at = record.data;
    if (!name_read(r, &at, &target))
        return false;
    link_add(r, &record, &target);
    r->name = target;
    return true;
}

/* A chain has no more links than there are CNAMEs: so a loop ends too. */
static void chain_follow(struct reader *r)
{
    while (r->hops < r->ncnames && chain_step(r)) {
        r->hops++;
        if (r->hops == HOPS_MAX) {
            r->answer->truncated = true;
            return;
        }
    }
}

static struct net_addr address_of(const struct reader *r,
                                  const struct record *record)
{
    struct net_addr addr;

    memset(&addr, 0, sizeof(addr));
    if (record->type == DNSMSG_A) {
        addr.sa.v4.sin_family = AF_INET;
        addr.sa.v4.sin_port = htons(r->port);
        memcpy(&addr.sa.v4.sin_addr, r->bytes + record->data, record->ndata);
    } else {
        addr.sa.v6.sin6_family = AF_INET6;
        addr.sa.v6.sin6_port = htons(r->port);
        memcpy(&addr.sa.v6.sin6_addr, r->bytes + record->data, record->ndata);
    }
    return addr;
}

static void addresses_collect(struct reader *r)
{
    struct record record;
    unsigned i = 0;
    size_t at = r->answers;

    while (record_find(r, r->type, &i, &at, &record)) {
        struct net_addr addr = address_of(r, &record);

        net_answer_add(r->answer, &addr, record.ttl_s);
        r->found++;
    }
}

static enum net_status status_of(const struct reader *r)
{
    switch (r->rcode) {
    case DNSMSG_NOERROR: return r->found > 0 ? NET_OK : NET_NODATA;
    case DNSMSG_NXDOMAIN: return NET_NXDOMAIN;
    case DNSMSG_SERVFAIL: return NET_SERVFAIL;
    case DNSMSG_REFUSED: return NET_REFUSED;
    default: return NET_BADANSWER;
    }
}

enum net_status net_dnsmsg_read(const unsigned char *bytes, size_t n,
                                const char *name, unsigned type, uint16_t port,
                                struct net_answer *answer)
{
    struct reader r = {
        .bytes = bytes, .n = n, .type = type, .port = port, .answer = answer
    };

    if (!header_read(&r) || !records_check(&r) ||
        !net_wire_name_of_text(name, &r.name))
        return NET_BADANSWER;
    chain_follow(&r);
    if (r.rcode == DNSMSG_NOERROR)
        addresses_collect(&r);
    if (r.found == 0 && r.nanswers > r.hops)
        answer->other_records = true;
    return status_of(&r);
}

static unsigned char *u16_put(unsigned char *to, unsigned value)
{
    to[0] = (unsigned char)(value >> 8);
    to[1] = (unsigned char)value;
    return to + 2;
}

size_t net_dnsmsg_query(unsigned char bytes[DNSMSG_QUERY_MAX], const char *name,
                        unsigned type, uint16_t id, unsigned udp_size)
{
    static const unsigned char head[HEADER_SIZE] = {
        [2] = 0x01, /* recursion desired */
        [5] = 1,    /* one question */
    };
    struct net_wire_name wire;
    unsigned char *to = bytes + HEADER_SIZE;

    memcpy(bytes, head, sizeof(head));
    u16_put(bytes, id);
    (void)net_wire_name_of_text(name, &wire);
    memcpy(to, wire.bytes, wire.n);
    to += wire.n;
    *to++ = 0;
    to = u16_put(to, type);
    to = u16_put(to, CLASS_IN);
    if (udp_size == 0)
        return (size_t)(to - bytes);
    bytes[11] = 1; /* one additional record: OPT of the root, no flags */
    *to++ = 0;
    to = u16_put(to, TYPE_OPT);
    to = u16_put(to, udp_size);
    memset(to, 0, 6);
    return (size_t)(to + 6 - bytes);
}

bool net_dnsmsg_truncated(const unsigned char *bytes, size_t n)
{
    return n >= HEADER_SIZE && (bytes[2] & 0x02) != 0;
}
