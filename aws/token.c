/*
 * lower the cache's name, presign "connect" to it, leave out "http://".
 */
#include "aws/token.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/query.h"

static char *lowered(const char *text)
{
    char *copy = strdup(text);

    for (char *at = copy; at && *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return copy;
}

/* HOST/?QUERY */
static char *joined(const char *host, const char *query)
{
    size_t room = strlen(host) + strlen(query) + 3;
    char *url = malloc(room);

    if (url)
        (void)snprintf(url, room, "%s/?%s", host, query);
    return url;
}

static char *presigned(struct sigv4_request *request, const char *user,
                       bool serverless, const struct aws_keys *keys)
{
    struct query query = { 0 };
    char *signed_query = NULL;

    query_add(&query, "Action", "connect");
    query_add(&query, "User", user);
    if (serverless)
        query_add(&query, "ResourceType", "ServerlessCache");
    if (!query.failed) {
        request->query = query.text;
        signed_query = sigv4_presign(request, keys, TOKEN_EXPIRES_S);
    }
    query_free(&query);
    return signed_query;
}

char *token_make(const char *cache, const char *user, const char *region,
                 bool serverless, const struct aws_keys *keys, time_t now)
{
    char *host = lowered(cache), *query, *url;
    struct sigv4_request request = { .method = "GET",
                                     .host = host,
                                     .path = "/",
                                     .region = region,
                                     .service = "elasticache",
                                     .now = now };

    assert(*cache && *user);
    if (!host)
        return NULL;
    query = presigned(&request, user, serverless, keys);
    url = query ? joined(host, query) : NULL;
    if (query)
        explicit_bzero(query, strlen(query));
    free(query);
    free(host);
    return url;
}
