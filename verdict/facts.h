/*
 * facts.h -- a failure reduced to what the rules ask about: yes or no.
 */
#ifndef VERDICT_FACTS_H
#define VERDICT_FACTS_H

#include "verdict/evidence.h"

enum {
    FACT_TLS_UP = 1 << 0,   /* the handshake had been completed */
    FACT_ANSWERED = 1 << 1, /* a reply had come before */
    FACT_UNACKED = 1 << 2,  /* bytes of ours were not acknowledged */
    FACT_PAYLOAD = 1 << 3,  /* a big value was at work */
    FACT_RESP = 1 << 4,     /* the bytes that came begin like a reply, */
    FACT_RECORD = 1 << 5,   /* ... like a TLS record, */
    FACT_FOREIGN = 1 << 6,  /* ... or like neither */
    FACT_HELLO = 1 << 7,    /* a ServerHello, or part of one, came */
    FACT_MASTER = 1 << 8,
    FACT_REPLICA = 1 << 9,
    FACT_SENTINEL = 1 << 10,
    FACT_NAME = 1 << 11,   /* the certificate is for another name, */
    FACT_DATE = 1 << 12,   /* ... is expired or not valid yet, */
    FACT_CHAIN = 1 << 13,  /* ... or leads to no trusted issuer */
    FACT_IDLE = 1 << 14,   /* after --idle, */
    FACT_DURING = 1 << 15, /* ... while it was still silent */
};

/* What is so of the failure of `stage`. */
unsigned facts_of(const struct evidence_address *address, enum stage stage);

/* Is the server a Sentinel, by ROLE or by INFO? */
bool facts_sentinel(const struct evidence_address *address);

#endif /* VERDICT_FACTS_H */
