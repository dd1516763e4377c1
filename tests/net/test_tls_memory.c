/*
 * test_tls_memory.c -- any allocation of the module, or of OpenSSL for it, may
 * fail: each ends in a status, and the sanitizers see nothing lost.
 *
 * A life takes some thousand of them; past the first ones they are sampled.
 */
#include "support/unit.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "net/tls.h"
#include "support/tls_pair.h"

enum {
    ALL_UP_TO = 100,
    STRIDE = 67,
};

static unsigned long left; /* allocations until one fails */
static bool armed;         /* they are those of the client at work */
static bool failed;
static unsigned long ours; /* allocations by the module's own files */

static bool fails_now(void)
{
    if (!armed || failed || --left > 0)
        return false;
    failed = true;
    return true;
}

static bool is_ours(const char *file)
{
    return file && strstr(file, "net/tls_") != NULL;
}

static void *on_malloc(size_t n, const char *file, int line)
{
    (void)line;
    ours += is_ours(file);
    return fails_now() ? NULL : malloc(n);
}

static void *on_realloc(void *memory, size_t n, const char *file, int line)
{
    (void)line;
    ours += is_ours(file);
    return fails_now() ? NULL : realloc(memory, n);
}

static void on_free(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    free(memory);
}

static struct net_tls_context *context_new(const struct net_tls_config *config)
{
    struct net_tls_context *context;
    char error[256] = "";

    armed = true;
    context = net_tls_context_new(config, error, sizeof(error));
    armed = false;
    assert_int_equal(context == NULL, error[0] != '\0');
    return context;
}

static struct net_tls_session *session_new(struct net_tls_context *context)
{
    struct net_tls_session *session;

    armed = true;
    session = net_tls_session_new(context, TLS_NAME);
    armed = false;
    return session;
}

static enum net_tls_want handshake(struct tls_pair *pair, const char *bytes,
                                   size_t n)
{
    enum net_tls_want want;

    armed = true;
    want = net_tls_handshake(pair->client, bytes, n);
    armed = false;
    return want;
}

static enum net_tls_want shake(struct tls_pair *pair)
{
    enum net_tls_want want = handshake(pair, NULL, 0);
    char bytes[8192];

    while (want == NET_TLS_MORE) {
        size_t n;

        tls_pair_to_peer(pair);
        n = tls_peer_give(&pair->peer, bytes, sizeof(bytes));
        if (n == 0)
            break;
        want = handshake(pair, bytes, n);
    }
    tls_pair_to_peer(pair);
    return want;
}

static enum net_status talk(struct tls_pair *pair)
{
    static char plain[20000];
    enum net_status status;

    tls_peer_say(&pair->peer, plain, sizeof(plain));
    armed = true;
    status = tls_pair_to_client(pair);
    if (status == NET_OK)
        status = net_tls_write(pair->client, plain, sizeof(plain));
    armed = false;
    return status;
}

/* A whole life, as far as it comes. */
static void live(const struct net_tls_config *config)
{
    struct tls_pair pair = { .context = context_new(config) };

    if (pair.context != NULL)
        pair.client = session_new(pair.context);
    if (pair.client == NULL) {
        assert_true(failed);
        net_tls_context_free(pair.context);
        return;
    }
    tls_peer_open(&pair.peer,
                  &(struct tls_peer_spec){ .cert = &tls_world.server,
                                           .client_ca = &tls_world.ca });
    if (shake(&pair) == NET_TLS_DONE && pair.peer.open) {
        if (talk(&pair) != NET_OK)
            assert_true(failed);
    } else {
        assert_true(failed);
    }
    tls_pair_close(&pair);
}

static void any_allocation_may_fail(void **state)
{
    const char *pem = tls_world_path("client.pem");
    const struct net_tls_config config = { .cacert = tls_world.ca_file,
                                           .cert = pem };
    unsigned long n = 0;

    (void)state;
    cert_write(&tls_world.client, pem, "w");
    cert_write_key(&tls_world.client, pem, "a", NULL);
    left = SIZE_MAX;
    live(&config); /* what is allocated once a process */
    do {
        n += n < ALL_UP_TO ? 1 : STRIDE;
        left = n;
        failed = false;
        live(&config);
        ERR_clear_error();
    } while (failed);
    assert_in_range(n, ALL_UP_TO, 100000);
}

static void our_own_lack_of_memory_is_told_as_such(void **state)
{
    struct tls_pair pair;
    char bytes[20000] = "";

    (void)state;
    tls_pair_open(&pair, NULL, TLS_NAME,
                  &(struct tls_peer_spec){ .cert = &tls_world.server });
    assert_int_equal(tls_pair_shake(&pair), NET_TLS_DONE);
    left = 1;
    failed = false;
    armed = true;
    assert_int_equal(net_tls_write(pair.client, bytes, sizeof(bytes)),
                     NET_NOMEM);
    armed = false;
    assert_true(failed);
    tls_pair_close(&pair);
}

/* A benchmark's rule.  OpenSSL itself takes some bytes for each record. */
static void talk_takes_no_memory_of_ours(void **state)
{
    struct tls_pair pair;

    (void)state;
    left = SIZE_MAX;
    failed = false;
    tls_pair_open(&pair, NULL, TLS_NAME,
                  &(struct tls_peer_spec){ .cert = &tls_world.server });
    assert_int_equal(tls_pair_shake(&pair), NET_TLS_DONE);
    assert_int_equal(tls_pair_to_client(&pair), NET_OK); /* its tickets */
    for (int i = 0; i < 100; i++) {
        char plain[64] = "+PONG\r\n";
        char record[256];
        size_t n;

        tls_peer_say(&pair.peer, plain, 7);
        n = tls_peer_give(&pair.peer, record, sizeof(record));
        if (i == 1) {
            assert_int_not_equal(ours, 0);
            ours = 0;
        }
        assert_int_equal(net_tls_feed(pair.client, record, n), NET_OK);
        while (net_tls_read(pair.client, plain, sizeof(plain)) > 0)
            ;
        assert_int_equal(net_tls_write(pair.client, plain, 7), NET_OK);
        tls_pair_to_peer(&pair);
        assert_int_equal(tls_peer_hear(&pair.peer, plain, sizeof(plain)), 7);
    }
    assert_int_equal(ours, 0);
    tls_pair_close(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_allocation_may_fail),
        cmocka_unit_test(our_own_lack_of_memory_is_told_as_such),
        cmocka_unit_test(talk_takes_no_memory_of_ours),
    };

    if (!CRYPTO_set_mem_functions(on_malloc, on_realloc, on_free))
        return 1;
    return cmocka_run_group_tests_name("tls_memory", tests, tls_world_set_up,
                                       tls_world_tear_down);
}
