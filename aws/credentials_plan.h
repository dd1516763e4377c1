/*
 * credentials_plan.h -- where keys will come from: a decision, nothing is
 * asked.
 *
 * One base (whose keys are there or can be had), then roles to assume on top.
 * Which base it is depends on settings alone, never on an answer; so all that
 * is wrong with the settings is found before the first request.
 */
#ifndef AWS_CREDENTIALS_PLAN_H
#define AWS_CREDENTIALS_PLAN_H

#include "aws/credentials_keys.h"
#include "aws/profile.h"

/* The words when nothing is set anywhere. */
#define CREDENTIALS_NONE                                                       \
    "no AWS credentials: neither in the environment, nor in the profile, nor " \
    "from a container or an instance"

enum {
    PLAN_ROLES_MAX = 16, /* of a chain of source_profile */
};

enum plan_base {
    BASE_ENVIRONMENT,
    BASE_FILE, /* keys of the profile, in `file` */
    BASE_PROCESS,
    BASE_WEB_IDENTITY,
    BASE_CONTAINER,
    BASE_INSTANCE,
};

/* Texts are lent by the profiles, the options and the environment. */
struct plan_role {
    const char *arn;
    const char *external_id;  /* NULL: none */
    const char *session_name; /* NULL: ours */
    const char *profile;      /* that names it; NULL: an option or variable */
    unsigned duration_s;      /* 0: the role's own */
};

struct plan {
    enum plan_base base;
    const char *profile;    /* of BASE_FILE and BASE_PROCESS */
    enum profile_file file; /* of BASE_FILE */
    const char *command;    /* of BASE_PROCESS */
    const char *token_file; /* of BASE_WEB_IDENTITY ... */
    struct plan_role web;   /* ... and whom it becomes */
    bool last_resort;       /* nothing was set: the instance may know */
    struct plan_role roles[PLAN_ROLES_MAX];
    size_t nroles; /* the last one is assumed first */
};

bool plan_make(struct plan *plan, const struct profiles *profiles,
               const struct credentials_options *options, struct fault *fault);

/* The environment's `name`; NULL: not set, or empty. */
const char *plan_variable(const char *name);

/* Has it an aws_access_key_id there?  A secret key alone is passed over, as the
 * AWS CLI does. */
bool plan_has_keys(const struct profiles *profiles, enum profile_file file,
                   const char *profile);

/* What a profile says of its role.  false: wrong, or not to be had. */
bool plan_role_read(const struct profiles *profiles, const char *profile,
                    struct plan_role *role, struct fault *fault);

#endif /* AWS_CREDENTIALS_PLAN_H */
