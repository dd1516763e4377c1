/*
 * control.h -- a connection beside the load, to prepare and to clean up.
 *
 * Calls block: each runs a loop of its own until it is done.  It tries the
 * side's addresses in turn, logs in and asks PING, so that what would fail for
 * every connection is told in one line before anything is measured.
 */
#ifndef BENCH_CONTROL_H
#define BENCH_CONTROL_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/login.h"
#include "bench/plan.h"
#include "net/conn.h"
#include "net/loop.h"
#include "resp/encode.h"
#include "resp/scan.h"
#include "verdict/cause.h"

enum {
    CONTROL_ERROR_MAX = 320,
};

struct control {
    const struct bench_plan *plan;
    const struct bench_side *side;
    unsigned address;
    char error[CONTROL_ERROR_MAX]; /* of the last call, "ADDRESS: why" */
    enum cause cause;              /* of it */

    /* private */
    struct net_loop loop;
    struct net_conn conn;
    struct resp_batch login;
    unsigned generation; /* of it */
    struct login replies;
    enum net_status status; /* the last operation's */
};

/* Connect to `side`, log in and ask.  false: see `error`; nothing is open. */
bool control_open(struct control *control, const struct bench_plan *plan,
                  const struct bench_side *side);

/*
 * Send `n` bytes, which are `commands` commands, and wait for their replies.
 * false: the connection is lost, or a reply was an error; see `error` and
 * `cause`.
 */
bool control_ask(struct control *control, const char *bytes, size_t n,
                 unsigned commands);

void control_close(struct control *control);

#endif /* BENCH_CONTROL_H */
