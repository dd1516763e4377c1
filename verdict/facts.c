/*
 * facts.c -- each group of facts looks at one part of the evidence.
 *
 * A part that is missing (no memory for it, or not asked for) makes none of
 * its facts true; the rules then end in a verdict that needs less.
 */
#include "verdict/facts.h"

#include <string.h>

/* The numbers of OpenSSL's x509_vfy.h, stable since 1.1. */
enum {
    X509_NO_ISSUER = 2,
    X509_NOT_YET_VALID = 9,
    X509_EXPIRED = 10,
    X509_SELF_SIGNED_LEAF = 18,
    X509_SELF_SIGNED_CHAIN = 19,
    X509_NO_LOCAL_ISSUER = 20,
    X509_NO_LEAF_SIGNATURE = 21,
    X509_INVALID_CA = 24,
    X509_UNTRUSTED = 27,
    X509_REJECTED = 28,
    X509_HOST_MISMATCH = 62,
    X509_ADDRESS_MISMATCH = 64,
};

enum {
    CLOCK_SLACK_S = 300, /* what AWS allows a signature to be ahead */
};

static unsigned facts_verify(long error)
{
    switch (error) {
    case X509_HOST_MISMATCH:
    case X509_ADDRESS_MISMATCH: return FACT_NAME;
    case X509_NOT_YET_VALID:
    case X509_EXPIRED: return FACT_DATE;
    case X509_NO_ISSUER:
    case X509_SELF_SIGNED_LEAF:
    case X509_SELF_SIGNED_CHAIN:
    case X509_NO_LOCAL_ISSUER:
    case X509_NO_LEAF_SIGNATURE:
    case X509_INVALID_CA:
    case X509_UNTRUSTED:
    case X509_REJECTED: return FACT_CHAIN;
    default: return 0;
    }
}

/* Types of RESP2 and RESP3; of TLS, handshake and alert (RFC 8446, 5.1). */
static unsigned facts_head(const unsigned char *head, unsigned n)
{
    if (n == 0)
        return 0;
    if (head[0] != '\0' && strchr("+-:$*_#,(!=%~>|", head[0]))
        return FACT_RESP;
    if (n >= 2 && (head[0] == 0x15 || head[0] == 0x16) && head[1] == 3)
        return FACT_RECORD;
    return FACT_FOREIGN;
}

static unsigned facts_tls(const struct net_tls_info *tls, enum stage stage)
{
    unsigned facts = 0;

    if (!tls || stage != STAGE_TLS)
        return 0;
    facts = facts_verify(tls->verify_error) | facts_head(tls->head, tls->nhead);
    if (tls->server_hello)
        facts |= FACT_HELLO;
    return facts;
}

static unsigned facts_fault(const struct evidence_address *address,
                            enum stage stage)
{
    const struct evidence_fault *fault = address->fault;
    unsigned unacked = fault ? fault->tcp.unacked : address->tcp.unacked;
    unsigned facts = unacked > 0 ? FACT_UNACKED : 0;

    if (!fault)
        return facts;
    if (fault->payload > 0)
        facts |= FACT_PAYLOAD;
    if (stage != STAGE_TLS)
        facts |= facts_head(fault->head, fault->nhead);
    return facts;
}

static unsigned facts_idle(const struct evidence_idle *idle, enum stage stage)
{
    unsigned facts = FACT_IDLE;

    if (!idle || idle->cause == CAUSE_OK || stage != STAGE_PING)
        return 0;
    if (idle->during)
        facts |= FACT_DURING;
    if (idle->tcp.unacked > 0)
        facts |= FACT_UNACKED;
    return facts;
}

bool facts_sentinel(const struct evidence_address *address)
{
    return address->role == ROLE_SENTINEL ||
           (address->server && strcmp(address->server->mode, "sentinel") == 0);
}

static unsigned facts_server(const struct evidence_address *address)
{
    if (facts_sentinel(address))
        return FACT_SENTINEL;
    if (address->role == ROLE_MASTER)
        return FACT_MASTER;
    if (address->role == ROLE_REPLICA)
        return FACT_REPLICA;
    return 0;
}

/* Has a stage before or beside `failed` had its reply? */
static bool answered(const struct evidence_address *address, enum stage failed)
{
    for (int i = STAGE_AUTH; i < STAGE_COUNT; i++) {
        const struct evidence_stage *stage = &address->stages[i];

        if (stage->state == STAGE_PASSED)
            return true;
        if (i != (int)failed && stage->state == STAGE_FAILED &&
            stage->cause >= CAUSE_RESP && stage->cause < CAUSE_OWN)
            return true;
    }
    return address->role != ROLE_UNKNOWN;
}

bool facts_token_is_bad(const struct evidence_iam *iam, int64_t now_s)
{
    return iam->other_user || iam->dns_name ||
           iam->signed_s > now_s + CLOCK_SLACK_S ||
           iam->signed_s + iam->expires_s < now_s;
}

unsigned facts_of(const struct evidence_address *address, enum stage stage,
                  int64_t now_s)
{
    unsigned facts = facts_tls(address->tls, stage) |
                     facts_fault(address, stage) |
                     facts_idle(address->idle, stage) | facts_server(address);

    if (address->stages[STAGE_TLS].state == STAGE_PASSED)
        facts |= FACT_TLS_UP;
    if (answered(address, stage))
        facts |= FACT_ANSWERED;
    if (address->iam && facts_token_is_bad(address->iam, now_s))
        facts |= FACT_TOKEN;
    return address->second ? facts | facts_second(address->second) : facts;
}
