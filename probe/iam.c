/*
 * iam.c -- the parameters of a token, one at a time; the signature is skipped.
 */
#include "probe/iam.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The value of `name=` behind the "?" of `token`, and its length; NULL. */
static const char *parameter(const char *token, const char *name, size_t *n)
{
    size_t length = strlen(name);
    const char *at = strchr(token, '?');

    while (at) {
        at++;
        if (strncmp(at, name, length) == 0 && at[length] == '=') {
            at += length + 1;
            *n = strcspn(at, "&");
            return at;
        }
        at = strchr(at, '&');
    }
    return NULL;
}

static int number(const char *digits, size_t n)
{
    int value = 0;

    for (size_t i = 0; i < n; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return -1;
        value = value * 10 + (digits[i] - '0');
    }
    return value;
}

/* "20261123T030000Z" (ISO 8601, basic); 0 when it is none. */
static int64_t instant(const char *text, size_t n)
{
    struct tm when = { 0 };

    if (n != 16 || text[8] != 'T' || text[15] != 'Z')
        return 0;
    when.tm_year = number(text, 4) - 1900;
    when.tm_mon = number(text + 4, 2) - 1;
    when.tm_mday = number(text + 6, 2);
    when.tm_hour = number(text + 9, 2);
    when.tm_min = number(text + 11, 2);
    when.tm_sec = number(text + 13, 2);
    if (when.tm_year < 0 || when.tm_mon < 0 || when.tm_mday < 1 ||
        when.tm_hour < 0 || when.tm_min < 0 || when.tm_sec < 0)
        return 0;
    return (int64_t)timegm(&when);
}

bool iam_read(const char *password, const char *user, struct evidence_iam *iam)
{
    size_t naction = 0, nuser = 0, ndate = 0, nexpires = 0;
    const char *action = parameter(password, "Action", &naction);
    const char *token_user = parameter(password, "User", &nuser);
    const char *date = parameter(password, "X-Amz-Date", &ndate);
    const char *expires = parameter(password, "X-Amz-Expires", &nexpires);
    size_t nhost = strcspn(password, "/:?");

    if (!action || naction != 7 || strncmp(action, "connect", 7) != 0 ||
        !date || !expires || nexpires > 6)
        return false;
    iam->signed_s = instant(date, ndate);
    iam->expires_s = number(expires, nexpires);
    iam->other_user =
        user && token_user &&
        (strlen(user) != nuser || strncmp(user, token_user, nuser) != 0);
    iam->dns_name = memchr(password, '.', nhost) != NULL;
    return iam->signed_s > 0 && iam->expires_s >= 0;
}
