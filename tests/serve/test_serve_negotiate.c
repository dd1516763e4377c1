/*
 * Which form of a page its reader wants.
 */
#include <stdbool.h>

#include "serve/negotiate.h"
#include "support/unit.h"

/* What Prometheus 2.42 sends. */
#define PROMETHEUS                                                             \
    "application/openmetrics-text;version=1.0.0,"                              \
    "application/openmetrics-text;version=0.0.1;q=0.75,"                       \
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"

static void openmetrics_is_for_whom_prefers_it(void **state)
{
    static const struct {
        const char *accept;
        bool open;
    } rows[] = {
        { NULL, false },
        { "", false },
        { "*/*", false },
        { "text/html,*/*;q=0.8", false },
        { PROMETHEUS, true },
        { "application/openmetrics-text", true },
        { "Application/OpenMetrics-Text; Version=\"1.0.0\"", true },
        { "application/openmetrics-text;version=0.0.1", false },
        { "application/openmetrics-text;q=0", false },
        { "application/openmetrics-text;q=0.3,text/plain;q=0.5", false },
        { "text/plain, application/openmetrics-text", false },
        { "application/openmetrics-text;q=nonsense", false },
        { ",,;;=,application/openmetrics-text ;q=1.0 ;", true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (serve_wants_open(rows[i].accept) != rows[i].open)
            fail_msg("%s", rows[i].accept);
    }
}

static void gzip_is_for_whom_takes_it(void **state)
{
    static const struct {
        const char *encoding;
        bool gzip;
    } rows[] = {
        { NULL, false },          { "", false },
        { "gzip", true },         { "deflate, GZIP", true },
        { "gzip;q=0", false },    { "gzip;q=0.000", false },
        { "gzip;q=0.001", true }, { "*", true },
        { "gzip;q=0, *", false }, { "identity", false },
        { "x-gzip", true },       { "gzipped", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (serve_wants_gzip(rows[i].encoding) != rows[i].gzip)
            fail_msg("%s", rows[i].encoding);
    }
}

static void a_scrape_has_seconds(void **state)
{
    static const struct {
        const char *value;
        bool fine;
        uint64_t ms;
    } rows[] = {
        { "10", true, 10000 }, { "10.000000", true, 10000 },
        { "0.5", true, 500 },  { "3.14159", true, 3141 },
        { "", false, 0 },      { "0", false, 0 },
        { "-1", false, 0 },    { "1e3", false, 0 },
        { "10s", false, 0 },   { "99999999999999999999", false, 0 },
        { " 1", false, 0 },    { "nan", false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint64_t ms = 0;

        if (serve_scrape_timeout(rows[i].value, &ms) != rows[i].fine)
            fail_msg("%s", rows[i].value);
        if (rows[i].fine)
            assert_int_equal(ms, rows[i].ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(openmetrics_is_for_whom_prefers_it),
        cmocka_unit_test(gzip_is_for_whom_takes_it),
        cmocka_unit_test(a_scrape_has_seconds),
    };

    return cmocka_run_group_tests_name("serve_negotiate", tests, NULL, NULL);
}
