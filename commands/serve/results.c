/*
 * results.c -- words > told if changed > counted > packed.
 */
#include "commands/serve/results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/format.h"
#include "serve/log.h"

enum {
    MS = 1000000,  /* nanoseconds */
    TOLD_MAX = 20, /* changes logged a second */
};

static void words_of(const struct report_item *item, struct serve_words *words)
{
    struct description d;

    *words = (struct serve_words){ 0 };
    if (item->outcome->verdict.id == VERDICT_OK ||
        !describe(item->evidence, report_policy(item), item->outcome, &d))
        return;
    (void)snprintf(words->id, sizeof(words->id), "%s", d.id);
    (void)snprintf(words->summary, sizeof(words->summary), "%s", d.summary);
    if (d.nevidence > 0)
        (void)snprintf(words->evidence, sizeof(words->evidence), "%s",
                       d.evidence[0]);
    /* Half a command is worse than none. */
    if (d.nfixes > 0 && strlen(d.fixes[0].command) <= SERVE_TEXT_MAX) {
        (void)snprintf(words->fix, sizeof(words->fix), "%s",
                       d.fixes[0].command);
        (void)snprintf(words->where, sizeof(words->where), "%s",
                       d.fixes[0].where);
        words->changes = d.fixes[0].changes;
    }
    description_free(&d);
}

/* A flapping fleet must not fill the disk. */
static bool may_tell(struct serve_checks *checks)
{
    uint64_t now_ns = net_now();

    if (now_ns - checks->told_ns >= (uint64_t)1000 * MS) {
        checks->told_ns = now_ns;
        checks->told = 0;
    }
    checks->told++;
    if (checks->told == TOLD_MAX)
        serve_log(SERVE_INFO, "more verdicts changed within this second", NULL);
    return checks->told < TOLD_MAX;
}

static void tell_change(struct serve_checks *checks,
                        const struct report_item *item,
                        const struct serve_state *state,
                        const struct serve_words *words)
{
    enum check_status status = item->outcome->verdict.status;
    const char *before =
        state->packed ? catalogue_entry(serve_packed_id(state->packed))->token
                      : NULL;

    if ((!state->packed && item->outcome->verdict.id == VERDICT_OK) ||
        !may_tell(checks))
        return;
    serve_log(
        status == CHECK_OK ? SERVE_INFO : SERVE_WARNING, "verdict", "target",
        item->target->name, "status", check_status_token(status), "id",
        catalogue_entry(item->outcome->verdict.id)->token, "before", before,
        "summary", words->summary[0] ? words->summary : NULL, NULL);
}

/* Did the verdict change, or the set of addresses? */
static bool is_changed(struct serve_checks *checks,
                       const struct report_item *item,
                       const struct serve_state *state)
{
    const struct verdict *verdict = &item->outcome->verdict;

    if (!state->packed || serve_packed_id(state->packed) != verdict->id ||
        serve_packed_status(state->packed) != verdict->status)
        return true;
    serve_unpack(state->packed, item->target, checks->room);
    return !serve_same_addresses(checks->room, item->evidence);
}

static void count(struct serve_checks *checks, struct serve_state *state,
                  const struct report_item *item)
{
    const struct serve_buckets *buckets = &checks->plan->options.buckets;

    state->checks++;
    state->failed += item->outcome->verdict.status >= CHECK_CRITICAL;
    if (buckets->n == 0)
        return;
    if (!state->histogram)
        state->histogram = serve_histogram_new(buckets);
    if (state->histogram)
        serve_histogram_add(state->histogram, buckets, item->evidence);
}

static void keep(struct serve_checks *checks, struct serve_state *state,
                 const struct report_item *item,
                 const struct serve_words *words)
{
    struct serve_packed *packed = serve_pack(item, words);

    if (!packed) /* the one before stands */
        return;
    if (is_changed(checks, item, state)) {
        tell_change(checks, item, state, words);
        state->has_before = state->packed != NULL;
        if (state->packed)
            state->before = (uint8_t)serve_packed_id(state->packed);
        state->changed_ms = item->time_ms;
    }
    if (!state->packed)
        checks->unchecked--;
    free(state->packed);
    state->packed = packed;
}

void serve_result_error(struct serve_checks *checks, struct serve_state *state,
                        const struct probe_target *target, const char *error)
{
    struct evidence_target evidence = { .host = target->host,
                                        .port = target->port,
                                        .literal = true };
    struct outcome outcome = { .verdict = { .id = VERDICT_UNKNOWN_ERROR,
                                            .stage = STAGE_COUNT,
                                            .status = CHECK_UNKNOWN } };
    const struct report_item item = { .target = target,
                                      .evidence = &evidence,
                                      .outcome = &outcome,
                                      .time_ms = report_now_ms() };
    struct serve_words words = { .id = "UNKNOWN_ERROR" };

    (void)snprintf(words.summary, sizeof(words.summary), "%s", error);
    count(checks, state, &item);
    keep(checks, state, &item, &words);
}

void serve_result_take(struct serve_checks *checks, struct serve_state *state,
                       const struct report_item *result)
{
    struct serve_words words;

    words_of(result, &words);
    count(checks, state, result);
    keep(checks, state, result, &words);
}
