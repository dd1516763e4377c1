/*
 * words.h -- one address in a few words; internal to describe.h.
 *
 * Each of these knows the ids of its subject, adds the words and returns true;
 * or returns false and adds nothing.
 */
#ifndef VERDICT_WORDS_H
#define VERDICT_WORDS_H

#include "verdict/classify.h"
#include "verdict/text.h"

bool words_tcp(struct text *text, const struct evidence_address *address,
               const struct verdict *verdict);
bool words_silence(struct text *text, const struct evidence_address *address,
                   const struct verdict *verdict);
bool words_tls(struct text *text, const struct evidence_address *address,
               const struct verdict *verdict);
bool words_redis(struct text *text, const struct evidence_address *address,
                 const struct verdict *verdict);

bool words_soft(struct text *text, const struct evidence_address *address,
                const struct verdict *verdict);

/* How the second probe `kind`, which ran, ended. */
void words_second(struct text *text, const struct evidence_second *second,
                  enum second kind);

/* What a second look-up said, and where it led. */
void words_lookup(struct text *text, const struct evidence_target *target,
                  const struct evidence_lookup *at);

/* What is wrong with an IAM token, or when it was signed. */
void words_token(struct text *text, const struct evidence_iam *iam,
                 int64_t now_s);

/* What is said of any other id: the stage, the cause, the errno. */
void words_other(struct text *text, const struct evidence_address *address,
                 const struct verdict *verdict);

/* Did the peer end the connection that --idle kept silent? */
bool words_is_idle_end(const struct evidence_address *address,
                       const struct verdict *verdict);

/* "PING", "SET of 8300 bytes": what `verdict` is about. */
void words_command(struct text *text, const struct evidence_address *address,
                   const struct verdict *verdict);

/* "ECONNRESET" of a negative libuv error; "errno 200" when it has no name. */
void words_errno(struct text *text, int native);

/* What the kernel knew at the failure, or at the end. */
const struct net_tcpinfo *words_tcpinfo(const struct evidence_address *address);

/* How long `verdict`'s stage took. */
uint64_t words_took_ns(const struct evidence_address *address,
                       const struct verdict *verdict);

#endif /* VERDICT_WORDS_H */
