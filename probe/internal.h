/*
 * internal.h -- what the files of a probe share, and no one else.
 *
 *     probe.c  the steps, one after the other
 *     talk.c   an exchange: commands out, replies in, each judged
 *     note.c   evidence: how each stage went, and the first failure whole
 */
#ifndef PROBE_INTERNAL_H
#define PROBE_INTERNAL_H

#include "probe/probe.h"

enum {
    PROBE_REPLY_LIMIT = 64 * 1024, /* of any reply but a payload */
};

/* note.c */

/* `stage` has begun, at `start_ns`; of several commands the first counts. */
void note_begin(struct probe *probe, enum stage stage, uint64_t start_ns);

/* `stage` went well.  A failure noted before stands. */
void note_pass(struct probe *probe, enum stage stage);

/*
 * `stage` failed.  The first failure stands, with all that can be known of it;
 * `text` is the reply or a complaint, or NULL.
 */
void note_fail(struct probe *probe, enum stage stage, enum cause cause,
               const char *text);

/* AUTH was not needed: a blemish, and the probe goes on. */
void note_blemish(struct probe *probe, enum stage stage, enum cause cause,
                  const char *text);

/* Keep the first bytes of a reply that is not whole, or none. */
void note_head(struct probe *probe, const char *bytes, size_t n);
void note_head_clear(struct probe *probe);

/* Copy what the handshake showed. */
void note_tls(struct probe *probe);

/* talk.c */

/* Make the commands of the step at work; false: out of memory, nothing may be
 * sent. */
bool talk_begin(struct probe *probe);

/* Wipe and release. */
void talk_batch_free(struct resp_batch **batch);

/* Do SET and GET go out with the greeting? */
bool talk_stores_at_once(const struct probe *probe);

/* Send what was added, and call `cb` when all of it is answered. */
void talk_send(struct probe *probe, net_conn_cb cb);

/* The stage whose reply is due. */
enum stage talk_due(const struct probe *probe);

/* The cause of an exchange that ended in `status`. */
enum cause talk_cause(const struct probe *probe, enum net_status status);

/* Give back what an exchange holds. */
void talk_release(struct probe *probe);

#endif /* PROBE_INTERNAL_H */
