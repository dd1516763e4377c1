/*
 * drive.h -- runs steps (steps/step.h) until each is at its end.
 *
 * Knows nothing of what the steps do: any set of them will do.  All calls that
 * are wanted run at the same time; after each answer all steps are asked
 * again; waits back off with jitter; what waits for a step that failed is
 * skipped.  When the time is over, or after a cancel, nothing new is sent, what
 * is in flight ends (a look-up is given up), and what had not ended is WAITING.
 *
 * One callback, never inside start or cancel.
 */
#ifndef PROVISION_DRIVE_H
#define PROVISION_DRIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/deadline.h"
#include "net/loop.h"
#include "net/resolve.h"
#include "provision/outcome.h"
#include "provision/steps/step.h"
#include "provision/world/world.h"

struct drive;

typedef void (*drive_done_cb)(struct drive *drive);
typedef void (*drive_step_cb)(void *data, const struct outcome_step *line);

struct drive {
    /* set by the caller, lent until `done` */
    struct net_loop *loop;
    struct world *world;
    struct outcome *outcome; /* its lines and counts are kept up to date */
    struct step *steps;
    size_t nsteps;
    struct aws_account *provider;   /* NULL: has no steps */
    struct aws_account **consumers; /* by index; NULL: has no steps */
    struct net_resolver *resolver;  /* NULL: no step looks up */
    unsigned timeout_ms;
    bool dry_run;           /* changing calls are pretended */
    bool check_permissions; /* ... but asked of EC2 with DryRun=true */
    drive_step_cb progress; /* a line changed; may be NULL */
    drive_done_cb done;
    void *data;

    /* valid from `done` */
    bool canceled, timed_out, refused, failed, waiting;

    /* private */
    struct net_deadline alarm; /* of the next wait, or the timeout */
    uint64_t end_ns;
    unsigned in_flight;
    bool changing; /* the first change was made: reads no longer come first */
    bool running, ending;
    unsigned seed; /* of jitter */
};

void drive_start(struct drive *drive);
void drive_cancel(struct drive *drive); /* idempotent */

#endif /* PROVISION_DRIVE_H */
