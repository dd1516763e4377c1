/*
 * outcomes.h -- runs as they come out, made by hand, for what tells them.
 */
#ifndef TESTS_PROVISION_OUTCOMES_H
#define TESTS_PROVISION_OUTCOMES_H

#include "provision/outcome.h"

enum outcome_scene {
    SCENE_PLAN,        /* nothing is there yet */
    SCENE_APPLY,       /* it was made, with a retry */
    SCENE_DRIFT,       /* of status: two things differ */
    SCENE_DESTROY,     /* it was removed */
    SCENE_INTERRUPTED, /* ... until somebody pressed Ctrl-C */
    SCENE_FAILED,      /* AWS has said no, in bytes that no terminal wants */
    SCENE_NOTHING,     /* an outcome without anything in it */
    SCENES,
};

/* "plan" and the like. */
const char *outcome_scene_name(enum outcome_scene scene);

/* Of static memory: nothing is to be released. */
struct outcome outcome_scene(enum outcome_scene scene);

#endif /* TESTS_PROVISION_OUTCOMES_H */
