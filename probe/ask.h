/*
 * ask.h -- the commands of a probe, and the judgement of their replies.
 *
 * Pure: bytes and replies in, causes and evidence out.
 */
#ifndef PROBE_ASK_H
#define PROBE_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/target.h"
#include "resp/encode.h"
#include "resp/reader.h"
#include "verdict/evidence.h"

enum ask {
    ASK_AUTH,
    ASK_SELECT,
    ASK_PING,
    ASK_ROLE,
    ASK_INFO_SERVER,
    ASK_INFO_REPLICATION,
    ASK_SET,         /* NX: the key is new */
    ASK_GET,         /* the value that was set */
    ASK_GET_ABSENT,  /* --no-write: nil */
    ASK_SET_PAYLOAD, /* XX: over our own key */
    ASK_GET_PAYLOAD,
    ASK_DEL,
};

enum {
    ASK_BATCH_MAX = 8,
    ASK_KEY_BYTES = 16,
    ASK_VALUE_BYTES = 16,
    ASK_TTL_MS = 60000, /* if the clean-up is lost, the key goes by itself */
    ASK_PREFIX_MAX = 256,
};

/* The random parts of a probe's key and value. */
struct ask_key {
    uint8_t key[ASK_KEY_BYTES];
    uint8_t value[ASK_VALUE_BYTES];
};

/* Fill `key` from the kernel's generator.  false: it has none. */
bool ask_key_new(struct ask_key *key);

/* The whole key as text, into `text`; returns its length. */
size_t ask_key_text(const struct ask_key *key, const char *prefix,
                    char text[ASK_PREFIX_MAX + 2 * ASK_KEY_BYTES + 1]);

/* The stage that `ask` belongs to. */
enum stage ask_stage(enum ask ask);

/*
 * Append the command of `ask` to `batch`; `payload` is the size of the value
 * for ASK_SET_PAYLOAD.  false: out of memory.
 */
bool ask_add(struct resp_batch *batch, enum ask ask,
             const struct probe_target *target, const struct ask_key *key,
             size_t payload);

/* Is the bulk `bytes` the value of `ask`? */
bool ask_value_equal(enum ask ask, const struct ask_key *key, size_t payload,
                     const char *bytes, size_t n);

/*
 * Judge `reply` to `ask`; `equal` says whether a bulk was the value expected.
 * Returns CAUSE_OK or why it is not what it should be.
 */
enum cause ask_judge(enum ask ask, const struct resp_reply *reply, bool equal);

/* Take role and primary out of a reply to ROLE; false: it is not one. */
bool ask_read_role(const struct resp_reply *reply,
                   struct evidence_address *evidence);

/* Take what INFO server, or INFO replication, tells. */
void ask_read_server(const char *info, size_t n,
                     struct evidence_server *server);
bool ask_read_replication(const char *info, size_t n,
                          struct evidence_address *evidence);

#endif /* PROBE_ASK_H */
