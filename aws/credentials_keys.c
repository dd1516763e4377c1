/*
 * Keys live in memory for secrets from the moment that they are found; whoever
 * replaces them wipes the old ones.
 */
#include "aws/credentials_keys.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool fault_set(struct fault *fault, enum credentials_fault kind,
               const char *format, ...)
{
    va_list args;

    fault->kind = kind;
    va_start(args, format);
    (void)vsnprintf(fault->text, sizeof(fault->text), format, args);
    va_end(args);
    return false;
}

char *fault_words(const char *text, char *out, size_t size)
{
    size_t n = strcspn(text, "\r\n");

    if (n >= size)
        n = size - 1;
    for (size_t i = 0; i < n; i++)
        out[i] = '?';
    for (size_t i = 0; i < n; i++)
        if (text[i] >= ' ' && text[i] <= '~')
            out[i] = text[i];
    out[n] = '\0';
    return out;
}

/* Keys go into headers as they are. */
static bool is_plain(const char *text)
{
    for (; *text; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

static const char *keep(struct found_keys *found, const char *text)
{
    return secret_pool_keep(&found->pool, text, strlen(text));
}

bool found_set(struct found_keys *found, const struct aws_keys *keys,
               const char *whose, struct fault *fault)
{
    const char *token = keys->session_token;

    if (!*keys->access_key || !*keys->secret_key)
        return fault_set(fault, CREDENTIALS_CONFIG, "%s: a key is empty",
                         whose);
    if (!is_plain(keys->access_key) || !is_plain(keys->secret_key) ||
        (token && !is_plain(token)))
        return fault_set(fault, CREDENTIALS_CONFIG,
                         "%s: a key or token holds a blank or a byte that no "
                         "key has",
                         whose);
    found->keys.access_key = keep(found, keys->access_key);
    found->keys.secret_key = keep(found, keys->secret_key);
    found->keys.session_token = token && *token ? keep(found, token) : NULL;
    return (found->keys.access_key && found->keys.secret_key &&
            (!token || !*token || found->keys.session_token)) ||
           fault_set(fault, CREDENTIALS_SERVICE, "out of memory");
}

void found_free(struct found_keys *found)
{
    secret_pool_free(&found->pool);
    *found = (struct found_keys){ 0 };
}

/* Exactly `digits` of them; moves on. */
static bool number_take(const char **text, unsigned digits, int *value)
{
    *value = 0;
    while (digits-- > 0) {
        if (!isdigit((unsigned char)**text))
            return false;
        *value = *value * 10 + (*(*text)++ - '0');
    }
    return true;
}

static bool mark_take(const char **text, const char *marks)
{
    if (!**text || !strchr(marks, **text))
        return false;
    (*text)++;
    return true;
}

static bool date_take(const char **text, struct tm *when)
{
    if (!number_take(text, 4, &when->tm_year) || !mark_take(text, "-") ||
        !number_take(text, 2, &when->tm_mon) || !mark_take(text, "-") ||
        !number_take(text, 2, &when->tm_mday))
        return false;
    when->tm_year -= 1900;
    when->tm_mon -= 1;
    return when->tm_mon >= 0 && when->tm_mon < 12 && when->tm_mday >= 1 &&
           when->tm_mday <= 31 && when->tm_year >= 70;
}

static bool clock_take(const char **text, struct tm *when)
{
    if (!number_take(text, 2, &when->tm_hour) || !mark_take(text, ":") ||
        !number_take(text, 2, &when->tm_min) || !mark_take(text, ":") ||
        !number_take(text, 2, &when->tm_sec))
        return false;
    if (mark_take(text, "."))
        *text += strspn(*text, "0123456789");
    return when->tm_hour < 24 && when->tm_min < 60 && when->tm_sec <= 60;
}

/* "Z", "+01:00", "-0530", or nothing, which is taken for UTC. */
static bool zone_take(const char **text, int *offset_s)
{
    int sign = **text == '-' ? -1 : 1, hours, minutes;

    *offset_s = 0;
    if (!**text || mark_take(text, "Zz"))
        return true;
    if (!mark_take(text, "+-") || !number_take(text, 2, &hours))
        return false;
    (void)mark_take(text, ":");
    if (!number_take(text, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *offset_s = sign * (hours * 60 + minutes) * 60;
    return true;
}

bool expiration_read(const char *text, time_t *expires)
{
    struct tm when = { 0 };
    int offset_s;

    if (!date_take(&text, &when) || !mark_take(&text, "Tt ") ||
        !clock_take(&text, &when) || !zone_take(&text, &offset_s) || *text)
        return false;
    *expires = timegm(&when) - offset_s;
    return *expires > 0;
}
