/*
 * target.c -- one target on the status page.
 *
 *     name, labels, verdict
 *     summary, evidence, what mends it
 *     each address: a cell a stage, with its time as a bar
 *     since when, how many checks
 */
#include <stdio.h>
#include <string.h>

#include "commands/serve/status.h"
#include "report/format.h"
#include "report/words.h"
#include "serve/html.h"

static void add_labels(struct report_buffer *out,
                       const struct probe_target *target)
{
    for (size_t i = 0; i < target->nlabels; i++) {
        const struct probe_label *label = &target->labels[i];

        if (report_label_hidden(label))
            continue;
        report_string(out, "<span class=l>");
        serve_html_text(out, label->name);
        report_string(out, "=");
        serve_html_text(out, label->value);
        report_string(out, "</span> ");
    }
}

/* "5 s", "3 min", "2 h", "12 d" */
static void add_age(struct report_buffer *out, int64_t ms)
{
    long long s = ms > 0 ? (long long)(ms / 1000) : 0;

    if (s < 120)
        report_print(out, "%lld s", s);
    else if (s < 7200)
        report_print(out, "%lld min", s / 60);
    else if (s < 172800)
        report_print(out, "%lld h", s / 3600);
    else
        report_print(out, "%lld d", s / 86400);
}

static void add_time(struct report_buffer *out, int64_t ms)
{
    char text[REPORT_TIME_MAX];

    report_time(ms, REPORT_NO_FRACTION, text);
    report_print(out, "<time datetime=\"%s\">%s</time>", text, text);
}

static void add_words(struct report_buffer *out,
                      const struct serve_words *words)
{
    if (words->summary[0] == '\0')
        return;
    report_string(out, "<p class=w>");
    serve_html_text(out, words->summary);
    report_string(out, "</p>");
    if (words->evidence[0] != '\0') {
        report_string(out, "<p class=e>");
        serve_html_text(out, words->evidence);
        report_string(out, "</p>");
    }
    if (words->fix[0] == '\0')
        return;
    report_print(out, "<p class=f>Try (%s, %s):</p><pre>", words->where,
                 words->changes ? "changes something" : "only looks");
    serve_html_text(out, words->fix);
    report_print(out, "</pre><p class=f>linkprobe explain %s tells more.</p>",
                 words->id);
}

/* The longest stage of all: what the bars are measured by. */
static uint32_t longest(const struct evidence_target *evidence)
{
    uint32_t most = evidence->dns.took_us;

    for (unsigned i = 0; i < evidence->naddresses; i++) {
        for (int stage = STAGE_TCP; stage < STAGE_COUNT; stage++) {
            uint32_t us = evidence->addresses[i]->stages[stage].took_us;

            if (us > most)
                most = us;
        }
    }
    return most ? most : 1;
}

static void add_stage(struct report_buffer *out, const char *name,
                      const struct evidence_stage *stage, uint32_t most)
{
    char text[REPORT_NUMBER_MAX];
    unsigned width;

    if (stage->state == STAGE_NOT_WANTED)
        return;
    if (stage->state == STAGE_NOT_REACHED) {
        report_print(
            out,
            "<div class=\"s n\"><b>%s</b><svg viewBox=\"0 0 100 6\" "
            "preserveAspectRatio=none aria-hidden=true><rect width=100 "
            "height=6 class=g /></svg><i>not reached</i></div>",
            name);
        return;
    }
    width = (unsigned)((uint64_t)stage->took_us * 100 / most);
    report_duration(evidence_stage_ns(stage), text);
    report_print(out,
                 "<div class=\"s %s\"><b>%s</b><svg viewBox=\"0 0 100 6\" "
                 "preserveAspectRatio=none aria-hidden=true><rect width=100 "
                 "height=6 class=g /><rect width=%u height=6 class=b />"
                 "</svg><i>%s</i></div>",
                 stage->state == STAGE_PASSED ? "o" : "x", name,
                 width < 2 ? 2 : width, text);
}

static const char *address_class(enum check_status status)
{
    return status == CHECK_OK ? "o" : status == CHECK_WARNING ? "m" : "x";
}

static void add_address(struct report_buffer *out,
                        const struct serve_unpacked *u, unsigned i,
                        uint32_t most)
{
    const struct evidence_address *address = u->evidence.addresses[i];
    const struct verdict *verdict = &u->outcome.addresses[i];
    const char *role = server_role_token((enum server_role)address->role);
    char text[NET_ADDR_TEXT_MAX];

    report_print(out, "<div class=a><h3><span class=\"d %s\"></span>%s",
                 address_class(verdict->status),
                 net_addr_text(&address->addr, text));
    if (role)
        report_print(out, " <small>%s</small>", role);
    if (verdict->id != VERDICT_OK)
        report_print(out, " <small>%s</small>",
                     catalogue_entry(verdict->id)->token);
    report_string(out, "</h3><div class=r>");
    if (!u->evidence.literal)
        add_stage(out, "dns", &u->evidence.dns, most);
    for (int stage = STAGE_TCP; stage < STAGE_COUNT; stage++)
        add_stage(out, stage_token((enum stage)stage), &address->stages[stage],
                  most);
    report_string(out, "</div></div>");
}

static void add_addresses(struct report_buffer *out,
                          const struct serve_unpacked *u)
{
    uint32_t most = longest(&u->evidence);

    for (unsigned i = 0; i < u->evidence.naddresses; i++)
        add_address(out, u, i, most);
    if (u->evidence.naddresses > 0 || u->evidence.literal)
        return;
    report_string(out, "<div class=a><div class=r>");
    add_stage(out, "dns", &u->evidence.dns, most);
    report_string(out, "</div></div>");
}

static void add_foot(struct report_buffer *out, const struct serve_unpacked *u,
                     const struct serve_target_facts *facts)
{
    char text[REPORT_NUMBER_MAX];

    report_string(out, "<p class=c>checked ");
    add_age(out, facts->now_ms - u->item.time_ms);
    report_print(out, " ago in %s",
                 report_duration(report_total_ns(&u->item), text));
    if (facts->changed_ms > 0) {
        report_string(out, "; like this since ");
        add_time(out, facts->changed_ms);
        report_string(out, " (");
        add_age(out, facts->now_ms - facts->changed_ms);
        report_string(out, ")");
    }
    if (facts->before != VERDICT_COUNT)
        report_print(out, ", before that %s",
                     catalogue_entry(facts->before)->token);
    report_print(out, "; %u of %u checks failed</p>", facts->failed,
                 facts->checks);
}

static void add_head(struct report_buffer *out,
                     const struct probe_target *target, const char *status,
                     const char *id)
{
    report_print(out, "<section class=\"t %s\"><h2>", status);
    serve_html_text(out, target->name);
    report_print(out, " <span class=v>%s</span></h2><p class=ls>", id);
    add_labels(out, target);
    report_string(out, "</p>");
}

void serve_target_html(struct report_buffer *out,
                       const struct probe_target *target,
                       const struct serve_unpacked *u,
                       const struct serve_target_facts *facts)
{
    const struct verdict *verdict;
    const char *id;

    if (!u) {
        add_head(out, target, "pending", "not checked yet");
        report_string(out, "</section>\n");
        return;
    }
    verdict = &u->outcome.verdict;
    id = u->words.id[0] ? u->words.id : catalogue_entry(verdict->id)->token;
    add_head(out, target, check_status_token(verdict->status), id);
    add_words(out, &u->words);
    add_addresses(out, u);
    add_foot(out, u, facts);
    report_string(out, "</section>\n");
}
