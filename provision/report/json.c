/*
 * linkprobe.provision/1: the object of a run, field by field as outcome.h has
 * it; fields are only ever added.
 */
#include <inttypes.h>
#include <string.h>

#include "cli/json.h"
#include "provision/json_slice.h"
#include "provision/report/report.h"
#include "verdict/catalogue.h"

static void put(void *data, const char *bytes, size_t n)
{
    (void)fwrite(bytes, 1, n, data);
}

/* What is JSON already: passed on as it is. */
static void put_raw(struct json *json, const char *text, size_t n)
{
    if (json->comma)
        json->write(json->data, ",", 1);
    json->write(json->data, text, n);
    json->comma = true;
}

static void put_texts(struct json *json, const char *key,
                      const struct spec_texts *texts)
{
    json_key(json, key);
    json_array(json);
    for (size_t i = 0; i < texts->n; i++)
        json_string(json, texts->texts[i]);
    json_array_end(json);
}

static void put_step(struct json *json, const struct outcome_step *step)
{
    json_object(json);
    json_member_string(json, "step", outcome_step_token(step->name));
    json_member_string(json, "account",
                       step->consumer ? "consumer" : "provider");
    json_member_string(json, "consumer", step->consumer);
    json_key(json, "port");
    if (step->port)
        json_unsigned(json, step->port);
    else
        json_null(json);
    json_member_string(json, "action", outcome_action_token(step->action));
    json_member_string(json, "id", step->id);
    json_member_string(json, "call", step->call);
    json_member_unsigned(json, "calls", step->calls);
    json_key(json, "ms");
    json_fixed(json, step->ns / 1000, 3);
    json_member_string(json, "status", outcome_state_token(step->state));
    json_member_string(json, "reason", step->reason);
    json_object_end(json);
}

static void put_target(struct json *json, const struct outcome_target *target)
{
    json_object(json);
    json_member_string(json, "address", target->address);
    json_member_unsigned(json, "port", target->port);
    json_member_string(json, "zone_id", target->zone_id);
    json_member_string(json, "health", target->health);
    json_member_string(json, "reason", target->reason);
    json_object_end(json);
}

static void put_listeners(struct json *json, const struct outcome *outcome)
{
    json_key(json, "listeners");
    json_array(json);
    for (size_t i = 0; i < outcome->nlisteners; i++) {
        const struct outcome_listener *listener = &outcome->listeners[i];

        json_object(json);
        json_member_unsigned(json, "port", listener->port);
        json_member_string(json, "host", listener->host);
        json_member_bool(json, "tls", listener->tls);
        json_key(json, "targets");
        json_array(json);
        for (size_t k = 0; k < listener->ntargets; k++)
            put_target(json, &listener->targets[k]);
        json_array_end(json);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_connections(struct json *json, const struct outcome *outcome)
{
    json_key(json, "connections");
    json_array(json);
    for (size_t i = 0; i < outcome->nconnections; i++) {
        const struct outcome_connection *at = &outcome->connections[i];

        json_object(json);
        json_member_string(json, "consumer", at->consumer);
        json_member_string(json, "account", at->account);
        json_member_string(json, "endpoint_id", at->endpoint_id);
        json_member_string(json, "state", at->state);
        json_member_bool(json, "ours", at->ours);
        put_texts(json, "dns_names", &at->dns_names);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_drift(struct json *json, const struct outcome *outcome)
{
    json_key(json, "drift");
    json_array(json);
    for (size_t i = 0; i < outcome->ndrift; i++) {
        const struct outcome_drift *drift = &outcome->drift[i];

        json_object(json);
        json_member_string(json, "step", outcome_step_token(drift->step));
        json_member_string(json, "consumer", drift->consumer);
        json_member_string(json, "field", drift->field);
        put_texts(json, "want", &drift->want);
        put_texts(json, "have", &drift->have);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_path(struct json *json, const struct outcome *outcome)
{
    json_key(json, "path");
    json_object(json);
    json_member_string(json, "service_name", outcome->service_name);
    json_member_string(json, "service_id", outcome->service_id);
    put_listeners(json, outcome);
    put_connections(json, outcome);
    put_drift(json, outcome);
    json_object_end(json);
}

static void put_fixes(struct json *json, const struct outcome *outcome,
                      const struct provision_checks *checks)
{
    struct provision_fix fixes[PROVISION_FIXES_MAX];
    size_t n = provision_report_fixes(outcome, checks, fixes);

    json_key(json, "fix");
    json_array(json);
    for (size_t i = 0; i < n; i++) {
        json_object(json);
        json_member_string(json, "command", fixes[i].command);
        json_member_string(json, "where", fixes[i].where);
        json_member_bool(json, "changes", fixes[i].changes);
        json_object_end(json);
    }
    json_array_end(json);
    provision_fixes_free(fixes, n);
}

/* What is no failure has no more than its id. */
static void put_catalogue(struct json *json, const struct outcome *outcome,
                          enum verdict_id id, const char *seen)
{
    const struct catalogue_entry *entry = catalogue_entry(id);
    struct catalogue_texts texts = { 0 };

    catalogue_texts(id, &texts);
    json_member_string(json, "stage",
                       entry->stage < STAGE_COUNT ? stage_token(entry->stage)
                                                  : NULL);
    json_member_string(json, "hop", hop_token(entry->hop));
    json_member_string(json, "summary", outcome->verdict_text);
    json_key(json, "evidence");
    json_array(json);
    if (seen)
        json_string(json, seen);
    json_array_end(json);
    json_member_string(json, "cause", texts.cause);
    put_fixes(json, outcome, NULL);
    json_key(json, "candidates");
    json_array(json);
    json_array_end(json);
}

static void put_verdict(struct json *json, const struct outcome *outcome,
                        const char *seen)
{
    enum verdict_id id =
        outcome->verdict ? catalogue_find(outcome->verdict) : VERDICT_COUNT;
    char more[64];

    json_object(json);
    json_member_string(json, "id", outcome->verdict);
    if (id != VERDICT_COUNT && id != VERDICT_OK) {
        put_catalogue(json, outcome, id, seen);
        (void)snprintf(more, sizeof(more), "linkprobe explain %s",
                       outcome->verdict);
        json_member_string(json, "more", more);
    }
    json_object_end(json);
}

/* A check's verdict as it told it, but for what mends it. */
static void put_met(struct json *json, const struct outcome *outcome,
                    const struct provision_checks *checks)
{
    static const char *const keys[] = { "id",      "stage",      "hop",
                                        "summary", "evidence",   "cause",
                                        "fix",     "candidates", "more" };
    struct json_slice slice;

    json_object(json);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcmp(keys[i], "fix") == 0) {
            put_fixes(json, outcome, checks);
        } else if (json_slice_member(checks->verdict, checks->verdict_length,
                                     keys[i], &slice)) {
            json_key(json, keys[i]);
            put_raw(json, slice.text, slice.n);
        }
    }
    json_object_end(json);
}

static void put_notes(struct json *json, const struct outcome *outcome)
{
    json_key(json, "notes");
    json_array(json);
    for (size_t i = 0; i < outcome->nnotes; i++)
        json_string(json, outcome->notes[i]);
    json_array_end(json);
}

static void put_steps(struct json *json, const struct outcome *outcome)
{
    json_key(json, "steps");
    json_array(json);
    for (size_t i = 0; i < outcome->nsteps; i++)
        put_step(json, &outcome->steps[i]);
    json_array_end(json);
}

static void put_checks(struct json *json, const struct provision_checks *checks)
{
    json_key(json, "checks");
    json_array(json);
    for (size_t i = 0; i < checks->n; i++)
        put_raw(json, checks->checks[i], strcspn(checks->checks[i], "\n"));
    json_array_end(json);
}

static void put_end(struct json *json, const struct outcome *outcome)
{
    put_notes(json, outcome);
    json_member_string(json, "error", outcome->error);
    json_member_unsigned(json, "changes", outcome->changes);
    json_member_unsigned(json, "api_calls", outcome->api_calls);
    json_member_unsigned(json, "writes", outcome->writes);
    json_member_unsigned(json, "least_writes", provision_report_least(outcome));
    json_member_unsigned(json, "retries", outcome->retries);
}

void provision_report_json(const struct outcome *outcome,
                           const struct provision_checks *checks, FILE *out)
{
    struct json json = { .write = put, .data = out };

    json_object(&json);
    json_member_string(&json, "schema", "linkprobe.provision/1");
    json_member_string(&json, "command", outcome->command);
    json_member_string(&json, "name", outcome->name);
    json_member_string(&json, "status", outcome_status_token(outcome->status));
    put_steps(&json, outcome);
    put_path(&json, outcome);
    if (checks)
        put_checks(&json, checks);
    json_key(&json, "verdict");
    if (checks && checks->verdict)
        put_met(&json, outcome, checks);
    else
        put_verdict(&json, outcome, checks ? checks->seen : NULL);
    put_end(&json, outcome);
    json_object_end(&json);
    (void)fputc('\n', out);
}

void provision_report_error(const char *command, const char *name,
                            const char *message, FILE *out)
{
    struct json json = { .write = put, .data = out };

    json_object(&json);
    json_member_string(&json, "schema", "linkprobe.provision/1");
    json_member_string(&json, "command", command);
    json_member_string(&json, "name", name);
    json_member_string(&json, "status",
                       outcome_status_token(OUTCOME_STATUS_REFUSED));
    json_member_string(&json, "error", message);
    json_object_end(&json);
    (void)fputc('\n', out);
}
