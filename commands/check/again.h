/*
 * again.h -- the options that a command which we advise needs as well:
 * where names are asked, what is dialled and from where, whom TLS trusts.
 */
#ifndef COMMANDS_CHECK_AGAIN_H
#define COMMANDS_CHECK_AGAIN_H

#include "commands/check/options.h"
#include "verdict/evidence.h"

enum {
    AGAIN_MAX = 12,
};

/* Texts are those of `options` and our own. */
struct check_again {
    struct evidence_again list[AGAIN_MAX]; /* ends with option NULL */

    /* private */
    char addresses[CHECK_ADDRESSES_MAX * NET_ADDR_TEXT_MAX];
    char source[NET_ADDR_TEXT_MAX];
};

/* Fill `again`, which must not move afterwards. */
void check_again_fill(struct check_again *again,
                      const struct check_options *options);

#endif /* COMMANDS_CHECK_AGAIN_H */
