/*
 * What mends a verdict: our own command first, then those of the catalogue,
 * filled with what the run knows of endpoint, service and region.
 *
 * The catalogue's commands are filled as after a check: the endpoint's name is
 * all that it takes, and the run can make that up from the ids.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provision/json_slice.h"
#include "provision/report/report.h"
#include "verdict/catalogue.h"
#include "verdict/fixes.h"

enum { NAME_SIZE = 256, COMMAND_SIZE = 2048, REDIS_PORT = 6379 };

/* The endpoint that is meant: the first that is not well, else the first. */
static const char *endpoint_of(const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->nconnections; i++) {
        if (strcmp(outcome->connections[i].state, "available") != 0)
            return outcome->connections[i].endpoint_id;
    }
    return outcome->nconnections ? outcome->connections[0].endpoint_id : NULL;
}

/* "com.amazonaws.vpce.REGION.ID": where REGION stands, and how long it is. */
static const char *region_of(const struct outcome *outcome, size_t *n)
{
    const char *at =
        outcome->service_name ? strstr(outcome->service_name, ".vpce.") : NULL;

    *n = at ? strcspn(at + 6, ".") : 0;
    return at ? at + 6 : "";
}

/*
 * A name as AWS gives it to this endpoint, for the ids in it; "" when the run
 * knows of none.  true: it is the endpoint's own, and can be dialled.
 */
static bool name_of(const struct outcome *outcome, char name[NAME_SIZE])
{
    const char *endpoint = endpoint_of(outcome), *region;
    size_t n;

    for (size_t i = 0; i < outcome->nconnections; i++) {
        const struct outcome_connection *at = &outcome->connections[i];

        if (endpoint && at->dns_names.n &&
            strcmp(at->endpoint_id, endpoint) == 0) {
            (void)snprintf(name, NAME_SIZE, "%s", at->dns_names.texts[0]);
            return true;
        }
    }
    region = region_of(outcome, &n);
    name[0] = '\0';
    if (outcome->service_id && n)
        (void)snprintf(name, NAME_SIZE,
                       "%.60s-00000000.%.60s.%.*s.vpce.amazonaws.com",
                       endpoint ? endpoint : "ENDPOINT_ID", outcome->service_id,
                       (int)n, region);
    return false;
}

/* Is there a word left in it that nobody knows, such as ENDPOINT_ID of an
 * endpoint that is not there? */
static bool is_incomplete(const char *command)
{
    static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    size_t n;

    for (const char *at = command; *at != '\0'; at += n ? n : 1) {
        n = strspn(at, capitals);
        if (n > 2 && memchr(at + 1, '_', n - 2))
            return true;
    }
    return false;
}

/* Beside a command that can be run as it stands, none that cannot is told. */
static size_t add(struct provision_fix *fixes, size_t n, char *command,
                  const char *where, bool changes)
{
    if (command && n > 0 && is_incomplete(command)) {
        free(command);
        return n;
    }
    if (command)
        fixes[n++] = (struct provision_fix){ command, where, changes };
    return n;
}

static const char *where_of(const struct catalogue_texts *texts)
{
    for (size_t i = 0; i < CATALOGUE_FIXES_MAX && texts->fixes[i].command;
         i++) {
        if (texts->fixes[i].changes)
            return texts->fixes[i].where;
    }
    return "provider";
}

bool provision_report_is_vague(const struct outcome *outcome)
{
    return outcome->verdict && strcmp(outcome->verdict, "UNKNOWN_ERROR") == 0;
}

/* Ours stands there already, with its file. */
static bool is_ours(const char *command)
{
    return strncmp(command, "linkprobe provision sync", 24) == 0 ||
           strncmp(command, "linkprobe provision apply", 25) == 0;
}

static size_t of_catalogue(const struct outcome *outcome,
                           const struct catalogue_texts *texts,
                           struct provision_fix *fixes, size_t n)
{
    char name[NAME_SIZE];
    const struct evidence_target target = { .host = name, .port = REDIS_PORT };
    const struct fix_values values = { .target = &target };
    bool dials = name_of(outcome, name);

    for (size_t i = 0; i < CATALOGUE_FIXES_MAX && texts->fixes[i].command;
         i++) {
        const char *command = texts->fixes[i].command;

        if (is_ours(command) || (!dials && strstr(command, "{HOST}")))
            continue;
        n = add(fixes, n,
                provision_report_fill(outcome, fix_fill(command, &values)),
                texts->fixes[i].where, texts->fixes[i].changes);
    }
    return n;
}

static const char *where_in(const struct json_slice *fix)
{
    static const char *const places[] = { "client", "consumer", "provider" };
    struct json_slice where;

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (json_slice_member(fix->text, fix->n, "where", &where) &&
            json_slice_is(&where, places[i]))
            return places[i];
    }
    return "client";
}

/* A check has filled in what it met; the run knows the rest. */
static size_t of_check(const struct outcome *outcome,
                       const struct provision_checks *checks,
                       struct provision_fix *fixes, size_t n)
{
    struct json_slice all, fix = { 0 }, slice;
    char command[COMMAND_SIZE];

    if (!json_slice_member(checks->verdict, checks->verdict_length, "fix",
                           &all))
        return n;
    while (n < PROVISION_FIXES_MAX && json_slice_next(&all, &fix)) {
        if (!json_slice_member(fix.text, fix.n, "command", &slice))
            continue;
        json_slice_text(&slice, command, sizeof(command));
        if (is_ours(command))
            continue;
        n = add(fixes, n, provision_report_fill(outcome, strdup(command)),
                where_in(&fix),
                json_slice_member(fix.text, fix.n, "changes", &slice) &&
                    slice.text[0] == 't');
    }
    return n;
}

size_t provision_report_fixes(const struct outcome *outcome,
                              const struct provision_checks *checks,
                              struct provision_fix fixes[PROVISION_FIXES_MAX])
{
    enum verdict_id id =
        outcome->verdict ? catalogue_find(outcome->verdict) : VERDICT_COUNT;
    struct catalogue_texts texts = { 0 };
    size_t n = 0;

    if (id == VERDICT_COUNT || id == VERDICT_OK)
        return 0;
    catalogue_texts(id, &texts);
    if (outcome->fix)
        n = add(fixes, n, strdup(outcome->fix), where_of(&texts), true);
    if (provision_report_is_vague(outcome))
        return n;
    return checks && checks->verdict ? of_check(outcome, checks, fixes, n)
                                     : of_catalogue(outcome, &texts, fixes, n);
}

void provision_fixes_free(struct provision_fix *fixes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(fixes[i].command);
}
