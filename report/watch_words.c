/*
 * watch_words.c -- an event for people: one line, and below a failure what to
 * do.
 */
#include <stdio.h>
#include <string.h>

#include "report/format.h"
#include "report/screen.h"
#include "report/watch.h"
#include "report/words.h"

static void add_host(struct report_buffer *out, const struct net_addr *addr)
{
    char text[NET_ADDR_TEXT_MAX];

    report_string(out, net_addr_text(addr, text));
}

static void add_duration(struct report_buffer *out, uint64_t us)
{
    char text[REPORT_NUMBER_MAX];

    report_string(out, report_duration(us * 1000, text));
}

static void add_standing(struct report_buffer *out, const struct snapshot *now)
{
    if (now->naddresses > 0)
        report_print(out, "; %u of %u %s", now->ok, now->naddresses,
                     report_plural(now->naddresses, "address", "addresses"));
    for (unsigned i = 0; i < now->naddresses; i++) {
        const char *role =
            server_role_token((enum server_role)now->addresses[i].role);

        report_string(out, i ? ", " : ": ");
        add_host(out, &now->addresses[i].addr);
        if (role)
            report_print(out, " %s", role);
    }
    if (now->ttl_s != NET_TTL_NONE)
        report_print(out, "; TTL %lld s", (long long)now->ttl_s);
}

static void add_start(struct report_buffer *out, const struct event *event,
                      bool utf8)
{
    report_string(out, event->now->id);
    if (event->status != CHECK_OK) {
        report_string(out, ": ");
        report_escape(out, event->now->summary, utf8);
    }
    add_standing(out, event->now);
}

static void add_verdict(struct report_buffer *out, const struct event *event,
                        bool utf8)
{
    const char *text =
        event->address ? event->address->text : event->now->summary;

    report_print(out, "%s > %s", event->from, event->to);
    if (event->status != CHECK_OK) {
        report_string(out, ": ");
        report_escape(out, text, utf8);
    }
    if (event->times > 1)
        report_print(out, " (%u times in a row)", event->times);
}

static void add_addresses(struct report_buffer *out, const struct event *event)
{
    report_string(out, "addresses:");
    for (unsigned i = 0; i < event->nadded; i++) {
        report_string(out, " +");
        add_host(out, &event->added[i]);
    }
    for (unsigned i = 0; i < event->nremoved; i++) {
        report_string(out, " -");
        add_host(out, &event->removed[i]);
    }
}

static void add_latency(struct report_buffer *out, const struct event *event)
{
    report_print(out, "%s ", stage_token(event->stage));
    add_duration(out, event->from_us);
    report_string(out, " > ");
    add_duration(out, event->to_us);
    report_string(out, " (medians)");
}

static void add_certificate(struct report_buffer *out,
                            const struct event *event)
{
    if (event->from[0])
        report_print(out, "another certificate: %s left, it was %s", event->to,
                     event->from);
    else if (event->to_n < 0)
        report_print(out, "the certificate ended %lld %s ago",
                     (long long)-event->to_n,
                     report_plural((size_t)-event->to_n, "day", "days"));
    else
        report_print(out, "the certificate ends in %lld %s",
                     (long long)event->to_n,
                     report_plural((size_t)event->to_n, "day", "days"));
}

void watch_words(struct report_buffer *out, const struct event *event,
                 const struct watch_count *count, bool utf8)
{
    if (event->address) {
        add_host(out, &event->address->addr);
        report_string(out, ": ");
    }
    switch (event->kind) {
    case EVENT_START: add_start(out, event, utf8); break;
    case EVENT_VERDICT: add_verdict(out, event, utf8); break;
    case EVENT_ADDRESSES: add_addresses(out, event); break;
    case EVENT_TTL:
        report_print(out, "TTL %s s > %s s", event->from, event->to);
        break;
    case EVENT_ROLE:
        report_print(out, "role %s > %s", event->from, event->to);
        break;
    case EVENT_RUN_ID:
        report_print(out,
                     "another process answers, by its run_id %.8s (it was "
                     "%.8s): restarted or failed over",
                     event->to, event->from);
        break;
    case EVENT_LATENCY: add_latency(out, event); break;
    case EVENT_CERTIFICATE: add_certificate(out, event); break;
    case EVENT_STOP:
        report_print(out, "%llu %s, %llu failed",
                     (unsigned long long)count->checks,
                     report_plural((size_t)count->checks, "check", "checks"),
                     (unsigned long long)count->failed);
        break;
    default: break;
    }
}

/* What is wrong with the target as a whole has a cause and a fix. */
static bool has_advice(const struct event *event)
{
    return (event->kind == EVENT_START || event->kind == EVENT_VERDICT) &&
           !event->address && event->status != CHECK_OK && event->now;
}

static void add_advice(struct report *report, const struct event *event)
{
    if (!has_advice(event))
        return;
    if (event->now->cause[0])
        report_print(&report->out, "  cause: %s\n", event->now->cause);
    if (event->now->fix[0]) {
        report_string(&report->out, "  fix:   ");
        report_escape(&report->out, event->now->fix, report->style.utf8);
        report_string(&report->out, "\n");
    }
}

static enum ink ink_of(const struct event *event)
{
    return event->kind == EVENT_VERDICT || event->kind == EVENT_START
               ? screen_ink((int)event->status)
               : INK_PLAIN;
}

void watch_line(struct report *report, const struct probe_target *target,
                const struct event *event, const struct watch_count *count)
{
    char time[REPORT_TIME_MAX];
    struct report_buffer words = { 0 };

    report_print(&report->out, "%s ",
                 report_time(event->time_ms, REPORT_NO_FRACTION, time));
    if (report->style.targets > 1)
        report_print(&report->out, "%s ", target->name);
    report_print(&report->out, "%s ", event_token(event->kind));
    watch_words(&words, event, count, report->style.utf8);
    report_add(&words, "", 1);
    screen_put(report, ink_of(event), words.failed ? "" : words.bytes);
    report_string(&report->out, "\n");
    report_buffer_free(&words);
    if (!report->style.quiet)
        add_advice(report, event);
}
