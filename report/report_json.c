/*
 * JSON: one object a line and target, schema docs/schema/check.schema.json.
 *
 * Fields are only ever added.  A value that is not known is null, never left
 * out, but for `tls`.  Strings are escaped whatever a server sent.
 */
#include <stdio.h>

#include "report/format.h"
#include "report/json_address.h"
#include "report/words.h"

#define SCHEMA "linkprobe.check/1"

static void to_buffer(void *data, const char *bytes, size_t n)
{
    report_add(data, bytes, n);
}

static struct json writer(struct report *report)
{
    return (struct json){ .write = to_buffer, .data = &report->out };
}

void report_json_ms(struct json *json, const char *key, uint64_t ns)
{
    json_key(json, key);
    json_fixed(json, (ns + 500) / 1000, 3);
}

static void head(struct json *json, int64_t time_ms)
{
    char time[REPORT_TIME_MAX];

    json_member_string(json, "schema", SCHEMA);
    json_member_string(json, "time",
                       report_time(time_ms, REPORT_MILLISECONDS, time));
}

static void add_target(struct json *json, const struct probe_target *target)
{
    json_key(json, "target");
    json_object(json);
    json_member_string(json, "name", target->name);
    json_member_string(json, "host", target->host);
    json_member_unsigned(json, "port", target->port);
    json_member_bool(json, "tls", target->tls);
    json_key(json, "labels");
    json_object(json);
    for (size_t i = 0; i < target->nlabels; i++)
        if (!report_label_hidden(&target->labels[i]))
            json_member_string(json, target->labels[i].name,
                               target->labels[i].value);
    json_object_end(json);
    json_object_end(json);
}

static void add_fixes(struct json *json, const struct description *text)
{
    json_key(json, "fix");
    json_array(json);
    for (unsigned i = 0; i < text->nfixes; i++) {
        json_object(json);
        json_member_string(json, "command", text->fixes[i].command);
        json_member_string(json, "where", text->fixes[i].where);
        json_member_bool(json, "changes", text->fixes[i].changes);
        json_object_end(json);
    }
    json_array_end(json);
}

static void add_candidates(struct json *json, const struct verdict *verdict)
{
    json_key(json, "candidates");
    json_array(json);
    for (unsigned i = 0; i < verdict->ncandidates; i++) {
        const struct candidate *candidate = &verdict->candidates[i];

        json_object(json);
        json_member_string(json, "id", catalogue_entry(candidate->id)->token);
        json_member_string(json, "decided_by", candidate->decided_by);
        json_object_end(json);
    }
    json_array_end(json);
}

static void add_more(struct json *json, const char *id)
{
    char text[64];

    (void)snprintf(text, sizeof(text), "linkprobe explain %s", id);
    json_member_string(json, "more", text);
}

static void add_verdict(struct json *json, const struct verdict *verdict,
                        const struct description *text)
{
    bool staged = verdict->stage < STAGE_COUNT;

    json_key(json, "verdict");
    json_object(json);
    json_member_string(json, "id", text->id);
    json_member_string(json, "stage",
                       staged ? stage_token(verdict->stage) : NULL);
    json_member_string(json, "hop",
                       hop_token(catalogue_entry(verdict->id)->hop));
    json_member_string(json, "summary", text->summary);
    json_key(json, "evidence");
    json_array(json);
    for (unsigned i = 0; i < text->nevidence; i++)
        json_string(json, text->evidence[i]);
    json_array_end(json);
    json_member_string(json, "cause", text->cause);
    add_fixes(json, text);
    add_candidates(json, verdict);
    add_more(json, text->id);
    json_object_end(json);
}

static void add_item(struct report *report, const struct report_item *item,
                     const struct description *text)
{
    const struct outcome *outcome = item->outcome;
    struct json json = writer(report);

    json_object(&json);
    head(&json, item->time_ms);
    add_target(&json, item->target);
    json_member_string(&json, "status",
                       check_status_token(outcome->verdict.status));
    report_json_ms(&json, "total_ms", report_total_ns(item));
    json_member_unsigned(&json, "addresses_ok", outcome->addresses_ok);
    json_member_unsigned(&json, "addresses_total", item->evidence->naddresses);
    json_member_unsigned(&json, "addresses_required",
                         outcome->addresses_required);
    add_verdict(&json, &outcome->verdict, text);
    report_json_dns(&json, item);
    json_key(&json, "addresses");
    json_array(&json);
    for (unsigned i = 0; i < item->evidence->naddresses; i++)
        report_json_address(&json, item, i);
    json_array_end(&json);
    json_object_end(&json);
    report_string(&report->out, "\n");
}

static void begin(struct report *report)
{
    (void)report;
}

static void item(struct report *report, const struct report_item *item)
{
    struct description text;

    if (!describe(item->evidence, report_policy(item), item->outcome, &text)) {
        report->out.failed = true;
        return;
    }
    add_item(report, item, &text);
    description_free(&text);
}

static void error(struct report *report, const char *message)
{
    struct json json = writer(report);

    json_object(&json);
    head(&json, report_now_ms());
    json_member_string(&json, "status", check_status_token(CHECK_UNKNOWN));
    json_member_string(&json, "error", message);
    json_object_end(&json);
    report_string(&report->out, "\n");
}

static void end(struct report *report)
{
    (void)report;
}

const struct report_format report_json = {
    .name = "json",
    .begin = begin,
    .item = item,
    .error = error,
    .end = end,
};
