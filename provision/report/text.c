/*
 * For people: a title, the plan or what was done, what there is, what differs,
 * the verdict with what mends it, and the calls that it took.
 *
 *     orders-cache  changes
 *
 *       + load_balancer          CreateLoadBalancer
 *       ~ targets 6379           RegisterTargets
 *             10.0.0.6 is not registered
 *
 *     Plan: 1 to create, 1 to change, 0 to delete.
 */
#include <inttypes.h>
#include <string.h>

#include "provision/report/page.h"

static enum ink status_ink(enum outcome_status status)
{
    switch (status) {
    case OUTCOME_STATUS_OK: return GREEN;
    case OUTCOME_STATUS_WAITING:
    case OUTCOME_STATUS_DRIFTED:
    case OUTCOME_STATUS_CHANGES: return YELLOW;
    default: return RED;
    }
}

/* --- steps --- */

static const char *sign_of(enum outcome_action action)
{
    switch (action) {
    case OUTCOME_ACTION_CREATE: return "+";
    case OUTCOME_ACTION_UPDATE: return "~";
    case OUTCOME_ACTION_DELETE: return "-";
    case OUTCOME_ACTION_REFERENCE: return "=";
    case OUTCOME_ACTION_WAIT: return ".";
    case OUTCOME_ACTION_NONE: break;
    }
    return " ";
}

static enum ink sign_ink(const struct outcome_step *step)
{
    if (step->state == OUTCOME_STATE_FAILED)
        return RED;
    switch (step->action) {
    case OUTCOME_ACTION_CREATE: return GREEN;
    case OUTCOME_ACTION_UPDATE:
    case OUTCOME_ACTION_WAIT: return YELLOW;
    case OUTCOME_ACTION_DELETE: return RED;
    default: return FAINT;
    }
}

/* "targets 6379 (app)" into `text`. */
static void name_step(const struct outcome_step *step, char *text, size_t size)
{
    char port[16] = "";

    if (step->port)
        (void)snprintf(port, sizeof(port), " %u", step->port);
    (void)snprintf(text, size, "%s%s%s%.64s%s", outcome_step_token(step->name),
                   port, step->consumer ? " (" : "",
                   step->consumer ? step->consumer : "",
                   step->consumer ? ")" : "");
}

static void put_step_words(const struct page *page,
                           const struct outcome_step *step)
{
    if (step->state == OUTCOME_STATE_PLANNED && step->call)
        page_put(page, step->call);
    else
        page_put(page, outcome_state_token(step->state));
    if (step->id) {
        (void)fputs("  ", page->out);
        page_ink(page, FAINT, step->id);
    }
}

static void put_step(const struct page *page, const struct outcome_step *step)
{
    char name[128];

    name_step(step, name, sizeof(name));
    (void)fputs("  ", page->out);
    page_ink(page, sign_ink(step), sign_of(step->action));
    (void)fprintf(page->out, " %-26s ", name);
    put_step_words(page, step);
}

void provision_report_step(const struct outcome_step *step,
                           const struct provision_style *style, FILE *out)
{
    const struct page page = { style, out };

    put_step(&page, step);
    if (step->calls)
        (void)fprintf(out, "  %u %s", step->calls,
                      step->calls == 1 ? "call" : "calls");
    if (step->ns >= 100000000)
        (void)fprintf(out, "  %" PRIu64 ".%" PRIu64 " s", step->ns / 1000000000,
                      step->ns / 100000000 % 10);
    if (step->reason) {
        (void)fputs("  ", out);
        page_put(&page, step->reason);
    }
}

/* Worth a line: what changes, waits, fails; all of them with -v. */
static bool is_told(const struct page *page, const struct outcome_step *step)
{
    return page->style->verbose || provision_report_changes(step) ||
           (step->name == OUTCOME_VERIFY &&
            step->state == OUTCOME_STATE_DONE) ||
           step->state == OUTCOME_STATE_FAILED ||
           step->state == OUTCOME_STATE_WAITING;
}

static void put_steps(const struct page *page, const struct outcome *outcome)
{
    bool any = false;

    for (size_t i = 0; i < outcome->nsteps; i++) {
        const struct outcome_step *step = &outcome->steps[i];

        if (!is_told(page, step))
            continue;
        if (!any)
            (void)fputc('\n', page->out);
        any = true;
        put_step(page, step);
        (void)fputc('\n', page->out);
        if (step->reason) {
            (void)fputs("        ", page->out);
            page_put(page, step->reason);
            (void)fputc('\n', page->out);
        }
    }
}

/* --- what there is --- */

static enum ink health_ink(const char *health)
{
    if (!health)
        return FAINT;
    if (strcmp(health, "healthy") == 0)
        return GREEN;
    return strcmp(health, "unhealthy") == 0 ? RED : YELLOW;
}

static void put_target(const struct page *page,
                       const struct outcome_target *target)
{
    char place[128];

    (void)snprintf(place, sizeof(place), "%.80s:%u", target->address,
                   target->port);
    (void)fprintf(page->out, "    %-26s %-10s ", place,
                  target->zone_id ? target->zone_id : "");
    page_ink(page, health_ink(target->health),
             target->health ? target->health : "not asked");
    if (target->reason) {
        (void)fputs("  ", page->out);
        page_put(page, target->reason);
    }
    (void)fputc('\n', page->out);
}

/* Some commands look at the provider's side alone, and do not know whose an
 * endpoint is. */
static bool knows_owners(const struct outcome *outcome)
{
    static const char *const not [] = { "connections", "accept", "reject" };

    for (size_t i = 0; i < sizeof(not ) / sizeof(not [0]); i++) {
        if (outcome->command && strcmp(outcome->command, not [i]) == 0)
            return false;
    }
    return true;
}

static void put_connection(const struct page *page,
                           const struct outcome *outcome,
                           const struct outcome_connection *at)
{
    (void)fprintf(page->out, "    %-22s ", at->endpoint_id);
    page_ink(page, strcmp(at->state, "available") == 0 ? GREEN : YELLOW,
             at->state);
    if (at->consumer) {
        (void)fputs("  ", page->out);
        page_put(page, at->consumer);
    }
    if (at->account)
        (void)fprintf(page->out, "  %s", at->account);
    if (!at->ours && knows_owners(outcome))
        (void)fputs("  not ours", page->out);
    (void)fputc('\n', page->out);
    for (size_t i = 0; i < at->dns_names.n; i++) {
        (void)fputs("      ", page->out);
        page_put(page, at->dns_names.texts[i]);
        (void)fputc('\n', page->out);
    }
}

static void put_path(const struct page *page, const struct outcome *outcome)
{
    if (outcome->service_id) {
        (void)fputs("\nService\n", page->out);
        (void)fprintf(page->out, "    %s  %s\n", outcome->service_id,
                      outcome->service_name ? outcome->service_name : "");
    }
    for (size_t i = 0; i < outcome->nlisteners; i++) {
        const struct outcome_listener *listener = &outcome->listeners[i];

        if (listener->ntargets == 0)
            continue;
        (void)fprintf(page->out, "\nTargets of port %u\n", listener->port);
        for (size_t k = 0; k < listener->ntargets; k++)
            put_target(page, &listener->targets[k]);
    }
    if (outcome->nconnections)
        (void)fputs("\nConnections\n", page->out);
    for (size_t i = 0; i < outcome->nconnections; i++)
        put_connection(page, outcome, &outcome->connections[i]);
}

static void put_texts(const struct page *page, const struct spec_texts *texts)
{
    for (size_t i = 0; i < texts->n; i++) {
        if (i)
            (void)fputs(", ", page->out);
        page_put(page, texts->texts[i]);
    }
    if (texts->n == 0)
        (void)fputs("nothing", page->out);
}

static void put_drift(const struct page *page, const struct outcome *outcome)
{
    if (outcome->ndrift)
        (void)fputs("\nDrift\n", page->out);
    for (size_t i = 0; i < outcome->ndrift; i++) {
        const struct outcome_drift *drift = &outcome->drift[i];

        (void)fprintf(page->out, "    %s%s%s%s %s: wanted ",
                      outcome_step_token(drift->step),
                      drift->consumer ? " (" : "",
                      drift->consumer ? drift->consumer : "",
                      drift->consumer ? ")" : "", drift->field);
        put_texts(page, &drift->want);
        (void)fputs(", found ", page->out);
        put_texts(page, &drift->have);
        (void)fputc('\n', page->out);
    }
}

/* --- what it means --- */

static void put_fixes(const struct page *page, const struct outcome *outcome,
                      const struct provision_checks *checks)
{
    struct provision_fix fixes[PROVISION_FIXES_MAX];
    size_t n = provision_report_fixes(outcome, checks, fixes);

    if (n) {
        (void)fputc('\n', page->out);
        page_ink(page, STRONG, "Try");
    }
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || fixes[i].changes != fixes[i - 1].changes ||
            strcmp(fixes[i].where, fixes[i - 1].where) != 0) {
            (void)fputs("\n  ", page->out);
            page_ink(page, FAINT,
                     fixes[i].changes ? "# changes something: "
                                      : "# only looks: ");
            page_ink(page, FAINT, fixes[i].where);
        }
        (void)fputs("\n  ", page->out);
        page_put(page, fixes[i].command);
    }
    if (n)
        (void)fputc('\n', page->out);
    provision_fixes_free(fixes, n);
}

static void put_verdict(const struct page *page, const struct outcome *outcome,
                        const struct provision_checks *checks)
{
    /* What AWS has said no to needs no name of ours. */
    bool fine = !outcome->verdict || strcmp(outcome->verdict, "OK") == 0 ||
                (outcome->error && provision_report_is_vague(outcome));

    if (!fine) {
        (void)fputc('\n', page->out);
        if (outcome->verdict_text)
            page_ink(page, STRONG, outcome->verdict_text);
        (void)fprintf(page->out, "%s%s\n", outcome->verdict_text ? "\n" : "",
                      outcome->verdict);
    }
    put_fixes(page, outcome, checks);
    for (size_t i = 0; i < outcome->nnotes; i++) {
        (void)fputs(i ? "Note: " : "\nNote: ", page->out);
        page_put(page, outcome->notes[i]);
        (void)fputc('\n', page->out);
    }
    if (outcome->error) {
        (void)fputc('\n', page->out);
        page_ink(page, RED, outcome->error);
        (void)fputc('\n', page->out);
    }
}

static unsigned count(const struct outcome *outcome, enum outcome_action action)
{
    unsigned n = 0;

    for (size_t i = 0; i < outcome->nsteps; i++)
        n += outcome->steps[i].action == action &&
             outcome->steps[i].state != OUTCOME_STATE_SKIPPED;
    return n;
}

/* What is said of a run that has changed nothing. */
static const char *nothing_done(const struct outcome *outcome,
                                const struct provision_checks *checks)
{
    const char *command = outcome->command ? outcome->command : "";

    if (outcome->status != OUTCOME_STATUS_OK)
        return "";
    if (strcmp(command, "status") == 0)
        return "Nothing has drifted.\n";
    if (strcmp(command, "verify") == 0)
        return checks && checks->n ? "A client gets through.\n"
                                   : "No client was tried.\n";
    return strcmp(command, "connections") == 0 ? "" : "No changes.\n";
}

static void put_counts(const struct page *page, const struct outcome *outcome,
                       const struct provision_checks *checks)
{
    bool plan = outcome->status == OUTCOME_STATUS_CHANGES;
    unsigned made = count(outcome, OUTCOME_ACTION_CREATE);
    unsigned changed = count(outcome, OUTCOME_ACTION_UPDATE);
    unsigned gone = count(outcome, OUTCOME_ACTION_DELETE);
    unsigned least = provision_report_least(outcome);

    if (plan)
        (void)fprintf(page->out,
                      "\nPlan: %u to create, %u to change, %u to delete; "
                      "%u changing %s.\n",
                      made, changed, gone, least,
                      least == 1 ? "call" : "calls");
    else if (outcome->writes)
        (void)fprintf(page->out,
                      "\nDone: %u created, %u changed, %u deleted.\n", made,
                      changed, gone);
    else
        (void)fprintf(page->out, "\n%s", nothing_done(outcome, checks));
    (void)fprintf(page->out, "%u API %s", outcome->api_calls,
                  outcome->api_calls == 1 ? "call" : "calls");
    if (outcome->writes)
        (void)fprintf(
            page->out, ", %u of them %s (%u is the least)", outcome->writes,
            outcome->writes == 1 ? "changes something" : "change something",
            least);
    if (outcome->retries)
        (void)fprintf(page->out, ", %u %s", outcome->retries,
                      outcome->retries == 1 ? "retry" : "retries");
    (void)fputs(".\n", page->out);
}

void provision_report_text(const struct outcome *outcome,
                           const struct provision_checks *checks,
                           const struct provision_style *style, FILE *out)
{
    const struct page page = { style, out };

    page_ink(&page, STRONG, outcome->name ? outcome->name : "");
    (void)fputs("  ", out);
    page_ink(&page, status_ink(outcome->status),
             outcome_status_token(outcome->status));
    (void)fputc('\n', out);
    put_steps(&page, outcome);
    if (outcome->status != OUTCOME_STATUS_CHANGES)
        put_path(&page, outcome);
    page_checks(&page, checks);
    put_drift(&page, outcome);
    put_verdict(&page, outcome, checks);
    put_counts(&page, outcome, checks);
    if (outcome->status == OUTCOME_STATUS_INTERRUPTED)
        (void)fputs("Interrupted: run it again, and it goes on from here.\n",
                    out);
}
