/*
 * The thresholds here decide only which sentence is written; the numbers that
 * they are taken from always stand beside it.
 */
#include "report/bench_notes.h"

/* Begin a note; its text follows by bench_append(). */
#define SAY(note, its_kind, ...)                                               \
    ((note)->kind = (its_kind), (note)->text[0] = '\0',                        \
     bench_append((note)->text, sizeof((note)->text), __VA_ARGS__), true)

bool bench_note_interrupted(const struct bench_result *result,
                            struct bench_note *note)
{
    return result->interrupted &&
           SAY(note, BENCH_NOTE_WARNING,
               "Interrupted: these are the figures up to then.");
}

/* An open loop that is behind by a hundredth has a queue that only grows. */
static bool fell_behind(const struct bench_side_result *side)
{
    return side->owed > side->offered / 100;
}

bool bench_note_loop(const struct bench_plan *plan,
                     const struct bench_side_result *side,
                     struct bench_note *note)
{
    char owed[REPORT_NUMBER_MAX];

    if (side->requests == 0 || plan->connections == 0)
        return false;
    if (plan->rate <= 0)
        return SAY(note, BENCH_NOTE_PLAIN,
                   "A closed loop cannot see the full cost of a stall; an open "
                   "one (--rate) can.");
    if (!fell_behind(side))
        return false;
    return SAY(note, BENCH_NOTE_WARNING,
               "The rate was not reached: %s %s never sent. Response times "
               "hold the growing queue and depend on how long the run was.",
               bench_count(side->owed, owed),
               report_plural(side->owed, "request was", "requests were"));
}

/* A loop that woke up late by a quarter of p99 or more has made some of it. */
static bool lag_shows(const struct bench_result *result)
{
    for (unsigned i = 0; i < result->nsides; i++) {
        const struct histogram *h = result->sides[i].response;

        if (h && h->count &&
            result->client.loop_lag_ns >= histogram_at(h, 99) / 4)
            return true;
    }
    return false;
}

bool bench_note_client(const struct bench_result *result,
                       struct bench_note *note)
{
    const struct bench_client *client = &result->client;
    char lag[REPORT_NUMBER_MAX], cpu[REPORT_NUMBER_MAX];

    bench_time(client->loop_lag_ns, lag);
    if (client->bound)
        return SAY(note, BENCH_NOTE_WARNING,
                   "The client itself was the bottleneck: %s. Latencies hold "
                   "its own delay; use more threads or machines.",
                   client->reason[0] ? client->reason : "it came late");
    if (client->wall_s <= 0)
        return false;
    bench_percent(client->cpu_s / client->wall_s, cpu);
    return SAY(note, BENCH_NOTE_PLAIN,
               "Client: %s of one processor, %s late at p99: %s.", cpu, lag,
               lag_shows(result) ? "the highest percentiles hold that"
                                 : "not the bottleneck");
}

bool bench_note_losses(const struct bench_plan *plan,
                       const struct bench_side_result *side,
                       struct bench_note *note)
{
    char made[REPORT_NUMBER_MAX], lost[REPORT_NUMBER_MAX];

    if (plan->reconnect || (side->reconnects == 0 && side->lost_in_flight == 0))
        return false;
    if (side->reconnects == 0)
        return SAY(note, BENCH_NOTE_WARNING,
                   "%s %s in flight on connections that were lost for good "
                   "and count as errors.",
                   bench_count(side->lost_in_flight, lost),
                   report_plural(side->lost_in_flight, "request was",
                                 "requests were"));
    return SAY(
        note, BENCH_NOTE_WARNING,
        "%s %s lost and made again; %s %s in flight on them and count "
        "as errors.",
        bench_count(side->reconnects, made),
        report_plural(side->reconnects, "connection was", "connections were"),
        bench_count(side->lost_in_flight, lost),
        report_plural(side->lost_in_flight, "request was", "requests were"));
}

bool bench_note_keys(const struct bench_side_result *side,
                     struct bench_note *note)
{
    return side->keys_left &&
           SAY(note, BENCH_NOTE_WARNING,
               "Keys could not be removed; they expire by themselves.");
}

bool bench_note_assertion(const struct bench_assertion *assertion,
                          struct bench_note *note)
{
    char number[REPORT_NUMBER_MAX];

    if (!assertion->known)
        return SAY(note, BENCH_NOTE_BAD,
                   "not met  %s: there is nothing to measure it by",
                   assertion->text);
    return SAY(note, assertion->met ? BENCH_NOTE_GOOD : BENCH_NOTE_BAD,
               "%s  %s: %s%s%s", assertion->met ? "met    " : "not met",
               assertion->text, bench_number(assertion->actual, number),
               assertion->unit[0] ? " " : "", assertion->unit);
}

/* Those of one side; with several they say whose they are. */
static void side_notes(const struct bench_plan *plan,
                       const struct bench_result *result, unsigned i,
                       bench_note_cb cb, void *data)
{
    const struct bench_side_result *side = &result->sides[i];
    struct bench_note notes[5];
    unsigned n = 0;

    n += bench_note_losses(plan, side, &notes[n]);
    n += bench_note_keys(side, &notes[n]);
    n += bench_note_loss(side, &notes[n]);
    n += bench_note_slow(side, &notes[n]);
    if (plan->rate > 0)
        n += bench_note_loop(plan, side, &notes[n]);
    for (unsigned k = 0; k < n; k++) {
        struct bench_note note = { .kind = notes[k].kind };

        if (result->nsides > 1)
            bench_append(note.text, sizeof(note.text), "%c: ", bench_letter(i));
        bench_append(note.text, sizeof(note.text), "%s", notes[k].text);
        cb(data, &note);
    }
}

/* `said`: is there something in `note`? */
static void tell(bool said, const struct bench_note *note, bench_note_cb cb,
                 void *data)
{
    if (said)
        cb(data, note);
}

void bench_notes(const struct bench_plan *plan,
                 const struct bench_result *result, bench_note_cb cb,
                 void *data)
{
    struct bench_note note;

    for (size_t i = 0; i < result->nassertions; i++)
        tell(bench_note_assertion(&result->assertions[i], &note), &note, cb,
             data);
    tell(bench_note_interrupted(result, &note), &note, cb, data);
    if (result->client.bound)
        tell(bench_note_client(result, &note), &note, cb, data);
    for (unsigned i = 0; i < result->ncomparisons; i++)
        tell(bench_note_comparison(result, i, &note), &note, cb, data);
    tell(bench_note_noise(result, &note), &note, cb, data);
    for (unsigned i = 0; i < result->nsides; i++)
        side_notes(plan, result, i, cb, data);
    if (plan->rate <= 0)
        tell(bench_note_loop(plan, &result->sides[0], &note), &note, cb, data);
    if (!result->client.bound)
        tell(bench_note_client(result, &note), &note, cb, data);
}
