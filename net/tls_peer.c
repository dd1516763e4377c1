/*
 * tls_peer.c -- what the peer showed, and whether it is whom we asked for.
 *
 * OpenSSL calls on_certificates() with the chain that came.  That is the one
 * moment when the certificates can be had whatever becomes of the handshake,
 * so their facts are noted there, before anything is judged.  Then OpenSSL
 * verifies chain and name alike in every mode and asks on_verify_error() about
 * each fault: the mode says which may pass, the first one is noted.
 */
#include <arpa/inet.h>
#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "net/tls_openssl.h"

enum {
    HOST_MAX = 256,
    /* the record header (RFC 8446, 5.1), the types in it, and in a handshake
     * message (4) */
    RECORD_HEADER = 5,
    RECORD_ALERT = 21,
    RECORD_HANDSHAKE = 22,
    SERVER_HELLO = 2,
};

static int64_t seconds_of(const ASN1_TIME *time)
{
    struct tm tm;

    return ASN1_TIME_to_tm(time, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

/* RFC 2253 writes what is not printable ASCII as escapes. */
static void note_name(const X509_NAME *name, char text[NET_TLS_TEXT_MAX])
{
    BIO *bio = BIO_new(BIO_s_mem());
    int n = -1;

    if (bio == NULL)
        return;
    if (X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253) >= 0)
        n = BIO_read(bio, text, NET_TLS_TEXT_MAX - 1);
    text[n > 0 ? n : 0] = '\0';
    BIO_free(bio);
}

/* A DNS name as the certificate has it; what no name may hold becomes "?". */
static void dns_text(const ASN1_IA5STRING *dns, char text[NET_TLS_TEXT_MAX])
{
    const unsigned char *data = ASN1_STRING_get0_data(dns);
    const int length = ASN1_STRING_length(dns);
    int n = 0;

    for (; n < length && n < NET_TLS_TEXT_MAX - 1; n++)
        text[n] = (char)(data[n] > ' ' && data[n] <= '~' ? data[n] : '?');
    text[n] = '\0';
}

static bool ip_text(const ASN1_OCTET_STRING *ip, char text[NET_TLS_TEXT_MAX])
{
    const int length = ASN1_STRING_length(ip);

    if (length != 4 && length != 16)
        return false;
    return inet_ntop(length == 4 ? AF_INET : AF_INET6,
                     ASN1_STRING_get0_data(ip), text, NET_TLS_TEXT_MAX) != NULL;
}

static bool san_text(const GENERAL_NAME *san, char text[NET_TLS_TEXT_MAX])
{
    switch (san->type) {
    case GEN_DNS: dns_text(san->d.dNSName, text); return true;
    case GEN_IPADD: return ip_text(san->d.iPAddress, text);
    default: return false;
    }
}

static void note_sans(const X509 *leaf, struct net_tls_info *info)
{
    GENERAL_NAMES *sans =
        X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);

    for (int i = 0; i < sk_GENERAL_NAME_num(sans); i++) {
        if (info->nsans == NET_TLS_SANS_MAX)
            break;
        if (san_text(sk_GENERAL_NAME_value(sans, i), info->sans[info->nsans]))
            info->nsans++;
    }
    GENERAL_NAMES_free(sans);
}

static void note_chain(const STACK_OF(X509) * chain, struct net_tls_info *info)
{
    info->chain_not_after = info->not_after;
    for (int i = 0; i < sk_X509_num(chain); i++) {
        const X509 *x509 = sk_X509_value(chain, i);
        const int64_t not_after = seconds_of(X509_get0_notAfter(x509));

        if (not_after < info->chain_not_after)
            info->chain_not_after = not_after;
    }
}

static void note_certificates(X509_STORE_CTX *store, struct net_tls_info *info)
{
    const X509 *leaf = X509_STORE_CTX_get0_cert(store);

    info->nsans = 0;
    note_name(X509_get_subject_name(leaf), info->subject);
    note_name(X509_get_issuer_name(leaf), info->issuer);
    note_sans(leaf, info);
    info->not_before = seconds_of(X509_get0_notBefore(leaf));
    info->not_after = seconds_of(X509_get0_notAfter(leaf));
    note_chain(X509_STORE_CTX_get0_untrusted(store), info);
    ERR_clear_error(); /* of an extension that does not parse */
}

static struct net_tls_session *session_of(X509_STORE_CTX *store)
{
    return SSL_get_app_data(X509_STORE_CTX_get_ex_data(
        store, SSL_get_ex_data_X509_STORE_CTX_idx()));
}

/* May a fault pass? */
static bool passes(enum net_tls_verify verify, int fault)
{
    switch (verify) {
    case NET_TLS_VERIFY_FULL: break;
    case NET_TLS_VERIFY_CHAIN:
        return fault == X509_V_ERR_HOSTNAME_MISMATCH ||
               fault == X509_V_ERR_IP_ADDRESS_MISMATCH;
    case NET_TLS_VERIFY_NONE: return true;
    }
    return false;
}

static void note_fault(X509_STORE_CTX *store, struct net_tls_info *info)
{
    info->verify_error = X509_STORE_CTX_get_error(store);
    info->verify_depth = X509_STORE_CTX_get_error_depth(store);
    (void)snprintf(info->verify_text, sizeof(info->verify_text), "%s",
                   X509_verify_cert_error_string(info->verify_error));
}

/* The first fault is the one to tell ... */
static int on_verify_error(int ok, X509_STORE_CTX *store)
{
    struct net_tls_session *session = session_of(store);
    const bool pass =
        ok || passes(session->verify, X509_STORE_CTX_get_error(store));

    if (!ok && session->info.verify_error == X509_V_OK)
        note_fault(store, &session->info);
    return pass;
}

static int on_certificates(X509_STORE_CTX *store, void *arg)
{
    struct net_tls_session *session = session_of(store);
    int verified;

    (void)arg;
    note_certificates(store, &session->info);
    verified = X509_verify_cert(store);
    if (verified > 0 || session->verify == NET_TLS_VERIFY_NONE)
        return 1;
    /* ... unless a later one was decisive.  Lack of memory is not even asked
     * about. */
    if (passes(session->verify, (int)session->info.verify_error) ||
        session->info.verify_error == X509_V_OK)
        note_fault(store, &session->info);
    return 0;
}

void tls_peer_watch(SSL_CTX *ctx)
{
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, on_verify_error);
    SSL_CTX_set_cert_verify_callback(ctx, on_certificates, NULL);
}

/* Copy `name` as it is compared: without a final dot (RFC 6066, 3) and without
 * the zone of an IPv6 literal.  False: too long, or nothing is left. */
static bool host_copy(const char *name, char host[HOST_MAX])
{
    size_t n = strchr(name, ':') != NULL ? strcspn(name, "%") : strlen(name);

    if (n > 1 && name[n - 1] == '.')
        n--;
    if (n == 0 || n >= HOST_MAX)
        return false;
    memcpy(host, name, n);
    host[n] = '\0';
    return true;
}

/* OpenSSL would read a name that begins with a dot as "any name below", and an
 * empty one as "any": neither is a name to verify. */
bool tls_peer_expect(SSL *ssl, const char *name)
{
    X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
    unsigned char literal[sizeof(struct in6_addr)];
    char host[HOST_MAX];

    if (!host_copy(name, host) || host[0] == '.')
        return false;
    X509_VERIFY_PARAM_set_hostflags(param,
                                    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
                                        X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    if (inet_pton(AF_INET, host, literal) == 1)
        return X509_VERIFY_PARAM_set1_ip(param, literal, 4) == 1;
    if (inet_pton(AF_INET6, host, literal) == 1)
        return X509_VERIFY_PARAM_set1_ip(param, literal, 16) == 1;
    return SSL_set1_host(ssl, host) == 1 &&
           SSL_set_tlsext_host_name(ssl, host) == 1;
}

void tls_peer_note(SSL *ssl, struct net_tls_info *info)
{
    const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);

    if (cipher == NULL)
        return;
    (void)snprintf(info->version, sizeof(info->version), "%s",
                   SSL_get_version(ssl));
    (void)snprintf(info->cipher, sizeof(info->cipher), "%s",
                   SSL_CIPHER_get_name(cipher));
}

/* Alerts of level warning may come before it. */
bool tls_peer_said_hello(const unsigned char *head, size_t n)
{
    size_t record = 0;

    while (n > record + RECORD_HEADER && head[record + 1] == 3) {
        if (head[record] == RECORD_HANDSHAKE)
            return head[record + RECORD_HEADER] == SERVER_HELLO;
        if (head[record] != RECORD_ALERT)
            return false;
        record +=
            RECORD_HEADER + (size_t)head[record + 3] * 256 + head[record + 4];
    }
    return false;
}
