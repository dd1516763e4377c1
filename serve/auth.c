/*
 * auth.c -- header > name and password > digest > known?  else worker > digest
 * kept > told.
 */
#include "serve/auth.h"

#include <crypt.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

enum {
    DIGEST = 32,
    CACHE = 128,
    JOBS_MAX = 8, /* the workers have passwords of targets to get, too */
};

/* Of a password that nobody has; any work on it is thrown away. */
static const char nobody[] =
    "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";

struct known {
    unsigned char digest[DIGEST];
    bool used, good;
};

struct serve_auth {
    struct net_loop *loop;
    unsigned char key[DIGEST];
    struct known cache[CACHE];
    unsigned next; /* to be replaced */
    unsigned jobs;
    bool freed;
};

struct serve_auth_job {
    uv_work_t work;
    struct serve_auth *auth;
    serve_auth_cb cb; /* NULL: forgotten */
    void *data;
    unsigned char digest[DIGEST];
    char password[SERVE_LOGIN_MAX + 1];
    char hash[128];
    bool nobody, good;
    struct crypt_data crypt;
};

struct serve_auth *serve_auth_new(struct net_loop *loop)
{
    struct serve_auth *auth = calloc(1, sizeof(*auth));

    if (auth && getrandom(auth->key, DIGEST, 0) == DIGEST) {
        auth->loop = loop;
        return auth;
    }
    free(auth);
    return NULL;
}

static void auth_free(struct serve_auth *auth)
{
    explicit_bzero(auth, sizeof(*auth));
    free(auth);
}

void serve_auth_free(struct serve_auth *auth)
{
    if (!auth)
        return;
    auth->freed = true;
    if (auth->jobs == 0)
        auth_free(auth);
}

static int sextet(char letter)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = letter ? strchr(letters, letter) : NULL;

    return at ? (int)(at - letters) : -1;
}

/* The bytes of `base64`; -1: it is none, or too long. */
static int decode(const char *base64, char *bytes, size_t room)
{
    unsigned bits = 0, value = 0;
    size_t n = 0;

    for (; *base64 && *base64 != '='; base64++) {
        int six = sextet(*base64);

        if (six < 0)
            return -1;
        value = value << 6 | (unsigned)six;
        bits += 6;
        if (bits < 8)
            continue;
        bits -= 8;
        if (n == room)
            return -1;
        bytes[n++] = (char)(value >> bits & 0xff);
    }
    base64 += strspn(base64, "=");
    return *base64 == '\0' ? (int)n : -1;
}

bool serve_auth_read(const char *header, char text[SERVE_LOGIN_MAX + 1],
                     const char **password)
{
    char *colon;
    int n;

    if (!header || strncasecmp(header, "Basic ", 6) != 0)
        return false;
    header += 6;
    header += strspn(header, " ");
    n = decode(header, text, SERVE_LOGIN_MAX);
    if (n < 0 || memchr(text, '\0', (size_t)n))
        return false;
    text[n] = '\0';
    colon = strchr(text, ':');
    if (!colon)
        return false;
    *colon = '\0';
    *password = colon + 1;
    return true;
}

/* What a name, its hash and a password are remembered by. */
static bool digest_of(const struct serve_auth *auth, const char *name,
                      const char *hash, const char *password,
                      unsigned char digest[DIGEST])
{
    gnutls_hmac_hd_t hmac;

    if (gnutls_hmac_init(&hmac, GNUTLS_MAC_SHA256, auth->key, DIGEST) < 0)
        return false;
    /* Each with its NUL, so that no two triples look alike. */
    (void)gnutls_hmac(hmac, name, strlen(name) + 1);
    (void)gnutls_hmac(hmac, hash, strlen(hash) + 1);
    (void)gnutls_hmac(hmac, password, strlen(password) + 1);
    gnutls_hmac_deinit(hmac, digest);
    return true;
}

static const struct known *find(const struct serve_auth *auth,
                                const unsigned char digest[DIGEST])
{
    for (size_t i = 0; i < CACHE; i++) {
        const struct known *known = &auth->cache[i];

        if (known->used && memcmp(known->digest, digest, DIGEST) == 0)
            return known;
    }
    return NULL;
}

static void remember(struct serve_auth *auth, const struct serve_auth_job *job)
{
    struct known *known = &auth->cache[auth->next++ % CACHE];

    *known = (struct known){ .used = true, .good = job->good };
    memcpy(known->digest, job->digest, DIGEST);
}

static bool equal(const char *a, const char *b)
{
    size_t n = strlen(a);
    unsigned char differ = 0;

    if (n != strlen(b))
        return false;
    for (size_t i = 0; i < n; i++)
        differ |= (unsigned char)(a[i] ^ b[i]);
    return differ == 0;
}

static void on_work(uv_work_t *work)
{
    struct serve_auth_job *job = work->data;
    const char *made = crypt_r(job->password, job->hash, &job->crypt);

    job->good = made && equal(made, job->hash) && !job->nobody;
}

static void on_worked(uv_work_t *work, int status)
{
    struct serve_auth_job *job = work->data;
    struct serve_auth *auth = job->auth;

    auth->jobs--;
    if (status == 0)
        remember(auth, job);
    if (job->cb)
        job->cb(job->data, job->good);
    explicit_bzero(job, sizeof(*job));
    free(job);
    if (auth->freed && auth->jobs == 0)
        auth_free(auth);
}

static enum serve_auth_verdict queue(struct serve_auth *auth,
                                     struct serve_auth_job *job)
{
    job->work.data = job;
    job->auth = auth;
    if (uv_queue_work(&auth->loop->uv, &job->work, on_work, on_worked) != 0) {
        explicit_bzero(job, sizeof(*job));
        free(job);
        return SERVE_AUTH_BUSY;
    }
    auth->jobs++;
    return SERVE_AUTH_LATER;
}

static enum serve_auth_verdict look(struct serve_auth *auth, const char *name,
                                    const char *password, const char *hash,
                                    struct serve_auth_job *job)
{
    const char *against = hash ? hash : nobody;
    const struct known *known;

    if (!digest_of(auth, name, against, password, job->digest))
        return SERVE_AUTH_BUSY;
    known = find(auth, job->digest);
    if (known)
        return known->good ? SERVE_AUTH_GOOD : SERVE_AUTH_BAD;
    if (auth->jobs >= JOBS_MAX)
        return SERVE_AUTH_BUSY;
    job->nobody = !hash;
    memcpy(job->hash, against, strlen(against) + 1);
    memcpy(job->password, password, strlen(password) + 1);
    return SERVE_AUTH_LATER;
}

enum serve_auth_verdict serve_auth_check(struct serve_auth *auth,
                                         const struct web_config *config,
                                         const char *header, serve_auth_cb cb,
                                         void *data,
                                         struct serve_auth_job **job)
{
    struct serve_auth_job *made = calloc(1, sizeof(*made));
    enum serve_auth_verdict verdict = SERVE_AUTH_BAD;
    char text[SERVE_LOGIN_MAX + 1];
    const char *password;

    if (!made)
        return SERVE_AUTH_BUSY;
    if (serve_auth_read(header, text, &password))
        verdict =
            look(auth, text, password, web_config_user(config, text), made);
    explicit_bzero(text, sizeof(text));
    if (verdict != SERVE_AUTH_LATER) {
        free(made);
        return verdict;
    }
    made->cb = cb;
    made->data = data;
    verdict = queue(auth, made);
    if (verdict == SERVE_AUTH_LATER)
        *job = made;
    return verdict;
}

void serve_auth_forget(struct serve_auth_job *job)
{
    job->cb = NULL;
}
