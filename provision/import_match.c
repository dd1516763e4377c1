/*
 * import_match.c -- which cache's name leads to the targets of a group?
 *
 * All names of all caches are looked up at the same time.  A name fits when
 * every one of its addresses is a target; of several the one with the most
 * addresses is meant, and a primary endpoint before a reader's.
 */
#include <stdlib.h>
#include <string.h>

#include "provision/import_found.h"

enum {
    LOOK_UP_MS = 5000,
    PORT = 6379, /* goes into the addresses, and is not looked at */
};

static void on_resolved(struct net_resolve *resolve, enum net_status status)
{
    struct import *run = resolve->data;

    (void)status;
    run->running--;
}

static void add_name(struct import *run, enum spec_cache_kind kind,
                     enum spec_endpoint endpoint, const char *id,
                     const char *host)
{
    const struct net_question question = { .host = host,
                                           .port = PORT,
                                           .family = AF_INET };
    struct net_addr literal;
    struct import_name *name;

    if (!id || !host || !host[0] || run->nnames == IMPORT_CACHES_MAX ||
        net_addr_parse(host, PORT, &literal))
        return;
    name = &run->names[run->nnames++];
    *name = (struct import_name){
        .kind = kind,
        .endpoint = endpoint,
        .id = id,
        .host = host,
        .asked = true,
        .resolve = { .data = run,
                     .resolver = run->resolver,
                     .timeout_ms = LOOK_UP_MS },
    };
    run->running++;
    net_resolve_start(&name->resolve, &question, on_resolved);
}

static void add_replication_groups(struct import *run)
{
    static const char path[] = "ReplicationGroups/ReplicationGroup";
    const struct aws_call *call = &run->replication_groups;

    for (const struct xml_node *at = aws_call_first(call, path); at;
         at = aws_call_next(call, at, path)) {
        const char *id = xml_text(at, "ReplicationGroupId");

        add_name(run, SPEC_REPLICATION_GROUP, SPEC_PRIMARY, id,
                 xml_text(at, "NodeGroups/NodeGroup/PrimaryEndpoint/Address"));
        add_name(run, SPEC_REPLICATION_GROUP, SPEC_READER, id,
                 xml_text(at, "NodeGroups/NodeGroup/ReaderEndpoint/Address"));
    }
}

/* Of a replication group its own names are meant, not its nodes'. */
static void add_clusters(struct import *run)
{
    static const char path[] = "CacheClusters/CacheCluster";
    const struct aws_call *call = &run->clusters;

    for (const struct xml_node *at = aws_call_first(call, path); at;
         at = aws_call_next(call, at, path)) {
        const char *group = xml_text(at, "ReplicationGroupId");

        if (!group || !group[0])
            add_name(run, SPEC_CLUSTER, SPEC_PRIMARY,
                     xml_text(at, "CacheClusterId"),
                     xml_text(at, "CacheNodes/CacheNode/Endpoint/Address"));
    }
}

static void add_serverless(struct import *run)
{
    static const char path[] = "ServerlessCaches/member";
    const struct aws_call *call = &run->serverless;

    for (const struct xml_node *at = aws_call_first(call, path); at;
         at = aws_call_next(call, at, path)) {
        const char *name = xml_text(at, "ServerlessCacheName");

        add_name(run, SPEC_SERVERLESS, SPEC_PRIMARY, name,
                 xml_text(at, "Endpoint/Address"));
        add_name(run, SPEC_SERVERLESS, SPEC_READER, name,
                 xml_text(at, "ReaderEndpoint/Address"));
    }
}

bool import_names(struct import *run)
{
    run->names = calloc(IMPORT_CACHES_MAX, sizeof(*run->names));
    if (!run->names)
        return false;
    add_replication_groups(run);
    add_clusters(run);
    add_serverless(run);
    import_wait(run);
    return true;
}

static bool is_target(const struct import_lane *lane, const char *address)
{
    static const char path[] = "TargetHealthDescriptions/member";

    for (const struct xml_node *at = aws_call_first(&lane->health, path); at;
         at = aws_call_next(&lane->health, at, path)) {
        const char *id = xml_text(at, "Target/Id");

        if (id && strcmp(id, address) == 0)
            return true;
    }
    return false;
}

/* How many addresses `name` has, when all of them are targets; else 0. */
static unsigned fit(const struct import_lane *lane,
                    const struct import_name *name)
{
    const struct net_answer *answer = name->resolve.answer;
    char text[NET_ADDR_TEXT_MAX];

    if (!answer || answer->status != NET_OK)
        return 0;
    for (unsigned i = 0; i < answer->naddrs; i++) {
        if (!is_target(lane, net_addr_host(&answer->addrs[i].addr, text)))
            return 0;
    }
    return answer->naddrs;
}

void import_match(struct import *run)
{
    for (size_t i = 0; i < run->nlanes; i++) {
        struct import_lane *lane = &run->lanes[i];
        unsigned most = 0;

        for (size_t k = 0; k < run->nnames; k++) {
            unsigned n = fit(lane, &run->names[k]);

            if (n > most) {
                most = n;
                lane->name = &run->names[k];
            }
        }
    }
}
