/*
 * lookups.h -- second look-ups: what splits two failures that look alike and
 * may be a matter of names.
 *
 * After a failed look-up, a failed connect, or where DNS has fewer addresses
 * than required, or a single one of an endpoint, more names are looked up where
 * that can tell more, side by side: the endpoint's of each zone, the same name
 * of each name server, the name past the hosts file or the search list, ...
 * Where an answer leads that is not in use, a connection is tried.  All of them
 * together with the second probes take one stage's budget at most and end by
 * the deadline.  What they see is evidence (struct evidence_lookups); no ids.
 */
#ifndef PROBE_LOOKUPS_H
#define PROBE_LOOKUPS_H

#include "probe/trial.h"

struct lookups;
typedef void (*lookups_cb)(void *data);

/*
 * The second look-ups that `evidence` calls for, which gets them; NULL: none,
 * no time is left by `deadline_ns`, or there is no memory.  The caller owns
 * them until lookups_free(); `evidence` outlives them.
 */
struct lookups *lookups_new(struct probe_world *world,
                            const struct probe_target *target,
                            struct evidence_target *evidence,
                            uint64_t deadline_ns);

/* Make them.  The contract of net/: `cb` runs once, from the loop. */
void lookups_start(struct lookups *lookups, lookups_cb cb, void *data);

/* End soon; what was not seen is not in the evidence. */
void lookups_cancel(struct lookups *lookups);

/* Release them and their evidence.  Takes NULL.  Requires: not under way. */
void lookups_free(struct lookups *lookups);

#endif /* PROBE_LOOKUPS_H */
