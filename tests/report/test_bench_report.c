/*
 * Benchmarks made by hand, to the byte: text, JSON and CSV.
 *
 * LINKPROBE_GOLDEN=write rewrites the files; look at the difference.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench_scene.h"
#include "report/bench_report.h"
#include "support/unit.h"

static const struct scene_row {
    const char *name;
    void (*make)(struct bench_scene *scene);
} scenes[] = {
    { "closed", bench_scene_closed }, { "stall", bench_scene_stall },
    { "zones", bench_scene_zones },   { "pair", bench_scene_pair },
    { "three", bench_scene_three },   { "nothing", bench_scene_nothing },
};

static char *read_file(const char *path, size_t *n)
{
    FILE *file = fopen(path, "rb");
    char *bytes = calloc(1, 262144);

    if (!file)
        fail_msg("%s is not there", path);
    assert_non_null(bytes);
    *n = fread(bytes, 1, 262143, file);
    fclose(file);
    return bytes;
}

static void write_file(const char *path, const struct report_buffer *out)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(out->bytes, 1, out->length, file), out->length);
    assert_int_equal(fclose(file), 0);
}

/* Compare `out` with its file, and release it. */
static void check(const char *name, const char *format,
                  struct report_buffer *out)
{
    const char *mode = getenv("LINKPROBE_GOLDEN");
    char path[512], *expected = NULL;
    size_t n = 0;

    snprintf(path, sizeof(path), "%s/bench_%s.%s.txt", LINKPROBE_GOLDEN_FOLDER,
             name, format);
    assert_false(out->failed);
    if (mode && strcmp(mode, "write") == 0)
        write_file(path, out);
    expected = read_file(path, &n);
    if (n != out->length || memcmp(out->bytes, expected, n) != 0)
        print_message("--- %s expected\n%s--- got\n%.*s", path, expected,
                      (int)out->length, out->bytes);
    assert_int_equal(out->length, n);
    assert_memory_equal(out->bytes, expected, n);
    free(expected);
    free(out->bytes);
    *out = (struct report_buffer){ 0 };
}

static void check_text(const struct scene_row *row, const char *format,
                       const struct report_style *style)
{
    struct bench_scene *scene = calloc(1, sizeof(*scene));
    struct report_buffer out = { 0 };

    assert_non_null(scene);
    row->make(scene);
    bench_report_text(&scene->plan, &scene->result, style, &out);
    check(row->name, format, &out);
    bench_scene_free(scene);
    free(scene);
}

static void text_is_as_its_golden_texts(void **state)
{
    const struct report_style style = { .utf8 = true, .columns = 80 };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(scenes); i++)
        check_text(&scenes[i], "text", &style);
}

static void text_follows_the_terminal(void **state)
{
    static const struct {
        const char *format;
        struct report_style style;
        size_t scene;
    } rows[] = {
        { "ascii", { .columns = 80 }, 2 },
        { "color", { .columns = 80, .utf8 = true, .color = true }, 3 },
        { "narrow", { .columns = 40, .utf8 = true }, 0 },
        { "quiet", { .columns = 80, .utf8 = true, .quiet = true }, 3 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        check_text(&scenes[rows[i].scene], rows[i].format, &rows[i].style);
}

static void check_data(const char *format,
                       void (*make)(const struct bench_plan *,
                                    const struct bench_result *,
                                    struct report_buffer *))
{
    for (size_t i = 0; i < ARRAY_SIZE(scenes); i++) {
        struct bench_scene *scene = calloc(1, sizeof(*scene));
        struct report_buffer out = { 0 };

        assert_non_null(scene);
        scenes[i].make(scene);
        make(&scene->plan, &scene->result, &out);
        check(scenes[i].name, format, &out);
        bench_scene_free(scene);
        free(scene);
    }
}

static void json_is_as_its_golden_texts(void **state)
{
    (void)state;
    check_data("bench-json", bench_report_json);
}

static void csv_is_as_its_golden_texts(void **state)
{
    (void)state;
    check_data("bench-csv", bench_report_csv);
}

/* 80 x 24, and the line where the shell goes on. */
static void one_side_fits_a_screen(void **state)
{
    static const size_t lines_max = 23, columns_max = 80;
    struct bench_scene *scene = calloc(1, sizeof(*scene));
    const struct report_style style = { .columns = 80 };
    struct report_buffer out = { 0 };
    size_t lines = 0, column = 0;

    (void)state;
    assert_non_null(scene);
    bench_scene_closed(scene);
    bench_report_text(&scene->plan, &scene->result, &style, &out);
    for (size_t i = 0; i < out.length; i++) {
        column = out.bytes[i] == '\n' ? 0 : column + 1;
        lines += out.bytes[i] == '\n';
        assert_true(column <= columns_max);
    }
    assert_true(lines <= lines_max);
    free(out.bytes);
    bench_scene_free(scene);
    free(scene);
}

static void what_is_made_is_written_whole(void **state)
{
    struct bench_scene *scene = calloc(1, sizeof(*scene));
    struct report_buffer out = { 0 };
    int fd = memfd_create("report", MFD_CLOEXEC);
    size_t n = 0;

    (void)state;
    assert_non_null(scene);
    assert_true(fd >= 0);
    bench_scene_nothing(scene);
    bench_report_json(&scene->plan, &scene->result, &out);
    n = out.length;
    assert_true(bench_report_write(&out, fd));
    assert_int_equal(lseek(fd, 0, SEEK_END), n);
    assert_null(out.bytes);
    close(fd);
    bench_scene_free(scene);
    free(scene);
}

static void a_failure_to_write_is_told(void **state)
{
    struct report_buffer out = { 0 };

    (void)state;
    report_add(&out, "x", 1);
    assert_false(bench_report_write(&out, -1));
    assert_null(out.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_as_its_golden_texts),
        cmocka_unit_test(text_follows_the_terminal),
        cmocka_unit_test(json_is_as_its_golden_texts),
        cmocka_unit_test(csv_is_as_its_golden_texts),
        cmocka_unit_test(one_side_fits_a_screen),
        cmocka_unit_test(what_is_made_is_written_whole),
        cmocka_unit_test(a_failure_to_write_is_told),
    };

    return cmocka_run_group_tests_name("bench_report", tests, NULL, NULL);
}
