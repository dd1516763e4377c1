/*
 * run.h -- what the files of the commands that call AWS share.
 */
#ifndef COMMANDS_PROVISION_RUN_H
#define COMMANDS_PROVISION_RUN_H

#include <uv.h>

#include "commands/provision/job.h"
#include "commands/provision/provision.h"
#include "provision/engine.h"
#include "provision/report/report.h"

enum {
    PROVISION_SHOWN = 64, /* lines of progress that are not said again */
};

struct provision_run {
    struct provision_job *job;
    struct net_loop loop;
    struct http *http;
    struct profiles *profiles;
    struct engine *engine; /* of the run in flight; NULL */
    uv_signal_t signals[2];
    bool stop; /* a signal came */
    const struct spec *spec;
    struct provision_style style;    /* of stdout */
    int status;                      /* the worst of all paths */
    uint64_t shown[PROVISION_SHOWN]; /* lines of progress, as numbers */
    size_t nshown;
};

/* What is done with an outcome before it is released. */
typedef void (*provision_tell_cb)(struct provision_run *run,
                                  struct outcome *outcome);

/* Run one command of the engine over run->spec, and tell its outcome; false:
 * it could not begin, and job->error says why. */
bool provision_engine(struct provision_run *run, enum engine_command command,
                      bool dry_run, provision_tell_cb tell);

/* The callback for a run that is to show its progress; NULL: none is. */
engine_progress_cb provision_progress(struct provision_run *run);

/* Tell job->error of run->spec: nothing was begun. */
void provision_told_unable(struct provision_run *run);

/* A run of its own for --watch: again and again until it is enough. */
void provision_watch(struct provision_run *run, enum engine_command command);

/* The path of run->spec is looked at, then checked through its endpoints. */
void provision_verify(struct provision_run *run);

/* The file of run->spec as one word of a shell; cut when it has no room. */
const char *provision_file_word(const struct provision_run *run, char *word,
                                size_t size);

/* Name what is wrong, and the command of ours that mends it, if there is one
 * and the engine named none. */
void provision_mend(struct provision_run *run, struct outcome *outcome);

/* ... of a verdict that stands. */
void provision_name_fix(struct provision_run *run, struct outcome *outcome);

/* Print an outcome as the format wants it, and count its exit status. */
void provision_tell(struct provision_run *run, struct outcome *outcome);

/* The callback of apply: what it has built is checked as well, if it is up. */
void provision_tell_applied(struct provision_run *run, struct outcome *outcome);

/* The path as a template, with what is there already. */
void provision_export(struct provision_run *run);

/* Did the user agree?  `plan` says what would be done. */
bool provision_agreed(struct provision_run *run, const struct outcome *plan);

void provision_count(struct provision_run *run, int status);

#endif /* COMMANDS_PROVISION_RUN_H */
