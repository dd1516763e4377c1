/*
 * histogram.c -- counts a bucket, summed up only when they are printed.
 */
#include "serve/histogram.h"

#include <stdlib.h>
#include <string.h>

#include "cli/quantity.h"
#include "cli/text.h"
#include "report/format.h"
#include "report/words.h"

enum {
    WORD_MAX = 32,
    US = 1000, /* nanoseconds */
};

struct stage_counts {
    uint64_t sum_us;
    uint32_t total;
};

struct serve_histogram {
    struct stage_counts stages[STAGE_COUNT];
    uint32_t counts[]; /* [stage * buckets->n + bucket]; above: only `total` */
};

/* Seconds without needless zeros, but as a float: "0.005", "1.0". */
static void print_le(uint32_t us, char text[SERVE_LE_MAX])
{
    char number[REPORT_NUMBER_MAX];
    size_t n;

    report_seconds((uint64_t)us * US, number);
    n = strlen(number);
    while (n > 2 && number[n - 1] == '0' && number[n - 2] != '.')
        n--;
    memcpy(text, number, n);
    text[n] = '\0';
}

static bool add_bucket(struct serve_buckets *buckets, const char *word,
                       char *error, size_t size)
{
    char quoted[QUOTE_MAX];
    uint64_t ns = 0;
    uint32_t us;

    if (quantity_seconds(word, &ns) != QUANTITY_OK || ns < US ||
        ns / US > UINT32_MAX)
        return error_set(error, size,
                         "%s is no time; expected a list such as "
                         "5ms,25ms,100ms,1s",
                         text_quote(word, quoted));
    if (buckets->n == SERVE_BUCKETS_MAX)
        return error_set(error, size, "more than 32 buckets");
    us = (uint32_t)(ns / US);
    if (buckets->n > 0 && us <= buckets->us[buckets->n - 1])
        return error_set(error, size, "%s is not above the one before it",
                         text_quote(word, quoted));
    buckets->us[buckets->n] = us;
    print_le(us, buckets->le[buckets->n]);
    buckets->n++;
    return true;
}

bool serve_buckets_parse(const char *list, struct serve_buckets *buckets,
                         char *error, size_t size)
{
    char word[WORD_MAX];

    *buckets = (struct serve_buckets){ 0 };
    for (;;) {
        size_t n = strcspn(list, ",");

        if (n >= sizeof(word))
            return error_set(error, size, "a word of it is too long");
        memcpy(word, list, n);
        word[n] = '\0';
        if (!add_bucket(buckets, word, error, size))
            return false;
        if (list[n] == '\0')
            return true;
        list += n + 1;
    }
}

struct serve_histogram *serve_histogram_new(const struct serve_buckets *buckets)
{
    size_t counts = (size_t)buckets->n * STAGE_COUNT;
    struct serve_histogram *histogram = NULL;

    return calloc(1, sizeof(*histogram) + counts * sizeof(uint32_t));
}

static void count(struct serve_histogram *histogram,
                  const struct serve_buckets *buckets, int stage,
                  const struct evidence_stage *evidence)
{
    struct stage_counts *all = &histogram->stages[stage];
    unsigned bucket = 0;

    if (evidence->state != STAGE_PASSED && evidence->state != STAGE_FAILED)
        return;
    all->sum_us += evidence->took_us;
    all->total++;
    while (bucket < buckets->n && evidence->took_us > buckets->us[bucket])
        bucket++;
    if (bucket < buckets->n)
        histogram->counts[(unsigned)stage * buckets->n + bucket]++;
}

void serve_histogram_add(struct serve_histogram *histogram,
                         const struct serve_buckets *buckets,
                         const struct evidence_target *evidence)
{
    count(histogram, buckets, STAGE_DNS, &evidence->dns);
    for (unsigned i = 0; i < evidence->naddresses; i++) {
        for (int stage = STAGE_TCP; stage < STAGE_COUNT; stage++)
            count(histogram, buckets, stage,
                  &evidence->addresses[i]->stages[stage]);
    }
}

static void bucket_line(struct report_buffer *out, const char *stage,
                        const char *le, uint64_t value,
                        const struct probe_target *target)
{
    struct metrics_line line =
        metrics_begin(out, SERVE_HISTOGRAM_NAME "_bucket", target);

    metrics_label(&line, "stage", stage);
    metrics_label(&line, "le", le);
    metrics_end_number(&line, (int64_t)value);
}

static void stage_lines(struct report_buffer *out,
                        const struct serve_histogram *histogram,
                        const struct serve_buckets *buckets, int stage,
                        const struct probe_target *target)
{
    const struct stage_counts *all = &histogram->stages[stage];
    const char *token = stage_token((enum stage)stage);
    struct metrics_line line;
    uint64_t sum = 0;

    for (unsigned i = 0; i < buckets->n; i++) {
        sum += histogram->counts[(unsigned)stage * buckets->n + i];
        bucket_line(out, token, buckets->le[i], sum, target);
    }
    bucket_line(out, token, "+Inf", all->total, target);
    line = metrics_begin(out, SERVE_HISTOGRAM_NAME "_sum", target);
    metrics_label(&line, "stage", token);
    metrics_end_seconds(&line, all->sum_us * US);
    line = metrics_begin(out, SERVE_HISTOGRAM_NAME "_count", target);
    metrics_label(&line, "stage", token);
    metrics_end_number(&line, all->total);
}

void serve_histogram_lines(struct report_buffer *out,
                           const struct serve_histogram *histogram,
                           const struct serve_buckets *buckets,
                           const struct probe_target *target)
{
    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        if (histogram->stages[stage].total > 0)
            stage_lines(out, histogram, buckets, stage, target);
    }
}
