/*
 * checks.c -- what clients meet at the endpoints.
 *
 *     each endpoint of ours > each name > each listener: a check > its line
 *
 * The checks are linkprobe's own, run as a program: what the user gives behind
 * "--" are its options, passwords come to it as to any check.
 */
#include "commands/provision/checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/provision/child.h"
#include "net/loop.h"
#include "provision/json_slice.h"

enum {
    WORDS_MAX = 256,
    OPTIONS_MAX = 200, /* of the user's words */
    BESIDE_MS = 10000, /* of all that are made beside another command */
    AGAIN_MS = 500,
};

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

static void add_all(struct words *words, const char *const *more)
{
    while (more && *more)
        add(words, *more++);
}

/* What the user wants goes before what must be; the last one counts. */
static void put_words(struct words *words, const struct provision_run *run,
                      bool beside, const struct outcome_listener *listener,
                      const char *target)
{
    static const char *const soon[] = { "--timeout", "2s", "--deadline", "4s",
                                        NULL };

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
    add_all(words, beside ? soon : NULL);
    add_all(words, (const char *const *)run->job->check_options);
    add(words, "--format");
    add(words, "json");
    add(words, "--");
    add(words, target);
}

/* --- what one says --- */

/* What is read of a check's object. */
struct said {
    char target[320];
    char status[16], id[CLIENT_ID_SIZE], summary[256];
    struct json_slice verdict; /* text NULL: there is none */
};

static bool read_text(const struct json_slice *object, const char *key,
                      char *text, size_t size)
{
    struct json_slice slice;

    text[0] = '\0';
    if (!object->text ||
        !json_slice_member(object->text, object->n, key, &slice))
        return false;
    json_slice_text(&slice, text, size);
    return true;
}

static void read_check(struct said *said, const char *output)
{
    const struct json_slice all = { output, strlen(output) };

    read_text(&all, "status", said->status, sizeof(said->status));
    said->verdict = (struct json_slice){ 0 };
    (void)json_slice_member(all.text, all.n, "verdict", &said->verdict);
    read_text(&said->verdict, "id", said->id, sizeof(said->id));
    if (!read_text(&said->verdict, "summary", said->summary,
                   sizeof(said->summary)))
        read_text(&all, "error", said->summary, sizeof(said->summary));
}

static bool is(const char *text, const char *word)
{
    return strcmp(text, word) == 0;
}

/* What answered as a cache does was reached through the path; who else
 * answers, a proxy of this network or another host, has nothing to do with it.
 */
static bool is_of_cache(const struct said *said)
{
    return (strncmp(said->id, "REDIS_", 6) == 0 ||
            strncmp(said->id, "AUTH_", 5) == 0) &&
           !is(said->id, "AUTH_REQUIRED");
}

static enum client_found judge(const struct said *said, bool beside)
{
    if (is(said->status, "ok") || (beside && is(said->status, "warning")))
        return CLIENT_PASSES;
    return beside && !is_of_cache(said) ? CLIENT_UNDECIDED : CLIENT_FAILS;
}

/* "NAME:PORT", and what is wrong with it. */
static char *reason_of(struct outcome *outcome, const struct said *said)
{
    char line[ERROR_TEXT_MAX + 256];
    bool fine = said->id[0] == '\0' || is(said->id, "OK");

    if (fine && said->summary[0] == '\0')
        (void)snprintf(line, sizeof(line), "%s", said->target);
    else
        (void)snprintf(line, sizeof(line), "%s: %s%s%s", said->target,
                       fine ? "" : said->id, fine ? "" : ": ", said->summary);
    return arena_text(&outcome->arena, line, strlen(line));
}

static enum outcome_state state_of(enum client_found found)
{
    switch (found) {
    case CLIENT_PASSES: return OUTCOME_STATE_DONE;
    case CLIENT_FAILS: return OUTCOME_STATE_FAILED;
    case CLIENT_UNDECIDED: break;
    }
    return OUTCOME_STATE_SKIPPED;
}

/* The engine leaves a line for what the client meets; the first check that
 * does not pass has it. */
static void note_step(struct outcome *outcome,
                      const struct outcome_connection *connection,
                      const char *reason, enum client_found found)
{
    for (size_t i = 0; i < outcome->nsteps; i++) {
        struct outcome_step *step = &outcome->steps[i];

        if (step->name != OUTCOME_VERIFY || !step->consumer ||
            !connection->consumer ||
            !is(step->consumer, connection->consumer) ||
            step->state == OUTCOME_STATE_FAILED)
            continue;
        step->state = state_of(found);
        step->reason = reason;
    }
}

static void keep(struct client_checks *checks, const struct said *said,
                 enum client_found found, const char *reason)
{
    if (found == CLIENT_UNDECIDED && !checks->undecided) {
        checks->undecided = reason;
        checks->asked = is(said->id, "AUTH_REQUIRED");
    }
    if (found == CLIENT_FAILS && !said->verdict.text)
        checks->refused = reason;
    if (found != CLIENT_FAILS || checks->worst || !said->verdict.text)
        return;
    checks->worst = said->verdict.text;
    checks->worst_length = said->verdict.n;
    (void)snprintf(checks->seen, sizeof(checks->seen), "%s", said->id);
}

/* --- one check --- */

static bool is_over(const struct provision_run *run,
                    const struct client_checks *checks)
{
    return checks->n == CLIENT_CHECKS_MAX || run->stop ||
           (checks->beside && net_now() >= checks->end_ns);
}

/* Beside another command it is no failure that nothing could be checked. */
static void told_unable(struct provision_run *run, struct outcome *outcome,
                        struct client_checks *checks)
{
    const char *error = run->job->error;

    if (checks->beside) {
        checks->undecided = arena_text(&outcome->arena, error, strlen(error));
        return;
    }
    (void)fprintf(stderr, "linkprobe: %s\n", error);
    provision_count(run, PROVISION_FAILED);
}

/* A target that has just left is still given connections for a moment. */
static bool may_have_left(const struct said *said)
{
    return is(said->id, "REDIS_READONLY") ||
           is(said->id, "REDIS_ROLE_MISMATCH");
}

/* Is there time for another try?  Not when a signal ends the pause. */
static bool pause_before(uint64_t end_ns)
{
    const struct timespec pause = { .tv_nsec = AGAIN_MS * 1000000L };

    return net_now() + AGAIN_MS * UINT64_C(1000000) < end_ns &&
           nanosleep(&pause, NULL) == 0;
}

/* Into the next of `outputs`; false: it could not be run. */
static bool ask(struct provision_run *run, struct client_checks *checks,
                struct words *words, struct said *said)
{
    char **output = &checks->outputs[checks->n];

    (void)fflush(stdout);
    for (;;) {
        if (!provision_child(words->words, output, run->job->error,
                             sizeof(run->job->error)))
            return false;
        read_check(said, *output);
        if (!checks->beside || !may_have_left(said) ||
            !pause_before(checks->end_ns))
            return true;
        free(*output);
        *output = NULL;
    }
}

static void check(struct provision_run *run, struct outcome *outcome,
                  struct client_checks *checks,
                  const struct outcome_connection *connection,
                  const struct outcome_listener *listener, unsigned port,
                  const char *name)
{
    struct words words = { 0 };
    struct said said;
    enum client_found found;
    char *reason;

    if (is_over(run, checks))
        return;
    (void)snprintf(said.target, sizeof(said.target), "%s:%u", name, port);
    put_words(&words, run, checks->beside, listener, said.target);
    if (!ask(run, checks, &words, &said)) {
        told_unable(run, outcome, checks);
        return;
    }
    checks->n++;
    found = judge(&said, checks->beside);
    reason = reason_of(outcome, &said);
    note_step(outcome, connection, reason, found);
    keep(checks, &said, found, reason);
}

/* --- all of them --- */

/* An endpoint of the file: made by this path, or a reference in it. */
static bool is_of_file(const struct spec *spec,
                       const struct outcome_connection *at)
{
    for (size_t i = 0; i < spec->nconsumers && at->consumer; i++) {
        if (!spec->consumers[i].foreign &&
            is(spec->consumers[i].name, at->consumer))
            return true;
    }
    return false;
}

/* The regional name leads to every zone; a private one must lead there, too. */
static bool is_checked(const struct outcome_connection *at, size_t name)
{
    return name == 0 || strncmp(at->dns_names.texts[name], "vpce-", 5) != 0;
}

static void check_name(struct provision_run *run, struct outcome *outcome,
                       struct client_checks *checks,
                       const struct outcome_connection *at, const char *name)
{
    enum { REDIS_PORT = 6379 };

    for (size_t i = 0; i < outcome->nlisteners; i++)
        check(run, outcome, checks, at, &outcome->listeners[i],
              outcome->listeners[i].port, name);
    if (outcome->nlisteners == 0)
        check(run, outcome, checks, at, NULL, REDIS_PORT, name);
}

void client_checks_run(struct provision_run *run, struct outcome *outcome,
                       struct client_checks *checks)
{
    checks->end_ns = net_now() + (uint64_t)BESIDE_MS * 1000000;
    for (size_t i = 0; i < outcome->nconnections; i++) {
        const struct outcome_connection *at = &outcome->connections[i];

        if (!is_of_file(run->spec, at) || !is(at->state, "available"))
            continue;
        for (size_t k = 0; k < at->dns_names.n; k++) {
            if (is_checked(at, k))
                check_name(run, outcome, checks, at, at->dns_names.texts[k]);
        }
    }
}

bool client_checks_can(struct provision_run *run)
{
    struct words words = { 0 };
    struct said said;
    char *output;
    size_t n = 0;

    while (run->job->check_options && run->job->check_options[n])
        n++;
    if (n == 0)
        return true;
    if (n > OPTIONS_MAX)
        return error_set(run->job->error, sizeof(run->job->error),
                         "behind --: more than %d words", OPTIONS_MAX);
    put_words(&words, run, false, NULL, "localhost");
    words.n -= 2; /* "--" and the target */
    add(&words, "--config-check");
    words.words[words.n] = NULL;
    if (!provision_child(words.words, &output, run->job->error,
                         sizeof(run->job->error)))
        return false;
    read_check(&said, output);
    free(output);
    return said.summary[0] == '\0' ||
           error_set(run->job->error, sizeof(run->job->error), "behind --: %s",
                     said.summary);
}

void client_checks_take(const struct client_checks *checks,
                        struct outcome *outcome)
{
    const struct json_slice verdict = { checks->worst, checks->worst_length };
    char text[1024];

    outcome->verdict =
        arena_text(&outcome->arena, checks->seen, strlen(checks->seen));
    if (read_text(&verdict, "summary", text, sizeof(text)))
        outcome->verdict_text = arena_text(&outcome->arena, text, strlen(text));
}

void client_checks_free(struct client_checks *checks)
{
    for (size_t i = 0; i < checks->n; i++)
        free(checks->outputs[i]);
    *checks = (struct client_checks){ 0 };
}
