/*
 * sigv4.c -- request > canonical form > text to sign > signature.
 *
 * The key is derived anew for each request (four HMACs): nothing secret stays.
 */
#include "aws/sigv4.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#include "aws/bytes.h"
#include "aws/sigv4_canonical.h"

#define ALGORITHM "AWS4-HMAC-SHA256"

enum {
    HASH_SIZE = 32,
    HEX_SIZE = 2 * HASH_SIZE + 1,
    DAY_SIZE = 8, /* "20260102" of the date */
    SCOPE_SIZE = 160,
};

/* What all steps need. */
struct signing {
    const struct sigv4_request *request;
    const struct aws_keys *keys;
    char date[SIGV4_DATE_SIZE];
    char scope[SCOPE_SIZE]; /* "20260102/us-west-2/ec2/aws4_request" */
};

static bool begin(struct signing *s, const struct sigv4_request *request,
                  const struct aws_keys *keys)
{
    struct tm parts;
    int n;

    s->request = request;
    s->keys = keys;
    if (!gmtime_r(&request->now, &parts) ||
        strftime(s->date, sizeof(s->date), "%Y%m%dT%H%M%SZ", &parts) !=
            SIGV4_DATE_SIZE - 1)
        return false;
    n = snprintf(s->scope, sizeof(s->scope), "%.8s/%s/%s/aws4_request", s->date,
                 request->region, request->service);
    return n > 0 && n < SCOPE_SIZE;
}

/* --- Hashes -------------------------------------------------------------- */

static void put_hex(const unsigned char hash[HASH_SIZE], char hex[HEX_SIZE])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < HASH_SIZE; i++) {
        hex[2 * i] = digits[hash[i] >> 4];
        hex[2 * i + 1] = digits[hash[i] & 15];
    }
    hex[HEX_SIZE - 1] = '\0';
}

static bool hash_hex(const void *bytes, size_t n, char hex[HEX_SIZE])
{
    unsigned char hash[HASH_SIZE];

    if (EVP_Digest(n > 0 ? bytes : "", n, hash, NULL, EVP_sha256(), NULL) != 1)
        return false;
    put_hex(hash, hex);
    return true;
}

static bool mac(const void *key, size_t key_size, const char *text, size_t n,
                unsigned char out[HASH_SIZE])
{
    return HMAC(EVP_sha256(), key, (int)key_size, (const unsigned char *)text,
                n, out, NULL) != NULL;
}

/* Turn `key` into the one below it. */
static bool mac_step(unsigned char key[HASH_SIZE], const char *text)
{
    unsigned char next[HASH_SIZE];
    bool done = mac(key, HASH_SIZE, text, strlen(text), next);

    memcpy(key, next, HASH_SIZE);
    OPENSSL_cleanse(next, sizeof(next));
    return done;
}

static bool derive_key(const struct signing *s, unsigned char key[HASH_SIZE])
{
    struct bytes secret = { 0 };
    bool done;

    bytes_text(&secret, "AWS4");
    bytes_text(&secret, s->keys->secret_key);
    done = !secret.failed &&
           mac(secret.text, secret.size, s->date, DAY_SIZE, key) &&
           mac_step(key, s->request->region) &&
           mac_step(key, s->request->service) && mac_step(key, "aws4_request");
    bytes_free(&secret);
    return done;
}

static bool sign_text(const struct signing *s, const struct bytes *text,
                      char signature[HEX_SIZE])
{
    unsigned char key[HASH_SIZE], hash[HASH_SIZE];
    bool done = !text->failed && derive_key(s, key) &&
                mac(key, sizeof(key), text->text, text->size, hash);

    if (done)
        put_hex(hash, signature);
    OPENSSL_cleanse(key, sizeof(key));
    return done;
}

/* --- The two texts ------------------------------------------------------- */

static bool put_canonical(const struct signing *s, const char *query,
                          const struct canonical_headers *headers,
                          struct bytes *out)
{
    const struct sigv4_request *request = s->request;
    char body[HEX_SIZE];

    bytes_text(out, request->method);
    bytes_text(out, "\n");
    canonical_path(out, request->path, request->keep_path);
    bytes_text(out, "\n");
    bytes_text(out, query);
    bytes_text(out, "\n");
    canonical_headers_text(out, headers);
    bytes_text(out, "\n");
    canonical_headers_names(out, headers);
    bytes_text(out, "\n");
    if (!hash_hex(request->body, request->body_size, body))
        return false;
    bytes_text(out, body);
    return !out->failed;
}

static bool make_signature(const struct signing *s, const char *query,
                           const struct canonical_headers *headers,
                           char signature[HEX_SIZE])
{
    struct bytes canonical = { 0 }, text = { 0 };
    char hash[HEX_SIZE];
    bool done = put_canonical(s, query, headers, &canonical) &&
                hash_hex(canonical.text, canonical.size, hash);

    if (done) {
        bytes_text(&text, ALGORITHM "\n");
        bytes_text(&text, s->date);
        bytes_text(&text, "\n");
        bytes_text(&text, s->scope);
        bytes_text(&text, "\n");
        bytes_text(&text, hash);
        done = sign_text(s, &text, signature);
    }
    bytes_free(&canonical);
    bytes_free(&text);
    return done;
}

/* --- By headers ---------------------------------------------------------- */

static bool put_authorization(const struct signing *s, const char *names,
                              const char *signature, struct sigv4_signed *out)
{
    int n = snprintf(out->authorization, sizeof(out->authorization),
                     ALGORITHM " Credential=%s/%s, SignedHeaders=%s, "
                               "Signature=%s",
                     s->keys->access_key, s->scope, names, signature);

    memcpy(out->date, s->date, sizeof(out->date));
    return n > 0 && n < SIGV4_AUTHORIZATION_SIZE;
}

bool sigv4_sign(const struct sigv4_request *request,
                const struct aws_keys *keys, struct sigv4_signed *out)
{
    struct canonical_headers headers = { 0 };
    struct bytes query = { 0 }, names = { 0 };
    char signature[HEX_SIZE];
    struct signing s;
    bool done = begin(&s, request, keys);
    const struct sigv4_header more[] = {
        { "x-amz-date", s.date },
        { "x-amz-security-token", keys->session_token },
    };

    done = done && canonical_headers_sort(&headers, request, more, 2);
    if (done) {
        bytes_text(&query, "");
        canonical_query(&query, request->query);
        canonical_headers_names(&names, &headers);
        done = !query.failed && !names.failed &&
               make_signature(&s, query.text, &headers, signature) &&
               put_authorization(&s, names.text, signature, out);
    }
    canonical_headers_free(&headers);
    bytes_free(&query);
    bytes_free(&names);
    return done;
}

/* --- By query ------------------------------------------------------------ */

static void put_parameter(struct bytes *out, const char *name,
                          const char *value)
{
    bytes_text(out, out->size > 0 ? "&" : "");
    bytes_text(out, name);
    bytes_text(out, "=");
    bytes_encode(out, value, strlen(value), "");
}

/* The query that is signed: the caller's and who signs. */
static void put_query(const struct signing *s, const char *names,
                      unsigned expires_s, struct bytes *out)
{
    struct bytes whole = { 0 }, credential = { 0 };
    char expires[16];

    (void)snprintf(expires, sizeof(expires), "%u", expires_s);
    bytes_text(&credential, s->keys->access_key);
    bytes_text(&credential, "/");
    bytes_text(&credential, s->scope);
    bytes_text(&whole, s->request->query ? s->request->query : "");
    put_parameter(&whole, "X-Amz-Algorithm", ALGORITHM);
    put_parameter(&whole, "X-Amz-Credential",
                  credential.failed ? "" : credential.text);
    put_parameter(&whole, "X-Amz-Date", s->date);
    put_parameter(&whole, "X-Amz-Expires", expires);
    put_parameter(&whole, "X-Amz-SignedHeaders", names);
    if (s->keys->session_token)
        put_parameter(&whole, "X-Amz-Security-Token", s->keys->session_token);
    if (whole.failed || credential.failed)
        out->failed = true;
    else
        canonical_query(out, whole.text);
    bytes_free(&whole);
    bytes_free(&credential);
}

char *sigv4_presign(const struct sigv4_request *request,
                    const struct aws_keys *keys, unsigned expires_s)
{
    struct canonical_headers headers = { 0 };
    struct bytes query = { 0 }, names = { 0 };
    char signature[HEX_SIZE];
    struct signing s;
    bool done = begin(&s, request, keys) &&
                canonical_headers_sort(&headers, request, NULL, 0);

    if (done) {
        canonical_headers_names(&names, &headers);
        put_query(&s, names.failed ? "" : names.text, expires_s, &query);
        done = !names.failed && !query.failed &&
               make_signature(&s, query.text, &headers, signature);
    }
    if (done)
        put_parameter(&query, "X-Amz-Signature", signature);
    canonical_headers_free(&headers);
    bytes_free(&names);
    if (!done || query.failed) {
        bytes_free(&query);
        return NULL;
    }
    return query.text;
}
