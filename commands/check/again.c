/*
 * Options that change what a check sees, in the order of --help.  Of passwords
 * only the name of a file is among them.
 */
#include "commands/check/again.h"

#include <assert.h>
#include <string.h>
#include <sys/socket.h>

static void add(struct check_again *again, const char *option,
                const char *value)
{
    unsigned n = 0;

    if (!value || value[0] == '\0')
        return;
    while (again->list[n].option)
        n++;
    assert(n + 1 < AGAIN_MAX);
    again->list[n] = (struct evidence_again){ option, value };
}

static void add_addresses(struct check_again *again,
                          const struct check_options *options)
{
    char *to = again->addresses;

    for (unsigned i = 0; i < options->naddresses; i++) {
        if (i > 0)
            *to++ = ',';
        net_addr_host(&options->addresses[i], to);
        to += strlen(to);
    }
    add(again, "--address", again->addresses);
}

void check_again_fill(struct check_again *again,
                      const struct check_options *options)
{
    *again = (struct check_again){ .list[0].option = NULL };
    add_addresses(again, options);
    if (options->source.sa.any.sa_family != AF_UNSPEC)
        add(again, "--source", net_addr_host(&options->source, again->source));
    add(again, "--dns", options->dns);
    add(again, "--cacert", options->cacert);
    add(again, "--cacertdir", options->cacertdir);
    add(again, "--cert", options->cert);
    add(again, "--key", options->key);
    add(again, "--password-file", options->password_file);
    if (options->tls_verify != NET_TLS_VERIFY_FULL)
        add(again, "--tls-verify",
            options->tls_verify == NET_TLS_VERIFY_CHAIN ? "chain" : "none");
}
