/*
 * token_command.h -- `linkprobe provision token`: an ElastiCache user's
 * password for the next 15 minutes, on standard output.
 *
 * Needs nothing of AWS but credentials: the token is signed here.
 */
#ifndef PROVISION_TOKEN_COMMAND_H
#define PROVISION_TOKEN_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

struct token_options {
    const char *cache; /* a replication group's id, a serverless cache's name */
    const char *user;
    bool serverless;

    /* whose credentials; NULL as in aws/credentials.h */
    const char *profile, *region, *role_arn, *external_id;
    const char *endpoint_url; /* of STS */
};

/*
 * Run a loop of its own until the token is written.  Returns an exit status: 0;
 * 3 (a word or a setting is wrong, there are no credentials) or 4 (AWS or the
 * network) with one line in `error`, and nothing on standard output.
 */
int token_command(const struct token_options *options, char *error,
                  size_t size);

#endif /* PROVISION_TOKEN_COMMAND_H */
