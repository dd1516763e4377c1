/*
 * second.c -- what was seen so far, reduced to what is worth trying next.
 */
#include "probe/second.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/soft.h"

static enum stage hard_failure(const struct evidence_address *e)
{
    enum stage last = STAGE_COUNT;

    /* A blemish at AUTH lets the run go on: what ended it comes after. */
    for (int stage = STAGE_TCP; stage < STAGE_COUNT; stage++) {
        if (e->stages[stage].state == STAGE_FAILED)
            last = (enum stage)stage;
    }
    return last;
}

static bool failed_by(const struct evidence_address *e, enum stage stage,
                      enum net_status status)
{
    return e->stages[stage].state == STAGE_FAILED &&
           e->stages[stage].cause == (uint8_t)cause_of_net(status);
}

static bool ended(const struct evidence_address *e, enum stage stage)
{
    return failed_by(e, stage, NET_CLOSED) || failed_by(e, stage, NET_RESET);
}

/* No byte came, and the peer's kernel has ours. */
static bool silent(const struct evidence_address *e, enum stage stage)
{
    return failed_by(e, stage, NET_TIMEOUT) && e->fault &&
           e->fault->nhead == 0 && e->fault->tcp.unacked == 0;
}

/* The stage of the first command, when nothing was ever answered. */
static enum stage unanswered(const struct evidence_address *e)
{
    enum stage stage = hard_failure(e);

    if (stage != STAGE_AUTH && stage != STAGE_PING)
        return STAGE_COUNT;
    if (stage == STAGE_PING && e->stages[STAGE_AUTH].state == STAGE_PASSED)
        return STAGE_COUNT;
    return e->idle || !e->fault || e->fault->nhead > 0 ? STAGE_COUNT : stage;
}

static bool ran(const struct evidence_address *e, enum second second)
{
    return e->second && (e->second->ran & (1U << second));
}

static bool trial_was_silent(const struct evidence_address *e,
                             enum second second)
{
    const struct evidence_trial *t;

    if (!ran(e, second))
        return false;
    t = &e->second->trials[second];
    return t->connect == NET_OK && t->nhead == 0 && t->unacked == 0 &&
           (t->handshake == NET_TIMEOUT || t->exchange == NET_TIMEOUT);
}

static bool wants_tls(const struct probe_target *t,
                      const struct evidence_address *e)
{
    enum stage stage = unanswered(e);

    return !t->tls && stage != STAGE_COUNT &&
           (ended(e, stage) || silent(e, stage));
}

static bool wants_plain(const struct probe_target *t,
                        const struct evidence_address *e)
{
    bool spoke = e->tls && (e->tls->server_hello || e->tls->nhead > 0);

    return t->tls && !spoke && (ended(e, STAGE_TLS) || silent(e, STAGE_TLS));
}

static bool wants_flood(const struct probe_target *t,
                        const struct evidence_address *e)
{
    enum stage stage = t->tls ? STAGE_TLS : unanswered(e);

    return stage != STAGE_COUNT && silent(e, stage) &&
           trial_was_silent(e, t->tls ? SECOND_PLAIN : SECOND_TLS);
}

/* The engine is alive behind a header of others, or has just woken up. */
static bool flood_was_answered(const struct evidence_address *e)
{
    return ran(e, SECOND_FLOOD) && e->second->trials[SECOND_FLOOD].too_big;
}

static bool wants_retry(const struct probe_target *t,
                        const struct evidence_address *e)
{
    enum stage stage = unanswered(e);

    if (hard_failure(e) == STAGE_COUNT)
        return soft_doubts_ping(e);
    if (flood_was_answered(e))
        return true;
    return t->tls && stage != STAGE_COUNT && ended(e, stage);
}

/* Writes hang: is it the engine, or only the writes? */
static bool wants_ping(const struct evidence_address *e)
{
    return silent(e, STAGE_SET) && e->fault->payload == 0 &&
           e->stages[STAGE_PING].state == STAGE_PASSED;
}

static bool wants_ladder(const struct evidence_address *e)
{
    return e->fault && e->fault->payload > 0 &&
           (failed_by(e, STAGE_SET, NET_TIMEOUT) ||
            failed_by(e, STAGE_GET, NET_TIMEOUT));
}

bool second_redirect(const struct evidence_address *e, struct net_addr *addr)
{
    enum stage stage = hard_failure(e);
    char where[64], *colon, *host = where;
    unsigned long port;

    if (stage == STAGE_COUNT || !e->fault ||
        !(cause_is_resp((enum cause)e->stages[stage].cause, RESP_ERR_MOVED) ||
          cause_is_resp((enum cause)e->stages[stage].cause,
                        RESP_ERR_REDIRECT)) ||
        !resp_error_redirect(e->fault->text, strlen(e->fault->text), where,
                             sizeof(where)))
        return false;
    colon = strrchr(where, ':');
    if (!colon)
        return false;
    *colon = '\0';
    port = strtoul(colon + 1, NULL, 10);
    if (host[0] == '[' && colon > where && colon[-1] == ']') {
        colon[-1] = '\0';
        host++;
    }
    return port > 0 && port <= UINT16_MAX &&
           net_addr_parse(host, (uint16_t)port, addr);
}

bool second_wanted(enum second second, const struct probe_target *t,
                   const struct evidence_address *e)
{
    struct net_addr addr;

    if (ran(e, second))
        return false;
    switch (second) {
    case SECOND_TLS: return wants_tls(t, e);
    case SECOND_PLAIN: return wants_plain(t, e);
    case SECOND_FLOOD: return wants_flood(t, e);
    case SECOND_REDIRECT: return second_redirect(e, &addr);
    case SECOND_RETRY: return wants_retry(t, e);
    case SECOND_PING: return wants_ping(e);
    case SECOND_PORTS: return failed_by(e, STAGE_TCP, NET_TIMEOUT);
    case SECOND_SOURCES: break; /* beside the ports */
    case SECOND_LADDER: return wants_ladder(e);
    case SECOND_COUNT: break;
    }
    return false;
}
