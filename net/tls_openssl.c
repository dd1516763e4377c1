/*
 * tls_openssl.c -- the TLS module: the library, a context, the table.
 *
 * The library is started lean (a sixth of a whole check): without its
 * configuration file, without the texts of libcrypto's errors and without a
 * handler at exit.  The texts of libssl's errors cost next to nothing and are
 * what a report shows.
 */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>

#include "net/tls_module.h"
#include "net/tls_openssl.h"

static bool library_start(void)
{
    const uint64_t lean = OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
                          OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT;

    return OPENSSL_init_ssl(lean, NULL) == 1;
}

/* No renegotiation, no resumption, no tickets: each connection of a check
 * stands for one of a new client. */
static bool context_set(SSL_CTX *ctx)
{
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                 SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    tls_peer_watch(ctx);
    return SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1;
}

static void context_free(struct net_tls_context *context)
{
    SSL_CTX_free(context->ssl_ctx);
    BIO_meth_free(context->bio_method);
    OPENSSL_free(context);
}

static struct net_tls_context *context_new(const struct net_tls_config *config,
                                           char *error, size_t size)
{
    struct net_tls_context *context = NULL;

    if (library_start())
        context = OPENSSL_zalloc(sizeof(*context));
    if (context == NULL) {
        (void)snprintf(error, size, "OpenSSL does not start: %s",
                       tls_fault_text());
        return NULL;
    }
    context->verify = config->verify;
    context->bio_method = tls_bio_method();
    context->ssl_ctx = SSL_CTX_new(TLS_client_method());
    if (context->bio_method == NULL || context->ssl_ctx == NULL ||
        !context_set(context->ssl_ctx)) {
        (void)snprintf(error, size, "OpenSSL makes no context: %s",
                       tls_fault_text());
    } else if (tls_trust_load(context->ssl_ctx, config, error, size) &&
               tls_identity_load(context->ssl_ctx, config, error, size)) {
        return context;
    }
    context_free(context);
    return NULL;
}

static const char *library(void)
{
    return OpenSSL_version(OPENSSL_VERSION);
}

__attribute__((visibility("default")))
const struct net_tls_module net_tls_module_openssl = {
    .abi = NET_TLS_MODULE_ABI,
    .info_size = sizeof(struct net_tls_info),
    .context_new = context_new,
    .context_free = context_free,
    .session_new = tls_session_new,
    .session_free = tls_session_free,
    .handshake = tls_session_handshake,
    .feed = tls_session_feed,
    .read = tls_session_read,
    .write = tls_session_write,
    .goodbye = tls_session_goodbye,
    .pull = tls_session_pull,
    .status = tls_session_status,
    .info = tls_session_info,
    .library = library,
};
