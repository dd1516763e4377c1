/*
 * test_catalogue.c -- the catalogue is whole, keeps its contract, and
 * docs/verdicts.md is it.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/explain.h"

/* Ids for which the contract names a hop. */
struct pin {
    enum verdict_id id;
    enum hop hop;
};

static void every_id_has_a_whole_entry(void **state)
{
    (void)state;
    for (int id = 0; id < VERDICT_COUNT; id++) {
        const struct catalogue_entry *entry =
            catalogue_entry((enum verdict_id)id);
        struct catalogue_texts texts;

        assert_int_equal(entry->id, id);
        assert_true(strlen(entry->token) < CATALOGUE_TOKEN_MAX);
        assert_true(entry->stage <= STAGE_COUNT);
        catalogue_texts((enum verdict_id)id, &texts);
        assert_true(strlen(texts.meaning) > 10);
        assert_true(strlen(texts.evidence) > 10);
        assert_true(strlen(texts.lookalikes) > 10);
        assert_true(strlen(texts.cause) > 10);
        assert_true(strlen(texts.source) > 5);
        if (id != VERDICT_OK)
            assert_non_null(texts.fixes[0].command);
    }
}

static void assert_sentences(const char *text)
{
    size_t n = strlen(text);

    assert_int_equal(text[n - 1], '.');
    assert_null(strstr(text, "  "));
    for (size_t i = 0; i < n; i++)
        assert_true(text[i] >= ' ' && text[i] < 0x7f);
}

static void texts_are_plain_sentences(void **state)
{
    (void)state;
    for (int id = 0; id < VERDICT_COUNT; id++) {
        struct catalogue_texts texts;

        catalogue_texts((enum verdict_id)id, &texts);
        assert_sentences(texts.meaning);
        assert_sentences(texts.evidence);
        assert_sentences(texts.lookalikes);
        assert_sentences(texts.cause);
    }
}

static void fixes_say_who_and_whether_it_changes(void **state)
{
    (void)state;
    for (int id = 0; id < VERDICT_COUNT; id++) {
        struct catalogue_texts texts;

        catalogue_texts((enum verdict_id)id, &texts);
        for (int i = 0; i < CATALOGUE_FIXES_MAX; i++) {
            const struct catalogue_fix *fix = &texts.fixes[i];

            if (!fix->command)
                break;
            assert_true(strcmp(fix->where, "client") == 0 ||
                        strcmp(fix->where, "consumer") == 0 ||
                        strcmp(fix->where, "provider") == 0);
            assert_null(strchr(fix->command, '\n'));
            if (strstr(fix->command, " describe-"))
                assert_false(fix->changes);
            if (strstr(fix->command, " modify-") ||
                strstr(fix->command, " register-targets") ||
                strstr(fix->command, " authorize-"))
                assert_true(fix->changes);
            if (strncmp(fix->command, "aws", 3) == 0)
                assert_string_not_equal(fix->where, "client");
        }
    }
}

static void tokens_are_found_in_any_case(void **state)
{
    (void)state;
    for (int id = 0; id < VERDICT_COUNT; id++) {
        const char *token = catalogue_entry((enum verdict_id)id)->token;
        char lower[CATALOGUE_TOKEN_MAX];

        assert_int_equal(catalogue_find(token), id);
        for (size_t i = 0; i <= strlen(token); i++)
            lower[i] = (char)(token[i] >= 'A' && token[i] <= 'Z'
                                  ? token[i] + ('a' - 'A')
                                  : token[i]);
        assert_int_equal(catalogue_find(lower), id);
    }
    assert_int_equal(catalogue_find("TLS_ALERT_40"), VERDICT_TLS_ALERT);
    assert_int_equal(catalogue_find("tls_alert_116"), VERDICT_TLS_ALERT);
    assert_int_equal(catalogue_find("TLS_ALERT_"), VERDICT_COUNT);
    assert_int_equal(catalogue_find("TLS_ALERT_x"), VERDICT_COUNT);
    assert_int_equal(catalogue_find("TLS_ALERT_1000"), VERDICT_COUNT);
    assert_int_equal(catalogue_find("TLS_ALERTS"), VERDICT_COUNT);
    assert_int_equal(catalogue_find("TCP_TIMEOUT"), VERDICT_COUNT);
    assert_int_equal(catalogue_find(""), VERDICT_COUNT);
}

static void hops_are_those_of_the_contract(void **state)
{
    static const struct pin pins[] = {
        { VERDICT_OK, HOP_NONE },
        { VERDICT_DNS_NXDOMAIN, HOP_ENDPOINT },
        { VERDICT_DNS_NODATA, HOP_ENDPOINT },
        { VERDICT_DNS_DANGLING_CNAME, HOP_ENDPOINT },
        { VERDICT_DNS_PRIVATE_NAME_OFF, HOP_ENDPOINT },
        { VERDICT_TCP_TIMEOUT_ALL, HOP_ENDPOINT },
        { VERDICT_NET_MTU_BLACKHOLE, HOP_ENDPOINT },
        { VERDICT_TCP_TIMEOUT_ONE_AZ, HOP_LOAD_BALANCER },
        { VERDICT_TCP_REFUSED_ONE_AZ, HOP_LOAD_BALANCER },
        { VERDICT_TCP_IDLE_RESET, HOP_LOAD_BALANCER },
        { VERDICT_TCP_IDLE_BLACKHOLE, HOP_LOAD_BALANCER },
        { VERDICT_APP_PROXY_V2, HOP_LOAD_BALANCER },
        { VERDICT_TCP_TIMEOUT_SOME_PORTS, HOP_LOAD_BALANCER },
        { VERDICT_TCP_REFUSED, HOP_TARGET },
        { VERDICT_TCP_RST_AFTER_ACCEPT, HOP_TARGET },
        { VERDICT_TCP_TARGET_STALE, HOP_TARGET },
        { VERDICT_TLS_LISTENER_DEAD_TARGET, HOP_TARGET },
        { VERDICT_REDIS_READONLY, HOP_TARGET },
        { VERDICT_WRONG_SERVICE, HOP_TARGET },
        { VERDICT_APP_SILENT, HOP_TARGET },
        { VERDICT_TCP_NO_ROUTE_LOCAL, HOP_CLIENT },
        { VERDICT_TCP_CLIENT_PORTS_EXHAUSTED, HOP_CLIENT },
    };

    (void)state;
    for (int id = 0; id < VERDICT_COUNT; id++) {
        const struct catalogue_entry *entry =
            catalogue_entry((enum verdict_id)id);
        enum hop expected = entry->hop;

        if (strncmp(entry->token, "DNS_", 4) == 0)
            expected = HOP_RESOLVER;
        if (strncmp(entry->token, "TLS_", 4) == 0 ||
            strncmp(entry->token, "AUTH_", 5) == 0 ||
            strncmp(entry->token, "REDIS_", 6) == 0)
            expected = HOP_REDIS;
        for (size_t i = 0; i < ARRAY_SIZE(pins); i++) {
            if (pins[i].id == entry->id)
                expected = pins[i].hop;
        }
        assert_int_equal(entry->hop, expected);
    }
}

static void severities_are_those_of_the_contract(void **state)
{
    static const enum verdict_id warnings[] = {
        VERDICT_AUTH_NOT_CONFIGURED, VERDICT_CLEANUP_FAILED,
        VERDICT_REDIS_SLOW,          VERDICT_REDIS_PAUSED,
        VERDICT_TCP_SLOW_CONNECT,    VERDICT_DNS_AZ_WITHDRAWN,
        VERDICT_DNS_STALE,           VERDICT_TLS_EXPIRES_SOON,
    };

    (void)state;
    for (int id = 0; id < VERDICT_COUNT; id++) {
        const struct catalogue_entry *entry =
            catalogue_entry((enum verdict_id)id);
        enum check_status expected = CHECK_CRITICAL;

        if (id == VERDICT_OK)
            expected = CHECK_OK;
        if (id == VERDICT_WATCHDOG)
            expected = CHECK_UNKNOWN;
        if (strncmp(entry->token, "PERF_", 5) == 0)
            expected = CHECK_WARNING;
        for (size_t i = 0; i < ARRAY_SIZE(warnings); i++) {
            if (warnings[i] == entry->id)
                expected = CHECK_WARNING;
        }
        assert_int_equal(entry->severity, expected);
    }
}

static void hops_and_causes_have_tokens(void **state)
{
    (void)state;
    assert_null(hop_token(HOP_NONE));
    assert_string_equal(hop_token(HOP_CLIENT), "client");
    assert_string_equal(hop_token(HOP_RESOLVER), "resolver");
    assert_string_equal(hop_token(HOP_ENDPOINT), "endpoint");
    assert_string_equal(hop_token(HOP_LOAD_BALANCER), "load_balancer");
    assert_string_equal(hop_token(HOP_TARGET), "target");
    assert_string_equal(hop_token(HOP_REDIS), "redis");
    for (int cause = 0; cause < CAUSE_COUNT; cause++) {
        const char *token = cause_token((enum cause)cause);

        assert_int_equal(strspn(token, "abcdefghijklmnopqrstuvwxyz_"),
                         strlen(token));
        assert_true(strlen(cause_text((enum cause)cause)) > 0);
    }
    assert_string_equal(cause_token((enum cause)NET_TIMEOUT), "timeout");
    assert_string_equal(cause_token(cause_of_resp(RESP_ERR_READONLY)),
                        "readonly");
    assert_string_equal(cause_token(CAUSE_MISMATCH), "mismatch");
}

/* All that is written, in one string. */
struct page {
    char *bytes;
    size_t n;
};

static void on_bytes(void *data, const char *bytes, size_t n)
{
    struct page *page = data;
    char *more = realloc(page->bytes, page->n + n + 1);

    assert_non_null(more);
    memcpy(more + page->n, bytes, n);
    page->bytes = more;
    page->n += n;
    page->bytes[page->n] = '\0';
}

static void an_entry_is_explained_to_the_byte(void **state)
{
    static const char expected[] =
        "TCP_REFUSED_ONE_AZ\n"
        "  Some addresses refuse while others connect.\n"
        "\n"
        "  stage     tcp\n"
        "  hop       load_balancer\n"
        "  severity  critical\n"
        "\n"
        "  Evidence\n"
        "    A reset answers the SYN on one address; another address passes.\n"
        "\n"
        "  Look-alikes\n"
        "    TCP_REFUSED: all refuse. TCP_TIMEOUT_ONE_AZ: silence instead of a "
        "reset.\n"
        "\n"
        "  Cause\n"
        "    The target of that zone does not listen, or all targets of that "
        "zone are\n"
        "    unhealthy.\n"
        "\n"
        "  What to do\n"
        "    provider, looks:\n"
        "      aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN\n"
        "    provider, changes:\n"
        "      aws elbv2 modify-load-balancer-attributes --load-balancer-arn "
        "LOAD_BALANCER_ARN --attributes "
        "Key=load_balancing.cross_zone.enabled,Value=true\n"
        "    provider, changes:\n"
        "      aws elbv2 register-targets --target-group-arn TARGET_GROUP_ARN "
        "--targets Id=CACHE_IP,Port=CACHE_PORT\n"
        "\n"
        "  Source\n"
        "    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/"
        "load-balancer-troubleshooting.html;\n"
        "    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/"
        "network-load-balancers.html\n";
    struct page page = { 0 };

    (void)state;
    explain_entry(VERDICT_TCP_REFUSED_ONE_AZ, on_bytes, &page);
    assert_string_equal(page.bytes, expected);
    free(page.bytes);
}

static void the_list_has_a_line_an_id(void **state)
{
    struct page page = { 0 };
    size_t lines = 0;

    (void)state;
    explain_list(on_bytes, &page);
    for (size_t i = 0; i < page.n; i++)
        lines += page.bytes[i] == '\n';
    assert_int_equal(lines, VERDICT_COUNT);
    assert_non_null(
        strstr(page.bytes, "\nTCP_REFUSED                 The connection"));
    free(page.bytes);
}

static void the_page_of_the_documentation_is_the_catalogue(void **state)
{
    struct page made = { 0 };
    FILE *file = fopen(VERDICTS_PAGE, "r");
    char *kept;
    size_t n;

    (void)state;
    explain_markdown(on_bytes, &made);
    assert_non_null(file);
    kept = calloc(1, made.n + 2);
    assert_non_null(kept);
    n = fread(kept, 1, made.n + 1, file);
    (void)fclose(file);
    if (n != made.n || memcmp(kept, made.bytes, n) != 0)
        fail_msg("make it anew: linkprobe explain --markdown > %s",
                 VERDICTS_PAGE);
    free(kept);
    free(made.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_id_has_a_whole_entry),
        cmocka_unit_test(texts_are_plain_sentences),
        cmocka_unit_test(fixes_say_who_and_whether_it_changes),
        cmocka_unit_test(tokens_are_found_in_any_case),
        cmocka_unit_test(hops_are_those_of_the_contract),
        cmocka_unit_test(severities_are_those_of_the_contract),
        cmocka_unit_test(hops_and_causes_have_tokens),
        cmocka_unit_test(an_entry_is_explained_to_the_byte),
        cmocka_unit_test(the_list_has_a_line_an_id),
        cmocka_unit_test(the_page_of_the_documentation_is_the_catalogue),
    };

    return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
