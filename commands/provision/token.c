/*
 * token.c -- the words of `linkprobe provision token`.
 */
#include <stdio.h>

#include "commands/provision/job.h"
#include "provision/token_command.h"

int provision_token(struct provision_job *job)
{
    const struct provision_options *o = &job->options;
    const struct token_options options = {
        .cache = o->cache,
        .user = o->user,
        .serverless = o->serverless,
        .profile = o->profile,
        .region = o->region,
        .role_arn = o->role_arn,
        .external_id = o->external_id,
        .endpoint_url = o->endpoint_url,
    };
    int status = token_command(&options, job->error, sizeof(job->error));

    if (status != 0)
        (void)fprintf(stderr, "linkprobe: %s\n", job->error);
    return status;
}
