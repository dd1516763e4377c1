/*
 * info.c -- role and server out of the replies to ROLE and INFO.
 *
 * INFO is lines of "name:value"; a value that does not fit is cut, a name that
 * is not known is skipped, and bytes are taken as they are.
 */
#include "probe/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum server_role role_of(const char *word)
{
    if (strcmp(word, "master") == 0)
        return ROLE_MASTER;
    if (strcmp(word, "slave") == 0 || strcmp(word, "replica") == 0)
        return ROLE_REPLICA;
    if (strcmp(word, "sentinel") == 0)
        return ROLE_SENTINEL;
    return ROLE_UNKNOWN;
}

/* Remember "host:port" of the primary; without memory it stays unknown. */
static void note_master(struct evidence_address *evidence, const char *host,
                        const char *port)
{
    char text[RESP_ITEM_MAX * 2 + 4];
    const char *form = strchr(host, ':') ? "[%s]:%s" : "%s:%s";

    snprintf(text, sizeof(text), form, host, port); /* NOLINT: ours */
    free(evidence->master);
    evidence->master = strdup(text);
}

bool ask_read_role(const struct resp_reply *reply,
                   struct evidence_address *evidence)
{
    enum server_role role = role_of(reply->items[0]);

    if (reply->type != RESP_ARRAY || reply->elements < 1 ||
        role == ROLE_UNKNOWN)
        return false;
    evidence->role = (uint8_t)role;
    if (role == ROLE_REPLICA && reply->elements >= 3)
        note_master(evidence, reply->items[1], reply->items[2]);
    return true;
}

/* The value of `name` in the lines of `info`, cut to `size`; "" if absent. */
static void info_field(const char *info, size_t n, const char *name,
                       char *value, size_t size)
{
    const char *end = info + n;
    size_t length = strlen(name);

    value[0] = '\0';
    for (const char *line = info; line < end;) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        const char *stop = next ? next : end;
        if ((size_t)(stop - line) > length && line[length] == ':' &&
            memcmp(line, name, length) == 0) {
            const char *from = line + length + 1;
            while (stop > from && (stop[-1] == '\r' || stop[-1] == '\n'))
                stop--;
            size_t take = (size_t)(stop - from);
            if (take >= size)
                take = size - 1;
            memcpy(value, from, take);
            value[take] = '\0';
            return;
        }
        if (!next)
            return;
        line = next + 1;
    }
}

/* Valkey reports a redis_version for old clients, and its own beside it. */
void ask_read_server(const char *info, size_t n, struct evidence_server *server)
{
    memset(server, 0, sizeof(*server));
    info_field(info, n, "valkey_version", server->version,
               sizeof(server->version));
    (void)snprintf(server->product, sizeof(server->product), "%s",
                   server->version[0] ? "valkey" : "redis");
    if (!server->version[0])
        info_field(info, n, "redis_version", server->version,
                   sizeof(server->version));
    info_field(info, n, "server_mode", server->mode, sizeof(server->mode));
    if (!server->mode[0])
        info_field(info, n, "redis_mode", server->mode, sizeof(server->mode));
    info_field(info, n, "run_id", server->run_id, sizeof(server->run_id));
    if (!server->version[0] && !server->run_id[0])
        server->product[0] = '\0';
}

bool ask_read_replication(const char *info, size_t n,
                          struct evidence_address *evidence)
{
    char word[16], host[RESP_ITEM_MAX], port[16];

    info_field(info, n, "role", word, sizeof(word));
    evidence->role = (uint8_t)role_of(word);
    info_field(info, n, "master_host", host, sizeof(host));
    info_field(info, n, "master_port", port, sizeof(port));
    if (evidence->role == ROLE_REPLICA && host[0])
        note_master(evidence, host, port);
    return evidence->role != ROLE_UNKNOWN;
}
