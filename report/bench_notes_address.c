/*
 * Addresses told apart: a slow zone, a slow engine, loss.
 *
 * An address that answers later than the quickest one has a longer path, or a
 * slower engine behind it.  The round-trip time of the path decides: the
 * kernel's least one, since the smoothed one holds the engine's own time when
 * the acknowledgement comes with the reply.
 *
 *     later by half of the difference or more in RTT     the zone
 *     at most a fifth of it                              what answers there
 *     between                                            not clear: no cause
 *
 * Lost segments cost some hundred milliseconds each and show in the highest
 * percentiles alone, so they are told from their own counter.
 */
#include "report/bench_notes.h"

#include <stdio.h>

enum {
    SLOW_NS_MIN = 50000, /* less is nobody's zone */
    LOSS_MIN = 3,        /* segments */
    LOSS_ONE_IN = 10000, /* requests for a segment lost, at least */
    REQUESTS_MIN = 100,  /* of an address that is judged */
    PATH_SHARE = 2,      /* half of the difference */
    ENGINE_SHARE = 5,    /* a fifth of it */
    SLOWER_QUARTERS = 5, /* five quarters of the quickest p50 */
};

static bool is_measured(const struct bench_address_result *address)
{
    return address->response && address->requests >= REQUESTS_MIN;
}

static uint64_t p50_of(const struct bench_address_result *address)
{
    return histogram_at(address->response, 50);
}

static uint64_t rtt_ns(const struct bench_address_result *address)
{
    return UINT64_C(1000) *
           (address->min_rtt_us ? address->min_rtt_us : address->rtt_us);
}

/* Find the quickest and the slowest; false without two to compare. */
static bool extremes(const struct bench_side_result *side,
                     const struct bench_address_result **quick,
                     const struct bench_address_result **slow)
{
    *quick = *slow = NULL;
    for (unsigned i = 0; i < side->naddresses; i++) {
        const struct bench_address_result *address = &side->addresses[i];

        if (!is_measured(address))
            continue;
        if (!*quick || p50_of(address) < p50_of(*quick))
            *quick = address;
        if (!*slow || p50_of(address) > p50_of(*slow))
            *slow = address;
    }
    return *quick != *slow;
}

static const char *slow_cause(uint64_t later, const char *rtt,
                              const struct bench_address_result *quick,
                              const struct bench_address_result *slow,
                              char *text, size_t size)
{
    uint64_t quick_rtt = rtt_ns(quick), slow_rtt = rtt_ns(slow);
    uint64_t longer = slow_rtt > quick_rtt ? slow_rtt - quick_rtt : 0;

    if (!quick_rtt || !slow_rtt)
        return ".";
    if (longer >= later / PATH_SHARE)
        (void)snprintf(text, size,
                       ", and its RTT is %s longer: the zone, or the path "
                       "there, is slow, not the engine.",
                       rtt);
    else if (longer <= later / ENGINE_SHARE)
        (void)snprintf(text, size,
                       " on a path as short as the other's: what answers "
                       "there is slow, not the zone.");
    else
        (void)snprintf(text, size, ", of which its RTT explains %s.", rtt);
    return text;
}

bool bench_note_slow(const struct bench_side_result *side,
                     struct bench_note *note)
{
    const struct bench_address_result *quick = NULL, *slow = NULL;
    char name[NET_ADDR_TEXT_MAX], by[REPORT_NUMBER_MAX], rtt[REPORT_NUMBER_MAX];
    char cause[160];
    uint64_t fast = 0, late = 0;

    if (!extremes(side, &quick, &slow))
        return false;
    fast = p50_of(quick);
    late = p50_of(slow) - fast;
    if (late < SLOW_NS_MIN || p50_of(slow) / SLOWER_QUARTERS < fast / 4)
        return false;
    bench_time(rtt_ns(slow) > rtt_ns(quick) ? rtt_ns(slow) - rtt_ns(quick) : 0,
               rtt);
    note->kind = BENCH_NOTE_WARNING;
    (void)snprintf(note->text, sizeof(note->text),
                   "%s answers %s later at "
                   "p50%s",
                   net_addr_text(&slow->addr, name), bench_time(late, by),
                   slow_cause(late, rtt, quick, slow, cause, sizeof(cause)));
    return true;
}

static bool is_lossy(const struct bench_address_result *address)
{
    return address->retransmits >= LOSS_MIN &&
           address->retransmits >= address->requests / LOSS_ONE_IN;
}

/* How many, not how often: with a pipeline a segment has several requests. */
static void say_loss(const char *where, uint64_t segments,
                     struct bench_note *note)
{
    char n[REPORT_NUMBER_MAX];

    note->kind = BENCH_NOTE_WARNING;
    (void)snprintf(
        note->text, sizeof(note->text),
        "Packets are lost on the way to %s (%s %s sent again): that makes the "
        "highest percentiles, not p50.",
        where, bench_count(segments, n),
        report_plural(segments, "segment", "segments"));
}

bool bench_note_loss(const struct bench_side_result *side,
                     struct bench_note *note)
{
    const struct bench_address_result *worst = NULL;
    char name[NET_ADDR_TEXT_MAX];
    uint64_t segments = 0;
    unsigned lossy = 0;

    for (unsigned i = 0; i < side->naddresses; i++) {
        const struct bench_address_result *address = &side->addresses[i];

        if (!is_lossy(address))
            continue;
        lossy++;
        segments += address->retransmits;
        if (!worst || address->retransmits > worst->retransmits)
            worst = address;
    }
    if (!worst)
        return false;
    if (lossy == side->naddresses && lossy > 1)
        say_loss("every address", segments, note);
    else
        say_loss(net_addr_text(&worst->addr, name), worst->retransmits, note);
    return true;
}
