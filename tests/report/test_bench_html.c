/*
 * The page as bytes; what a browser makes of it is html/check_page.py's.
 */
#include <stdlib.h>
#include <string.h>

#include "bench_scene.h"
#include "report/bench_report.h"
#include "support/unit.h"

static struct bench_scene *scene;
static struct report_buffer out;

static int set_up(void **state)
{
    (void)state;
    out = (struct report_buffer){ 0 };
    scene = calloc(1, sizeof(*scene));
    return scene ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    bench_scene_free(scene);
    free(scene);
    free(out.bytes);
    return 0;
}

static const char *page_of(void (*make)(struct bench_scene *))
{
    if (bench_report_html_missing())
        skip();
    make(scene);
    bench_report_html(&scene->plan, &scene->result, &out);
    report_add(&out, "", 1);
    assert_false(out.failed);
    return out.bytes;
}

static void foreign_texts_never_end_theirs(void **state)
{
    const char *page = page_of(bench_scene_zones);

    (void)state;
    assert_null(strstr(page, "<script>alert(1)"));
    assert_null(strstr(page, "</script><img"));
    assert_non_null(strstr(page, "&lt;script&gt;alert(1)"));
    assert_non_null(strstr(page, "\\u003cscript\\u003ealert(1)"));
    assert_non_null(strstr(page, "\\u003c/script\\u003e\\u003cimg"));
    assert_null(strchr(page, '\x1b'));
}

static void the_licence_is_in_the_page(void **state)
{
    const char *page = page_of(bench_scene_closed);

    (void)state;
    assert_non_null(strstr(page, "Chart.js Contributors"));
    assert_non_null(strstr(page, "Permission is hereby granted"));
}

static void every_name_of_the_frame_is_filled(void **state)
{
    const char *page = page_of(bench_scene_closed);

    (void)state;
    assert_null(strstr(page, "{{title"));
    assert_null(strstr(page, "{{data"));
    assert_non_null(strstr(page, "<title>linkprobe bench cache.example:6379"));
    assert_non_null(strstr(page, "\"curves\":[{\"response\":[[1,"));
}

/* The second with the stall: half of it in the buckets above a millisecond. */
static void a_heat_map_counts_every_request_once(void **state)
{
    const char *heat = strstr(page_of(bench_scene_stall), "\"heat\":[[");
    unsigned long long sum = 0;

    (void)state;
    assert_non_null(heat);
    for (const char *at = strstr(heat, "\"cells\":["); at;
         at = strstr(at, "\"cells\":[")) {
        at += strlen("\"cells\":[");
        while (*at == '[') {
            sum += strtoull(strchr(at, ',') + 1, NULL, 10);
            at = strchr(at, ']') + 1;
            at += *at == ',';
        }
    }
    assert_int_equal(sum, scene->result.sides[0].response->count);
}

/* An hour has six times as many seconds as there are columns: each eight of
 * them are one. */
static void long_runs_have_fewer_columns(void **state)
{
    enum { HOUR = 3600, EACH = 8 };
    struct heat *heat = calloc(1, sizeof(*heat));
    struct histogram *h = calloc(1, sizeof(*h));
    size_t columns = 0;

    (void)state;
    assert_non_null(heat);
    assert_non_null(h);
    histogram_record(h, 1000, 1);
    bench_scene_nothing(scene);
    for (int i = 0; i < HOUR; i++)
        heat_add(heat, i + 1, 1, h);
    scene->result.sides[0].heat = heat;
    if (!bench_report_html_missing()) {
        bench_report_html(&scene->plan, &scene->result, &out);
        report_add(&out, "", 1);
        for (const char *at = strstr(out.bytes, "\"cells\":[[79,8]]"); at;
             at = strstr(at + 1, "\"cells\":[[79,8]]"))
            columns++;
        assert_int_equal(columns, HOUR / EACH);
    }
    free(h);
    free(heat);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(foreign_texts_never_end_theirs),
        TEST(the_licence_is_in_the_page),
        TEST(every_name_of_the_frame_is_filled),
        TEST(a_heat_map_counts_every_request_once),
        TEST(long_runs_have_fewer_columns),
    };

    return cmocka_run_group_tests_name("bench_html", tests, NULL, NULL);
}
