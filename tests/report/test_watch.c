/*
 * test_watch.c -- the live view of any size, and the words of events.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/utf8.h"
#include "report/format.h"
#include "report/watch.h"
#include "support/unit.h"
#include "watch/seen.h"

enum {
    TARGETS = 3,
};

struct screen {
    struct seen seen[TARGETS];
    struct probe_target targets[TARGETS];
    struct watch_row rows[TARGETS];
    struct watch_view view;
    struct report report;
};

static struct screen *screen_new(unsigned columns, unsigned lines, bool utf8,
                                 bool color)
{
    static const char *const log[] = { "  newest", "  older" };
    static const char *const names[TARGETS] = { "well.test:6379",
                                                "ill.test:6379",
                                                "late.test:6379" };
    struct screen *s = calloc(1, sizeof(*s));

    assert_non_null(s);
    for (unsigned i = 0; i < TARGETS; i++) {
        seen_begin(&s->seen[i], 2);
        s->targets[i].name = names[i];
        s->rows[i] = (struct watch_row){ .target = &s->targets[i],
                                         .track = &s->seen[i].track,
                                         .last = &s->seen[i].now };
        (void)seen_check(&s->seen[i]);
    }
    seen_id(&s->seen[1], "REDIS_READONLY");
    seen_address_id(&s->seen[1], 0, "REDIS_READONLY");
    snprintf(s->seen[1].now.summary, SNAPSHOT_TEXT_MAX,
             "a summary\x1b[2J with \xff bytes");
    snprintf(s->seen[1].now.cause, SNAPSHOT_TEXT_MAX, "the cause of it");
    snprintf(s->seen[1].now.fix, SNAPSHOT_TEXT_MAX,
             "aws do something --with-a-long-argument value --and another");
    (void)seen_check(&s->seen[1]);
    s->rows[2].last = NULL;
    s->view = (struct watch_view){ .rows = s->rows,
                                   .nrows = TARGETS,
                                   .log = log,
                                   .nlog = ARRAY_SIZE(log),
                                   .interval_ms = 5000,
                                   .now_ms = s->seen[1].now.time_ms + 61000,
                                   .lines = lines };
    s->report.style = (struct report_style){
        .columns = columns, .utf8 = utf8, .color = color, .targets = TARGETS
    };
    return s;
}

static const char *draw(struct screen *s)
{
    watch_screen(&s->report, &s->view);
    report_add(&s->report.out, "", 1);
    assert_false(s->report.out.failed);
    return s->report.out.bytes;
}

static void screen_free(struct screen *s)
{
    for (unsigned i = 0; i < TARGETS; i++)
        seen_end(&s->seen[i]);
    report_buffer_free(&s->report.out);
    free(s);
}

static void no_line_is_wider_and_no_screen_higher_than_asked(void **state)
{
    (void)state;
    for (unsigned columns = 1; columns < 140; columns += 3) {
        for (unsigned lines = 1; lines < 40; lines += 2) {
            struct screen *s = screen_new(columns, lines, columns % 2, false);
            const char *at = draw(s);
            unsigned n = 0;

            for (;; n++) {
                size_t length = strcspn(at, "\n");

                assert_true(utf8_count(at, length) <= columns);
                if (!at[length])
                    break;
                at += length + 1;
            }
            assert_true(n + 1 <= lines);
            screen_free(s);
        }
    }
}

static void what_is_wrong_comes_first(void **state)
{
    struct screen *s = screen_new(100, 40, true, false);
    const char *text = draw(s);

    (void)state;
    assert_non_null(strstr(text, "CRITICAL ill.test:6379 REDIS_READONLY: "));
    assert_true(strstr(text, "ill.test") < strstr(text, "OK       well.test"));
    assert_true(strstr(text, "well.test") < strstr(text, "...      late.test"));
    assert_non_null(strstr(text, "  cause  the cause of it"));
    assert_non_null(strstr(text, "  fix    aws do something"));
    assert_non_null(strstr(text, "Changes, the newest first\n  newest"));
    screen_free(s);
}

static void a_command_that_is_long_is_wrapped_and_whole(void **state)
{
    struct screen *s = screen_new(40, 40, true, false);
    const char *text = draw(s);

    (void)state;
    assert_non_null(strstr(text, "  fix    aws do something\n"
                                 "         --with-a-long-argument value\n"
                                 "         --and another\n"));
    screen_free(s);
}

static void what_has_no_room_is_counted(void **state)
{
    struct screen *s = screen_new(80, 8, true, false);

    (void)state;
    assert_non_null(strstr(draw(s), "... and 2 more"));
    screen_free(s);
}

static void bytes_of_others_do_nothing_to_the_terminal(void **state)
{
    struct screen *s = screen_new(120, 40, true, false);
    const char *text = draw(s);

    (void)state;
    assert_null(strchr(text, '\x1b'));
    assert_non_null(strstr(text, "\\x1b[2J"));
    screen_free(s);
}

static void colours_end_with_each_line(void **state)
{
    struct screen *s = screen_new(60, 40, true, true);
    const char *at = draw(s);

    (void)state;
    assert_non_null(strchr(at, '\x1b'));
    for (;;) {
        size_t length = strcspn(at, "\n");
        const char *last = NULL;

        for (size_t i = 0; i < length; i++)
            last = at[i] == '\x1b' ? at + i : last;
        if (last)
            assert_memory_equal(last, "\x1b[0m", 4);
        if (!at[length])
            break;
        at += length + 1;
    }
    screen_free(s);
}

static void without_utf8_all_is_ascii(void **state)
{
    struct screen *s = screen_new(120, 40, false, true);

    (void)state;
    for (const char *at = draw(s); *at; at++)
        assert_true((unsigned char)*at < 0x80);
    screen_free(s);
}

static void events_are_told_in_words(void **state)
{
    static const struct {
        struct event event;
        const char *words;
    } rows[] = {
        { { .kind = EVENT_TTL, .from = "60", .to = "5" }, "TTL 60 s > 5 s" },
        { { .kind = EVENT_ROLE, .from = "master", .to = "replica" },
          "role master > replica" },
        { { .kind = EVENT_LATENCY,
            .stage = STAGE_TCP,
            .from_us = 400,
            .to_us = 2400 },
          "tcp 0.40 ms > 2.40 ms (medians)" },
        { { .kind = EVENT_CERTIFICATE, .to_n = 1 },
          "the certificate ends in 1 day" },
        { { .kind = EVENT_CERTIFICATE, .to_n = -3 },
          "the certificate ended 3 days ago" },
        { { .kind = EVENT_CERTIFICATE, .from = "2 days", .to = "90 days" },
          "another certificate: 90 days left, it was 2 days" },
        { { .kind = EVENT_STOP }, "7 checks, 2 failed" },
    };
    const struct watch_count count = { .checks = 7, .failed = 2 };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct report_buffer out = { 0 };

        watch_words(&out, &rows[i].event, &count, true);
        report_add(&out, "", 1);
        assert_string_equal(out.bytes, rows[i].words);
        report_buffer_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_line_is_wider_and_no_screen_higher_than_asked),
        cmocka_unit_test(what_is_wrong_comes_first),
        cmocka_unit_test(a_command_that_is_long_is_wrapped_and_whole),
        cmocka_unit_test(what_has_no_room_is_counted),
        cmocka_unit_test(bytes_of_others_do_nothing_to_the_terminal),
        cmocka_unit_test(colours_end_with_each_line),
        cmocka_unit_test(without_utf8_all_is_ascii),
        cmocka_unit_test(events_are_told_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
