/*
 * Every allocation of every format may fail: report_end() says so, and
 * nothing else happens.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scene.h"
#include "support/fail_malloc.h"
#include "support/unit.h"

static const char *const formats[] = { "text",  "json", "nagios",
                                       "junit", "tap",  "prometheus" };

static bool run(const char *format, struct scene *scene, int verbosity, int fd)
{
    struct report_style style = { .verbosity = verbosity,
                                  .utf8 = true,
                                  .targets = 2 };
    struct report report;

    report_begin(&report, report_find(format), &style, fd);
    report_item(&report, &scene->item);
    report_item(&report, &scene->item);
    report_error(&report, "and an error");
    return report_end(&report);
}

/* Let the 1st, 2nd, ... allocation fail until none does. */
static void fail_each(const char *format, struct scene *scene, int verbosity)
{
    int fd = memfd_create("report", MFD_CLOEXEC);

    assert_true(fd >= 0);
    for (unsigned n = 1;; n++) {
        bool fine = false;

        assert_true(n < 10000);
        fail_malloc_at(n);
        fine = run(format, scene, verbosity, fd);
        if (!fail_malloc_stop()) {
            assert_true(fine);
            break;
        }
        assert_false(fine);
    }
    close(fd);
}

static void any_allocation_may_fail(void **state)
{
    static struct scene scene;

    (void)state;
    scene_crowd(&scene);
    for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
        for (int verbosity = 0; verbosity < 4; verbosity++)
            fail_each(formats[i], &scene, verbosity);
    scene_one_dead(&scene);
    for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
        fail_each(formats[i], &scene, 1);
}

/* What an item wrote before memory ran out is dropped with it. */
static void no_half_of_an_item_is_written(void **state)
{
    static struct scene scene;
    int fd = memfd_create("report", MFD_CLOEXEC);
    char last = 0;

    (void)state;
    assert_true(fd >= 0);
    scene_hostile(&scene);
    for (unsigned n = 1;; n++) {
        off_t end = 0;

        assert_int_equal(ftruncate(fd, 0), 0);
        assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
        fail_malloc_at(n);
        run("json", &scene, 0, fd);
        if (!fail_malloc_stop())
            break;
        end = lseek(fd, 0, SEEK_END);
        if (end > 0) {
            assert_int_equal(pread(fd, &last, 1, end - 1), 1);
            assert_int_equal(last, '\n');
        }
    }
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_allocation_may_fail),
        cmocka_unit_test(no_half_of_an_item_is_written),
    };

    return cmocka_run_group_tests_name("report_memory", tests, NULL, NULL);
}
