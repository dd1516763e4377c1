/*
 * fixes.h -- the commands of the catalogue with what is known filled in;
 * internal to describe.h.
 *
 *     {ENDPOINT_ID} {SERVICE_ID}   of the vpce name, or of one it stands for
 *     {REGION_NAME}                ... and its region
 *     {REGION}                     " --region us-west-2", or nothing
 *     {HOST} {ADDRESS} {PORT}      what was dialled
 *     {CLIENT_CIDR}                the subnet of our own address
 *     {USER} {PREFIX}              of --user and --key-prefix
 *     {MASTER}                     whose replica this is
 *     {CERT_NAME}                  a name that the certificate is for
 *     {CACHE_DOMAIN}               ... and the domain of ElastiCache's names
 *
 * An address before ":{PORT}" stands in brackets where it must.  Our own
 * commands are given the options that this check had.
 *
 * What is not known keeps its capitals, and so does what would mean something
 * to a shell: a command must be safe to paste.
 */
#ifndef VERDICT_FIXES_H
#define VERDICT_FIXES_H

#include <stdbool.h>

#include "verdict/evidence.h"

/* What a command may name.  `address` may be NULL. */
struct fix_values {
    const struct evidence_target *target;
    const struct evidence_address *address;
};

/* Does `command` make sense for `target`? */
bool fix_fits(const char *command, const struct evidence_target *target);

/* `command`, filled; NULL when out of memory.  The caller frees it. */
char *fix_fill(const char *command, const struct fix_values *values);

/* `command` as it stands in a manual: capitals without braces, no region.
 * The caller frees it; NULL when out of memory. */
char *fix_plain(const char *command);

#endif /* VERDICT_FIXES_H */
