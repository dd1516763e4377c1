/*
 * fuzz_dnsmsg.c -- any bytes as a response to a question for "a.example".
 *
 * The first byte chooses the type, the rest is the message.
 */
#include <stdlib.h>
#include <string.h>

#include "net/dnsmsg.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* A text that ends, and has nothing in it that a terminal would obey. */
static void check_name(const char name[NET_NAME_MAX])
{
    must(name[0] != '\0' && memchr(name, '\0', NET_NAME_MAX) != NULL);
    for (; *name != '\0'; name++)
        must(*name > ' ' && *name < 0x7f);
}

static void check(const struct net_answer *answer, enum net_status status,
                  int family)
{
    must(answer->naddrs <= NET_ADDRS_MAX && answer->ncnames <= NET_CNAMES_MAX);
    must((status == NET_OK) == (answer->naddrs > 0));
    must(status != NET_OK || answer->rcode == DNSMSG_NOERROR);
    must(answer->ttl_s >= NET_TTL_NONE && answer->ttl_s <= INT32_MAX);
    for (unsigned i = 0; i < answer->naddrs; i++)
        must(answer->addrs[i].addr.sa.any.sa_family == family &&
             answer->addrs[i].ttl_s >= answer->ttl_s);
    for (unsigned i = 0; i < answer->ncnames; i++) {
        check_name(answer->cnames[i].name);
        check_name(answer->cnames[i].target);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct net_answer answer, twice;
    enum net_status status;
    unsigned type;

    if (n == 0)
        return 0;
    type = bytes[0] & 1 ? DNSMSG_AAAA : DNSMSG_A;
    net_answer_init(&answer);
    status =
        net_dnsmsg_read(bytes + 1, n - 1, "a.example", type, 6379, &answer);
    check(&answer, status, type == DNSMSG_A ? AF_INET : AF_INET6);
    (void)net_dnsmsg_truncated(bytes + 1, n - 1);

    /* What is known is not added again. */
    twice = answer;
    must(net_dnsmsg_read(bytes + 1, n - 1, "a.example", type, 6379, &twice) ==
         status);
    must(twice.naddrs == answer.naddrs && twice.ttl_s == answer.ttl_s);
    return 0;
}
