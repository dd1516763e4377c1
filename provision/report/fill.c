/*
 * What the catalogue's commands leave in capitals, and this run knows: ids of
 * the steps, addresses that differ.  Only what a shell takes as one plain word
 * is put in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provision/report/report.h"

enum { COMMAND_SIZE = 2048, VALUE_SIZE = 256 };

static const char *step_id(const struct outcome *outcome,
                           enum outcome_step_name name)
{
    for (size_t i = 0; i < outcome->nsteps; i++) {
        if (outcome->steps[i].name == name && outcome->steps[i].id)
            return outcome->steps[i].id;
    }
    return NULL;
}

/* The first text of one list that is not in the other. */
static const char *differs(const struct outcome *outcome,
                           enum outcome_step_name name, bool wanted)
{
    for (size_t i = 0; i < outcome->ndrift; i++) {
        const struct outcome_drift *at = &outcome->drift[i];
        const struct spec_texts *from = wanted ? &at->want : &at->have;
        const struct spec_texts *not_in = wanted ? &at->have : &at->want;

        for (size_t k = 0; at->step == name && k < from->n; k++) {
            size_t j = 0;

            while (j < not_in->n &&
                   strcmp(not_in->texts[j], from->texts[k]) != 0)
                j++;
            if (j == not_in->n)
                return from->texts[k];
        }
    }
    return NULL;
}

/* The last word of an id: "arn:...:replicationgroup:test1" is test1. */
static const char *cache_id(const struct outcome *outcome)
{
    const char *id = step_id(outcome, OUTCOME_CACHE);
    const char *colon = id ? strrchr(id, ':') : NULL;

    return colon ? colon + 1 : id;
}

/* What its name leads to; none when there are several. */
static const char *cache_address(const struct outcome *outcome)
{
    const char *missing = differs(outcome, OUTCOME_TARGETS, true);

    for (size_t i = 0; !missing && i < outcome->nsteps; i++) {
        if (outcome->steps[i].name == OUTCOME_RESOLVE &&
            outcome->steps[i].state == OUTCOME_STATE_DONE)
            missing = outcome->steps[i].reason;
    }
    return missing;
}

static const char *target_port(const struct outcome *outcome,
                               char text[VALUE_SIZE])
{
    for (size_t i = 0; i < outcome->nlisteners; i++) {
        const struct outcome_listener *at = &outcome->listeners[i];

        if (at->ntargets) {
            (void)snprintf(text, VALUE_SIZE, "%u", at->targets[0].port);
            return text;
        }
    }
    return NULL;
}

/* What stands for the word of `n` bytes; NULL: it is not known. */
static const char *value_of(const struct outcome *outcome, const char *word,
                            size_t n, char text[VALUE_SIZE])
{
    const struct {
        const char *word, *value;
    } rows[] = {
        { "LOAD_BALANCER_ARN", step_id(outcome, OUTCOME_LOAD_BALANCER) },
        { "TARGET_GROUP_ARN", step_id(outcome, OUTCOME_TARGET_GROUP) },
        { "ENDPOINT_SG_ID", step_id(outcome, OUTCOME_ENDPOINT_SECURITY_GROUP) },
        { "CACHE_SG_ID", step_id(outcome, OUTCOME_CACHE_SECURITY_GROUP) },
        { "SERVICE_ID", outcome->service_id },
        { "ENDPOINT_ID", step_id(outcome, OUTCOME_ENDPOINT) },
        { "LISTENER_ARN", step_id(outcome, OUTCOME_LISTENER) },
        { "CACHE_ID", cache_id(outcome) },
        { "CACHE_IP", cache_address(outcome) },
        { "OLD_IP", differs(outcome, OUTCOME_TARGETS, false) },
        { "CACHE_PORT", target_port(outcome, text) },
        { "CLIENT_CIDR",
          differs(outcome, OUTCOME_ENDPOINT_SECURITY_GROUP, true) },
        { "CONSUMER_ACCOUNT",
          outcome->nconnections ? outcome->connections[0].account : NULL },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strlen(rows[i].word) == n && memcmp(rows[i].word, word, n) == 0)
            return rows[i].value;
    }
    return NULL;
}

static bool is_plain(const char *value)
{
    static const char fine[] = "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:_/@+-";

    return value[0] != '\0' && value[0] != '-' &&
           strspn(value, fine) == strlen(value);
}

/* The very principal that is missing, where a manual can say no more than
 * whose account it is. */
static char *name_principal(const struct outcome *outcome, char *command)
{
    static const char whole[] = "arn:aws:iam::CONSUMER_ACCOUNT:root";
    const char *missing = differs(outcome, OUTCOME_PERMISSIONS, true);
    const char *at = command ? strstr(command, whole) : NULL;
    char filled[COMMAND_SIZE];

    if (!at || !missing || !is_plain(missing))
        return command;
    (void)snprintf(filled, sizeof(filled), "%.*s%s%s", (int)(at - command),
                   command, missing, at + sizeof(whole) - 1);
    free(command);
    return strdup(filled);
}

/* Commands of the catalogue end in their region. */
static char *name_region(const struct outcome *outcome, char *command)
{
    const char *at =
        outcome->service_name ? strstr(outcome->service_name, ".vpce.") : NULL;
    size_t n = at ? strcspn(at + 6, ".") : 0;
    char filled[COMMAND_SIZE];

    if (!command || n == 0 || strncmp(command, "aws ", 4) != 0 ||
        strstr(command, " --region "))
        return command;
    (void)snprintf(filled, sizeof(filled), "%s --region %.*s", command, (int)n,
                   at + 6);
    free(command);
    return strdup(filled);
}

/* The words in capitals that the run knows. */
static char *fill_words(const struct outcome *outcome, char *command)
{
    static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    char filled[COMMAND_SIZE], text[VALUE_SIZE];
    const char *at = command;
    size_t n = 0;

    while (command && *at != '\0' && n < sizeof(filled) - 1) {
        size_t length = strspn(at, capitals);
        const char *value = length ? value_of(outcome, at, length, text) : NULL;
        size_t take = value && is_plain(value) ? strlen(value) : 0;

        if (take == 0) {
            take = length ? length : 1;
            value = at;
        }
        if (take > sizeof(filled) - 1 - n)
            return command;
        memcpy(filled + n, value, take);
        n += take;
        at += length ? length : 1;
    }
    if (!command || *at != '\0')
        return command;
    filled[n] = '\0';
    free(command);
    return strdup(filled);
}

char *provision_report_fill(const struct outcome *outcome, char *command)
{
    command = name_principal(outcome, command);
    return name_region(outcome, fill_words(outcome, command));
}
