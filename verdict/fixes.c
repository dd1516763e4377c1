/*
 * fixes.c -- a template is copied; at each {CAPITALS} a value is put in.
 *
 * Other braces (JSON, JMESPath) are copied as they are.
 */
#include "verdict/fixes.h"

#include <stdio.h>
#include <string.h>

#include "verdict/lookups.h"
#include "verdict/text.h"

enum {
    COMMAND_MAX = 2048,
    VALUE_MAX = 256,
};

struct filler {
    const struct fix_values *values; /* NULL: nothing is known */
    struct vpce_name vpce;
    bool has_vpce;
};

/* Would a shell take `value` as one plain word, also between quotes? */
static bool is_plain(const char *value)
{
    static const char fine[] = "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789.:_/@%+=,-{}";
    size_t n = strlen(value);

    return n > 0 && n < VALUE_MAX && value[0] != '-' &&
           strspn(value, fine) == n;
}

static void copy(char to[VALUE_MAX], const char *from)
{
    (void)snprintf(to, VALUE_MAX, "%s", from ? from : "");
}

/* The subnet of `client`, or the address alone where no more is known. */
static void client_cidr(char to[VALUE_MAX], const struct net_cidr *client)
{
    bool v6 = client->base.sa.any.sa_family == AF_INET6;
    unsigned all = v6 ? 128 : 32, bits = client->bits > 0 ? client->bits : all;
    struct net_addr base = client->base;
    unsigned char *bytes = v6 ? (unsigned char *)&base.sa.v6.sin6_addr
                              : (unsigned char *)&base.sa.v4.sin_addr;
    char host[NET_ADDR_TEXT_MAX];

    for (unsigned i = bits; i < all; i++)
        bytes[i / 8] &= (unsigned char)~(0x80U >> i % 8);
    (void)snprintf(to, VALUE_MAX, "%s/%u", net_addr_host(&base, host), bits);
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

/* "n.x1.use1.cache.amazonaws.com" of "*.n.x1...", below which ElastiCache has
 * its names; not of a serverless cache, which has one of its own. */
static const char *cache_domain(const struct net_tls_info *tls)
{
    for (unsigned i = 0; tls && i < tls->nsans; i++) {
        const char *san = tls->sans[i];

        if (strncmp(san, "*.", 2) == 0 &&
            strncmp(san, "*.serverless.", 13) != 0 &&
            (ends_with(san, ".cache.amazonaws.com") ||
             ends_with(san, ".cache.amazonaws.com.cn")))
            return san + 2;
    }
    return NULL;
}

/* A name of the certificate that can be dialled: the first without "*", or the
 * primary's. */
static void cert_name(char to[VALUE_MAX], const struct net_tls_info *tls)
{
    const char *domain = cache_domain(tls);

    for (unsigned i = 0; tls && i < tls->nsans; i++) {
        if (!strchr(tls->sans[i], '*')) {
            copy(to, tls->sans[i]);
            return;
        }
    }
    if (domain)
        (void)snprintf(to, VALUE_MAX, "master.%s", domain);
}

static bool is_key(const char *key, size_t n, const char *name)
{
    return strlen(name) == n && strncmp(key, name, n) == 0;
}

static void value_of_address(const struct evidence_address *address,
                             const char *key, size_t n, char to[VALUE_MAX])
{
    char host[NET_ADDR_TEXT_MAX];

    if (is_key(key, n, "ADDRESS"))
        copy(to, net_addr_host(&address->addr, host));
    else if (is_key(key, n, "LOCAL_ADDRESS") && address->second &&
             address->second->source.sa.any.sa_family != AF_UNSPEC)
        copy(to, net_addr_host(&address->second->source, host));
    else if (is_key(key, n, "CLIENT_CIDR") && address->second &&
             address->second->client.base.sa.any.sa_family != AF_UNSPEC)
        client_cidr(to, &address->second->client);
    else if (is_key(key, n, "MASTER"))
        copy(to, address->master);
    else if (is_key(key, n, "CERT_NAME"))
        cert_name(to, address->tls);
    else if (is_key(key, n, "CACHE_DOMAIN"))
        copy(to, cache_domain(address->tls));
}

static void value_of_target(const struct evidence_target *target,
                            const char *key, size_t n, char to[VALUE_MAX])
{
    if (is_key(key, n, "HOST"))
        copy(to, target->host);
    else if (is_key(key, n, "PORT"))
        (void)snprintf(to, VALUE_MAX, "%u", target->port);
    else if (is_key(key, n, "USER"))
        copy(to, target->user);
    else if (is_key(key, n, "PREFIX"))
        copy(to, target->key_prefix);
}

static void value_of_vpce(const struct vpce_name *vpce, const char *key,
                          size_t n, char to[VALUE_MAX])
{
    if (is_key(key, n, "ENDPOINT_ID"))
        copy(to, vpce->endpoint);
    else if (is_key(key, n, "SERVICE_ID"))
        copy(to, vpce->service);
    else if (is_key(key, n, "REGION") || is_key(key, n, "REGION_NAME"))
        copy(to, vpce->region);
}

static void add_value(struct text *text, const struct filler *filler,
                      const char *key, size_t n)
{
    char value[VALUE_MAX] = "";

    if (filler->values)
        value_of_target(filler->values->target, key, n, value);
    if (filler->values && filler->values->address)
        value_of_address(filler->values->address, key, n, value);
    if (filler->has_vpce)
        value_of_vpce(&filler->vpce, key, n, value);

    if (is_key(key, n, "REGION")) {
        if (is_plain(value))
            text_add(text, " --region %s", value);
    } else if (is_plain(value)) {
        bool brackets = strchr(value, ':') && key[n + 1] == ':';

        text_add(text, brackets ? "[%s]" : "%s", value);
    } else {
        text_add(text, "%.*s", (int)n, key);
    }
}

/* Is the option in `command`? */
static bool has_option(const char *command, const char *option)
{
    size_t n = strlen(option);

    for (const char *at = strstr(command, option); at;
         at = strstr(at + n, option)) {
        if (at[n] == ' ' || at[n] == '\0')
            return true;
    }
    return false;
}

/* An option once: the template's own goes before that of the check. */
static void add_option(struct text *text, const char *command,
                       const char *option, const char *value)
{
    if (!has_option(command, option) && is_plain(value))
        text_add(text, " %s %s", option, value);
}

static bool is_of_tls(const char *option)
{
    return strcmp(option, "--cacert") == 0 ||
           strcmp(option, "--cacertdir") == 0 ||
           strcmp(option, "--cert") == 0 || strcmp(option, "--key") == 0 ||
           strcmp(option, "--tls-verify") == 0;
}

/* As a user only with a password: it is asked for unless a file has it. */
static void add_login(struct text *text, const char *command,
                      const struct evidence_target *target)
{
    const struct evidence_again *again = target->again;

    add_option(text, command, "--user", target->user);
    while (again && again->option &&
           strcmp(again->option, "--password-file") != 0)
        again++;
    if ((!again || !again->option) && !strstr(command, "--password-") &&
        !has_option(command, "--askpass"))
        text_add(text, " --askpass");
}

/* It has no database but the first. */
static bool is_bench(const char *command)
{
    static const char bench[] = "linkprobe bench";

    return strncmp(command, bench, sizeof(bench) - 1) == 0;
}

/* Our own commands must see what this check saw.  A template with redis:// is
 * meant in plain text. */
static void add_options(struct text *text, const char *command,
                        const struct evidence_target *target)
{
    const struct evidence_again *again = target->again;
    bool tls = !strstr(command, "redis://") &&
               (target->tls || has_option(command, "--tls"));

    for (; again && again->option; again++) {
        if (is_of_tls(again->option) &&
            (!tls || has_option(command, "--insecure")))
            continue;
        add_option(text, command, again->option, again->value);
    }
    if (target->user && is_plain(target->user))
        add_login(text, command, target);
    if (target->db > 0 && !is_bench(command) && !has_option(command, "--db"))
        text_add(text, " --db %d", target->db);
    if (tls && !has_option(command, "--tls"))
        text_add(text, " --tls");
    if (tls && target->tls_name && !has_option(command, "--insecure"))
        add_option(text, command, "--tls-name", target->tls_name);
}

/* The length of "linkprobe check" or "linkprobe bench" at the start. */
static size_t own_command(const char *command)
{
    static const char check[] = "linkprobe check";

    return is_bench(command) || strncmp(command, check, sizeof(check) - 1) == 0
               ? sizeof(check) - 1
               : 0;
}

/* The length of the key behind the "{" at `at`; 0: it is no placeholder. */
static size_t key_length(const char *at)
{
    size_t n = strspn(at + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

    return at[1 + n] == '}' ? n : 0;
}

static char *fill(const char *command, const struct filler *filler)
{
    char bytes[COMMAND_MAX];
    struct text text = text_in(bytes, sizeof(bytes));
    size_t own = filler->values ? own_command(command) : 0;

    if (own > 0) {
        text_add(&text, "%.*s", (int)own, command);
        add_options(&text, command, filler->values->target);
        command += own;
    }
    while (*command != '\0') {
        size_t plain = strcspn(command, "{"), n;

        text_add(&text, "%.*s", (int)plain, command);
        command += plain;
        if (*command == '\0')
            break;
        n = key_length(command);
        if (n > 0)
            add_value(&text, filler, command + 1, n);
        else
            text_add(&text, "{");
        command += n > 0 ? n + 2 : 1;
    }
    return strdup(bytes);
}

char *fix_fill(const char *command, const struct fix_values *values)
{
    struct filler filler = { .values = values };

    filler.has_vpce = lookups_endpoint(values->target, &filler.vpce) != NULL;
    return fill(command, &filler);
}

/* A name of the resolver's: an address has none to look up. */
bool fix_fits(const char *command, const struct evidence_target *target)
{
    struct net_addr literal;

    return strncmp(command, "dig ", 4) != 0 || !target->host ||
           !net_addr_parse(target->host, 0, &literal);
}

char *fix_plain(const char *command)
{
    const struct filler filler = { 0 };

    return fill(command, &filler);
}
