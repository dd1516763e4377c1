/*
 * tls_identity.c -- what we show a peer that asks: a client certificate.
 *
 * Each step has a complaint of its own, since "TLS error" at start-up helps
 * nobody.  An encrypted key is one of them: a monitoring agent has no terminal
 * to ask for its passphrase.
 */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#include "net/tls_openssl.h"

/* Whether it can be opened at all is asked first, for errno's sake. */
static BIO *file_open(const char *what, const char *path, char *error,
                      size_t size)
{
    BIO *bio;

    errno = 0;
    bio = BIO_new_file(path, "r");
    if (bio == NULL)
        (void)snprintf(error, size, "%s %s: %s", what, path,
                       errno != 0 ? strerror(errno) : tls_fault_text());
    ERR_clear_error();
    return bio;
}

static bool certificate_load(SSL_CTX *ctx, const char *path, char *error,
                             size_t size)
{
    BIO *bio = file_open("client certificate", path, error, size);
    bool loaded;

    if (bio == NULL)
        return false;
    BIO_free(bio);
    loaded = SSL_CTX_use_certificate_chain_file(ctx, path) == 1;
    if (!loaded)
        (void)snprintf(
            error, size,
            "client certificate %s: holds no certificate that can be "
            "used; expected PEM, \"-----BEGIN CERTIFICATE-----\", the "
            "client's own first",
            path);
    ERR_clear_error();
    return loaded;
}

/* The key of `path`; the caller owns it. */
static EVP_PKEY *key_read(const char *path, char *error, size_t size)
{
    BIO *bio = file_open("client key", path, error, size);
    bool encrypted = false;
    EVP_PKEY *key;

    if (bio == NULL)
        return NULL;
    key = PEM_read_bio_PrivateKey(bio, NULL, tls_no_password, &encrypted);
    if (encrypted)
        (void)snprintf(
            error, size,
            "client key %s: is encrypted and nobody is asked for its "
            "passphrase; expected a plain PEM key (openssl pkey -in FILE "
            "-out PLAIN)",
            path);
    else if (key == NULL)
        (void)snprintf(error, size,
                       "client key %s: holds no private key that can be used; "
                       "expected PEM, \"-----BEGIN PRIVATE KEY-----\"",
                       path);
    BIO_free(bio);
    ERR_clear_error();
    return key;
}

static bool key_use(SSL_CTX *ctx, EVP_PKEY *key,
                    const struct net_tls_config *config, char *error,
                    size_t size)
{
    const char *path = config->key != NULL ? config->key : config->cert;

    if (X509_check_private_key(SSL_CTX_get0_certificate(ctx), key) != 1)
        (void)snprintf(
            error, size,
            "client key %s: does not belong to the certificate of %s", path,
            config->cert);
    else if (SSL_CTX_use_PrivateKey(ctx, key) != 1)
        (void)snprintf(error, size, "client key %s: %s", path,
                       tls_fault_text());
    else
        return true;
    ERR_clear_error();
    return false;
}

bool tls_identity_load(SSL_CTX *ctx, const struct net_tls_config *config,
                       char *error, size_t size)
{
    EVP_PKEY *key;
    bool used;

    if (config->cert == NULL && config->key == NULL)
        return true;
    if (config->cert == NULL) {
        (void)snprintf(
            error, size,
            "client key %s: is of no use without a client certificate",
            config->key);
        return false;
    }
    if (!certificate_load(ctx, config->cert, error, size))
        return false;
    key =
        key_read(config->key != NULL ? config->key : config->cert, error, size);
    if (key == NULL)
        return false;
    used = key_use(ctx, key, config, error, size);
    EVP_PKEY_free(key);
    return used;
}
