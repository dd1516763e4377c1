/*
 * test_tls.c -- whose handshake is accepted, and what it showed either way.
 */
#include "support/unit.h"

#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "net/tls.h"
#include "support/tls_pair.h"

static const long day_s = 24 * 3600L;

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

static struct tls_peer_spec server_of(int version)
{
    return (struct tls_peer_spec){ .cert = &tls_world.server,
                                   .min_version = version,
                                   .max_version = version };
}

static void assert_about(int64_t when, int64_t offset_s)
{
    const int64_t expected = (int64_t)time(NULL) + offset_s;

    assert_in_range(when, expected - 60, expected + 60);
}

static void what_a_handshake_shows(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
        const struct tls_peer_spec spec = server_of(versions[i]);
        const struct net_tls_info *info;
        struct tls_pair pair;

        tls_pair_open(&pair, NULL, TLS_NAME, &spec);
        assert_int_equal(tls_pair_shake(&pair), NET_TLS_DONE);
        assert_true(pair.peer.open);
        assert_string_equal(pair.peer.sni, TLS_NAME);
        assert_int_equal(net_tls_status(pair.client), NET_OK);
        info = net_tls_info(pair.client);
        assert_string_equal(info->version, i == 0 ? "TLSv1.2" : "TLSv1.3");
        assert_string_not_equal(info->cipher, "");
        assert_string_equal(info->subject, "CN=Server");
        assert_string_equal(info->issuer, "CN=CA");
        assert_int_equal(info->nsans, 4);
        assert_string_equal(info->sans[0], TLS_NAME);
        assert_string_equal(info->sans[1], TLS_WILDCARD);
        assert_string_equal(info->sans[2], "127.0.0.1");
        assert_string_equal(info->sans[3], "::1");
        assert_about(info->not_before, -3600);
        assert_about(info->not_after, 30 * day_s);
        assert_int_equal(info->chain_not_after, info->not_after);
        assert_int_equal(info->verify_error, X509_V_OK);
        assert_string_equal(info->verify_text, "");
        assert_int_equal(info->alert, NET_TLS_ALERT_NONE);
        assert_true(info->server_hello);
        assert_string_equal(info->error, "");
        assert_int_equal(info->nhead, NET_TLS_HEAD_MAX);
        assert_int_equal(info->head[0], 22);
        tls_pair_close(&pair);
    }
}

/* Each kind of certificate that a peer of the tables below may have. */
enum kind { GOOD, EXPIRED, EARLY, SELF, FOREIGN, NAMELESS, KINDS };

static void kinds_make(struct cert kinds[KINDS])
{
    const struct cert_spec specs[KINDS] = {
        [GOOD] = { .issuer = &tls_world.ca },
        [EXPIRED] = { .issuer = &tls_world.ca,
                      .from_s = -2 * day_s,
                      .until_s = -day_s },
        [EARLY] = { .issuer = &tls_world.ca,
                    .from_s = day_s,
                    .until_s = 2 * day_s },
        [SELF] = { .issuer = NULL },
        [FOREIGN] = { .issuer = &tls_world.other_ca },
        [NAMELESS] = { .issuer = &tls_world.ca },
    };

    for (int kind = 0; kind < KINDS; kind++) {
        struct cert_spec spec = specs[kind];

        spec.name = kind == NAMELESS ? TLS_NAME : "Server";
        if (kind != NAMELESS)
            spec.sans =
                "DNS:" TLS_NAME ",DNS:" TLS_WILDCARD ",IP:127.0.0.1,IP:::1";
        kinds[kind] = cert_new(&spec);
    }
}

static const struct {
    const char *name;
    enum kind kind;
    int fault; /* what full verification finds */
} verdicts[] = {
    { TLS_NAME, GOOD, X509_V_OK },
    { "CACHE.example", GOOD, X509_V_OK },
    { "cache.example.", GOOD, X509_V_OK },
    { "test1.x.use1.cache.amazonaws.com", GOOD, X509_V_OK },
    { "a.test1.x.use1.cache.amazonaws.com", GOOD,
      X509_V_ERR_HOSTNAME_MISMATCH },
    { "x.use1.cache.amazonaws.com", GOOD, X509_V_ERR_HOSTNAME_MISMATCH },
    { "vpce-0db.example", GOOD, X509_V_ERR_HOSTNAME_MISMATCH },
    { "Server", GOOD, X509_V_ERR_HOSTNAME_MISMATCH },
    { "127.0.0.1", GOOD, X509_V_OK },
    { "::1", GOOD, X509_V_OK },
    { "::1%lo", GOOD, X509_V_OK },
    { "127.0.0.2", GOOD, X509_V_ERR_IP_ADDRESS_MISMATCH },
    { "::2", GOOD, X509_V_ERR_IP_ADDRESS_MISMATCH },
    { TLS_NAME, EXPIRED, X509_V_ERR_CERT_HAS_EXPIRED },
    { TLS_NAME, EARLY, X509_V_ERR_CERT_NOT_YET_VALID },
    { TLS_NAME, SELF, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT },
    { TLS_NAME, FOREIGN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY },
    /* A subject is no name to verify (RFC 6125, 6.4.4). */
    { TLS_NAME, NAMELESS, X509_V_ERR_HOSTNAME_MISMATCH },
};

static bool may_pass(enum net_tls_verify verify, int fault)
{
    if (fault == X509_V_OK || verify == NET_TLS_VERIFY_NONE)
        return true;
    return verify == NET_TLS_VERIFY_CHAIN &&
           (fault == X509_V_ERR_HOSTNAME_MISMATCH ||
            fault == X509_V_ERR_IP_ADDRESS_MISMATCH);
}

static void assert_verdict(const struct cert *cert, const char *name,
                           enum net_tls_verify verify, int fault)
{
    const struct net_tls_config config = { .verify = verify,
                                           .cacert = tls_world.ca_file };
    const bool pass = may_pass(verify, fault);
    const struct net_tls_info *info;
    struct tls_pair pair;

    tls_pair_open(&pair, &config, name,
                  &(struct tls_peer_spec){ .cert = cert });
    assert_int_equal(tls_pair_shake(&pair),
                     pass ? NET_TLS_DONE : NET_TLS_FAILED);
    assert_int_equal(net_tls_status(pair.client),
                     pass ? NET_OK : NET_TLS_VERIFY);
    assert_int_equal(pair.peer.open, pass);
    info = net_tls_info(pair.client);
    assert_int_equal(info->verify_error, fault);
    assert_string_equal(
        info->verify_text,
        fault == X509_V_OK ? "" : X509_verify_cert_error_string(fault));
    /* The certificate's facts are there whatever becomes of it. */
    assert_string_not_equal(info->subject, "");
    assert_int_not_equal(info->not_after, 0);
    assert_int_equal(info->alert, NET_TLS_ALERT_NONE);
    tls_pair_close(&pair);
}

static void who_is_accepted(void **state)
{
    struct cert kinds[KINDS];

    (void)state;
    kinds_make(kinds);
    for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++)
        for (int verify = NET_TLS_VERIFY_FULL; verify <= NET_TLS_VERIFY_NONE;
             verify++)
            assert_verdict(&kinds[verdicts[i].kind], verdicts[i].name,
                           (enum net_tls_verify)verify, verdicts[i].fault);
    for (int kind = 0; kind < KINDS; kind++)
        cert_free(&kinds[kind]);
}

static void a_fault_that_may_pass_hides_none_that_may_not(void **state)
{
    struct cert kinds[KINDS];

    (void)state;
    kinds_make(kinds);
    assert_verdict(&kinds[EXPIRED], "other.example", NET_TLS_VERIFY_FULL,
                   X509_V_ERR_HOSTNAME_MISMATCH);
    assert_verdict(&kinds[EXPIRED], "other.example", NET_TLS_VERIFY_CHAIN,
                   X509_V_ERR_CERT_HAS_EXPIRED);
    assert_verdict(&kinds[EXPIRED], "other.example", NET_TLS_VERIFY_NONE,
                   X509_V_ERR_HOSTNAME_MISMATCH);
    for (int kind = 0; kind < KINDS; kind++)
        cert_free(&kinds[kind]);
}

static void the_chain_ends_with_its_first_certificate(void **state)
{
    struct cert middle =
        cert_new(&(struct cert_spec){ .name = "Middle",
                                      .until_s = 5 * day_s,
                                      .ca = true,
                                      .issuer = &tls_world.ca });
    struct cert leaf = cert_new(&(struct cert_spec){
        .name = "Leaf", .sans = "DNS:" TLS_NAME, .issuer = &middle });
    const struct tls_peer_spec spec = { .cert = &leaf, .chain = &middle };
    struct tls_pair pair;

    (void)state;
    tls_pair_open(&pair, NULL, TLS_NAME, &spec);
    assert_int_equal(tls_pair_shake(&pair), NET_TLS_DONE);
    assert_about(net_tls_info(pair.client)->not_after, 30 * day_s);
    assert_about(net_tls_info(pair.client)->chain_not_after, 5 * day_s);
    tls_pair_close(&pair);
    cert_free(&leaf);
    cert_free(&middle);
}

static void what_server_name_is_sent(void **state)
{
    static const struct {
        const char *name;
        const char *sni;
    } rows[] = {
        { "cache.example", "cache.example" },
        { "cache.example.", "cache.example" },
        { "127.0.0.1", "" },
        { "::1", "" },
        { "fe80::1%eth0", "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct tls_peer_spec spec = server_of(0);
        struct tls_pair pair;

        tls_pair_open(&pair, NULL, rows[i].name, &spec);
        tls_pair_shake(&pair);
        assert_string_equal(pair.peer.sni, rows[i].sni);
        tls_pair_close(&pair);
    }
}

static void a_name_that_verifies_nothing_makes_no_session(void **state)
{
    static const char *const names[] = { "", ".", "..", ".example" };
    const struct net_tls_config config = { .cacert = tls_world.ca_file };
    struct net_tls_context *context;
    char long_name[400];
    char error[256];

    (void)state;
    memset(long_name, 'a', sizeof(long_name) - 1);
    long_name[sizeof(long_name) - 1] = '\0';
    context = net_tls_context_new(&config, error, sizeof(error));
    assert_non_null(context);
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        assert_null(net_tls_session_new(context, names[i]));
    assert_null(net_tls_session_new(context, long_name));
    net_tls_context_free(context);
}

static void strange_names_are_told_in_printable_bytes(void **state)
{
    struct cert cert = cert_new(&(struct cert_spec){
        .name = "L\xc3\xb6we\x07",
        .sans = "email:a@b.example,DNS:a b\x1b[31m,URI:redis://x,DNS:ok",
        .issuer = &tls_world.ca });
    const struct tls_peer_spec spec = { .cert = &cert };
    const struct net_tls_info *info;
    struct tls_pair pair;

    (void)state;
    tls_pair_open(&pair, NULL, TLS_NAME, &spec);
    assert_int_equal(tls_pair_shake(&pair), NET_TLS_FAILED);
    info = net_tls_info(pair.client);
    assert_string_equal(info->subject, "CN=L\\C3\\B6we\\07");
    assert_int_equal(info->nsans, 2);
    assert_string_equal(info->sans[0], "a?b?[31m");
    assert_string_equal(info->sans[1], "ok");
    tls_pair_close(&pair);
    cert_free(&cert);
}

static void more_names_than_fit_are_cut(void **state)
{
    char sans[NET_TLS_SANS_MAX * 20 + 400] = "DNS:";
    size_t n = strlen(sans);
    struct cert cert;
    struct tls_peer_spec spec = { .cert = &cert };
    const struct net_tls_info *info;
    struct tls_pair pair;

    (void)state;
    memset(sans + n, 'a', 300);
    n += 300;
    for (int i = 0; i <= NET_TLS_SANS_MAX; i++)
        n += (size_t)snprintf(sans + n, sizeof(sans) - n, ",DNS:b.example");
    cert = cert_new(&(struct cert_spec){
        .name = "S", .sans = sans, .issuer = &tls_world.ca });
    tls_pair_open(&pair, NULL, "b.example", &spec);
    assert_int_equal(tls_pair_shake(&pair), NET_TLS_DONE);
    info = net_tls_info(pair.client);
    assert_int_equal(info->nsans, NET_TLS_SANS_MAX);
    assert_int_equal(strlen(info->sans[0]), NET_TLS_TEXT_MAX - 1);
    assert_string_equal(info->sans[NET_TLS_SANS_MAX - 1], "b.example");
    tls_pair_close(&pair);
    cert_free(&cert);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_handshake_shows),
        cmocka_unit_test(who_is_accepted),
        cmocka_unit_test(a_fault_that_may_pass_hides_none_that_may_not),
        cmocka_unit_test(the_chain_ends_with_its_first_certificate),
        cmocka_unit_test(what_server_name_is_sent),
        cmocka_unit_test(a_name_that_verifies_nothing_makes_no_session),
        cmocka_unit_test(strange_names_are_told_in_printable_bytes),
        cmocka_unit_test(more_names_than_fit_are_cut),
    };

    return cmocka_run_group_tests_name("tls", tests, tls_world_set_up,
                                       tls_world_tear_down);
}
