/*
 * Every allocation of a benchmark's reports may fail: the buffer says so, and
 * nothing else happens.
 */
#include <stdlib.h>

#include "bench_scene.h"
#include "report/bench_report.h"
#include "support/fail_malloc.h"
#include "support/unit.h"

static struct bench_scene *scene;

static int set_up(void **state)
{
    (void)state;
    scene = calloc(1, sizeof(*scene));
    if (!scene)
        return -1;
    bench_scene_zones(scene);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    bench_scene_free(scene);
    free(scene);
    return 0;
}

static void make_text(const struct bench_plan *plan,
                      const struct bench_result *result,
                      struct report_buffer *out)
{
    const struct report_style style = { .utf8 = true, .columns = 80 };

    bench_report_text(plan, result, &style, out);
}

static void any_allocation_may_fail(void **state)
{
    static void (*const makers[])(
        const struct bench_plan *, const struct bench_result *,
        struct report_buffer *) = { make_text, bench_report_json,
                                    bench_report_csv, bench_report_html };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(makers); i++) {
        for (unsigned n = 1;; n++) {
            struct report_buffer out = { 0 };
            bool failed = false;

            assert_true(n < 10000);
            fail_malloc_at(n);
            makers[i](&scene->plan, &scene->result, &out);
            failed = out.failed;
            free(out.bytes);
            if (!fail_malloc_stop()) {
                assert_false(failed);
                break;
            }
            assert_true(failed);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(any_allocation_may_fail, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests_name("bench_memory", tests, NULL, NULL);
}
