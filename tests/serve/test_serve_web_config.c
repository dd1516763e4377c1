/*
 * The file of TLS and users.
 */
#include <stdio.h>
#include <string.h>

#include "cli/text.h"
#include "serve/web_config.h"
#include "support/unit.h"

#define HASH "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi"

static char error[ERROR_TEXT_MAX];

static bool parse(const char *text, struct web_config *config)
{
    return web_config_parse(text, strlen(text), "dir/web.yml", config, error,
                            sizeof(error));
}

static void a_whole_file_is_read(void **state)
{
    struct web_config config;

    (void)state;
    assert_true(parse("tls_server_config:\n"
                      "  cert_file: server.crt\n"
                      "  key_file: /etc/server.key\n"
                      "  client_ca_file: ca.crt\n"
                      "  client_auth_type: VerifyClientCertIfGiven\n"
                      "  min_version: TLS13\n"
                      "basic_auth_users:\n"
                      "  alice: " HASH "\n"
                      "  bob: '" HASH "'\n",
                      &config));
    assert_string_equal(config.cert_file, "dir/server.crt");
    assert_string_equal(config.key_file, "/etc/server.key");
    assert_string_equal(config.client_ca_file, "dir/ca.crt");
    assert_int_equal(config.client_auth, WEB_CLIENT_VERIFY_IF_GIVEN);
    assert_true(config.tls13_only);
    assert_int_equal(config.nusers, 2);
    assert_string_equal(web_config_user(&config, "bob"), HASH);
    assert_null(web_config_user(&config, "carol"));
    web_config_free(&config);
}

static void nothing_is_neither_tls_nor_users(void **state)
{
    static const char *const texts[] = { "", "{}", "# a comment\n", "---\n",
                                         "basic_auth_users:\n" };
    struct web_config config;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        assert_true(parse(texts[i], &config));
        assert_null(config.cert_file);
        assert_int_equal(config.nusers, 0);
        web_config_free(&config);
    }
}

/* Who names a CA wants it looked at. */
static void a_client_ca_alone_requires_certificates(void **state)
{
    struct web_config config;

    (void)state;
    assert_true(parse("tls_server_config: {cert_file: a, key_file: b, "
                      "client_ca_file: c}",
                      &config));
    assert_int_equal(config.client_auth, WEB_CLIENT_REQUIRE);
    web_config_free(&config);
}

static const struct {
    const char *text, *error;
} wrong[] = {
    { "users: {}", "dir/web.yml:1: unknown key" },
    { "tls_server_config:\n  cert_file: a\n  keyfile: b\n",
      "dir/web.yml:3: unknown key" },
    { "tls_server_config:\n  cert_file: a\n",
      "expected cert_file and key_file" },
    { "tls_server_config:\n  min_version: TLS10\n", "TLS12 or TLS13" },
    { "tls_server_config: []", "expected a map" },
    { "tls_server_config: {cert_file: a, key_file: b, client_auth_type: "
      "RequireAndVerifyClientCert}",
      "expected client_ca_file" },
    { "tls_server_config: {cert_file: a, key_file: b, client_ca_file: c, "
      "client_auth_type: NoClientCert}",
      "never looks at it" },
    { "tls_server_config: {client_auth_type: Yes}", "expected NoClientCert" },
    { "basic_auth_users: {alice: secret}", "expected a hash of bcrypt" },
    { "basic_auth_users: {alice: $2y$99$"
      "QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DU"
      "mpZ/VcEd00UAV/LDeSi}",
      "expected a hash of bcrypt" },
    { "basic_auth_users: {\"a:b\": '" HASH "'}", "holds a colon" },
    { "basic_auth_users: {a: '" HASH "', a: '" HASH "'}", "given twice" },
    { "basic_auth_users: {}\nbasic_auth_users: {}", "given twice" },
    { "- a", "expected a map" },
    { "a: &x b\nc: *x", "unknown key" },
    { "{}\n---\n{}", "dir/web.yml:2" },
};

static void what_is_wrong_is_told_with_its_place(void **state)
{
    struct web_config config;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        if (parse(wrong[i].text, &config))
            fail_msg("passes: %s", wrong[i].text);
        if (!strstr(error, wrong[i].error))
            fail_msg("%s: %s", wrong[i].text, error);
        assert_int_equal(config.nusers, 0);
    }
}

/* The password itself would be the likeliest mistake. */
static void no_error_shows_what_stood_for_a_hash(void **state)
{
    struct web_config config;

    (void)state;
    assert_false(parse("basic_auth_users: {alice: hunter2}", &config));
    assert_null(strstr(error, "hunter2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_file_is_read),
        cmocka_unit_test(nothing_is_neither_tls_nor_users),
        cmocka_unit_test(a_client_ca_alone_requires_certificates),
        cmocka_unit_test(what_is_wrong_is_told_with_its_place),
        cmocka_unit_test(no_error_shows_what_stood_for_a_hash),
    };

    return cmocka_run_group_tests_name("serve_web_config", tests, NULL, NULL);
}
