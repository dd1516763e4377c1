/*
 * step.h -- a step of a path is a reconciler, and pure.
 *
 * now() looks at what is wanted and what was found (world/world.h) and says
 * what is to do; took() folds an answer into the world.  Neither does I/O, so
 * both are tested without network.  One driver (drive.h) runs all steps of all
 * accounts: whatever can be called is called at the same time, and after each
 * answer all steps are asked again.
 *
 * A plan is the same code: a changing call is noted instead of sent, and
 * took() is given no answer: it pretends that the call did what it should.
 *
 * Reads come first: no changing call is sent while a read is wanted or in
 * flight, until the first change is made; so what must be refused is refused
 * before anything is changed.
 */
#ifndef PROVISION_STEPS_STEP_H
#define PROVISION_STEPS_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/client.h"
#include "provision/actions.h"
#include "provision/outcome.h"
#include "provision/world/world.h"

enum step_now {
    STEP_BLOCKED, /* by another step; `reason` says for what, for people */
    STEP_CALL,    /* make the call of `ask` now */
    STEP_WAIT,    /* the same after a pause that grows: nothing may have
                     changed yet */
    STEP_RESOLVE, /* look up ask->host; took_names() gets the answer */
    STEP_DONE,
    STEP_SKIPPED, /* not wanted, or nothing to do it with */
    STEP_LATER,   /* done as far as may be: the other side must act */
    STEP_FAILED,  /* ask->reason; what depends on it is skipped */
    STEP_REFUSED, /* for safety: ask->reason; nothing more is changed */
};

enum {
    STEP_PROVIDER = -1, /* the account of a step; else a consumer's index */
};

/* What a step wants and how it stands; zeroed before now(). */
struct step_ask {
    enum action action;
    struct query query;
    bool pages;
    unsigned pause_ms; /* of STEP_WAIT: the first; 0: 500 */
    const char *host;  /* of STEP_RESOLVE */

    /* of the outcome's line; NULL and NONE leave what was said before */
    enum outcome_action did; /* what the call does: CREATE, ... */
    const char *id;
    const char *reason;
};

struct step;

struct step_kind {
    enum outcome_step_name name;
    enum step_now (*now)(const struct step *step, struct world *world,
                         struct step_ask *ask);

    /* `answer` is of step->asked; NULL: a plan pretends.  An error (status
     * AWS_REFUSED) that is no news for it: false, and the step has failed
     * with the answer's words. */
    bool (*took)(struct step *step, struct world *world,
                 const struct aws_call *answer);

    /* Of STEP_RESOLVE; NULL without. */
    void (*took_names)(struct step *step, struct world *world,
                       const struct net_answer *answer, enum net_status status);
};

struct step {
    /* set by who lists the steps */
    const struct step_kind *kind;
    int account;  /* STEP_PROVIDER, or a consumer's index */
    size_t index; /* of the cache, listener, lane or balancer meant */
    bool quiet;   /* has no line of its own in the outcome */
    struct outcome_step *line; /* where it is told; several may share one */

    /* the driver's */
    enum step_now state;
    enum action asked;
    bool asked_again;      /* the answer is of a wait */
    unsigned calls;        /* answered */
    unsigned polls;        /* waits so far in a row */
    uint64_t due_ns;       /* of the next wait; 0: none is set */
    void *flight;          /* the call or look-up; NULL: none */
    const char *said;      /* why it failed, was refused or waits */
    const char *waits_for; /* what its line said while it waited */
};

#endif /* PROVISION_STEPS_STEP_H */
