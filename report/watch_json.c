/*
 * watch_json.c -- an event for programs: one object a line, schema
 * docs/schema/watch.schema.json.  Fields are only ever added; what an event
 * does not have is null.
 */
#include <stdio.h>

#include "cli/json.h"
#include "report/format.h"
#include "report/watch.h"
#include "report/words.h"

#define SCHEMA "linkprobe.watch/1"

static void to_buffer(void *data, const char *bytes, size_t n)
{
    report_add(data, bytes, n);
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
    for (size_t i = 0; i < target->nlabels; i++) {
        if (!report_label_hidden(&target->labels[i]))
            json_member_string(json, target->labels[i].name,
                               target->labels[i].value);
    }
    json_object_end(json);
    json_object_end(json);
}

static void add_host(struct json *json, const struct net_addr *addr)
{
    char text[NET_ADDR_TEXT_MAX];

    json_string(json, net_addr_host(addr, text));
}

static void add_set(struct json *json, const char *key,
                    const struct net_addr *addrs, unsigned n)
{
    json_key(json, key);
    json_array(json);
    for (unsigned i = 0; i < n; i++)
        add_host(json, &addrs[i]);
    json_array_end(json);
}

static const char *or_null(const char *text)
{
    return text[0] ? text : NULL;
}

static void add_us(struct json *json, const char *key, uint64_t us)
{
    json_key(json, key);
    json_fixed(json, us, 3);
}

static void add_address(struct json *json,
                        const struct snapshot_address *address)
{
    json_object(json);
    json_key(json, "address");
    add_host(json, &address->addr);
    json_member_unsigned(json, "port", net_addr_port(&address->addr));
    json_member_string(json, "status", check_status_token(address->status));
    json_member_string(json, "verdict", address->id);
    add_us(json, "total_ms", address->total_us);
    json_member_string(json, "role",
                       server_role_token((enum server_role)address->role));
    json_member_string(json, "run_id", or_null(address->run_id));
    json_member_string(json, "version", or_null(address->version));
    json_object_end(json);
}

/* How the target stands, with each event: a reader needs no memory. */
static void add_now(struct json *json, const struct snapshot *now)
{
    json_key(json, "verdict");
    json_object(json);
    json_member_string(json, "id", now->id);
    json_member_string(json, "stage",
                       now->stage < STAGE_COUNT ? stage_token(now->stage)
                                                : NULL);
    json_member_string(json, "hop", or_null(now->hop));
    json_member_string(json, "summary", now->summary);
    json_member_string(json, "cause", or_null(now->cause));
    json_member_string(json, "fix", or_null(now->fix));
    json_object_end(json);
    add_us(json, "total_ms", now->total_us);
    json_key(json, "ttl_s");
    if (now->ttl_s == NET_TTL_NONE)
        json_null(json);
    else
        json_signed(json, now->ttl_s);
    json_member_unsigned(json, "addresses_ok", now->ok);
    json_member_unsigned(json, "addresses_total", now->naddresses);
    json_key(json, "addresses");
    json_array(json);
    for (unsigned i = 0; i < now->naddresses; i++)
        add_address(json, &now->addresses[i]);
    json_array_end(json);
}

static void add_change(struct json *json, const struct event *event)
{
    json_key(json, "address");
    if (event->address)
        add_host(json, &event->address->addr);
    else
        json_null(json);
    json_member_string(json, "from", or_null(event->from));
    json_member_string(json, "to", or_null(event->to));
    if (event->kind == EVENT_ADDRESSES) {
        add_set(json, "added", event->added, event->nadded);
        add_set(json, "removed", event->removed, event->nremoved);
    }
    if (event->kind == EVENT_LATENCY) {
        json_member_string(json, "stage", stage_token(event->stage));
        add_us(json, "from_ms", event->from_us);
        add_us(json, "to_ms", event->to_us);
    }
    if (event->kind == EVENT_CERTIFICATE) {
        json_key(json, "days_left");
        json_signed(json, event->to_n);
    }
    if (event->kind == EVENT_VERDICT)
        json_member_unsigned(json, "times", event->times);
}

void watch_json(struct report_buffer *out, const struct probe_target *target,
                const struct event *event, const struct watch_count *count)
{
    struct json json = { .write = to_buffer, .data = out };
    char time[REPORT_TIME_MAX];

    json_object(&json);
    json_member_string(&json, "schema", SCHEMA);
    json_member_string(&json, "time",
                       report_time(event->time_ms, REPORT_MILLISECONDS, time));
    json_member_string(&json, "event", event_token(event->kind));
    add_target(&json, target);
    json_member_string(&json, "status", check_status_token(event->status));
    add_change(&json, event);
    if (event->now)
        add_now(&json, event->now);
    json_member_unsigned(&json, "checks", count->checks);
    json_member_unsigned(&json, "failed", count->failed);
    json_object_end(&json);
    report_add(out, "\n", 1);
}
