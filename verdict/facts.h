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
    FACT_TOKEN = 1 << 16,  /* the password is an IAM token that is no good */
    /* of second probes */
    FACT_2_TLS = 1 << 17,        /* TLS is spoken */
    FACT_2_TLS_ENDS = 1 << 18,   /* a ClientHello is reset or closed, too */
    FACT_2_PLAIN = 1 << 19,      /* a plain PING is answered */
    FACT_2_MUTE = 1 << 20,       /* neither TLS nor plain bytes are */
    FACT_2_TOO_BIG = 1 << 21,    /* the long line is */
    FACT_2_NOT_BIG = 1 << 22,    /* ... is not either */
    FACT_2_NO_WAY = 1 << 23,     /* nobody is where MOVED points */
    FACT_2_BETTER = 1 << 24,     /* the same once more is answered */
    FACT_2_PORTS = 1 << 25,      /* some source ports connect, */
    FACT_2_PORTS_SAME = 1 << 26, /* ... others fail again and again */
    FACT_2_STEP = 1 << 27,       /* PINGs are lost from some size on */
    FACT_2_NO_STEP = 1 << 28,    /* ... of no size */
    FACT_2_PLAIN_ENDS = 1 << 29, /* a plain PING is reset or closed */
    FACT_2_ALIVE = 1 << 30,      /* PING is answered while SET is not */
};

/* What is so of the failure of `stage`, at `now_s` (of the wall clock). */
unsigned facts_of(const struct evidence_address *address, enum stage stage,
                  int64_t now_s);

/* What second probes add. */
unsigned facts_second(const struct evidence_second *second);

/* Is the token past, or not begun, or made for another user or a DNS name? */
bool facts_token_is_bad(const struct evidence_iam *iam, int64_t now_s);

/* Is the server a Sentinel, by ROLE or by INFO? */
bool facts_sentinel(const struct evidence_address *address);

#endif /* VERDICT_FACTS_H */
