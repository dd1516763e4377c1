/*
 * seen.c -- see seen.h.
 */
#include "watch/seen.h"

#include <stdio.h>
#include <string.h>

static void add_line(void *data, const struct event *event)
{
    struct seen *seen = data;
    char host[NET_ADDR_TEXT_MAX] = "*", line[256];
    size_t used = strlen(seen->lines);

    if (event->address)
        net_addr_host(&event->address->addr, host);
    (void)snprintf(
        line, sizeof(line), "%s %s%s%s %s > %s +%u -%u x%u\n",
        event_token(event->kind), host, event->stage < STAGE_COUNT ? " " : "",
        event->stage < STAGE_COUNT ? stage_token(event->stage) : "",
        event->from, event->to, event->nadded, event->nremoved, event->times);
    (void)snprintf(seen->lines + used, sizeof(seen->lines) - used, "%s", line);
}

static void well(struct snapshot_address *address, unsigned last)
{
    char text[32];

    *address = (struct snapshot_address){ .role = ROLE_MASTER };
    (void)snprintf(text, sizeof(text), "10.0.0.%u", last);
    (void)net_addr_parse(text, 6379, &address->addr);
    (void)snprintf(address->id, sizeof(address->id), "OK");
    (void)snprintf(address->run_id, sizeof(address->run_id), "run%u", last);
    address->states[STAGE_TCP] = STAGE_PASSED;
    address->took_us[STAGE_TCP] = 400;
}

void seen_addresses(struct seen *seen, const unsigned *last, unsigned n)
{
    seen->now.naddresses = n;
    for (unsigned i = 0; i < n; i++)
        well(&seen->now.addresses[i], last[i]);
}

void seen_begin(struct seen *seen, unsigned n)
{
    static const unsigned last[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

    *seen = (struct seen){
        .track = { .rise = 1, .fall = 1, .event = add_line, .data = seen }
    };
    seen->now = (struct snapshot){ .time_ms = 1000000000000,
                                   .stage = STAGE_COUNT,
                                   .named = true,
                                   .resolved = true,
                                   .ttl_s = 60,
                                   .dns_us = 500 };
    seen_id(seen, "OK");
    seen_addresses(seen, last, n);
}

const char *seen_check(struct seen *seen)
{
    seen->lines[0] = '\0';
    seen->now.time_ms += 5000;
    if (!track_add(&seen->track, &seen->now))
        (void)snprintf(seen->lines, sizeof(seen->lines), "out of memory\n");
    return seen->lines;
}

void seen_id(struct seen *seen, const char *id)
{
    (void)snprintf(seen->now.id, sizeof(seen->now.id), "%s", id);
    seen->now.status = strcmp(id, "OK") == 0 ? CHECK_OK : CHECK_CRITICAL;
}

void seen_address_id(struct seen *seen, unsigned i, const char *id)
{
    struct snapshot_address *address = &seen->now.addresses[i];

    (void)snprintf(address->id, sizeof(address->id), "%s", id);
    address->status = strcmp(id, "OK") == 0 ? CHECK_OK : CHECK_CRITICAL;
}

void seen_end(struct seen *seen)
{
    track_free(&seen->track);
}
