/*
 * Buckets: read, counted, printed.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"
#include "report/format.h"
#include "serve/exposition.h"
#include "serve/histogram.h"
#include "serve/html.h"
#include "support/unit.h"

static struct serve_buckets buckets;
static char error[ERROR_TEXT_MAX];

static bool parse(const char *list)
{
    return serve_buckets_parse(list, &buckets, error, sizeof(error));
}

static void a_list_is_times_that_grow(void **state)
{
    (void)state;
    assert_true(parse("500us,5ms,0.025,1,2.5s,1m"));
    assert_int_equal(buckets.n, 6);
    assert_string_equal(buckets.le[0], "0.0005");
    assert_string_equal(buckets.le[1], "0.005");
    assert_string_equal(buckets.le[2], "0.025");
    assert_string_equal(buckets.le[3], "1.0");
    assert_string_equal(buckets.le[4], "2.5");
    assert_string_equal(buckets.le[5], "60.0");
}

static void what_is_no_list_is_told(void **state)
{
    static const char *const lists[] = { "",        ",",      "1ms,", "5ms,1ms",
                                         "1ms,1ms", "a",      "-1",   "0",
                                         "1ns",     "1ms 2ms" };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
        if (parse(lists[i]))
            fail_msg("passes: %s", lists[i]);
        assert_true(strlen(error) > 0);
    }
}

static struct evidence_target target_of(struct evidence_address *address,
                                        const struct evidence_address **pointer)
{
    *pointer = address;
    return (struct evidence_target){ .literal = true,
                                     .addresses = pointer,
                                     .naddresses = 1 };
}

static void a_stage_counts_in_its_bucket_and_all_above(void **state)
{
    struct evidence_address address = { 0 };
    const struct evidence_address *pointer;
    const struct evidence_target evidence = target_of(&address, &pointer);
    const struct probe_target target = { .name = "a:1" };
    struct report_buffer out = { 0 };
    struct serve_histogram *histogram;

    (void)state;
    assert_true(parse("1ms,10ms"));
    histogram = serve_histogram_new(&buckets);
    for (uint32_t us = 1000; us <= 100000; us *= 10) {
        address.stages[STAGE_TCP] =
            (struct evidence_stage){ .took_us = us, .state = STAGE_PASSED };
        serve_histogram_add(histogram, &buckets, &evidence);
    }
    serve_histogram_lines(&out, histogram, &buckets, &target);
    report_add(&out, "", 1);
    assert_string_equal(
        out.bytes,
        "linkprobe_stage_duration_seconds_bucket{target=\"a:1\",stage=\"tcp\","
        "le=\"0.001\"} 1\n"
        "linkprobe_stage_duration_seconds_bucket{target=\"a:1\",stage=\"tcp\","
        "le=\"0.01\"} 2\n"
        "linkprobe_stage_duration_seconds_bucket{target=\"a:1\",stage=\"tcp\","
        "le=\"+Inf\"} 3\n"
        "linkprobe_stage_duration_seconds_sum{target=\"a:1\",stage=\"tcp\"} "
        "0.111000\n"
        "linkprobe_stage_duration_seconds_count{target=\"a:1\",stage=\"tcp\"} "
        "3\n");
    report_buffer_free(&out);
    free(histogram);
}

/* What Prometheus and OpenMetrics call a counter and an info. */
static void heads_differ_by_the_format(void **state)
{
    static const struct {
        struct serve_family family;
        const char *text, *open;
    } rows[] = {
        { { "a_total", SERVE_COUNTER, "H." },
          "# HELP a_total H.\n# TYPE a_total counter\n",
          "# HELP a H.\n# TYPE a counter\n" },
        { { "a_seconds_total", SERVE_COUNTER, "H." },
          "# HELP a_seconds_total H.\n# TYPE a_seconds_total counter\n",
          "# HELP a_seconds H.\n# TYPE a_seconds counter\n"
          "# UNIT a_seconds seconds\n" },
        { { "a_info", SERVE_INFO_METRIC, "H." },
          "# HELP a_info H.\n# TYPE a_info gauge\n",
          "# HELP a H.\n# TYPE a info\n" },
        { { "a_bytes", SERVE_GAUGE, "H." },
          "# HELP a_bytes H.\n# TYPE a_bytes gauge\n",
          "# HELP a_bytes H.\n# TYPE a_bytes gauge\n# UNIT a_bytes bytes\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct report_buffer out = { 0 };

        serve_head(&out, &rows[i].family, false);
        report_add(&out, "", 1);
        assert_string_equal(out.bytes, rows[i].text);
        out.length = 0;
        serve_head(&out, &rows[i].family, true);
        report_add(&out, "", 1);
        assert_string_equal(out.bytes, rows[i].open);
        report_buffer_free(&out);
    }
}

static void labels_are_escaped_and_hidden_ones_are_not_there(void **state)
{
    static const struct probe_label labels[] = {
        { "team", "a\"b\\c\nd" },
        { "__secret__", "x" },
        { "stage", "y" },
        { "le", "z" },
    };
    const struct probe_target target = { .name = "a:1",
                                         .labels = labels,
                                         .nlabels = 4 };
    struct report_buffer out = { 0 };
    struct metrics_line line = metrics_begin(&out, "m", &target);

    (void)state;
    metrics_end_number(&line, 1);
    report_add(&out, "", 1);
    assert_string_equal(out.bytes,
                        "m{target=\"a:1\",team=\"a\\\"b\\\\c\\nd\","
                        "exported_stage=\"y\",exported_le=\"z\"} 1\n");
    report_buffer_free(&out);
}

static void a_text_is_never_markup(void **state)
{
    struct report_buffer out = { 0 };

    (void)state;
    serve_html_text(&out, "<b a=\"1\" c='2'>&\x1b\xff\xe2\x80\xae\xc3\xa4");
    report_add(&out, "", 1);
    assert_string_equal(out.bytes,
                        "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;"
                        "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xc3\xa4");
    report_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_times_that_grow),
        cmocka_unit_test(what_is_no_list_is_told),
        cmocka_unit_test(a_stage_counts_in_its_bucket_and_all_above),
        cmocka_unit_test(heads_differ_by_the_format),
        cmocka_unit_test(labels_are_escaped_and_hidden_ones_are_not_there),
        cmocka_unit_test(a_text_is_never_markup),
    };

    return cmocka_run_group_tests_name("serve_histogram", tests, NULL, NULL);
}
