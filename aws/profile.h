/*
 * profile.h -- ~/.aws/config and ~/.aws/credentials, as the AWS CLI reads them.
 *
 * Sections [default], [profile NAME] (config), [NAME] (credentials),
 * [services NAME], [sso-session NAME]; keys in any case; values of nested
 * sections (`s3 =` and indented lines below it) have the key "s3.region".
 * AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE move the files.
 */
#ifndef AWS_PROFILE_H
#define AWS_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

struct profiles;

/*
 * Read both files; one that is absent is empty.  NULL: unreadable or not of
 * this form; one line "FILE:LINE: ..." in `error`.  Bytes with secrets are
 * wiped when released.
 */
struct profiles *profiles_load(char *error, size_t size);
struct profiles *profiles_read(const char *config, size_t config_size,
                               const char *credentials, size_t credentials_size,
                               char *error, size_t size);
void profiles_free(struct profiles *profiles); /* takes NULL */

bool profiles_has(const struct profiles *profiles, const char *name);

/* NULL: not there, or empty.  Of the credentials file first, for the keys that
 * both may hold. */
const char *profiles_get(const struct profiles *profiles, const char *name,
                         const char *key);

/* Of one file only: where keys were written decides when they are used. */
enum profile_file {
    PROFILE_CREDENTIALS,
    PROFILE_CONFIG,
};
const char *profiles_get_of(const struct profiles *profiles,
                            enum profile_file file, const char *name,
                            const char *key);

/* The paths that are read, as the environment says; "" when there is no home.
 * For messages. */
enum {
    PROFILE_PATH_MAX = 4096,
};
void profiles_path(enum profile_file file, char path[PROFILE_PATH_MAX]);

/* Of [services NAME]: "ec2.endpoint_url". */
const char *profiles_service(const struct profiles *profiles, const char *name,
                             const char *key);

#endif /* AWS_PROFILE_H */
