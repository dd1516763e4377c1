/*
 * test_tls_trust.c -- files: whom to trust, what to show, what is wrong.
 */
#include "support/unit.h"

#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/tls.h"
#include "support/tls_pair.h"

/* The world's files, made by set_up(). */
static char client_pem[128], client_key[128], stray_pem[128], stray_key[128];
static char both_pem[128], encrypted_key[128], garbage[128], empty[128];
static char half_pem[128], missing[128], folder[128], hashed[128];

static void text_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void path_set(char path[128], const char *name)
{
    (void)snprintf(path, 128, "%s", tls_world_path(name));
}

static void paths_set(void)
{
    path_set(client_pem, "client.pem");
    path_set(client_key, "client.key");
    path_set(stray_pem, "stray.pem");
    path_set(stray_key, "stray.key");
    path_set(both_pem, "both.pem");
    path_set(encrypted_key, "encrypted.key");
    path_set(garbage, "garbage");
    path_set(empty, "empty");
    path_set(half_pem, "half.pem");
    path_set(missing, "missing");
    path_set(folder, "folder");
    path_set(hashed, "hashed");
}

static int set_up(void **state)
{
    const struct tls_world *w = &tls_world;

    tls_world_set_up(state);
    paths_set();
    cert_write(&w->client, client_pem, "w");
    cert_write_key(&w->client, client_key, "w", NULL);
    cert_write(&w->stray, stray_pem, "w");
    cert_write_key(&w->stray, stray_key, "w", NULL);
    cert_write(&w->client, both_pem, "w");
    cert_write_key(&w->client, both_pem, "a", NULL);
    cert_write_key(&w->client, encrypted_key, "w", "secret");
    text_write(garbage, "no certificate\n");
    text_write(empty, "");
    text_write(half_pem, "-----BEGIN CERTIFICATE-----\nMIIB\n");
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(mkdir(hashed, 0700), 0);
    text_write(tls_world_path("folder/cafecafe.pem"), "");
    text_write(tls_world_path("folder/cafecaf.0"), "");
    text_write(tls_world_path("folder/cafecafee.0"), "");
    text_write(tls_world_path("folder/cafecafg.0"), "");
    cert_write_hashed(&w->ca, hashed);
    cert_write_hashed(&w->other_ca, hashed);
    return 0;
}

static int tear_down(void **state)
{
    tls_remove_flat(folder);
    tls_remove_flat(hashed);
    return tls_world_tear_down(state);
}

static void no_good_file_is_passed_over(void **state)
{
    const struct {
        struct net_tls_config config;
        const char *file; /* that the complaint names */
        const char *text; /* ... and what it says */
    } rows[] = {
        { { .cacert = missing }, missing, "No such file" },
        { { .cacert = folder }, folder, "Is a directory" },
        { { .cacert = empty }, empty, "BEGIN CERTIFICATE" },
        { { .cacert = garbage }, garbage, "BEGIN CERTIFICATE" },
        { { .cacert = half_pem }, half_pem, "is damaged" },
        { { .cacert = client_key }, client_key, "holds no certificates" },
        { { .cacertdir = missing }, missing, "No such file" },
        { { .cacertdir = garbage }, garbage, "Not a directory" },
        { { .cacertdir = folder }, folder, "openssl rehash" },
        { { .cert = missing, .key = client_key }, missing, "No such file" },
        { { .cert = garbage, .key = client_key },
          garbage,
          "BEGIN CERTIFICATE" },
        { { .cert = client_key, .key = client_key },
          client_key,
          "BEGIN CERTIFICATE" },
        { { .cert = client_pem, .key = missing }, missing, "No such file" },
        { { .cert = client_pem, .key = garbage },
          garbage,
          "BEGIN PRIVATE KEY" },
        { { .cert = client_pem, .key = folder }, folder, "no private key" },
        { { .cert = client_pem }, client_pem, "holds no private key" },
        { { .cert = client_pem, .key = encrypted_key },
          encrypted_key,
          "is encrypted" },
        { { .cert = client_pem, .key = stray_key },
          stray_key,
          "does not belong to the certificate" },
        { { .key = client_key }, client_key, "without a client certificate" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct net_tls_config config = rows[i].config;
        char error[512] = "";

        if (config.cacertdir == NULL && config.cacert == NULL)
            config.cacert = tls_world.ca_file;
        assert_null(net_tls_context_new(&config, error, sizeof(error)));
        if (strstr(error, rows[i].file) == NULL ||
            strstr(error, rows[i].text) == NULL || strchr(error, '\n') != NULL)
            fail_msg("row %zu: %s", i, error);
    }
}

static void assert_handshake(const struct net_tls_config *config,
                             enum net_tls_want want, int fault)
{
    const struct tls_peer_spec spec = { .cert = &tls_world.server };
    struct tls_pair pair;

    tls_pair_open(&pair, config, TLS_NAME, &spec);
    assert_int_equal(tls_pair_shake(&pair), want);
    assert_int_equal(net_tls_info(pair.client)->verify_error, fault);
    tls_pair_close(&pair);
}

static void a_hashed_directory_is_looked_up(void **state)
{
    const struct net_tls_config config = { .cacertdir = hashed };

    (void)state;
    assert_handshake(&config, NET_TLS_DONE, X509_V_OK);
}

static void file_and_directory_add_up(void **state)
{
    const struct net_tls_config config = { .cacert = stray_pem,
                                           .cacertdir = hashed };

    (void)state;
    assert_handshake(&config, NET_TLS_DONE, X509_V_OK);
}

static void the_environment_names_what_to_trust(void **state)
{
    static const struct net_tls_config config = { .verify =
                                                      NET_TLS_VERIFY_FULL };
    char dirs[3 * 128 + 3];
    char error[512];

    (void)state;
    setenv("SSL_CERT_FILE", tls_world.ca_file, 1);
    assert_handshake(&config, NET_TLS_DONE, X509_V_OK);
    setenv("SSL_CERT_FILE", stray_pem, 1);
    assert_handshake(&config, NET_TLS_FAILED,
                     X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
    setenv("SSL_CERT_FILE", missing, 1);
    assert_null(net_tls_context_new(&config, error, sizeof(error)));
    assert_non_null(strstr(error, "SSL_CERT_FILE"));
    unsetenv("SSL_CERT_FILE");

    (void)snprintf(dirs, sizeof(dirs), "%s:%s:%s", missing, folder, hashed);
    setenv("SSL_CERT_DIR", dirs, 1);
    assert_handshake(&config, NET_TLS_DONE, X509_V_OK);
    unsetenv("SSL_CERT_DIR");
}

static void an_option_wins_over_the_environment(void **state)
{
    const struct net_tls_config config = { .cacert = tls_world.ca_file };

    (void)state;
    setenv("SSL_CERT_FILE", missing, 1);
    assert_handshake(&config, NET_TLS_DONE, X509_V_OK);
    unsetenv("SSL_CERT_FILE");
}

/* Whatever this machine trusts, it is not the world's CA. */
static void a_system_trusts_its_own_or_says_that_it_has_none(void **state)
{
    static const struct net_tls_config full,
        none = { .verify = NET_TLS_VERIFY_NONE };
    struct net_tls_context *context;
    char error[512];

    (void)state;
    context = net_tls_context_new(&full, error, sizeof(error));
    if (context == NULL)
        assert_non_null(strstr(error, "install ca-certificates"));
    else
        assert_handshake(&full, NET_TLS_FAILED,
                         X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
    net_tls_context_free(context);
    assert_handshake(&none, NET_TLS_DONE,
                     X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

static void a_client_certificate_opens_the_door(void **state)
{
    static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
    const struct net_tls_config configs[] = {
        { .cacert = tls_world.ca_file, .cert = client_pem, .key = client_key },
        { .cacert = tls_world.ca_file, .cert = both_pem },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(versions) * 2; i++) {
        const struct tls_peer_spec spec = { .cert = &tls_world.server,
                                            .min_version = versions[i / 2],
                                            .max_version = versions[i / 2],
                                            .client_ca = &tls_world.ca };
        struct tls_pair pair;

        tls_pair_open(&pair, &configs[i % 2], TLS_NAME, &spec);
        assert_int_equal(tls_pair_shake(&pair), NET_TLS_DONE);
        assert_true(pair.peer.open);
        assert_int_equal(tls_pair_to_client(&pair), NET_OK);
        tls_pair_close(&pair);
    }
}

/* TLS 1.3: our side is done before the peer has seen what we show. */
static void a_door_that_stays_shut_says_so_later(void **state)
{
    const struct {
        struct net_tls_config config;
        int alert;
    } rows[] = {
        { { .cert = NULL }, 116 },                       /* required */
        { { .cert = stray_pem, .key = stray_key }, 48 }, /* unknown CA */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct tls_peer_spec spec = { .cert = &tls_world.server,
                                            .min_version = TLS1_3_VERSION,
                                            .client_ca = &tls_world.ca };
        struct net_tls_config config = rows[i].config;
        struct tls_pair pair;

        config.cacert = tls_world.ca_file;
        tls_pair_open(&pair, &config, TLS_NAME, &spec);
        assert_int_equal(tls_pair_shake(&pair), NET_TLS_DONE);
        assert_false(pair.peer.open);
        assert_int_equal(tls_pair_to_client(&pair), NET_TLS_ALERT);
        assert_int_equal(net_tls_status(pair.client), NET_TLS_ALERT);
        assert_int_equal(net_tls_info(pair.client)->alert, rows[i].alert);
        assert_int_equal(net_tls_write(pair.client, "x", 1), NET_TLS_ALERT);
        tls_pair_close(&pair);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_good_file_is_passed_over),
        cmocka_unit_test(a_hashed_directory_is_looked_up),
        cmocka_unit_test(file_and_directory_add_up),
        cmocka_unit_test(the_environment_names_what_to_trust),
        cmocka_unit_test(an_option_wins_over_the_environment),
        cmocka_unit_test(a_system_trusts_its_own_or_says_that_it_has_none),
        cmocka_unit_test(a_client_certificate_opens_the_door),
        cmocka_unit_test(a_door_that_stays_shut_says_so_later),
    };

    return cmocka_run_group_tests_name("tls_trust", tests, set_up, tear_down);
}
