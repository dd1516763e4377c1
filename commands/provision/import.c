/*
 * import.c -- the words of `linkprobe provision import`.
 */
#include <stdio.h>

#include "commands/provision/job.h"
#include "provision/import.h"

static void on_line(void *data, const char *line)
{
    (void)data;
    (void)fprintf(stderr, "linkprobe: %s\n", line);
}

int provision_import(struct provision_job *job)
{
    const struct provision_options *o = &job->options;
    const struct import_options options = {
        .service = o->service,
        .endpoint = o->endpoint,
        .name = o->name ? o->name : "imported",
        .profile = o->profile,
        .region = o->region,
        .role_arn = o->role_arn,
        .external_id = o->external_id,
        .endpoint_url = o->endpoint_url,
        .dns = o->dns,
        .log = o->verbosity ? on_line : NULL,
    };
    int status = import_command(&options, job->error, sizeof(job->error));

    if (status != 0)
        (void)fprintf(stderr, "linkprobe: %s\n", job->error);
    return status;
}
