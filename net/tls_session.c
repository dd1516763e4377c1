/*
 * tls_session.c -- one session: bytes of the peer in, bytes for the peer out.
 *
 *     shaking --handshake()--> open --feed()--> ended
 *         \____________ fault ______________/
 *
 * Each call lends its bytes to the BIO (tls_buffer.c) and lets OpenSSL run
 * until it wants more: afterwards they are all consumed.  What they decrypt to
 * waits in `plain`, so memory is bounded by what the caller feeds between two
 * reads and one record that is not yet complete.  OpenSSL bounds the handshake
 * itself; the answers that a peer can provoke later are counted in `unasked`.
 */
#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>

#include "net/tls_openssl.h"

enum {
    /* A peer may ask for new keys (RFC 8446, 4.6.3), and each time we answer
     * with 27 bytes or so: 2,400 times are more than a key ever needs. */
    UNASKED_MAX = 65536,
    PLAIN_ROOM = 1024, /* free at each read of plain text */
};

static bool session_open(struct net_tls_session *session,
                         struct net_tls_context *context, const char *name)
{
    BIO *bio;

    session->ssl = SSL_new(context->ssl_ctx);
    if (session->ssl == NULL)
        return false;
    bio = tls_bio_new(context->bio_method, session);
    if (bio == NULL)
        return false;
    SSL_set_bio(session->ssl, bio, bio);
    SSL_set_connect_state(session->ssl);
    return SSL_set_app_data(session->ssl, session) == 1 &&
           tls_peer_expect(session->ssl, name);
}

struct net_tls_session *tls_session_new(struct net_tls_context *context,
                                        const char *name)
{
    struct net_tls_session *session = OPENSSL_zalloc(sizeof(*session));

    if (session == NULL)
        return NULL;
    session->verify = context->verify;
    session->info.alert = NET_TLS_ALERT_NONE;
    if (session_open(session, context, name))
        return session;
    tls_session_free(session);
    ERR_clear_error();
    return NULL;
}

void tls_session_free(struct net_tls_session *session)
{
    SSL_free(session->ssl);
    OPENSSL_free(session->out.data);
    /* Plain text may be a value of the cache that somebody keeps secret. */
    OPENSSL_clear_free(session->plain.data, session->plain.capacity);
    OPENSSL_free(session);
}

static void session_end(struct net_tls_session *session, enum net_status status)
{
    session->phase = TLS_ENDED;
    session->status = status;
}

/* Judge a call of OpenSSL that returned `result`, which is no success. */
static void session_judge(struct net_tls_session *session, int result)
{
    const int native = SSL_get_error(session->ssl, result);

    if (native == SSL_ERROR_WANT_READ)
        return;
    if (native == SSL_ERROR_ZERO_RETURN)
        session_end(session, NET_CLOSED);
    else
        session_end(session, tls_fault_take(native, &session->info));
}

/* Lend `n` bytes to OpenSSL; the first ones ever are kept as evidence. */
static void bytes_lend(struct net_tls_session *session, const char *bytes,
                       size_t n)
{
    struct net_tls_info *info = &session->info;
    const size_t room = sizeof(info->head) - info->nhead;
    const size_t kept = n < room ? n : room;

    if (kept > 0)
        memcpy(info->head + info->nhead, bytes, kept);
    info->nhead += (unsigned)kept;
    session->in = bytes;
    session->nin = n;
    ERR_clear_error(); /* SSL_get_error() looks there too */
}

static void bytes_return(struct net_tls_session *session)
{
    session->in = NULL;
    session->nin = 0;
}

/* Decrypt all that was lent. */
static void session_decrypt(struct net_tls_session *session)
{
    struct tls_buffer *plain = &session->plain;
    const size_t before = session->out.end - session->out.start;

    while (session->phase == TLS_OPEN) {
        size_t n = 0;
        int result;

        if (!tls_buffer_reserve(plain, PLAIN_ROOM)) {
            session_end(session, NET_NOMEM);
            break;
        }
        result = SSL_read_ex(session->ssl, plain->data + plain->end,
                             plain->capacity - plain->end, &n);
        plain->end += n;
        if (result <= 0) {
            session_judge(session, result);
            break;
        }
    }
    session->unasked += session->out.end - session->out.start - before;
    if (session->phase == TLS_OPEN && session->unasked > UNASKED_MAX) {
        (void)snprintf(session->info.error, sizeof(session->info.error),
                       "the peer asks for new keys without end");
        session_end(session, NET_TLS_ERROR);
    }
}

/* OpenSSL may not have read all when the handshake is complete. */
enum net_tls_want tls_session_handshake(struct net_tls_session *session,
                                        const char *bytes, size_t n)
{
    int result;

    if (session->phase != TLS_SHAKING)
        return NET_TLS_FAILED;
    bytes_lend(session, bytes, n);
    result = SSL_do_handshake(session->ssl);
    if (result <= 0) {
        session_judge(session, result);
        bytes_return(session);
        return session->phase == TLS_ENDED ? NET_TLS_FAILED : NET_TLS_MORE;
    }
    session->phase = TLS_OPEN;
    if (session->nin > 0)
        session_decrypt(session);
    bytes_return(session);
    return NET_TLS_DONE;
}

enum net_status tls_session_feed(struct net_tls_session *session,
                                 const char *bytes, size_t n)
{
    assert(session->phase != TLS_SHAKING);
    if (session->phase == TLS_OPEN) {
        bytes_lend(session, bytes, n);
        session_decrypt(session);
        bytes_return(session);
    }
    return session->status;
}

size_t tls_session_read(struct net_tls_session *session, char *plain,
                        size_t size)
{
    return tls_buffer_take(&session->plain, plain, size);
}

/* A peer that has said goodbye may still listen (RFC 8446, 6.1). */
enum net_status tls_session_write(struct net_tls_session *session,
                                  const char *plain, size_t n)
{
    size_t written = 0;

    assert(session->phase != TLS_SHAKING);
    if (session->phase == TLS_ENDED && session->status != NET_CLOSED)
        return session->status;
    ERR_clear_error();
    if (n == 0 || SSL_write_ex(session->ssl, plain, n, &written) > 0)
        return NET_OK;
    session_judge(session, 0);
    return session->status;
}

void tls_session_goodbye(struct net_tls_session *session)
{
    bool whole = session->phase == TLS_OPEN || session->status == NET_CLOSED;

    if (session->phase == TLS_SHAKING || !whole)
        return;
    ERR_clear_error();
    (void)SSL_shutdown(session->ssl); /* it waits for nobody */
}

size_t tls_session_pull(struct net_tls_session *session, char *bytes,
                        size_t size)
{
    return tls_buffer_take(&session->out, bytes, size);
}

enum net_status tls_session_status(const struct net_tls_session *session)
{
    return session->status;
}

const struct net_tls_info *tls_session_info(struct net_tls_session *session)
{
    struct net_tls_info *info = &session->info;

    info->server_hello = tls_peer_said_hello(info->head, info->nhead);
    tls_peer_note(session->ssl, info);
    return info;
}
