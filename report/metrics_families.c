/*
 * Each family of one target: its lines, out of evidence and outcome.
 */
#include <string.h>

#include "report/format.h"
#include "report/metrics.h"

/* Where the lines of one family go. */
struct page {
    struct report_buffer *out;
    const char *name;
    bool target_labels;
};

typedef void (*family_cb)(const struct page *page,
                          const struct report_item *item);

static struct metrics_line begin(const struct page *page,
                                 const struct report_item *item)
{
    return metrics_begin(page->out, page->name,
                         page->target_labels ? item->target : NULL);
}

/* A line that has a number and no labels of its own. */
static void number(const struct page *page, const struct report_item *item,
                   int64_t value)
{
    struct metrics_line line = begin(page, item);

    metrics_end_number(&line, value);
}

static void seconds(const struct page *page, const struct report_item *item,
                    uint64_t ns)
{
    struct metrics_line line = begin(page, item);

    metrics_end_seconds(&line, ns);
}

static bool passes(enum check_status status)
{
    return status == CHECK_OK || status == CHECK_WARNING;
}

static size_t address_bytes(const struct net_addr *addr,
                            const unsigned char **bytes)
{
    bool v6 = addr->sa.any.sa_family == AF_INET6;

    *bytes = v6 ? (const unsigned char *)&addr->sa.v6.sin6_addr
                : (const unsigned char *)&addr->sa.v4.sin_addr;
    return v6 ? sizeof(addr->sa.v6.sin6_addr) : sizeof(addr->sa.v4.sin_addr);
}

/* IPv4 before IPv6, then by their bytes. */
static bool comes_before(const struct evidence_address *a,
                         const struct evidence_address *b)
{
    const unsigned char *bytes[2];
    size_t n = address_bytes(&a->addr, &bytes[0]);
    size_t m = address_bytes(&b->addr, &bytes[1]);

    return n != m ? n < m : memcmp(bytes[0], bytes[1], n) < 0;
}

static uint32_t hash_of(const struct evidence_target *target)
{
    const struct evidence_address *sorted[NET_ADDRS_MAX];
    uint32_t hash = 2166136261U; /* FNV-1a, offset basis */
    unsigned n = 0;

    for (; n < target->naddresses && n < NET_ADDRS_MAX; n++) {
        unsigned i = n;

        for (; i && comes_before(target->addresses[n], sorted[i - 1]); i--)
            sorted[i] = sorted[i - 1];
        sorted[i] = target->addresses[n];
    }
    for (unsigned i = 0; i < n; i++) {
        const unsigned char *bytes = NULL;
        size_t length = address_bytes(&sorted[i]->addr, &bytes);

        for (size_t j = 0; j < length; j++)
            hash = (hash ^ bytes[j]) * 16777619U;
    }
    return hash;
}

static void add_success(const struct page *page, const struct report_item *item)
{
    number(page, item, passes(item->outcome->verdict.status));
}

static void add_duration(const struct page *page,
                         const struct report_item *item)
{
    seconds(page, item, report_total_ns(item));
}

static void add_dns(const struct page *page, const struct report_item *item)
{
    const struct evidence_target *evidence = item->evidence;

    seconds(page, item,
            evidence->literal ? 0 : evidence_stage_ns(&evidence->dns));
}

static void add_protocol(const struct page *page,
                         const struct report_item *item)
{
    const struct evidence_target *evidence = item->evidence;
    int protocol = 0;

    if (evidence->naddresses) {
        int family = evidence->addresses[0]->addr.sa.any.sa_family;

        protocol = family == AF_INET6 ? 6 : 4;
    }
    number(page, item, protocol);
}

static void add_hash(const struct page *page, const struct report_item *item)
{
    if (item->evidence->naddresses)
        number(page, item, hash_of(item->evidence));
}

static void add_certificate(const struct page *page,
                            const struct report_item *item)
{
    const struct evidence_target *evidence = item->evidence;
    int64_t first = 0;

    for (unsigned i = 0; evidence->tls && i < evidence->naddresses; i++) {
        const struct net_tls_info *tls = evidence->addresses[i]->tls;

        if (tls && tls->chain_not_after &&
            (!first || tls->chain_not_after < first))
            first = tls->chain_not_after;
    }
    if (first)
        number(page, item, first);
}

static void add_ttl(const struct page *page, const struct report_item *item)
{
    const struct net_answer *answer = item->evidence->answer;

    if (answer && answer->ttl_s != NET_TTL_NONE)
        number(page, item, answer->ttl_s);
}

static void add_addresses(const struct page *page,
                          const struct report_item *item)
{
    number(page, item, item->evidence->naddresses);
}

static void add_verdict(const struct page *page, const struct report_item *item)
{
    const struct verdict *verdict = &item->outcome->verdict;
    const struct catalogue_entry *entry = catalogue_entry(verdict->id);
    struct metrics_line line = begin(page, item);
    const char *hop = hop_token(entry->hop);
    bool staged = verdict->stage < STAGE_COUNT;

    metrics_label(&line, "id", entry->token);
    metrics_label(&line, "stage", staged ? stage_token(verdict->stage) : "");
    metrics_label(&line, "cause",
                  verdict->cause == CAUSE_OK ? ""
                                             : cause_token(verdict->cause));
    metrics_label(&line, "hop", hop ? hop : "");
    metrics_end_number(&line, 1);
}

/* The address as JSON has it; with its port where that is another one. */
static const char *name_of(const struct report_item *item,
                           const struct evidence_address *address,
                           char text[NET_ADDR_TEXT_MAX])
{
    return net_addr_port(&address->addr) == item->target->port
               ? net_addr_host(&address->addr, text)
               : net_addr_text(&address->addr, text);
}

/* The same address twice would be the same series twice. */
static bool is_repeated(const struct evidence_target *target, unsigned i)
{
    for (unsigned j = 0; j < i; j++)
        if (net_addr_equal(&target->addresses[i]->addr,
                           &target->addresses[j]->addr))
            return true;
    return false;
}

static void add_address(const struct page *page, const struct report_item *item)
{
    char text[NET_ADDR_TEXT_MAX];

    for (unsigned i = 0; i < item->evidence->naddresses; i++) {
        struct metrics_line line;

        if (is_repeated(item->evidence, i))
            continue;
        line = begin(page, item);
        metrics_label(&line, "address",
                      name_of(item, item->evidence->addresses[i], text));
        metrics_end_number(&line, passes(item->outcome->addresses[i].status));
    }
}

static void add_stages(const struct page *page, const struct report_item *item,
                       unsigned i)
{
    const struct evidence_address *address = item->evidence->addresses[i];
    char text[NET_ADDR_TEXT_MAX];

    name_of(item, address, text);
    for (int stage = STAGE_TCP; stage < STAGE_COUNT; stage++) {
        const struct evidence_stage *evidence = &address->stages[stage];
        struct metrics_line line;

        if (evidence->state != STAGE_PASSED && evidence->state != STAGE_FAILED)
            continue;
        line = begin(page, item);
        metrics_label(&line, "address", text);
        metrics_label(&line, "stage", stage_token((enum stage)stage));
        metrics_end_seconds(&line, evidence_stage_ns(evidence));
    }
}

static void add_stage(const struct page *page, const struct report_item *item)
{
    for (unsigned i = 0; i < item->evidence->naddresses; i++)
        if (!is_repeated(item->evidence, i))
            add_stages(page, item, i);
}

static void add_role(const struct page *page, const struct report_item *item)
{
    char text[NET_ADDR_TEXT_MAX];

    for (unsigned i = 0; i < item->evidence->naddresses; i++) {
        const struct evidence_address *address = item->evidence->addresses[i];
        const char *role = server_role_token((enum server_role)address->role);
        struct metrics_line line;

        if (!role || is_repeated(item->evidence, i))
            continue;
        line = begin(page, item);
        metrics_label(&line, "address", name_of(item, address, text));
        metrics_label(&line, "role", role);
        metrics_end_number(&line, 1);
    }
}

void metrics_lines(struct report_buffer *out, enum metrics_family family,
                   const struct report_item *item, bool target_labels)
{
    static const family_cb writers[METRICS_COUNT] = {
        [METRICS_SUCCESS] = add_success,
        [METRICS_DURATION] = add_duration,
        [METRICS_DNS] = add_dns,
        [METRICS_PROTOCOL] = add_protocol,
        [METRICS_HASH] = add_hash,
        [METRICS_CERTIFICATE] = add_certificate,
        [METRICS_ADDRESS] = add_address,
        [METRICS_STAGE] = add_stage,
        [METRICS_VERDICT] = add_verdict,
        [METRICS_TTL] = add_ttl,
        [METRICS_ADDRESSES] = add_addresses,
        [METRICS_ROLE] = add_role,
    };
    const struct page page = { .out = out,
                               .name = metrics_name(family),
                               .target_labels = target_labels };

    writers[family](&page, item);
}
