/*
 * vpce.c -- labels are cut off from the left: endpoint, service, region; what
 * is left must be AWS's own suffix.
 */
#include "verdict/vpce.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is_letter(char c)
{
    return isascii(c) && isalnum((unsigned char)c);
}

static bool is_word(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!is_letter(text[i]))
            return false;
    }
    return n > 0;
}

/* "us-west-2a": words with dashes between. */
static bool is_words(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!is_letter(text[i]) && text[i] != '-')
            return false;
    }
    return n > 0 && text[0] != '-' && text[n - 1] != '-';
}

/* Copy `n` bytes in lower case. */
static void copy(char to[VPCE_PART_MAX], const char *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (char)tolower((unsigned char)from[i]);
    to[n] = '\0';
}

/* "vpce-ID-HASH[-ZONE]", of which ID and HASH are words. */
static bool endpoint_parse(const char *label, size_t n, struct vpce_name *name)
{
    static const size_t head = sizeof("vpce-") - 1;
    const char *end = label + n, *id = label + head, *hash, *zone;

    if (n <= head || strncasecmp(label, "vpce-", head) != 0)
        return false;
    hash = memchr(id, '-', (size_t)(end - id));
    if (!hash || !is_word(id, (size_t)(hash - id)))
        return false;
    zone = memchr(hash + 1, '-', (size_t)(end - hash) - 1);
    if (!is_word(hash + 1, (size_t)((zone ? zone : end) - hash) - 1))
        return false;
    if (zone && !is_words(zone + 1, (size_t)(end - zone) - 1))
        return false;
    copy(name->endpoint, label, (size_t)(hash - label));
    copy(name->zone, zone ? zone + 1 : end,
         zone ? (size_t)(end - zone) - 1 : 0);
    return true;
}

/* "vpce-svc-ID". */
static bool service_parse(const char *label, size_t n, struct vpce_name *name)
{
    static const size_t head = sizeof("vpce-svc-") - 1;

    if (n <= head || strncasecmp(label, "vpce-svc-", head) != 0 ||
        !is_word(label + head, n - head))
        return false;
    copy(name->service, label, n);
    return true;
}

static bool region_parse(const char *label, size_t n, struct vpce_name *name)
{
    if (!is_words(label, n))
        return false;
    copy(name->region, label, n);
    return true;
}

/* The suffix, in China with ".cn"; a final dot is fine. */
static bool is_suffix(const char *rest)
{
    static const char aws[] = "vpce.amazonaws.com";

    if (strncasecmp(rest, aws, sizeof(aws) - 1) != 0)
        return false;
    rest += sizeof(aws) - 1;
    if (strncasecmp(rest, ".cn", 3) == 0)
        rest += 3;
    return strcmp(rest, "") == 0 || strcmp(rest, ".") == 0;
}

/* The length of the label at `host`; 0 when it is too long, or the last. */
static size_t label_length(const char *host)
{
    size_t n = strcspn(host, ".");

    return n < VPCE_PART_MAX && host[n] == '.' ? n : 0;
}

bool vpce_parse(const char *host, struct vpce_name *name)
{
    struct vpce_name parsed;
    size_t n = label_length(host);

    if (!endpoint_parse(host, n, &parsed))
        return false;
    host += n + 1;
    n = label_length(host);
    if (!service_parse(host, n, &parsed))
        return false;
    host += n + 1;
    n = label_length(host);
    if (!region_parse(host, n, &parsed) || !is_suffix(host + n + 1))
        return false;
    *name = parsed;
    return true;
}

bool vpce_sibling(const char *host, char letter, char *name, size_t size)
{
    size_t label = strcspn(host, "."), end = strlen(host + label);
    char zone[VPCE_PART_MAX + 2] = "";
    const char *rest = host + label;
    struct vpce_name vpce;
    int n;

    if (!vpce_parse(host, &vpce))
        return false;
    if (vpce.zone[0] != '\0')
        label -= strlen(vpce.zone) + 1;
    if (letter != '\0')
        (void)snprintf(zone, sizeof(zone), "-%s%c", vpce.region, letter);
    if (rest[end - 1] == '.')
        end--;
    n = snprintf(name, size, "%.*s%s%.*s.", (int)label, host, zone, (int)end,
                 rest);
    return n > 0 && (size_t)n < size;
}

bool vpce_is_misspelt(const char *host)
{
    struct vpce_name name;

    return (strncasecmp(host, "vpce-", 5) == 0 ||
            strcasestr(host, ".vpce.amazonaws.")) &&
           !vpce_parse(host, &name);
}
