/*
 * The tables of the text report.
 *
 * A bar's length goes by the logarithm of the time: latencies span decades,
 * and on a plain scale the largest one leaves nothing of the others.  It runs
 * from half of p50 to max.
 */
#include "report/bench_text.h"

#include <stdio.h>
#include <string.h>

#include "report/format.h"

enum {
    COLUMN = 10,
    NAME_WIDTH = 9,
    BAR_MIN = 8,
    BAR_MAX = 40,
    ROW_P50 = 0,
    ROW_P99 = 4,
    MAXIMUM = BENCH_PERCENTILES, /* the row behind the percentiles */
    ROWS,
    FIXED = 1024, /* of a logarithm with ten binary digits */
    COLUMNS_MAX = 2 + BENCH_COMMANDS,
    SIDE_LABEL = 14,
    SIDE_COLUMN = 9,
    PAIR_COLUMN = 11,
    INTERVAL_COLUMN = 24,
    ADDRESS_MIN = 16,
    ADDRESS_COLUMN = 9,
    NO_WIDTH = 80,
};

/* Too few turns make an interval infinite; none has a width of days. */
#define INTERVAL_MAX 1e12

static const char *row_name(int row)
{
    return row == MAXIMUM ? "max" : bench_percentiles[row].name;
}

static uint64_t row_value(const struct histogram *h, int row)
{
    return row == MAXIMUM ? histogram_max(h)
                          : histogram_at(h, bench_percentiles[row].percentile);
}

/* The logarithm to base 2, straight between powers. */
static uint64_t logarithm(uint64_t value)
{
    unsigned power = 0;

    value += value == 0;
    while (value >> power > 1)
        power++;
    return power * (uint64_t)FIXED + (power > 10
                                          ? (value >> (power - 10)) - FIXED
                                          : (value << (10 - power)) - FIXED);
}

static void put_bar(struct report *report, uint64_t value, uint64_t least,
                    uint64_t most, unsigned width)
{
    uint64_t low = logarithm(least), high = logarithm(most);
    uint64_t at = logarithm(value);
    uint64_t n = high > low && at > low
                     ? ((at - low) * width + (high - low) / 2) / (high - low)
                     : 0;

    report_string(&report->out, "  ");
    screen_paint(report, INK_OK);
    for (n += n == 0; n; n--)
        report_string(&report->out, report->style.utf8 ? "\xe2\x94\x81" : "=");
    screen_paint(report, INK_PLAIN);
}

/* What a table has beside the names of its rows. */
struct table {
    const struct histogram *columns[COLUMNS_MAX];
    const char *names[COLUMNS_MAX];
    unsigned n;
    unsigned bar; /* 0: none */
};

static void add_column(struct table *table, const char *name,
                       const struct histogram *h)
{
    if (!h || h->count == 0)
        return;
    table->columns[table->n] = h;
    table->names[table->n++] = name;
}

/* A single command has the side's own figures. */
static struct table table_of(const struct report *report,
                             const struct bench_side_result *side)
{
    struct table table = { 0 };
    unsigned columns = report->style.columns ? report->style.columns : NO_WIDTH;
    unsigned commands = 0, used = 0;

    add_column(&table, "response", side->response);
    add_column(&table, "service", side->service);
    for (int i = 0; i < BENCH_COMMANDS; i++)
        commands += side->by_command[i] && side->by_command[i]->count;
    for (int i = 0; i < BENCH_COMMANDS && commands > 1; i++)
        add_column(&table, bench_command_token((enum bench_command)i),
                   side->by_command[i]);
    used = NAME_WIDTH + COLUMN * table.n + 2;
    if (columns >= used + BAR_MIN)
        table.bar = columns - used < BAR_MAX ? columns - used : BAR_MAX;
    return table;
}

void bench_text_percentiles(struct report *report,
                            const struct bench_side_result *side)
{
    struct table table = table_of(report, side);
    uint64_t least = histogram_at(side->response, 50) / 2;
    uint64_t most = histogram_max(side->response);

    report_fill(&report->out, ' ', NAME_WIDTH);
    for (unsigned i = 0; i < table.n; i++)
        bench_text_cell(report, INK_FAINT, COLUMN, table.names[i]);
    if (table.bar) {
        report_string(&report->out, "  ");
        screen_put(report, INK_FAINT, "log scale");
    }
    report_string(&report->out, "\n");
    for (int row = 0; row < ROWS; row++) {
        report_print(&report->out, "  %-*s", NAME_WIDTH - 2, row_name(row));
        for (unsigned i = 0; i < table.n; i++)
            bench_text_time(report, i ? INK_PLAIN : INK_STRONG, COLUMN,
                            row_value(table.columns[i], row));
        if (table.bar)
            put_bar(report, row_value(side->response, row), least, most,
                    table.bar);
        report_string(&report->out, "\n");
    }
}

static void row_label(struct report *report, const char *name)
{
    report_print(&report->out, "  %-*s", SIDE_LABEL, name);
}

/* A row of `row_value(row)`, a column a side. */
static void sides_row(struct report *report, const struct bench_result *result,
                      bool service, int row)
{
    char name[REPORT_NUMBER_MAX];

    (void)snprintf(name, sizeof(name), "%s%s", service ? "service " : "",
                   row_name(row));
    row_label(report, name);
    for (unsigned i = 0; i < result->nsides; i++) {
        const struct histogram *h =
            service ? result->sides[i].service : result->sides[i].response;

        if (h && h->count)
            bench_text_time(report, INK_PLAIN, SIDE_COLUMN, row_value(h, row));
        else
            bench_text_cell(report, INK_PLAIN, SIDE_COLUMN, "-");
    }
    report_string(&report->out, "\n");
}

void bench_text_sides(struct report *report, const struct bench_result *result)
{
    char text[REPORT_NUMBER_MAX];

    row_label(report, "");
    for (unsigned i = 0; i < result->nsides; i++) {
        char name[] = { bench_letter(i), '\0' };

        bench_text_cell(report, INK_FAINT, SIDE_COLUMN, name);
    }
    report_string(&report->out, "\n");
    row_label(report, "requests/s");
    for (unsigned i = 0; i < result->nsides; i++)
        bench_text_cell(report, INK_STRONG, SIDE_COLUMN,
                        bench_rate(bench_throughput(&result->sides[i]), text));
    report_string(&report->out, "\n");
    for (int row = 0; row < ROWS; row++)
        sides_row(report, result, false, row);
    sides_row(report, result, true, ROW_P50);
    sides_row(report, result, true, ROW_P99);
}

static bool is_known(const struct bench_difference *difference)
{
    return difference->high - difference->low < INTERVAL_MAX;
}

/* `values` are microseconds, or requests a second. */
static void pair_row(struct report *report, const char *name,
                     const struct bench_difference *difference, bool rate)
{
    char *(*signed_words)(double, char *) =
        rate ? bench_rate_difference : bench_time_difference;
    bool real = difference->low > 0 || difference->high < 0;
    char text[REPORT_NUMBER_MAX], low[REPORT_NUMBER_MAX],
        high[REPORT_NUMBER_MAX], interval[2 * REPORT_NUMBER_MAX + 4];

    row_label(report, name);
    for (int i = 0; i < 2; i++) {
        double value = i ? difference->b : difference->a;

        if (rate)
            bench_text_cell(report, INK_PLAIN, PAIR_COLUMN,
                            bench_rate(value, text));
        else
            bench_text_time(report, INK_PLAIN, PAIR_COLUMN,
                            (uint64_t)(value * 1000));
    }
    bench_text_cell(report, real ? INK_STRONG : INK_PLAIN, PAIR_COLUMN,
                    signed_words(difference->difference, text));
    (void)snprintf(interval, sizeof(interval), "%s to %s",
                   signed_words(difference->low, low),
                   signed_words(difference->high, high));
    bench_text_cell(report, INK_PLAIN, INTERVAL_COLUMN,
                    is_known(difference) ? interval : "not known");
    report_string(&report->out, "\n");
}

void bench_text_pair(struct report *report, const struct bench_result *result,
                     unsigned i)
{
    const struct bench_comparison *comparison = &result->comparisons[i];
    char a[] = { bench_letter(comparison->a), '\0' };
    char b[] = { bench_letter(comparison->b), '\0' };
    char difference[] = { a[0], ' ', '-', ' ', b[0], '\0' };
    struct bench_note note;

    report_string(&report->out, "\n  ");
    screen_put(report, INK_FAINT, "mean of turns");
    report_fill(&report->out, ' ', SIDE_LABEL - strlen("mean of turns"));
    bench_text_cell(report, INK_FAINT, PAIR_COLUMN, a);
    bench_text_cell(report, INK_FAINT, PAIR_COLUMN, b);
    bench_text_cell(report, INK_FAINT, PAIR_COLUMN, difference);
    bench_text_cell(report, INK_FAINT, INTERVAL_COLUMN, "95 % interval");
    report_string(&report->out, "\n");
    pair_row(report, "p50", &comparison->p50_us, false);
    pair_row(report, "p99", &comparison->p99_us, false);
    pair_row(report, "requests/s", &comparison->throughput, true);
    if (bench_note_comparison(result, i, &note))
        bench_text_note(report, &note);
}

static void address_line(struct report *report, unsigned width,
                         const struct bench_address_result *address)
{
    char text[NET_ADDR_TEXT_MAX], number[REPORT_NUMBER_MAX];
    const struct histogram *h = address->response;

    report_print(&report->out, "  %-*s", (int)width,
                 net_addr_text(&address->addr, text));
    bench_text_cell(report, INK_PLAIN, ADDRESS_COLUMN,
                    bench_count(address->requests, number));
    for (int i = 0; i < 2; i++) {
        if (h && h->count)
            bench_text_time(report, INK_PLAIN, ADDRESS_COLUMN,
                            histogram_at(h, i ? 99 : 50));
        else
            bench_text_cell(report, INK_PLAIN, ADDRESS_COLUMN, "-");
    }
    if (address->rtt_us)
        bench_text_time(report, INK_PLAIN, ADDRESS_COLUMN,
                        UINT64_C(1000) * address->rtt_us);
    else
        bench_text_cell(report, INK_PLAIN, ADDRESS_COLUMN, "-");
    bench_text_cell(report, address->retransmits ? INK_WARNING : INK_PLAIN,
                    ADDRESS_COLUMN, bench_count(address->retransmits, number));
    bench_text_cell(report, address->errors ? INK_CRITICAL : INK_PLAIN,
                    ADDRESS_COLUMN, bench_count(address->errors, number));
    report_string(&report->out, "\n");
}

static unsigned address_width(const struct bench_side_result *side)
{
    size_t width = ADDRESS_MIN;
    char text[NET_ADDR_TEXT_MAX];

    for (unsigned i = 0; i < side->naddresses; i++) {
        size_t n = strlen(net_addr_text(&side->addresses[i].addr, text));

        width = n > width ? n : width;
    }
    return (unsigned)width;
}

void bench_text_addresses(struct report *report,
                          const struct bench_side_result *side)
{
    static const char *const names[] = { "requests", "p50",     "p99",
                                         "RTT",      "retrans", "errors" };
    unsigned width = address_width(side);
    struct bench_note note;
    bool told = bench_note_loss(side, &note);

    if (side->naddresses < 2 && !told)
        return;
    report_string(&report->out, "\n  ");
    screen_put(report, INK_FAINT, "address");
    report_fill(&report->out, ' ', width - strlen("address"));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        bench_text_cell(report, INK_FAINT, ADDRESS_COLUMN, names[i]);
    report_string(&report->out, "\n");
    for (unsigned i = 0; i < side->naddresses; i++)
        address_line(report, width, &side->addresses[i]);
    if (told)
        bench_text_note(report, &note);
    if (bench_note_slow(side, &note))
        bench_text_note(report, &note);
}
