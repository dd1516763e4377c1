/*
 * test_http_tls.c -- whom a client trusts: the bundle it was given, that of
 * AWS_CA_BUNDLE, or the system's.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aws/http_world.h"
#include "support/certs.h"
#include "support/peer_tls.h"
#include "support/tls_peer.h"

static char dir[] = "/tmp/test_http_tls.XXXXXX";
static char trusted[64], other[64];
static struct cert ca, stranger, server, misnamed;

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(dir));
    (void)snprintf(trusted, sizeof(trusted), "%s/ca.pem", dir);
    (void)snprintf(other, sizeof(other), "%s/other.pem", dir);
    ca = cert_new(&(struct cert_spec){ .name = "a CA", .ca = true });
    stranger = cert_new(&(struct cert_spec){ .name = "other", .ca = true });
    server = cert_new(&(struct cert_spec){
        .name = "server", .sans = "IP:127.0.0.1", .issuer = &ca });
    misnamed = cert_new(&(struct cert_spec){
        .name = "server", .sans = "DNS:elsewhere", .issuer = &ca });
    cert_write(&ca, trusted, "w");
    cert_write(&stranger, other, "w");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    cert_free(&ca);
    cert_free(&stranger);
    cert_free(&server);
    cert_free(&misnamed);
    (void)unlink(trusted);
    (void)unlink(other);
    return rmdir(dir);
}

static const struct peer_step script[] = {
    { PEER_EXPECT, "GET / HTTP/1.1\r\n", 0 },
    { PEER_SEND, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 0 },
    { PEER_END, NULL, 0 },
};

/* Ask a server with `cert`; trust `given`, and `named` by the environment. */
static void ask(const struct cert *cert, const char *given, const char *named)
{
    static const struct peer_step *const scripts[] = { script };
    struct tls_peer_spec spec = { .cert = cert };
    struct peer *peer = peer_start_scripts(scripts, 1, &peer_tls, &spec);
    char url[64];

    web_open(NULL, 0);
    http_free(web.http);
    if (named)
        setenv("AWS_CA_BUNDLE", named, 1);
    web.http = http_new(&web.loop, given);
    assert_non_null(web.http);
    (void)snprintf(url, sizeof(url), "https://127.0.0.1:%u/", peer_port(peer));
    web_get(url);
    http_free(web.http); /* says goodbye to the peer */
    web.http = NULL;
    peer_stop(peer);
}

static void who_is_trusted_is_asked(void **state)
{
    (void)state;
    ask(&server, trusted, NULL);
    assert_int_equal(web.asked[0].request.status, 200);
    assert_string_equal(web.asked[0].request.answer, "ok");
    web_close();
    ask(&server, NULL, trusted);
    assert_int_equal(web.asked[0].request.status, 200);
    web_close();
    ask(&server, trusted, other);
    assert_int_equal(web.asked[0].request.status, 200);
    web_close();
}

static void who_is_not_trusted_hears_nothing(void **state)
{
    static const struct {
        const struct cert *cert;
        const char *given, *named;
    } rows[] = {
        { &server, NULL, NULL },        { &server, other, NULL },
        { &server, NULL, other },       { &misnamed, trusted, NULL },
        { &server, "/none.pem", NULL }, { &server, other, trusted },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct http_request *request = &web.asked[0].request;

        ask(rows[i].cert, rows[i].given, rows[i].named);
        assert_int_equal(request->status, 0);
        assert_false(request->sent);
        assert_true(request->hopeless);
        assert_non_null(strstr(request->error, "certificate"));
        web_close();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_trusted_is_asked),
        cmocka_unit_test(who_is_not_trusted_hears_nothing),
    };

    return cmocka_run_group_tests_name("http tls", tests, set_up, tear_down);
}
