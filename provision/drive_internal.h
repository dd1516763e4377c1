/*
 * drive_internal.h -- what the files of the driver share.
 *
 *     drive.c        who is asked when; waits, the end
 *     drive_send.c   one call or look-up in flight
 *     drive_line.c   how it is told: the lines of the outcome
 */
#ifndef PROVISION_DRIVE_INTERNAL_H
#define PROVISION_DRIVE_INTERNAL_H

#include "provision/drive.h"

/* Send what `ask` wants for `step`; takes its query.  drive_answered() follows,
 * never inside. */
void drive_send(struct drive *drive, struct step *step, struct step_ask *ask);
void drive_look_up(struct drive *drive, struct step *step, const char *host);

/* Give up look-ups and calls that change nothing; `all`: whatever is in
 * flight. */
void drive_give_up(struct drive *drive, bool all);

/* An answer was folded into the world: ask all again. */
void drive_answered(struct drive *drive);

/* `step` has failed for good, and why. */
void drive_fail(struct drive *drive, struct step *step, enum step_now how,
                const char *said);

/* The line of `step` says what `ask` says; it counts a call that begins. */
void drive_line_ask(struct drive *drive, struct step *step,
                    const struct step_ask *ask);
void drive_line_call(struct drive *drive, struct step *step);
void drive_line_plan(struct drive *drive, struct step *step,
                     const struct step_ask *ask);

/* Its state is what the states of its steps make; `over`: of those that
 * nobody will ask again. */
void drive_line_update(struct drive *drive, struct step *step, bool over);

#endif /* PROVISION_DRIVE_INTERNAL_H */
