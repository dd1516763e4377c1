/*
 * certs.h -- certificates made on the spot: EC P-256, in memory or as files.
 *
 * Nothing here outlives the test, so no certificate in the tree ever expires.
 * A failure is a failure of the test.
 */
#ifndef TESTS_CERTS_H
#define TESTS_CERTS_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>

struct cert {
    X509 *x509;
    EVP_PKEY *key;
};

struct cert_spec {
    const char *name;          /* CN of the subject */
    const char *sans;          /* "DNS:a.example,IP:127.0.0.1"; NULL: none */
    long from_s;               /* from now; 0: an hour ago */
    long until_s;              /* from now; 0: in thirty days */
    bool ca;                   /* may sign others */
    const struct cert *issuer; /* NULL: signs itself */
};

/* Make one; the caller owns it until cert_free(). */
struct cert cert_new(const struct cert_spec *spec);
void cert_free(struct cert *cert);

/* Write PEM files; `mode` is fopen()'s, so "a" appends. */
void cert_write(const struct cert *cert, const char *path, const char *mode);
/* `passphrase` encrypts; NULL: plain. */
void cert_write_key(const struct cert *cert, const char *path, const char *mode,
                    const char *passphrase);

/* Write `cert` to a directory of CAs, under its hash ("9d66eef0.0"). */
void cert_write_hashed(const struct cert *cert, const char *dir);

#endif /* TESTS_CERTS_H */
