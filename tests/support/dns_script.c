/*
 * dns_script.c -- a rule and a query to an answer, with the rule's fault.
 */
#include "support/dns_script.h"

#include <string.h>

enum {
    HEADER_SIZE = 12,
    FORMERR = 1,
};

bool dns_query_read(const unsigned char *bytes, size_t n,
                    struct dns_query *query)
{
    size_t at = HEADER_SIZE, text = 0;

    while (at < n && bytes[at] != 0) {
        size_t label = bytes[at];

        if (at + 1 + label >= n || text + label + 2 > sizeof(query->name))
            return false;
        if (text > 0)
            query->name[text++] = '.';
        memcpy(query->name + text, bytes + at + 1, label);
        text += label;
        at += 1 + label;
    }
    query->name[text] = '\0';
    if (at + 5 > n)
        return false;
    query->id = dns_get(bytes, 0);
    query->type = dns_get(bytes, at + 1);
    query->edns = dns_get(bytes, 10) > 0;
    return true;
}

static bool says_nothing(const struct dns_rule *rule,
                         const struct dns_query *query)
{
    return rule->fault == DNS_SILENT ||
           (rule->fault == DNS_DROPS_EDNS && query->edns);
}

static void begin(struct dns_message *message, const struct dns_rule *rule,
                  const struct dns_query *query, unsigned more_flags)
{
    bool other = rule->fault == DNS_WRONG_QUESTION;
    unsigned id = query->id ^ (rule->fault == DNS_WRONG_ID ? 0x5555 : 0);

    dns_begin(message, id, DNS_RESPONSE | rule->rcode | more_flags);
    dns_question(message, other ? "other.example" : query->name, query->type);
}

static void records_add(struct dns_message *message,
                        const struct dns_rule *rule)
{
    for (int i = 0; i < DNS_RECORDS_MAX && rule->records[i].name; i++)
        dns_answer(message, &rule->records[i]);
    if (rule->fault == DNS_GARBAGE) {
        dns_set(message, 6, 3);
        dns_bytes(message, "\xff\xff\xff\xff\x40nonsense", 13);
    }
    if (rule->fault == DNS_SHORT)
        message->n = 3;
}

bool dns_script_answer(struct dns_message *message, const struct dns_rule *rule,
                       const struct dns_query *query, bool udp)
{
    if (says_nothing(rule, query))
        return false;
    if (rule->fault == DNS_CUT_OVER_UDP && udp) {
        begin(message, rule, query, DNS_TC);
    } else if (rule->fault == DNS_NO_EDNS && query->edns) {
        begin(message, rule, query, FORMERR);
    } else {
        begin(message, rule, query, 0);
        records_add(message, rule);
    }
    return true;
}
