/*
 * track_parts.h -- what track.c, which has the story, compares by.
 */
#ifndef WATCH_TRACK_PARTS_H
#define WATCH_TRACK_PARTS_H

#include "watch/track.h"

/* Tell `event`, of the check `now`. */
void track_tell(struct track *track, struct event *event,
                const struct snapshot *now);

/* `id` is believed from the start. */
void track_state_begin(struct track_state *state, const char *id,
                       enum check_status status, int64_t time_ms);
void track_address_begin(struct track_address *kept, const struct snapshot *now,
                         const struct snapshot_address *seen);

/* Role, process, certificate, latencies and verdict of one address. */
void track_address(struct track *track, struct track_address *kept,
                   const struct snapshot *now,
                   const struct snapshot_address *seen);

/* Tells the marks that a certificate's end has passed. */
void track_certificate(struct track *track, struct track_address *kept,
                       const struct snapshot *now,
                       const struct snapshot_address *seen);

/* The verdict of `address`, or of the whole (NULL). */
void track_verdict(struct track *track, struct track_state *state,
                   const struct snapshot *now,
                   const struct snapshot_address *address);

void track_latency(struct track *track, struct latency *latency,
                   enum stage stage, const struct snapshot *now,
                   const struct snapshot_address *address, uint32_t us);

#endif /* WATCH_TRACK_PARTS_H */
