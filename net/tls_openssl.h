/*
 * tls_openssl.h -- what the files of the TLS module share.
 *
 *     tls_openssl.c  the library, a context, the table of functions
 *     tls_session.c  a session: bytes in, bytes out
 *     tls_buffer.c   bytes that wait, and the BIO between them and OpenSSL
 *     tls_trust.c    whom we trust: CA files and directories
 *     tls_identity.c what we show: the client certificate and its key
 *     tls_peer.c     what the peer showed: certificates, verification
 *     tls_fault.c    what went wrong, in OpenSSL's words
 *
 * All memory of the module comes from OPENSSL_malloc(), so that one allocator
 * can fail for the library and for us alike.
 */
#ifndef NET_TLS_OPENSSL_H
#define NET_TLS_OPENSSL_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

#include "net/tls.h"

struct net_tls_context {
    SSL_CTX *ssl_ctx;
    BIO_METHOD *bio_method;
    enum net_tls_verify verify;
};

/* Bytes that wait between `start` and `end`. */
struct tls_buffer {
    char *data; /* owned */
    size_t start, end, capacity;
};

/* Where a session stands; it only goes down. */
enum tls_phase {
    TLS_SHAKING, /* the handshake is not complete */
    TLS_OPEN,
    TLS_ENDED, /* `status` says how */
};

struct net_tls_session {
    SSL *ssl; /* owned, with its BIO */
    enum net_tls_verify verify;
    enum tls_phase phase;
    enum net_status status;
    const char *in; /* the peer's bytes, lent for the call at work */
    size_t nin;
    struct tls_buffer out;   /* for the peer */
    struct tls_buffer plain; /* for the caller */
    size_t unasked;          /* bytes written in answer to the peer's alone */
    struct net_tls_info info;
};

/* The functions of net/tls.h, as the table has them. */
struct net_tls_session *tls_session_new(struct net_tls_context *context,
                                        const char *name);
void tls_session_free(struct net_tls_session *session);
enum net_tls_want tls_session_handshake(struct net_tls_session *session,
                                        const char *bytes, size_t n);
enum net_status tls_session_feed(struct net_tls_session *session,
                                 const char *bytes, size_t n);
size_t tls_session_read(struct net_tls_session *session, char *plain,
                        size_t size);
void tls_session_goodbye(struct net_tls_session *session);
enum net_status tls_session_write(struct net_tls_session *session,
                                  const char *plain, size_t n);
size_t tls_session_pull(struct net_tls_session *session, char *bytes,
                        size_t size);
enum net_status tls_session_status(const struct net_tls_session *session);
const struct net_tls_info *tls_session_info(struct net_tls_session *session);

/* Room for `n` more bytes at the end; false when out of memory. */
bool tls_buffer_reserve(struct tls_buffer *buffer, size_t n);
size_t tls_buffer_take(struct tls_buffer *buffer, char *bytes, size_t size);

/* The BIO that reads from `session->in` and writes to `session->out`. */
BIO_METHOD *tls_bio_method(void);
BIO *tls_bio_new(BIO_METHOD *method, struct net_tls_session *session);

/*
 * Have `ctx` trust what `config` says.  Returns false and one line in `error`
 * when a file is not fit for it.
 */
bool tls_trust_load(SSL_CTX *ctx, const struct net_tls_config *config,
                    char *error, size_t size);

/* Have `ctx` show the client certificate of `config`; as tls_trust_load(). */
bool tls_identity_load(SSL_CTX *ctx, const struct net_tls_config *config,
                       char *error, size_t size);

/* Verify peers of `ctx` our way: note what they show, judge by the session. */
void tls_peer_watch(SSL_CTX *ctx);

/* Expect `name`, or an address literal, of the peer.  False: out of memory or
 * no name that a certificate can have. */
bool tls_peer_expect(SSL *ssl, const char *name);

/* Note version and cipher, once they are agreed on. */
void tls_peer_note(SSL *ssl, struct net_tls_info *info);

/* Do the first raw bytes of a peer hold the beginning of a ServerHello? */
bool tls_peer_said_hello(const unsigned char *head, size_t n);

/* Empty OpenSSL's queue of errors into `info`; `native` is SSL_get_error(). */
enum net_status tls_fault_take(int native, struct net_tls_info *info);

/* OpenSSL's last words about a file: never NULL, and the queue is empty. */
const char *tls_fault_text(void);

/* For OpenSSL whenever it wants a password: there is none, never ask. `asked`
 * is a bool that becomes true. */
int tls_no_password(char *password, int size, int writing, void *asked);

#endif /* NET_TLS_OPENSSL_H */
