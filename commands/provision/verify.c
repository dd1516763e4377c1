/*
 * verify.c -- what AWS says, and what a client meets.
 *
 *     verify: status > checks > join
 *     apply:  build  > checks > a line beside
 *
 * Of verify the API's verdict goes first, since it names the cause of what the
 * client sees; where it knows of nothing, the client's stands.
 *
 * What apply has built is not made less by a machine from which it cannot be
 * reached: only what the cache itself answered counts there, and where nothing
 * was met it is said that verify decides, from the clients' network.
 */
#include <stdio.h>
#include <string.h>

#include "commands/provision/checks.h"
#include "commands/provision/run.h"

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

static bool has_ended(const struct outcome *outcome)
{
    return outcome->status == OUTCOME_STATUS_REFUSED ||
           outcome->status == OUTCOME_STATUS_FAILED ||
           outcome->status == OUTCOME_STATUS_INTERRUPTED;
}

/* Does the API know of a fault?  It is named then. */
static bool judged(struct provision_run *run, struct outcome *outcome)
{
    provision_mend(run, outcome);
    return !is_well(outcome);
}

static void join(struct provision_run *run, struct outcome *outcome,
                 const struct client_checks *met)
{
    bool known = judged(run, outcome);
    char seen[CLIENT_ID_SIZE + 64];
    const struct provision_checks checks = {
        .checks = (const char *const *)met->outputs,
        .n = met->n,
        .verdict = met->worst && !known ? met->worst : NULL,
        .verdict_length = met->worst_length,
        .seen = known && met->worst ? seen : NULL,
    };

    (void)snprintf(seen, sizeof(seen), "a client meets %s", met->seen);
    if (met->worst && !known) {
        client_checks_take(met, outcome);
        provision_name_fix(run, outcome);
    }
    if ((met->worst || known) && outcome->status == OUTCOME_STATUS_OK)
        outcome->status = OUTCOME_STATUS_UNHEALTHY;
    if (met->refused && !met->worst) {
        outcome->status = OUTCOME_STATUS_REFUSED;
        outcome->error = met->refused;
    }
    print(run, outcome, &checks);
}

static void tell(struct provision_run *run, struct outcome *outcome)
{
    struct client_checks met = { 0 };

    if (has_ended(outcome)) {
        provision_tell(run, outcome);
        return;
    }
    client_checks_run(run, outcome, &met);
    if (met.n == 0 && outcome->status == OUTCOME_STATUS_OK)
        outcome_note(outcome, "no client was tried: the file has no endpoint "
                              "whose names are known; verify where the "
                              "consumer's side is in the file");
    join(run, outcome, &met);
    client_checks_free(&met);
}

void provision_verify(struct provision_run *run)
{
    if (!provision_engine(run, ENGINE_STATUS, false, tell))
        provision_told_unable(run);
}

/* --- beside apply --- */

static void note_undecided(struct provision_run *run, struct outcome *outcome,
                           const struct client_checks *met)
{
    char line[2048], word[900];

    (void)snprintf(
        line, sizeof(line),
        met->asked ? "%s; with one, linkprobe provision verify -f %s -- "
                     "--askpass sends PING, SET and GET"
                   : "PING, SET and GET did not get through from here (%s); "
                     "that says nothing of the path unless this machine is in "
                     "the clients' network: there, linkprobe provision verify "
                     "-f %s decides",
        met->undecided, provision_file_word(run, word, sizeof(word)));
    outcome_note(outcome, line);
}

/* People see the checks that mean something; programs, all of them. */
static void tell_beside(struct provision_run *run, struct outcome *outcome,
                        const struct client_checks *met)
{
    const struct provision_checks checks = {
        .checks = (const char *const *)met->outputs,
        .n = met->n,
        .verdict = met->worst,
        .verdict_length = met->worst_length,
    };
    bool all = run->job->options.format == PROVISION_JSON || !met->undecided;

    if (met->undecided)
        note_undecided(run, outcome, met);
    if (met->worst) {
        client_checks_take(met, outcome);
        outcome->status = OUTCOME_STATUS_UNHEALTHY;
        provision_name_fix(run, outcome);
    }
    print(run, outcome, all ? &checks : NULL);
}

void provision_tell_applied(struct provision_run *run, struct outcome *outcome)
{
    struct client_checks met = { .beside = true };

    if (outcome->status != OUTCOME_STATUS_OK || run->job->options.no_verify) {
        provision_tell(run, outcome);
        return;
    }
    client_checks_run(run, outcome, &met);
    tell_beside(run, outcome, &met);
    client_checks_free(&met);
}
