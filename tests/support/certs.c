#include "support/certs.h"

#include "support/unit.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

enum {
    HOUR_S = 3600,
    MONTH_S = 30 * 24 * HOUR_S,
};

static void extension_add(X509 *x509, X509 *issuer, int nid, const char *value)
{
    X509_EXTENSION *extension;
    X509V3_CTX context;

    X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(x509, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static void name_set(X509_NAME *name, const char *text)
{
    assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                                (const unsigned char *)text, -1,
                                                -1, 0),
                     1);
}

struct cert cert_new(const struct cert_spec *spec)
{
    static long serial = 1;
    struct cert cert = { .x509 = X509_new(), .key = EVP_EC_gen("P-256") };
    const struct cert *issuer = spec->issuer != NULL ? spec->issuer : &cert;
    X509 *x509 = cert.x509;

    assert_non_null(x509);
    assert_non_null(cert.key);
    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), serial++);
    name_set(X509_get_subject_name(x509), spec->name);
    X509_set_issuer_name(x509, X509_get_subject_name(issuer->x509));
    X509_gmtime_adj(X509_getm_notBefore(x509),
                    spec->from_s != 0 ? spec->from_s : -HOUR_S);
    X509_gmtime_adj(X509_getm_notAfter(x509),
                    spec->until_s != 0 ? spec->until_s : MONTH_S);
    X509_set_pubkey(x509, cert.key);
    if (spec->ca)
        extension_add(x509, issuer->x509, NID_basic_constraints,
                      "critical,CA:TRUE");
    if (spec->sans != NULL)
        extension_add(x509, issuer->x509, NID_subject_alt_name, spec->sans);
    assert_true(X509_sign(x509, issuer->key, EVP_sha256()) > 0);
    return cert;
}

void cert_free(struct cert *cert)
{
    X509_free(cert->x509);
    EVP_PKEY_free(cert->key);
    *cert = (struct cert){ 0 };
}

static FILE *file_open(const char *path, const char *mode)
{
    FILE *file = fopen(path, mode);

    assert_non_null(file);
    return file;
}

void cert_write(const struct cert *cert, const char *path, const char *mode)
{
    FILE *file = file_open(path, mode);

    assert_int_equal(PEM_write_X509(file, cert->x509), 1);
    assert_int_equal(fclose(file), 0);
}

void cert_write_key(const struct cert *cert, const char *path, const char *mode,
                    const char *passphrase)
{
    FILE *file = file_open(path, mode);

    assert_int_equal(
        PEM_write_PrivateKey(
            file, cert->key, passphrase != NULL ? EVP_aes_128_cbc() : NULL,
            (const unsigned char *)passphrase,
            passphrase != NULL ? (int)strlen(passphrase) : 0, NULL, NULL),
        1);
    assert_int_equal(fclose(file), 0);
}

void cert_write_hashed(const struct cert *cert, const char *dir)
{
    char path[4096];
    int ok = 0;

    (void)snprintf(
        path, sizeof(path), "%s/%08lx.0", dir,
        X509_NAME_hash_ex(X509_get_subject_name(cert->x509), NULL, NULL, &ok));
    assert_true(ok);
    cert_write(cert, path, "w");
}
