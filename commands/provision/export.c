/*
 * export.c -- the path as a template or a script.
 *
 *     terraform: status > ids of what is there > template with import blocks
 *     the others: the file > template
 *
 * What is there is looked at for Terraform only, which can take it over; when
 * AWS cannot be asked, the template is made from the file alone, and a line on
 * standard error says so.
 */
#include <stdio.h>

#include "commands/provision/run.h"
#include "provision/export/export.h"

enum { TERRAFORM, LOOK_MS = 30 * 1000 };

static void print(struct provision_run *run, const struct outcome *found)
{
    static const export_form forms[] = {
        export_terraform,
        export_cloudformation,
        export_cli,
    };
    struct provision_job *job = run->job;
    const struct export_options options = {
        .spec = run->spec,
        .side = (enum export_side)job->options.side,
        .found = found,
        .out = stdout,
    };

    if (!forms[job->options.as](&options, job->error, sizeof(job->error)))
        provision_told_unable(run);
}

static void without(const char *why)
{
    (void)fprintf(stderr,
                  "linkprobe: what is there already is left out, since AWS "
                  "could not be asked: %s\n",
                  why);
}

/* Half of a path is taken over, too. */
static void tell(struct provision_run *run, struct outcome *outcome)
{
    bool looked =
        outcome->status != OUTCOME_STATUS_REFUSED &&
        outcome->status != OUTCOME_STATUS_INTERRUPTED &&
        (outcome->status != OUTCOME_STATUS_FAILED || outcome->service_id);

    if (!looked)
        without(outcome->error ? outcome->error : "interrupted");
    print(run, looked ? outcome : NULL);
}

bool provision_can_export(struct provision_job *job)
{
    if (job->files.n > 1)
        return error_set(job->error, sizeof(job->error),
                         "provision export: %zu paths; expected one, since "
                         "each is a template of its own",
                         job->files.n);
    return provision_has_side(job, job->files.specs[0]);
}

void provision_export(struct provision_run *run)
{
    struct provision_job *job = run->job;

    if (job->options.as != TERRAFORM || job->options.offline) {
        print(run, NULL);
        return;
    }
    if (!job->options.timeout_ms)
        job->options.timeout_ms = LOOK_MS;
    job->options.quiet = true;
    if (!provision_engine(run, ENGINE_STATUS, false, tell)) {
        without(job->error);
        print(run, NULL);
    }
}
