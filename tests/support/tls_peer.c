#include "support/tls_peer.h"

#include "support/unit.h"

#include <openssl/err.h>
#include <stdio.h>
#include <string.h>

static int on_name(SSL *ssl, int *alert, void *arg)
{
    struct tls_peer *peer = arg;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

    (void)snprintf(peer->sni, sizeof(peer->sni), "%s",
                   name != NULL ? name : "");
    if (peer->only_name == NULL || strcmp(peer->only_name, peer->sni) == 0)
        return SSL_TLSEXT_ERR_OK;
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static void identity_set(SSL_CTX *ctx, const struct tls_peer_spec *spec)
{
    assert_int_equal(SSL_CTX_use_certificate(ctx, spec->cert->x509), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(ctx, spec->cert->key), 1);
    if (spec->chain != NULL)
        assert_int_equal(SSL_CTX_add1_chain_cert(ctx, spec->chain->x509), 1);
}

static void clients_set(SSL_CTX *ctx, const struct cert *ca)
{
    if (ca == NULL)
        return;
    X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), ca->x509);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                       NULL);
}

static SSL_CTX *context_new(struct tls_peer *peer,
                            const struct tls_peer_spec *spec)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

    assert_non_null(ctx);
    SSL_CTX_set_min_proto_version(ctx, spec->min_version);
    SSL_CTX_set_max_proto_version(ctx, spec->max_version);
    if (spec->ciphers != NULL)
        assert_int_equal(SSL_CTX_set_cipher_list(ctx, spec->ciphers), 1);
    identity_set(ctx, spec);
    clients_set(ctx, spec->client_ca);
    SSL_CTX_set_tlsext_servername_callback(ctx, on_name);
    SSL_CTX_set_tlsext_servername_arg(ctx, peer);
    return ctx;
}

void tls_peer_open(struct tls_peer *peer, const struct tls_peer_spec *spec)
{
    BIO *in = BIO_new(BIO_s_mem());
    BIO *out = BIO_new(BIO_s_mem());

    *peer = (struct tls_peer){ .only_name = spec->only_name };
    peer->ctx = context_new(peer, spec);
    peer->ssl = SSL_new(peer->ctx);
    assert_non_null(peer->ssl);
    BIO_set_mem_eof_return(in, -1);
    SSL_set_bio(peer->ssl, in, out);
    SSL_set_accept_state(peer->ssl);
}

void tls_peer_close(struct tls_peer *peer)
{
    SSL_free(peer->ssl);
    SSL_CTX_free(peer->ctx);
    ERR_clear_error();
}

void tls_peer_take(struct tls_peer *peer, const char *bytes, size_t n)
{
    if (n > 0)
        assert_int_equal(BIO_write(SSL_get_rbio(peer->ssl), bytes, (int)n), n);
    if (!peer->open)
        peer->open = SSL_do_handshake(peer->ssl) == 1;
    ERR_clear_error();
}

size_t tls_peer_give(struct tls_peer *peer, char *bytes, size_t size)
{
    const int n = BIO_read(SSL_get_wbio(peer->ssl), bytes, (int)size);

    return n > 0 ? (size_t)n : 0;
}

void tls_peer_say(struct tls_peer *peer, const char *plain, size_t n)
{
    assert_int_equal(SSL_write(peer->ssl, plain, (int)n), n);
}

size_t tls_peer_hear(struct tls_peer *peer, char *plain, size_t size)
{
    const int n = SSL_read(peer->ssl, plain, (int)size);

    ERR_clear_error();
    return n > 0 ? (size_t)n : 0;
}

void tls_peer_say_goodbye(struct tls_peer *peer)
{
    SSL_shutdown(peer->ssl);
    ERR_clear_error();
}

bool tls_peer_was_told_goodbye(struct tls_peer *peer)
{
    char plain[16];

    (void)SSL_read(peer->ssl, plain, sizeof(plain));
    return (SSL_get_shutdown(peer->ssl) & SSL_RECEIVED_SHUTDOWN) != 0;
}
