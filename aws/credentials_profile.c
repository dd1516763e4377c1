/*
 * credentials_profile.c -- what one profile says: its keys, its role.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/credentials_sources.h"

enum {
    DURATION_MIN_S = 900,
    DURATION_MAX_S = 43200,
};

bool plan_has_keys(const struct profiles *profiles, enum profile_file file,
                   const char *profile)
{
    return profiles_get_of(profiles, file, profile, "aws_access_key_id") !=
           NULL;
}

static bool lacks(struct fault *fault, const char *profile, const char *key)
{
    char quoted[QUOTE_MAX];

    return fault_set(fault, CREDENTIALS_CONFIG, "profile %s has no %s",
                     text_quote(profile, quoted), key);
}

bool source_file(const struct profiles *profiles, enum profile_file file,
                 const char *profile, struct found_keys *found,
                 struct fault *fault)
{
    char quoted[QUOTE_MAX], whose[QUOTE_MAX + 16];
    struct aws_keys keys = {
        .access_key =
            profiles_get_of(profiles, file, profile, "aws_access_key_id"),
        .secret_key =
            profiles_get_of(profiles, file, profile, "aws_secret_access_key"),
        .session_token =
            profiles_get_of(profiles, file, profile, "aws_session_token"),
    };

    if (!keys.secret_key)
        return lacks(fault, profile, "aws_secret_access_key");
    if (!keys.session_token)
        keys.session_token =
            profiles_get_of(profiles, file, profile, "aws_security_token");
    found->source =
        file == PROFILE_CREDENTIALS ? "shared-credentials-file" : "config-file";
    (void)snprintf(whose, sizeof(whose), "profile %s",
                   text_quote(profile, quoted));
    return found_set(found, &keys, whose, fault);
}

static bool duration_read(const char *text, unsigned *duration_s)
{
    char *end;
    long value = strtol(text, &end, 10);

    if (*end || end == text || value < DURATION_MIN_S || value > DURATION_MAX_S)
        return false;
    *duration_s = (unsigned)value;
    return true;
}

bool plan_role_read(const struct profiles *profiles, const char *profile,
                    struct plan_role *role, struct fault *fault)
{
    const char *duration = profiles_get(profiles, profile, "duration_seconds");
    char quoted[QUOTE_MAX], value[QUOTE_MAX];

    *role = (struct plan_role){
        .arn = profiles_get(profiles, profile, "role_arn"),
        .external_id = profiles_get(profiles, profile, "external_id"),
        .session_name = profiles_get(profiles, profile, "role_session_name"),
        .profile = profile,
    };
    text_quote(profile, quoted);
    if (profiles_get(profiles, profile, "mfa_serial"))
        return fault_set(fault, CREDENTIALS_CONFIG,
                         "profile %.120s has mfa_serial, and no code is asked "
                         "for here: name a profile with credential_process = "
                         "aws configure export-credentials --profile %.120s",
                         quoted, quoted);
    if (duration && !duration_read(duration, &role->duration_s))
        return fault_set(fault, CREDENTIALS_CONFIG,
                         "profile %s: duration_seconds is %s; expected %d to "
                         "%d",
                         quoted, text_quote(duration, value), DURATION_MIN_S,
                         DURATION_MAX_S);
    return true;
}
