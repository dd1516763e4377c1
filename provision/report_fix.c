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

#include "provision/report.h"
#include "verdict/catalogue.h"
#include "verdict/fixes.h"

enum { NAME_SIZE = 256, REDIS_PORT = 6379 };

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

/* NOLINTNEXTLINE(readability-non-const-parameter): it is handed on */
static size_t add(struct provision_fix *fixes, size_t n, char *command,
                  const char *where, bool changes)
{
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

size_t provision_report_fixes(const struct outcome *outcome,
                              struct provision_fix fixes[PROVISION_FIXES_MAX])
{
    enum verdict_id id =
        outcome->verdict ? catalogue_find(outcome->verdict) : VERDICT_COUNT;
    struct catalogue_texts texts = { 0 };
    char name[NAME_SIZE];
    const struct evidence_target target = { .host = name, .port = REDIS_PORT };
    const struct fix_values values = { .target = &target };
    size_t n = 0;
    bool dials;

    if (id == VERDICT_COUNT || id == VERDICT_OK)
        return 0;
    dials = name_of(outcome, name);
    catalogue_texts(id, &texts);
    if (outcome->fix)
        n = add(fixes, n, strdup(outcome->fix), where_of(&texts), true);
    for (size_t i = 0; i < CATALOGUE_FIXES_MAX && texts.fixes[i].command &&
                       !provision_report_is_vague(outcome);
         i++) {
        /* Ours stands there already, with its file. */
        if (strncmp(texts.fixes[i].command, "linkprobe provision ", 20) == 0 ||
            (!dials && strstr(texts.fixes[i].command, "{HOST}")))
            continue;
        n = add(fixes, n,
                provision_report_fill(
                    outcome, fix_fill(texts.fixes[i].command, &values)),
                texts.fixes[i].where, texts.fixes[i].changes);
    }
    return n;
}

void provision_fixes_free(struct provision_fix *fixes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(fixes[i].command);
}
