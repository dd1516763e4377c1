/*
 * job.h -- one command line of `linkprobe provision`, understood.
 */
#ifndef COMMANDS_PROVISION_JOB_H
#define COMMANDS_PROVISION_JOB_H

#include "cli/text.h"
#include "commands/provision/files.h"
#include "commands/provision/options.h"

struct provision_job {
    enum provision_command command;
    struct options words;
    struct provision_options options;
    struct provision_files files;
    char **check_options; /* of verify and apply, behind "--"; lent, NULL at the
                             end */
    char error[ERROR_TEXT_MAX];
};

/* One line on stderr, and for who reads JSON an object on stdout; returns
 * PROVISION_REFUSED. */
int provision_told_wrong(const struct provision_job *job);

/* Each runs its commands; returns an exit status. */
int provision_run(struct provision_job *job); /* what needs the engine */
int provision_policy(struct provision_job *job);
int provision_token(struct provision_job *job);
int provision_import(struct provision_job *job);

/* One path, and one that has the side that was asked for?  If not, job->error
 * says so. */
bool provision_can_export(struct provision_job *job);

/* Is there anything of --side in the file?  If not, job->error says so. */
bool provision_has_side(struct provision_job *job, const struct spec *spec);

#endif /* COMMANDS_PROVISION_JOB_H */
