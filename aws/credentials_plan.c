/*
 * An option's role on top; the environment's keys, when no profile is named;
 * else the profile, down its chain of source_profile to the one that has keys;
 * else the container's endpoint, else the instance's.
 *
 * Source: the order of the AWS CLI (botocore, credentials.py), and
 * "Standardized credential providers", AWS SDKs and Tools Reference Guide.
 */
#include "aws/credentials_plan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aws/endpoint.h"

struct planner {
    struct plan *plan;
    const struct profiles *profiles;
    struct fault *fault;
    bool named; /* by an option: the environment's keys do not count */
};

enum outcome {
    FOUND,
    NOTHING, /* the profile says nothing of keys: go on elsewhere */
    WRONG,   /* see the fault */
};

const char *plan_variable(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

static enum outcome found(struct plan *plan, enum plan_base base)
{
    plan->base = base;
    return FOUND;
}

static const char *get(const struct planner *p, const char *profile,
                       const char *key)
{
    return profiles_get(p->profiles, profile, key);
}

/* A role's setting: the variable's, if variables count, else the profile's. */
static const char *web_setting(const struct planner *p, bool variables,
                               const char *profile, const char *variable,
                               const char *key)
{
    const char *value = variables ? plan_variable(variable) : NULL;

    return value || !profile ? value : get(p, profile, key);
}

/* `profile` may be NULL. */
static enum outcome plan_web(struct planner *p, bool variables,
                             const char *profile)
{
    struct plan *plan = p->plan;

    plan->token_file =
        web_setting(p, variables, profile, "AWS_WEB_IDENTITY_TOKEN_FILE",
                    "web_identity_token_file");
    if (!plan->token_file)
        return NOTHING;
    plan->web = (struct plan_role){
        .arn = web_setting(p, variables, profile, "AWS_ROLE_ARN", "role_arn"),
        .session_name =
            web_setting(p, variables, profile, "AWS_ROLE_SESSION_NAME",
                        "role_session_name"),
        .profile = profile,
    };
    if (plan->web.arn)
        return found(plan, BASE_WEB_IDENTITY);
    fault_set(p->fault, CREDENTIALS_CONFIG,
              "there is a web identity token file and no role_arn: set "
              "AWS_ROLE_ARN");
    return WRONG;
}

/* Sign-in by a browser is the AWS CLI's business. */
static bool signs_in(const struct planner *p, const char *profile)
{
    static const char *const keys[] = { "sso_account_id", "sso_role_name",
                                        "sso_session", "login_session" };
    char quoted[QUOTE_MAX];
    size_t i = 0;

    while (i < 4 && !get(p, profile, keys[i]))
        i++;
    if (i == 4)
        return false;
    text_quote(profile, quoted);
    fault_set(p->fault, CREDENTIALS_CONFIG,
              "profile %.120s signs in by a browser (%s), which the AWS CLI "
              "does: name a profile with credential_process = aws configure "
              "export-credentials --profile %.120s",
              quoted, keys[i], quoted);
    return true;
}

/* What a profile has itself, roles of others left out. */
static enum outcome plan_own(struct planner *p, const char *profile,
                             bool variables)
{
    enum outcome outcome = plan_web(p, variables, profile);
    bool keys = plan_has_keys(p->profiles, PROFILE_CREDENTIALS, profile);

    p->plan->profile = profile;
    p->plan->command = get(p, profile, "credential_process");
    p->plan->file = PROFILE_CREDENTIALS;
    if (outcome != NOTHING)
        return outcome;
    if (get(p, profile, "sso_account_id") || get(p, profile, "sso_role_name"))
        return signs_in(p, profile) ? WRONG : NOTHING;
    if (keys)
        return found(p->plan, BASE_FILE);
    if (p->plan->command)
        return found(p->plan, BASE_PROCESS);
    p->plan->file = PROFILE_CONFIG;
    if (plan_has_keys(p->profiles, PROFILE_CONFIG, profile))
        return found(p->plan, BASE_FILE);
    return signs_in(p, profile) ? WRONG : NOTHING;
}

static enum outcome wrong(struct planner *p, const char *profile,
                          const char *what)
{
    char quoted[QUOTE_MAX];

    fault_set(p->fault, CREDENTIALS_CONFIG, "profile %s %s",
              text_quote(profile, quoted), what);
    return WRONG;
}

static bool metadata_is_off(void)
{
    const char *word = plan_variable("AWS_EC2_METADATA_DISABLED");

    return word && strcasecmp(word, "true") == 0;
}

static bool has_container(void)
{
    return plan_variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") ||
           plan_variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
}

static enum outcome plan_named(struct planner *p, const char *profile,
                               const char *source)
{
    if (strcmp(source, "Environment") == 0)
        return found(p->plan, BASE_ENVIRONMENT);
    if (strcmp(source, "EcsContainer") == 0)
        return has_container()
                   ? found(p->plan, BASE_CONTAINER)
                   : wrong(p, profile,
                           "has credential_source = EcsContainer, and "
                           "AWS_CONTAINER_CREDENTIALS_FULL_URI is not set");
    if (strcmp(source, "Ec2InstanceMetadata") != 0)
        return wrong(p, profile,
                     "has a credential_source that is none of Environment, "
                     "EcsContainer, Ec2InstanceMetadata");
    return metadata_is_off()
               ? wrong(p, profile,
                       "has credential_source = Ec2InstanceMetadata, and "
                       "AWS_EC2_METADATA_DISABLED is true")
               : found(p->plan, BASE_INSTANCE);
}

static bool has_static(const struct planner *p, const char *profile)
{
    return get(p, profile, "aws_access_key_id") ||
           get(p, profile, "aws_secret_access_key");
}

static bool was_visited(const struct plan *plan, const char *profile)
{
    for (size_t i = 0; i < plan->nroles; i++)
        if (plan->roles[i].profile &&
            strcmp(plan->roles[i].profile, profile) == 0)
            return true;
    return false;
}

/* May the chain go on from `profile` to `source`?  One with keys of its own may
 * name itself. */
static bool link_is_fine(struct planner *p, const char *profile,
                         const char *source)
{
    char quoted[QUOTE_MAX];
    bool itself = strcmp(profile, source) == 0;

    if (!profiles_has(p->profiles, source))
        return fault_set(p->fault, CREDENTIALS_CONFIG,
                         "source_profile %s is in neither file",
                         text_quote(source, quoted));
    if (!was_visited(p->plan, source) || (itself && has_static(p, source)))
        return true;
    (void)wrong(p, source, "is in a circle of source_profile");
    return false;
}

/* Put the role of `profile` on top; `source` is whose keys assume it, NULL when
 * that is found already. */
static enum outcome plan_role(struct planner *p, const char *profile,
                              const char **source)
{
    const char *named = get(p, profile, "credential_source");
    struct plan *plan = p->plan;

    *source = get(p, profile, "source_profile");
    if (plan->nroles == PLAN_ROLES_MAX)
        return wrong(p, profile, "is too far down a chain of source_profile");
    if (!plan_role_read(p->profiles, profile, &plan->roles[plan->nroles],
                        p->fault))
        return WRONG;
    plan->nroles++;
    if (named && *source)
        return wrong(p, profile,
                     "has both source_profile and credential_source");
    if (named)
        return plan_named(p, profile, named);
    if (!*source)
        return wrong(p, profile,
                     "has role_arn, and neither source_profile nor "
                     "credential_source");
    return link_is_fine(p, profile, *source) ? NOTHING : WRONG;
}

static enum outcome plan_profile(struct planner *p, const char *profile)
{
    const char *source;
    bool first = true;

    while (get(p, profile, "role_arn") &&
           !get(p, profile, "web_identity_token_file") &&
           (first || !has_static(p, profile))) {
        enum outcome outcome = plan_role(p, profile, &source);

        if (outcome != NOTHING)
            return outcome;
        profile = source;
        first = false;
    }
    switch (plan_own(p, profile, first && !p->named)) {
    case FOUND: return FOUND;
    case NOTHING:
        return first ? NOTHING
                     : wrong(p, profile,
                             "is a source_profile and has no credentials");
    default: return WRONG;
    }
}

static bool is_missing(const struct planner *p, const char *profile)
{
    char config[PROFILE_PATH_MAX], credentials[PROFILE_PATH_MAX];
    char quoted[QUOTE_MAX], first[QUOTE_MAX], second[QUOTE_MAX];

    profiles_path(PROFILE_CONFIG, config);
    profiles_path(PROFILE_CREDENTIALS, credentials);
    return fault_set(p->fault, CREDENTIALS_CONFIG,
                     "profile %.150s is in neither %.150s nor %.150s",
                     text_quote(profile, quoted),
                     text_quote_path(config, first),
                     text_quote_path(credentials, second));
}

static enum outcome plan_machine(struct planner *p)
{
    if (has_container())
        return found(p->plan, BASE_CONTAINER);
    p->plan->last_resort = true;
    if (!metadata_is_off())
        return found(p->plan, BASE_INSTANCE);
    fault_set(p->fault, CREDENTIALS_CONFIG, "%s", CREDENTIALS_NONE);
    return WRONG;
}

static enum outcome plan_base(struct planner *p,
                              const struct credentials_options *options)
{
    const char *profile = aws_profile_name(options->profile);
    bool there = profiles_has(p->profiles, profile);
    enum outcome outcome;

    /* Also when there are keys in the environment: somebody meant others. */
    if (!there && (p->named || plan_variable("AWS_PROFILE") ||
                   plan_variable("AWS_DEFAULT_PROFILE"))) {
        (void)is_missing(p, profile);
        return WRONG;
    }
    if (!p->named && plan_variable("AWS_ACCESS_KEY_ID"))
        return found(p->plan, BASE_ENVIRONMENT);
    outcome = there ? plan_profile(p, profile) : plan_web(p, true, NULL);
    return outcome == NOTHING ? plan_machine(p) : outcome;
}

bool plan_make(struct plan *plan, const struct profiles *profiles,
               const struct credentials_options *options, struct fault *fault)
{
    struct planner p = { .plan = plan,
                         .profiles = profiles,
                         .fault = fault,
                         .named = options->profile != NULL };

    *plan = (struct plan){ 0 };
    if (options->role_arn)
        plan->roles[plan->nroles++] =
            (struct plan_role){ .arn = options->role_arn,
                                .external_id = options->external_id };
    return plan_base(&p, options) == FOUND;
}
