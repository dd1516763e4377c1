/*
 * A monitoring plugin's output: one line, perfdata, then long output.
 *
 *     REDIS CRITICAL - text | perfdata
 *     long output, a line an address
 *
 * Everything is one write() of at most 4096 bytes (PIPE_BUF) at the end.  The
 * text is cut where it must be, between characters, the long output between
 * lines; the perfdata never is.
 * With several targets the worst one has the first line.
 * Source: monitoring-plugins developer guidelines, "Plugin Output"; Nagios
 * strips `~$&|'"<> from what it hands to notifications.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/utf8.h"
#include "report/format.h"
#include "report/perfdata.h"
#include "report/words.h"

enum {
    OUTPUT_MAX = 4096,
    DETAILS_MAX = 64 * 1024, /* kept; with many targets not all are counted */
    TEXT_MAX = 1024,         /* of the first line, without perfdata */
    DETAIL_MAX = 256,
    MORE_MAX = 32,       /* "... and 12 more lines" */
    LINE_LOST_MAX = 256, /* of a line that does not fit */
};

/* What is kept until the end. */
struct nagios {
    struct report_buffer text; /* "OK - ..." */
    struct report_buffer perfdata;
    struct report_buffer details; /* the long output, a line each */
    enum check_status status;
    bool begun;
};

/* What stands for a byte that must not be there; 0: nothing does. */
static int stand_in(char byte)
{
    switch (byte) {
    case '|': return '/';
    case '<': return '(';
    case '>': return ')';
    case '&': return '+';
    case '~': return '-';
    case '"':
    case '\'':
    case '`':
    case '$': return 0;
    default: return byte;
    }
}

/* What was appended since `start` may then stand before perfdata and in a
 * notification. */
static void soften(struct report_buffer *buffer, size_t start)
{
    size_t end = start;

    for (size_t i = start; i < buffer->length; i++) {
        int byte = stand_in(buffer->bytes[i]);

        if (byte)
            buffer->bytes[end++] = (char)byte;
    }
    buffer->length = end;
}

static void add_text(struct report_buffer *buffer, const char *text)
{
    size_t start = buffer->length;

    report_escape(buffer, text, true);
    soften(buffer, start);
}

static void begin(struct report *report)
{
    report->state = calloc(1, sizeof(struct nagios));
    report->out.failed = !report->state;
}

/* "REDIS CRITICAL - h:6379: 1 of 2 addresses does not answer (TCP_...)" */
static void add_headline(struct report_buffer *text,
                         const struct report_item *item,
                         const struct description *words)
{
    const struct verdict *verdict = &item->outcome->verdict;
    char total[REPORT_NUMBER_MAX];

    report_string(text, "REDIS ");
    report_string(text, check_status_word(verdict->status));
    report_string(text, " - ");
    add_text(text, item->target->name);
    report_string(text, ": ");
    add_text(text, words->summary);
    if (verdict->id == VERDICT_OK) {
        report_string(text, ", ");
        report_string(text, report_duration(report_total_ns(item), total));
        return;
    }
    report_string(text, ", ");
    report_string(text, words->id);
    if (verdict->stage < STAGE_COUNT) {
        report_string(text, " at ");
        report_string(text, stage_token(verdict->stage));
    }
}

/* Of several targets: which one the lines below are of. */
static void add_target(struct report_buffer *out,
                       const struct report_item *item,
                       const struct description *words)
{
    report_print(out, "%s - ",
                 check_status_word(item->outcome->verdict.status));
    add_text(out, item->target->name);
    report_string(out, ": ");
    add_text(out, words->summary);
    report_string(out, "\n");
}

static void add_address(struct report_buffer *out,
                        const struct report_item *item, unsigned i)
{
    const struct evidence_address *address = item->evidence->addresses[i];
    const struct verdict *verdict = &item->outcome->addresses[i];
    char text[DETAIL_MAX], id[32], total[REPORT_NUMBER_MAX];
    const char *role = server_role_token((enum server_role)address->role);

    report_print(out, "%s - ", check_status_word(verdict->status));
    report_string(out, net_addr_text(&address->addr, text));
    report_string(out, " ");
    if (verdict->id != VERDICT_OK) {
        report_string(out, describe_id(verdict, address, id));
        report_string(out, ": ");
    }
    add_text(out, describe_address(address, verdict, text, sizeof(text)));
    report_string(out, ", ");
    report_string(out, report_duration(report_address_ns(address), total));
    if (role) {
        report_string(out, ", ");
        report_string(out, role);
    }
    report_string(out, "\n");
}

/* What is wrong comes first: what is cut off is at the end. */
static void add_addresses(struct report_buffer *out,
                          const struct report_item *item)
{
    for (int wrong = 1; wrong >= 0; wrong--) {
        for (unsigned i = 0; i < item->evidence->naddresses; i++) {
            if ((item->outcome->addresses[i].status != CHECK_OK) == wrong)
                add_address(out, item, i);
        }
    }
}

/* Does the line of some address say this already? */
static bool is_told(const struct report_item *item, const char *evidence)
{
    char name[NET_ADDR_TEXT_MAX], words[DETAIL_MAX];

    for (unsigned i = 0; i < item->evidence->naddresses; i++) {
        const struct evidence_address *address = item->evidence->addresses[i];
        size_t n = strlen(net_addr_text(&address->addr, name));

        if (strncmp(evidence, name, n) != 0)
            continue;
        describe_address(address, &item->outcome->addresses[i], words,
                         sizeof(words));
        n += strspn(evidence + n, ": ");
        if (strcmp(evidence + n, words) == 0)
            return true;
    }
    return false;
}

/* -v: what else was seen, why, and what to try. */
static void add_advice(struct report_buffer *out,
                       const struct report_item *item,
                       const struct description *words)
{
    for (unsigned i = 0; i < words->nevidence; i++) {
        if (is_told(item, words->evidence[i]))
            continue;
        add_text(out, words->evidence[i]);
        report_string(out, "\n");
    }
    if (words->cause) {
        report_string(out, "likely cause: ");
        add_text(out, words->cause);
        report_string(out, "\n");
    }
    for (unsigned i = 0; i < words->nfixes; i++) {
        report_print(out, "try (%s, %s): ", words->fixes[i].where,
                     words->fixes[i].changes ? "changes something"
                                             : "only looks");
        add_text(out, words->fixes[i].command);
        report_string(out, "\n");
    }
}

static void add_details(struct report *report, struct nagios *nagios,
                        const struct report_item *item,
                        const struct description *words)
{
    size_t start = 0;

    if (nagios->details.length >= DETAILS_MAX)
        return; /* far more than could be printed */
    if (report->style.targets > 1)
        add_target(&nagios->details, item, words);
    start = nagios->details.length;
    report_labels(&nagios->details, item->target, "labels: ", "\n", true);
    soften(&nagios->details, start);
    add_addresses(&nagios->details, item);
    if (item->evidence->naddresses == 0)
        for (unsigned i = 0; i < words->nevidence; i++) {
            add_text(&nagios->details, words->evidence[i]);
            report_string(&nagios->details, "\n");
        }
    else if (report->style.verbosity > 0)
        add_advice(&nagios->details, item, words);
}

static void item(struct report *report, const struct report_item *item)
{
    struct nagios *nagios = report->state;
    enum check_status status = item->outcome->verdict.status;
    struct description words;

    if (!describe(item->evidence, report_policy(item), item->outcome, &words)) {
        report->out.failed = true;
        return;
    }
    if (!nagios->begun ||
        (status != nagios->status &&
         check_status_worse(status, nagios->status) == status)) {
        nagios->text.length = 0;
        nagios->perfdata.length = 0;
        nagios->status = status;
        add_headline(&nagios->text, item, &words);
        perfdata_add(&nagios->perfdata, item);
    }
    nagios->begun = true;
    add_details(report, nagios, item, &words);
    description_free(&words);
}

static void error(struct report *report, const char *message)
{
    struct nagios *nagios = report->state;

    nagios->text.length = 0;
    nagios->perfdata.length = 0;
    nagios->begun = true;
    report_print(&nagios->text, "REDIS %s - ",
                 check_status_word(CHECK_UNKNOWN));
    add_text(&nagios->text, message);
}

static void add_warnings(const struct report *report, struct nagios *nagios)
{
    for (size_t i = 0; i < report->nwarnings; i++) {
        report_string(&nagios->details, "warning: ");
        add_text(&nagios->details, report->warnings[i]);
        report_string(&nagios->details, "\n");
    }
}

/* Append `from`, as far as `room` goes, cut between characters. */
static size_t add_cut(struct report_buffer *out,
                      const struct report_buffer *from, size_t room)
{
    size_t n = from->length;

    if (n > room)
        n = utf8_cut(from->bytes, room);
    report_add(out, from->bytes, n);
    return n;
}

/* Where to cut `n` bytes: behind a line, but rather inside one than to lose
 * much of it. */
static size_t cut_lines(const char *bytes, size_t n)
{
    size_t end = n;

    while (end > 0 && n - end < LINE_LOST_MAX && bytes[end - 1] != '\n')
        end--;
    return end > 0 && bytes[end - 1] == '\n' ? end : utf8_cut(bytes, n);
}

/* The long output, and how many lines more there would be. */
static void add_lines(struct report_buffer *out,
                      const struct report_buffer *details, size_t room)
{
    size_t n = details->length, more = 0;

    if (n > room)
        n = cut_lines(details->bytes, room - MORE_MAX);
    report_add(out, details->bytes, n);
    for (size_t i = n; i < details->length; i++)
        more += details->bytes[i] == '\n';
    if (n > 0 && details->bytes[n - 1] != '\n')
        report_string(out, "\n");
    if (more > 0)
        report_print(out, "... and %zu more %s\n", more,
                     more == 1 ? "line" : "lines");
}

static void assemble(struct report_buffer *out, const struct nagios *nagios)
{
    size_t room = OUTPUT_MAX - nagios->perfdata.length - 5; /* " | " and ends */

    room -= add_cut(out, &nagios->text, room < TEXT_MAX ? room : TEXT_MAX);
    if (nagios->perfdata.length) {
        report_string(out, " | ");
        report_add(out, nagios->perfdata.bytes, nagios->perfdata.length);
    }
    report_string(out, "\n");
    add_lines(out, &nagios->details, room);
}

static void end(struct report *report)
{
    struct nagios *nagios = report->state;

    if (!nagios)
        return;
    if (!nagios->begun)
        error(report, "nothing was checked");
    add_warnings(report, nagios);
    report->out.failed |=
        nagios->text.failed | nagios->perfdata.failed | nagios->details.failed;
    if (!report->out.failed)
        assemble(&report->out, nagios);
    report_buffer_free(&nagios->text);
    report_buffer_free(&nagios->perfdata);
    report_buffer_free(&nagios->details);
    free(nagios);
    report->state = NULL;
}

const struct report_format report_nagios = {
    .name = "nagios",
    .begin = begin,
    .item = item,
    .error = error,
    .end = end,
};
