/*
 * describe.c -- a description is put together: id, summary, evidence line by
 * line (the look-up, what fails, what else it may be, what passes), cause, and
 * commands.
 *
 * Every line is made in a buffer on the stack and copied; one that cannot be
 * copied makes the whole fail.
 */
#include "verdict/describe.h"

#include <stdlib.h>
#include <string.h>

#include "verdict/fixes.h"
#include "verdict/lines.h"
#include "verdict/summary.h"
#include "verdict/words.h"

enum {
    SUMMARY_MAX = 120,
};

char *describe_address(const struct evidence_address *address,
                       const struct verdict *verdict, char *text, size_t size)
{
    struct text words = text_in(text, size);

    if (!words_tcp(&words, address, verdict) &&
        !words_soft(&words, address, verdict) &&
        !words_silence(&words, address, verdict) &&
        !words_tls(&words, address, verdict) &&
        !words_redis(&words, address, verdict))
        words_other(&words, address, verdict);
    return text;
}

char *describe_id(const struct verdict *verdict,
                  const struct evidence_address *address, char text[32])
{
    struct text id = text_in(text, 32);

    text_add(&id, "%s", catalogue_entry(verdict->id)->token);
    if (verdict->id == VERDICT_TLS_ALERT && address && address->tls &&
        address->tls->alert >= 0)
        text_add(&id, "_%d", address->tls->alert);
    return text;
}

static bool describe_summary(const struct evidence_target *target,
                             const struct policy *policy,
                             const struct outcome *outcome,
                             struct description *description)
{
    char bytes[SUMMARY_MAX];
    struct text text = text_in(bytes, sizeof(bytes));

    summary_add(&text, target, policy, outcome);
    description->summary = strdup(bytes);
    return description->summary != NULL;
}

static bool describe_fixes(const struct catalogue_texts *texts,
                           const struct fix_values *values,
                           struct description *description)
{
    for (int i = 0; i < CATALOGUE_FIXES_MAX && texts->fixes[i].command; i++) {
        struct description_fix *fix = &description->fixes[description->nfixes];

        if (!fix_fits(texts->fixes[i].command, values->target))
            continue;
        fix->command = fix_fill(texts->fixes[i].command, values);
        if (!fix->command)
            return false;
        fix->where = texts->fixes[i].where;
        fix->changes = texts->fixes[i].changes;
        description->nfixes++;
    }
    return true;
}

/* Of what has no id of its own some is known all the same. */
static void texts_of(const struct verdict *verdict,
                     const struct evidence_address *address,
                     struct catalogue_texts *texts)
{
    bool unknown = verdict->id == VERDICT_UNKNOWN_ERROR;

    if (unknown && address && words_is_idle_end(address, verdict) &&
        verdict->cause == cause_of_net(NET_CLOSED))
        catalogue_case_texts(CATALOGUE_CASE_IDLE_END, texts);
    else if (unknown && cause_is_resp(verdict->cause, RESP_ERR_DBINDEX))
        catalogue_case_texts(CATALOGUE_CASE_NO_DATABASE, texts);
    else
        catalogue_texts(verdict->id, texts);
}

bool describe(const struct evidence_target *target, const struct policy *policy,
              const struct outcome *outcome, struct description *description)
{
    struct fix_values values = { .target = target };
    struct catalogue_texts texts;
    bool made;

    *description = (struct description){ 0 };
    if (outcome->lead < target->naddresses)
        values.address = target->addresses[outcome->lead];
    describe_id(&outcome->verdict, values.address, description->id);
    made = describe_summary(target, policy, outcome, description) &&
           lines_add(description, target, policy, outcome);

    if (made && outcome->verdict.id != VERDICT_OK) {
        texts_of(&outcome->verdict, values.address, &texts);
        description->cause = texts.cause;
        made = describe_fixes(&texts, &values, description);
    }
    if (!made)
        description_free(description);
    return made;
}

void description_free(struct description *description)
{
    free(description->summary);
    for (unsigned i = 0; i < description->nevidence; i++)
        free(description->evidence[i]);
    for (unsigned i = 0; i < description->nfixes; i++)
        free(description->fixes[i].command);
    *description = (struct description){ 0 };
}
