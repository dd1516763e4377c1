/*
 * A line is begun with its name and the target's labels, given labels of its
 * own, and ended with its value.
 */
#include "report/metrics.h"

#include <string.h>

#include "cli/utf8.h"
#include "report/format.h"
#include "report/words.h"

static const struct {
    const char *name, *help;
} families[] = {
#define X(name, metric, help) { metric, help },
    METRICS_MAP(X)
#undef X
};

/* A line in the making. */
struct line {
    struct report_buffer *out;
    bool labeled; /* the brace is open */
};

void metrics_escape(struct report_buffer *out, const char *text)
{
    for (size_t n = strlen(text); n;) {
        uint32_t point = 0;
        size_t length = utf8_next(text, n, &point);

        if (length && point == '\n')
            report_string(out, "\\n");
        else if (!length || point < 0x20 || (point >= 0x7f && point <= 0x9f))
            report_string(out, "\xef\xbf\xbd");
        else if (point == '\\' || point == '"')
            report_print(out, "\\%c", (int)point);
        else
            report_add(out, text, length);
        text += length ? length : 1;
        n -= length ? length : 1;
    }
}

/* Append `name` as a label's name: what it may not hold becomes "_". */
static void add_name(struct report_buffer *out, const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    size_t first = strspn(name, "0123456789");

    if (first || !name[0])
        report_string(out, "_");
    for (; *name; name++)
        report_add(out, strchr(letters, *name) ? name : "_", 1);
}

static void add_label(struct line *line, const char *name, const char *value)
{
    report_string(line->out, line->labeled ? "," : "{");
    line->labeled = true;
    add_name(line->out, name);
    report_string(line->out, "=\"");
    metrics_escape(line->out, value);
    report_string(line->out, "\"");
}

/* A target's label that has the name of one of ours gets Prometheus' prefix. */
static bool is_ours(const char *name)
{
    static const char *const ours[] = { "target", "address", "stage", "id",
                                        "cause",  "hop",     "role" };

    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        if (strcmp(ours[i], name) == 0)
            return true;
    return false;
}

static void add_target_label(struct line *line, const struct probe_label *label)
{
    report_string(line->out, ",");
    if (is_ours(label->name))
        report_string(line->out, "exported_");
    add_name(line->out, label->name);
    report_string(line->out, "=\"");
    metrics_escape(line->out, label->value);
    report_string(line->out, "\"");
}

static struct line begin(struct metrics *metrics, enum metrics_family family,
                         const struct report_item *item)
{
    struct line line = { .out = &metrics->families[family] };

    report_string(line.out, families[family].name);
    if (!metrics->target_labels)
        return line;
    add_label(&line, "target", item->target->name);
    for (size_t i = 0; i < item->target->nlabels; i++)
        if (!report_label_hidden(&item->target->labels[i]))
            add_target_label(&line, &item->target->labels[i]);
    return line;
}

static void end_text(struct line *line, const char *value)
{
    report_string(line->out, line->labeled ? "} " : " ");
    report_string(line->out, value);
    report_string(line->out, "\n");
}

static void end_number(struct line *line, int64_t value)
{
    report_print(line->out, "%s%lld\n", line->labeled ? "} " : " ",
                 (long long)value);
}

static void end_seconds(struct line *line, uint64_t ns)
{
    char text[REPORT_NUMBER_MAX];

    end_text(line, report_seconds(ns, text));
}

/* A line that has a number and no labels of its own. */
static void number(struct metrics *metrics, enum metrics_family family,
                   const struct report_item *item, int64_t value)
{
    struct line line = begin(metrics, family, item);

    end_number(&line, value);
}

static void seconds(struct metrics *metrics, enum metrics_family family,
                    const struct report_item *item, uint64_t ns)
{
    struct line line = begin(metrics, family, item);

    end_seconds(&line, ns);
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

static void add_addresses(struct metrics *metrics,
                          const struct report_item *item)
{
    const struct evidence_target *evidence = item->evidence;
    int protocol = 0;

    number(metrics, METRICS_ADDRESSES, item, evidence->naddresses);
    if (evidence->naddresses) {
        int family = evidence->addresses[0]->addr.sa.any.sa_family;

        protocol = family == AF_INET6 ? 6 : 4;
        number(metrics, METRICS_HASH, item, hash_of(evidence));
    }
    number(metrics, METRICS_PROTOCOL, item, protocol);
}

static void add_certificate(struct metrics *metrics,
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
        number(metrics, METRICS_CERTIFICATE, item, first);
}

static void add_dns(struct metrics *metrics, const struct report_item *item)
{
    const struct evidence_target *evidence = item->evidence;

    seconds(metrics, METRICS_DNS, item,
            evidence->literal ? 0 : evidence_stage_ns(&evidence->dns));
    if (evidence->answer && evidence->answer->ttl_s != NET_TTL_NONE)
        number(metrics, METRICS_TTL, item, evidence->answer->ttl_s);
}

static void add_verdict(struct metrics *metrics, const struct report_item *item)
{
    const struct verdict *verdict = &item->outcome->verdict;
    const struct catalogue_entry *entry = catalogue_entry(verdict->id);
    struct line line = begin(metrics, METRICS_VERDICT, item);
    const char *hop = hop_token(entry->hop);
    bool staged = verdict->stage < STAGE_COUNT;

    add_label(&line, "id", entry->token);
    add_label(&line, "stage", staged ? stage_token(verdict->stage) : "");
    add_label(&line, "cause",
              verdict->cause == CAUSE_OK ? "" : cause_token(verdict->cause));
    add_label(&line, "hop", hop ? hop : "");
    end_number(&line, 1);
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

static void add_stages(struct metrics *metrics, const struct report_item *item,
                       unsigned i, const char *name)
{
    const struct evidence_address *address = item->evidence->addresses[i];

    for (int stage = STAGE_TCP; stage < STAGE_COUNT; stage++) {
        const struct evidence_stage *evidence = &address->stages[stage];
        struct line line;

        if (evidence->state != STAGE_PASSED && evidence->state != STAGE_FAILED)
            continue;
        line = begin(metrics, METRICS_STAGE, item);
        add_label(&line, "address", name);
        add_label(&line, "stage", stage_token((enum stage)stage));
        end_seconds(&line, evidence_stage_ns(evidence));
    }
}

static void add_address(struct metrics *metrics, const struct report_item *item,
                        unsigned i)
{
    const struct evidence_address *address = item->evidence->addresses[i];
    const char *role = server_role_token((enum server_role)address->role);
    struct line line = begin(metrics, METRICS_ADDRESS, item);
    char text[NET_ADDR_TEXT_MAX];

    name_of(item, address, text);
    add_label(&line, "address", text);
    end_number(&line, passes(item->outcome->addresses[i].status));
    add_stages(metrics, item, i, text);
    if (!role)
        return;
    line = begin(metrics, METRICS_ROLE, item);
    add_label(&line, "address", text);
    add_label(&line, "role", role);
    end_number(&line, 1);
}

void metrics_item(struct metrics *metrics, const struct report_item *item)
{
    number(metrics, METRICS_SUCCESS, item,
           passes(item->outcome->verdict.status));
    seconds(metrics, METRICS_DURATION, item, report_total_ns(item));
    add_dns(metrics, item);
    add_addresses(metrics, item);
    add_certificate(metrics, item);
    add_verdict(metrics, item);
    for (unsigned i = 0; i < item->evidence->naddresses; i++)
        if (!is_repeated(item->evidence, i))
            add_address(metrics, item, i);
}

static void add_head(struct report_buffer *out, const char *name,
                     const char *help)
{
    report_print(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

void metrics_write(const struct metrics *metrics, struct report_buffer *out)
{
    for (int i = 0; i < METRICS_COUNT; i++) {
        const struct report_buffer *family = &metrics->families[i];

        out->failed |= family->failed;
        if (family->length == 0)
            continue;
        add_head(out, families[i].name, families[i].help);
        report_add(out, family->bytes, family->length);
    }
    add_head(out, "linkprobe_build_info", "The version that tells all this.");
    report_print(out, "linkprobe_build_info{version=\"%s\"} 1\n",
                 LINKPROBE_VERSION);
}

void metrics_free(struct metrics *metrics)
{
    for (int i = 0; i < METRICS_COUNT; i++)
        report_buffer_free(&metrics->families[i]);
}
