/*
 * facts_second.c -- what second probes saw, reduced likewise.
 *
 * A probe that was not made, or could not connect, says nothing: it makes no
 * fact, and the verdict stays what the first connection alone can prove.  Nor
 * does the silence of a peer that had no time to speak, near the deadline.
 */
#include "verdict/facts.h"

#include <string.h>

enum {
    SILENCE_US = 100000, /* a reply takes less, on any path that is alive */
};

/* The trial of `kind` if it got a connection, else NULL. */
static const struct evidence_trial *
trial_of(const struct evidence_second *second, enum second kind)
{
    const struct evidence_trial *trial = &second->trials[kind];

    if ((second->ran & (1U << kind)) == 0 || trial->connect != NET_OK)
        return NULL;
    return trial;
}

static bool is_end(unsigned status)
{
    return status == NET_RESET || status == NET_CLOSED;
}

static bool speaks_tls(const struct evidence_trial *trial)
{
    return trial->server_hello || trial->alert > 0 ||
           (trial->nhead > 1 && trial->head[1] == 3 &&
            (trial->head[0] == 0x15 || trial->head[0] == 0x16));
}

static bool is_mute(const struct evidence_trial *trial)
{
    return trial->nhead == 0 && trial->unacked == 0 &&
           (trial->handshake == NET_TIMEOUT || trial->exchange == NET_TIMEOUT);
}

static bool had_time(const struct evidence_trial *trial)
{
    return trial->took_us >= SILENCE_US;
}

static unsigned facts_tls(const struct evidence_trial *tls)
{
    if (!tls)
        return 0;
    if (speaks_tls(tls))
        return FACT_2_TLS;
    if (is_end(tls->handshake))
        return FACT_2_TLS_ENDS;
    return is_mute(tls) ? FACT_2_MUTE : 0;
}

static unsigned facts_plain(const struct evidence_trial *plain)
{
    if (!plain)
        return 0;
    if (plain->resp)
        return FACT_2_PLAIN;
    if (plain->nhead == 0 && is_end(plain->exchange))
        return FACT_2_PLAIN_ENDS;
    return is_mute(plain) && had_time(plain) ? FACT_2_MUTE : 0;
}

/* A reply came, and it is that to the PING before the long line. */
static bool ping_came_first(const struct evidence_trial *flood)
{
    static const char refusal[] = "-ERR Protocol er";
    size_t n = flood->nhead;

    if (n >= sizeof(refusal))
        n = sizeof(refusal) - 1;
    return flood->resp && memcmp(flood->head, refusal, n) != 0;
}

static unsigned facts_flood(const struct evidence_trial *flood)
{
    unsigned facts = 0;

    if (!flood)
        return 0;
    if (ping_came_first(flood))
        facts = FACT_2_PLAIN | FACT_2_BETTER;
    if (flood->too_big)
        return facts | FACT_2_TOO_BIG;
    return facts != 0 || had_time(flood) ? facts | FACT_2_NOT_BIG : 0;
}

/* Here it is the failed connect that tells; but not a fault of this machine. */
static unsigned facts_redirect(const struct evidence_second *second)
{
    if ((second->ran & (1U << SECOND_REDIRECT)) == 0)
        return 0;
    switch (second->trials[SECOND_REDIRECT].connect) {
    case NET_TIMEOUT:
    case NET_REFUSED:
    case NET_RESET:
    case NET_UNREACHABLE:
    case NET_PROHIBITED: return FACT_2_NO_WAY;
    default: return 0;
    }
}

static unsigned facts_ports(const struct evidence_second *second)
{
    if ((second->ran & (1U << SECOND_PORTS)) == 0 ||
        second->ports_failed >= second->ports_tried)
        return 0;
    return second->ports_again > 0 ? FACT_2_PORTS | FACT_2_PORTS_SAME
                                   : FACT_2_PORTS;
}

static unsigned facts_ladder(const struct evidence_second *second)
{
    if ((second->ran & (1U << SECOND_LADDER)) == 0 || second->ladder_most == 0)
        return 0;
    return second->ladder_least > second->ladder_most ? FACT_2_STEP
           : second->ladder_least == 0                ? FACT_2_NO_STEP
                                                      : 0;
}

unsigned facts_second(const struct evidence_second *second)
{
    const struct evidence_trial *retry = trial_of(second, SECOND_RETRY);
    const struct evidence_trial *ping = trial_of(second, SECOND_PING);
    unsigned facts = facts_tls(trial_of(second, SECOND_TLS)) |
                     facts_plain(trial_of(second, SECOND_PLAIN)) |
                     facts_flood(trial_of(second, SECOND_FLOOD)) |
                     facts_redirect(second) | facts_ports(second) |
                     facts_ladder(second);

    if (retry && retry->resp)
        facts |= FACT_2_BETTER;
    if (ping && ping->resp)
        facts |= FACT_2_ALIVE;
    return facts;
}
