/*
 * provision_verify.c -- what AWS says, and what a client meets.
 *
 *     status > linkprobe check NAME:PORT of each endpoint and listener > join
 *
 * The checks are linkprobe's own, run as a program: what the user gives behind
 * "--" are its options, passwords come to it as to any check.  The API's
 * verdict goes first, since it names the cause of what the client sees; where
 * it knows of nothing, the client's stands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/provision_child.h"
#include "commands/provision_run.h"
#include "provision/json_slice.h"

enum {
    CHECKS_MAX = 64, /* endpoints times listeners; more are left out */
    WORDS_MAX = 64,
    SEEN_SIZE = 256,
};

/* One at a time. */
static struct verifying {
    char *outputs[CHECKS_MAX]; /* owned */
    size_t n;
    const char
        *worst; /* the verdict of the first that is not well; of outputs */
    size_t worst_length;
    char seen[SEEN_SIZE];
} verifying;

static void release(void)
{
    for (size_t i = 0; i < verifying.n; i++)
        free(verifying.outputs[i]);
    verifying = (struct verifying){ 0 };
}

/* --- one check --- */

static bool is_reader(const struct spec *spec, unsigned port)
{
    for (size_t i = 0; i < spec->provider.nlisteners; i++) {
        if (spec->provider.listeners[i].port == port)
            return spec->provider.listeners[i].cache.endpoint == SPEC_READER;
    }
    return false;
}

/* The words of a command line; they are lent. */
struct words {
    char *words[WORDS_MAX];
    size_t n;
};

static void add(struct words *words, const char *word)
{
    if (words->n < WORDS_MAX - 1)
        words->words[words->n++] = (char *)word;
}

/* What the user wants goes before what must be; the last one counts. */
static void put_words(struct words *words, const struct provision_run *run,
                      const struct outcome_listener *listener,
                      const char *target)
{
    char **more = run->job->check_options;

    add(words, "linkprobe");
    add(words, "check");
    if (listener && listener->tls)
        add(words, "--tls");
    if (listener && listener->tls && listener->host) {
        add(words, "--tls-name");
        add(words, listener->host);
    }
    if (listener && is_reader(run->spec, listener->port)) {
        add(words, "--expect-role");
        add(words, "replica");
    }
    if (run->job->options.dns) {
        add(words, "--dns");
        add(words, run->job->options.dns);
    }
    while (more && *more)
        add(words, *more++);
    add(words, "--format");
    add(words, "json");
    add(words, "--");
    add(words, target);
}

/* "NAME:PORT", and what is wrong with it. */
static char *reason_of(struct outcome *outcome, const char *target,
                       const char *output)
{
    struct json_slice verdict, slice;
    char id[64] = "", summary[256] = "", line[ERROR_TEXT_MAX];
    size_t n = strlen(output);

    if (json_slice_member(output, n, "verdict", &verdict)) {
        if (json_slice_member(verdict.text, verdict.n, "id", &slice))
            json_slice_text(&slice, id, sizeof(id));
        if (json_slice_member(verdict.text, verdict.n, "summary", &slice))
            json_slice_text(&slice, summary, sizeof(summary));
    }
    if (id[0] == '\0' || strcmp(id, "OK") == 0)
        (void)snprintf(line, sizeof(line), "%s", target);
    else
        (void)snprintf(line, sizeof(line), "%s: %s: %s", target, id, summary);
    return arena_text(&outcome->arena, line, strlen(line));
}

/* The engine leaves a line for what the client meets. */
static void note_step(struct outcome *outcome,
                      const struct outcome_connection *connection,
                      const char *target, const char *output, bool fine)
{
    for (size_t i = 0; i < outcome->nsteps; i++) {
        struct outcome_step *step = &outcome->steps[i];

        if (step->name != OUTCOME_VERIFY || !step->consumer ||
            !connection->consumer ||
            strcmp(step->consumer, connection->consumer) != 0 ||
            step->state == OUTCOME_STATE_FAILED)
            continue;
        step->state = fine ? OUTCOME_STATE_DONE : OUTCOME_STATE_FAILED;
        step->reason = reason_of(outcome, target, output);
    }
}

/* Is the check well?  If not, its verdict is kept, unless there is one. */
static bool judge(const char *output)
{
    struct json_slice status, verdict, id;
    size_t n = strlen(output);

    if (json_slice_member(output, n, "status", &status) &&
        json_slice_is(&status, "ok"))
        return true;
    if (verifying.worst || !json_slice_member(output, n, "verdict", &verdict))
        return false;
    verifying.worst = verdict.text;
    verifying.worst_length = verdict.n;
    if (json_slice_member(verdict.text, verdict.n, "id", &id))
        json_slice_text(&id, verifying.seen, sizeof(verifying.seen));
    return false;
}

static void check(struct provision_run *run, struct outcome *outcome,
                  const struct outcome_connection *connection,
                  const struct outcome_listener *listener, unsigned port,
                  const char *name)
{
    struct words words = { 0 };
    char target[320];

    if (verifying.n == CHECKS_MAX || run->stop)
        return;
    (void)snprintf(target, sizeof(target), "%s:%u", name, port);
    put_words(&words, run, listener, target);
    (void)fflush(stdout);
    if (!provision_child(words.words, &verifying.outputs[verifying.n],
                         run->job->error, sizeof(run->job->error))) {
        (void)fprintf(stderr, "linkprobe: %s\n", run->job->error);
        provision_count(run, PROVISION_FAILED);
        return;
    }
    verifying.n++;
    note_step(outcome, connection, target, verifying.outputs[verifying.n - 1],
              judge(verifying.outputs[verifying.n - 1]));
}

/* --- all of them --- */

/* The regional name leads to every zone; a private one must lead there, too. */
static bool is_checked(const struct outcome_connection *at, size_t name)
{
    return name == 0 || strncmp(at->dns_names.texts[name], "vpce-", 5) != 0;
}

static void check_name(struct provision_run *run, struct outcome *outcome,
                       const struct outcome_connection *at, const char *name)
{
    enum { REDIS_PORT = 6379 };

    for (size_t i = 0; i < outcome->nlisteners; i++)
        check(run, outcome, at, &outcome->listeners[i],
              outcome->listeners[i].port, name);
    if (outcome->nlisteners == 0)
        check(run, outcome, at, NULL, REDIS_PORT, name);
}

static void check_all(struct provision_run *run, struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->nconnections; i++) {
        const struct outcome_connection *at = &outcome->connections[i];

        if (!at->ours || strcmp(at->state, "available") != 0)
            continue;
        for (size_t k = 0; k < at->dns_names.n; k++) {
            if (is_checked(at, k))
                check_name(run, outcome, at, at->dns_names.texts[k]);
        }
    }
}

/* --- joined --- */

static char *keep(struct outcome *outcome, const char *text)
{
    return arena_text(&outcome->arena, text, strlen(text));
}

/* The client's verdict for people: its words in the outcome's places. */
static void take_words(struct outcome *outcome)
{
    struct json_slice slice;
    char text[1024];

    outcome->verdict = keep(outcome, verifying.seen);
    if (json_slice_member(verifying.worst, verifying.worst_length, "summary",
                          &slice)) {
        json_slice_text(&slice, text, sizeof(text));
        outcome->verdict_text = keep(outcome, text);
    }
}

static bool is_well(const struct outcome *outcome)
{
    return !outcome->verdict || strcmp(outcome->verdict, "OK") == 0;
}

static void print(struct provision_run *run, struct outcome *outcome,
                  const struct provision_checks *checks)
{
    outcome->command = provision_word(run->job->command);
    if (run->job->options.format == PROVISION_JSON)
        provision_report_json(outcome, checks, stdout);
    else
        provision_report_text(outcome, checks, &run->style, stdout);
    (void)fflush(stdout);
    provision_count(run, outcome_status_exit(outcome->status));
}

/* Does the API know of a fault?  It is named then. */
static bool judged(struct provision_run *run, struct outcome *outcome)
{
    provision_mend(run, outcome);
    return !is_well(outcome);
}

static void join(struct provision_run *run, struct outcome *outcome)
{
    bool known = judged(run, outcome);
    char seen[SEEN_SIZE + 64];
    const struct provision_checks checks = {
        .checks = (const char *const *)verifying.outputs,
        .n = verifying.n,
        .verdict = verifying.worst && !known ? verifying.worst : NULL,
        .verdict_length = verifying.worst_length,
        .seen = known && verifying.worst ? seen : NULL,
    };

    (void)snprintf(seen, sizeof(seen), "a client meets %s", verifying.seen);
    if (verifying.worst && !known)
        take_words(outcome);
    if ((verifying.worst || known) && outcome->status == OUTCOME_STATUS_OK)
        outcome->status = OUTCOME_STATUS_UNHEALTHY;
    print(run, outcome, &checks);
}

static void tell(struct provision_run *run, struct outcome *outcome)
{
    if (outcome->status == OUTCOME_STATUS_REFUSED ||
        outcome->status == OUTCOME_STATUS_FAILED ||
        outcome->status == OUTCOME_STATUS_INTERRUPTED) {
        provision_tell(run, outcome);
        return;
    }
    check_all(run, outcome);
    join(run, outcome);
    release();
}

void provision_verify(struct provision_run *run)
{
    if (!provision_engine(run, ENGINE_STATUS, false, tell))
        provision_told_unable(run);
}
