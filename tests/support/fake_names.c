/*
 * fake_names.c -- rows of names, and a log of what was asked.
 */
#include "support/fake_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned fake_names_servers(const struct net_resolver *resolver)
{
    (void)resolver;
    return fake.servers;
}

const struct fake_name *fake_name_find(const char *host, uint8_t only)
{
    bool used_up = fake.name_times > 0 && fake.nasked > fake.name_times;

    for (size_t i = used_up; i < FAKE_NAMES_MAX && fake.names[i].host; i++) {
        const struct fake_name *name = &fake.names[i];
        if (strcmp(name->host, host) == 0 &&
            (name->only == 0 || name->only == only))
            return name;
    }
    return NULL;
}

void fake_name_log(const struct net_resolve *req, const char *host)
{
    size_t n = strlen(fake.asked);

    fake.nasked++;
    char who[32] = "";

    if (req->only > 0)
        snprintf(who, sizeof(who), " of server %u", req->only);
    snprintf(fake.asked + n, sizeof(fake.asked) - n, "%s%s%s|", host, who,
             req->no_hosts ? " not hosts" : "");
}

enum net_status fake_name_end(const struct fake_name *name,
                              struct net_resolve *req)
{
    struct net_answer *answer = malloc(sizeof(*answer));

    req->answer = answer;
    if (!answer)
        return NET_NOMEM;
    net_answer_init(answer);
    answer->status = name->address ? NET_OK : name->status;
    answer->rcode = answer->status == NET_TIMEOUT    ? NET_RCODE_NONE
                    : answer->status == NET_NXDOMAIN ? 3
                                                     : 0;
    snprintf(answer->server, sizeof(answer->server), "10.0.0.%u:53", req->only);
    snprintf(answer->asked, sizeof(answer->asked), "%s", name->host);
    if (name->address) {
        struct net_addr addr;
        if (net_addr_parse(name->address, 6379, &addr))
            net_answer_add(answer, &addr, 60);
    }
    return answer->status;
}
