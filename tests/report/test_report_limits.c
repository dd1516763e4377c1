/*
 * The bounds that a report keeps: 4096 bytes for a plugin, one write an item,
 * a broken pipe told and survived, no locale.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/utf8.h"
#include "golden.h"
#include "support/unit.h"

/* Long names of two-byte characters, at every offset to the cut. */
static unsigned shift;

static void scene_long(struct scene *scene)
{
    static char text[9000];
    size_t n = 0;

    scene_one_dead(scene);
    for (unsigned i = 0; i < shift; i++)
        text[n++] = 'x';
    while (n + 3 < sizeof(text)) {
        text[n++] = '\xc3';
        text[n++] = '\xa9';
    }
    text[n] = '\0';
    scene->words.summary = text;
    scene->words.evidence[0] = text;
}

static void assert_utf8(const char *bytes, size_t n)
{
    while (n) {
        uint32_t point = 0;
        size_t length = utf8_next(bytes, n, &point);

        assert_int_not_equal(length, 0);
        bytes += length;
        n -= length;
    }
}

static void a_plugin_says_at_most_4096_bytes(void **state)
{
    (void)state;
    for (shift = 0; shift < 4; shift++) {
        struct golden golden = { .format = "nagios",
                                 .style = { .verbosity = 1 },
                                 .scenes = { scene_long, scene_long } };
        size_t n = 0;
        char *bytes = golden_run(&golden, &n);

        assert_in_range(n, 4000, 4096);
        assert_utf8(bytes, n);
        assert_int_equal(bytes[n - 1], '\n');
        assert_non_null(strstr(bytes, "addresses_ok=1;;;0;2\n"));
        free(bytes);
    }
}

static void perfdata_is_whole_with_the_longest_thresholds(void **state)
{
    struct scene *scene = malloc(sizeof(*scene));
    struct report_style style = { .targets = 1 };
    struct report report;
    char bytes[5000];
    int pipes[2];
    ssize_t n = 0;

    (void)state;
    assert_non_null(scene);
    scene_one_dead(scene);
    for (int i = 0; i < THRESHOLD_COUNT; i++) {
        struct range range = { true, true, 123456.123456, 234567.234567 };

        scene->options.policy.thresholds.warning[i] = range;
        scene->options.policy.thresholds.critical[i] = range;
    }
    assert_int_equal(pipe(pipes), 0);
    report_begin(&report, report_find("nagios"), &style, pipes[1]);
    report_item(&report, &scene->item);
    assert_true(report_end(&report));
    n = read(pipes[0], bytes, sizeof(bytes) - 1);
    assert_in_range(n, 1, 4096);
    bytes[n] = '\0';
    assert_non_null(strstr(bytes, " get=0.000243s;@123456"));
    assert_non_null(strstr(bytes, "addresses_ok=1;;;0;2\n"));
    close(pipes[0]);
    close(pipes[1]);
    free(scene);
}

/* A packet socket keeps the bounds of each write(). */
static void an_item_is_one_write(void **state)
{
    struct scene *scene = malloc(sizeof(*scene));
    struct report_style style = { .targets = 2 };
    struct report report;
    char packet[16384];
    int ends[2];

    (void)state;
    assert_non_null(scene);
    scene_healthy(scene);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    report_begin(&report, report_find("json"), &style, ends[1]);
    for (int i = 0; i < 2; i++) {
        ssize_t n = 0;

        report_item(&report, &scene->item);
        n = recv(ends[0], packet, sizeof(packet), MSG_DONTWAIT);
        assert_true(n > 2);
        assert_int_equal(packet[0], '{');
        assert_int_equal(packet[n - 1], '\n');
    }
    assert_true(report_end(&report));
    assert_int_equal(recv(ends[0], packet, sizeof(packet), MSG_DONTWAIT), -1);
    close(ends[0]);
    close(ends[1]);
    free(scene);
}

static void a_broken_pipe_is_told_at_the_end(void **state)
{
    const char *const formats[] = { "text", "json", "nagios", "prometheus" };
    struct scene *scene = malloc(sizeof(*scene));

    (void)state;
    assert_non_null(scene);
    scene_healthy(scene);
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
        struct report_style style = { .targets = 2 };
        struct report report;
        int pipes[2];

        assert_int_equal(pipe(pipes), 0);
        close(pipes[0]);
        report_begin(&report, report_find(formats[i]), &style, pipes[1]);
        report_item(&report, &scene->item);
        report_item(&report, &scene->item);
        assert_false(report_end(&report));
        assert_int_equal(report.count.total, 2);
        close(pipes[1]);
    }
    free(scene);
}

/* Read slowly from a non-blocking pipe: nothing is lost. */
static void a_full_pipe_is_waited_for(void **state)
{
    struct scene *scene = malloc(sizeof(*scene));
    struct report_style style = { .targets = 100 };
    struct report report;
    int pipes[2];
    size_t lines = 0;
    pid_t child = 0;
    char bytes[4096];
    ssize_t n = 0;

    (void)state;
    assert_non_null(scene);
    scene_healthy(scene);
    assert_int_equal(pipe2(pipes, O_NONBLOCK), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        report_begin(&report, report_find("json"), &style, pipes[1]);
        for (int i = 0; i < 100; i++)
            report_item(&report, &scene->item);
        _exit(report_end(&report) ? 0 : 1);
    }
    close(pipes[1]);
    fcntl(pipes[0], F_SETFL, 0);
    while ((n = read(pipes[0], bytes, sizeof(bytes))) > 0)
        for (ssize_t i = 0; i < n; i++)
            lines += bytes[i] == '\n';
    assert_int_equal(lines, 100);
    close(pipes[0]);
    free(scene);
}

static void no_format_follows_the_locale(void **state)
{
    const char *const formats[] = { "text", "json",  "nagios",
                                    "tap",  "junit", "prometheus" };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
        struct golden golden = { .format = formats[i],
                                 .style = { .targets = 1 },
                                 .scenes = { scene_literal } };
        size_t n = 0, m = 0;
        char *plain = golden_run(&golden, &n), *german = NULL;

        if (!setlocale(LC_ALL, "de_DE.UTF-8"))
            setlocale(LC_ALL, "fr_FR.UTF-8");
        german = golden_run(&golden, &m);
        setlocale(LC_ALL, "C");
        assert_int_equal(n, m);
        assert_memory_equal(plain, german, n);
        free(plain);
        free(german);
    }
}

static void formats_are_found_by_name(void **state)
{
    (void)state;
    assert_non_null(report_find("text"));
    assert_string_equal(report_find("junit")->name, "junit");
    assert_null(report_find("xml"));
    assert_null(report_find(""));
}

static void the_worst_status_is_kept(void **state)
{
    struct scene *scene = malloc(sizeof(*scene));
    struct report_style style = { .quiet = true, .targets = 2 };
    struct report report;

    (void)state;
    assert_non_null(scene);
    report_begin(&report, report_find("text"), &style, -1);
    scene_healthy(scene);
    report_item(&report, &scene->item);
    assert_int_equal(report.worst, CHECK_OK);
    report_error(&report, "");
    assert_int_equal(report.worst, CHECK_UNKNOWN);
    assert_false(report_end(&report));
    free(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plugin_says_at_most_4096_bytes),
        cmocka_unit_test(perfdata_is_whole_with_the_longest_thresholds),
        cmocka_unit_test(an_item_is_one_write),
        cmocka_unit_test(a_broken_pipe_is_told_at_the_end),
        cmocka_unit_test(a_full_pipe_is_waited_for),
        cmocka_unit_test(no_format_follows_the_locale),
        cmocka_unit_test(formats_are_found_by_name),
        cmocka_unit_test(the_worst_status_is_kept),
    };

    return cmocka_run_group_tests_name("report_limits", tests, NULL, NULL);
}
