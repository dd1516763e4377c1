/*
 * Each is a prefix, an alphabet and a length, but for a few.  Sources:
 * "Resource IDs", Amazon EC2 User Guide; "Create a service powered by AWS
 * PrivateLink".
 */
#include "provision/spec/words.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DIGITS "0123456789"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define ALNUM  LOWER UPPER DIGITS

/* All of `word` is of `alphabet`, and `min` to `max` long. */
static bool is_made_of(const char *word, const char *alphabet, size_t min,
                       size_t max)
{
    size_t n = strspn(word, alphabet);

    return word[n] == '\0' && n >= min && n <= max;
}

/* What stands behind `prefix`; NULL: something else is there. */
static const char *after(const char *word, const char *prefix)
{
    size_t n = strlen(prefix);

    return strncmp(word, prefix, n) == 0 ? word + n : NULL;
}

static bool is_id(const char *word, const char *prefix)
{
    const char *rest = after(word, prefix);

    return rest && is_made_of(rest, DIGITS "abcdef", 4, 32);
}

bool spec_word_any(const char *word)
{
    for (const char *at = word; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return false;
    }
    return *word != '\0';
}

bool spec_word_path(const char *word)
{
    return is_made_of(word, ALNUM "-_.", 1, 64) && strchr("-_.", *word) == NULL;
}

bool spec_word_suffix(const char *word)
{
    return is_made_of(word, ALNUM, 1, 8);
}

bool spec_word_account(const char *word)
{
    return is_made_of(word, DIGITS, 12, 12);
}

/* Two letters, words, and a number, parted by hyphens. */
bool spec_word_region(const char *word)
{
    size_t n = strlen(word);

    return is_made_of(word, LOWER DIGITS "-", 9, 32) &&
           strspn(word, LOWER) >= 2 && word[strspn(word, LOWER)] == '-' &&
           strchr(DIGITS, word[n - 1]) != NULL && strstr(word, "--") == NULL &&
           strrchr(word, '-') > strchr(word, '-');
}

bool spec_word_vpc(const char *word)
{
    return is_id(word, "vpc-");
}

bool spec_word_subnet(const char *word)
{
    return is_id(word, "subnet-");
}

bool spec_word_group(const char *word)
{
    return is_id(word, "sg-");
}

bool spec_word_endpoint(const char *word)
{
    return is_id(word, "vpce-");
}

bool spec_word_service(const char *word)
{
    return is_id(word, "vpce-svc-");
}

/* "com.amazonaws.vpce.REGION.vpce-svc-ID", in China with "cn." before it. */
bool spec_word_service_name(const char *word)
{
    const char *id = strrchr(word, '.');
    const char *cn = after(word, "cn.");
    const char *rest = after(cn ? cn : word, "com.amazonaws.vpce.");

    return rest && id && id > rest && spec_word_service(id + 1) &&
           strspn(rest, LOWER DIGITS "-") == (size_t)(id - rest);
}

/* The field of an ARN after `n` colons; NULL: there are fewer. */
static const char *arn_field(const char *arn, unsigned n)
{
    while (n-- > 0) {
        arn = strchr(arn, ':');
        if (!arn)
            return NULL;
        arn++;
    }
    return arn;
}

/* "arn:PARTITION:SERVICE:REGION:ACCOUNT:"; what follows, NULL: it is none. */
static const char *arn_resource(const char *arn, const char *service,
                                bool region)
{
    const char *partition = after(arn, "arn:aws");
    const char *name = arn_field(arn, 2), *place = arn_field(arn, 3);
    const char *account = arn_field(arn, 4), *rest = arn_field(arn, 5);

    if (!partition || !rest || strchr("-:", *partition) == NULL ||
        strspn(partition, LOWER "-") != (size_t)(name - 1 - partition) ||
        strncmp(name, service, strlen(service)) != 0 ||
        name[strlen(service)] != ':' || region != (*place != ':') ||
        strspn(place, LOWER DIGITS "-") != (size_t)(account - 1 - place) ||
        strspn(account, DIGITS) != 12 || account[12] != ':')
        return NULL;
    return rest;
}

bool spec_word_role(const char *word)
{
    const char *rest = arn_resource(word, "iam", false);

    rest = rest ? after(rest, "role/") : NULL;
    return rest && is_made_of(rest, ALNUM "+=,.@_-/", 1, 576) &&
           rest[strlen(rest) - 1] != '/';
}

bool spec_word_load_balancer(const char *word)
{
    const char *rest = arn_resource(word, "elasticloadbalancing", true);

    rest = rest ? after(rest, "loadbalancer/net/") : NULL;
    return rest && strchr(rest, '/') && is_made_of(rest, ALNUM "-/", 3, 64);
}

bool spec_word_target_group(const char *word)
{
    const char *rest = arn_resource(word, "elasticloadbalancing", true);

    rest = rest ? after(rest, "targetgroup/") : NULL;
    return rest && strchr(rest, '/') && is_made_of(rest, ALNUM "-/", 3, 64);
}

bool spec_word_cache(const char *word)
{
    return is_made_of(word, ALNUM "-", 1, 50) && strchr(ALNUM, *word) != NULL;
}

static bool is_address(const char *word)
{
    unsigned char bytes[16];

    return inet_pton(AF_INET, word, bytes) == 1 ||
           inet_pton(AF_INET6, word, bytes) == 1;
}

/* Labels of letters, digits, hyphens and underscores (RFC 1035, 2.3.4). */
static bool is_name(const char *word)
{
    if (!is_made_of(word, ALNUM "-_.", 1, 253))
        return false;
    for (const char *label = word; label; label = strchr(label, '.')) {
        size_t n;

        label += *label == '.';
        n = strcspn(label, ".");
        if (n == 0 || n > 63 || *label == '-' || label[n - 1] == '-')
            return false;
    }
    return true;
}

bool spec_word_host(const char *word)
{
    return is_address(word) || is_name(word);
}

bool spec_word_dns_name(const char *word)
{
    return is_name(word) && strchr(word, '.') && !is_address(word);
}

bool spec_word_cidr(const char *word)
{
    const char *slash = strchr(word, '/');
    char text[INET_ADDRSTRLEN];
    struct in_addr address;
    unsigned bits;

    if (!slash || (size_t)(slash - word) >= sizeof(text) ||
        !is_made_of(slash + 1, DIGITS, 1, 2) ||
        (slash[1] == '0' && slash[2] != '\0'))
        return false;
    memcpy(text, word, (size_t)(slash - word));
    text[slash - word] = '\0';
    bits = (unsigned)(slash[1] - '0');
    if (slash[2] != '\0')
        bits = bits * 10 + (unsigned)(slash[2] - '0');
    return bits <= 32 && inet_pton(AF_INET, text, &address) == 1 &&
           (bits == 32 || (ntohl(address.s_addr) & (UINT32_MAX >> bits)) == 0);
}

enum spec_principal spec_word_principal(const char *word)
{
    const char *rest, *name;

    if (strcmp(word, "*") == 0)
        return SPEC_PRINCIPAL_ALL;
    rest = arn_resource(word, "iam", false);
    if (rest && strcmp(rest, "root") == 0)
        return SPEC_PRINCIPAL_ROOT;
    name = rest ? after(rest, "role/") : NULL;
    if (!name)
        name = rest ? after(rest, "user/") : NULL;
    if (!name || !is_made_of(name, ALNUM "+=,.@_-/", 1, 576))
        return SPEC_PRINCIPAL_BAD;
    if (strchr(name, '/'))
        return SPEC_PRINCIPAL_PATH;
    return strlen(name) <= 64 ? SPEC_PRINCIPAL_ONE : SPEC_PRINCIPAL_BAD;
}
