/*
 * tls_buffer.c -- bytes that wait, and the BIO between them and OpenSSL.
 *
 * OpenSSL reads the peer's bytes straight from the caller's memory, during the
 * call that brings them.  It takes all of them, up to one unfinished record
 * that it keeps itself: so there is no read buffer that a peer could fill.
 * What it writes gathers in `out` until net_tls_pull().
 */
#include <assert.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <string.h>

#include "net/tls_openssl.h"

enum {
    CAPACITY_MIN = 2048,
};

bool tls_buffer_reserve(struct tls_buffer *buffer, size_t n)
{
    size_t capacity = buffer->capacity > 0 ? buffer->capacity : CAPACITY_MIN;
    char *data;

    if (buffer->start == buffer->end)
        buffer->start = buffer->end = 0;
    if (buffer->capacity - buffer->end >= n)
        return true;
    /* One that is never quite empty must not creep up through memory. */
    if (buffer->start >= buffer->capacity / 2 &&
        buffer->capacity - (buffer->end - buffer->start) >= n) {
        buffer->end -= buffer->start;
        memmove(buffer->data, buffer->data + buffer->start, buffer->end);
        buffer->start = 0;
        return true;
    }
    while (capacity - buffer->end < n) {
        if (capacity > SIZE_MAX / 2)
            return false;
        capacity *= 2;
    }
    data = OPENSSL_realloc(buffer->data, capacity);
    if (data == NULL)
        return false;
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

size_t tls_buffer_take(struct tls_buffer *buffer, char *bytes, size_t size)
{
    const size_t waiting = buffer->end - buffer->start;
    const size_t n = waiting < size ? waiting : size;

    if (n > 0)
        memcpy(bytes, buffer->data + buffer->start, n);
    buffer->start += n;
    return n;
}

static int on_read(BIO *bio, char *bytes, int size)
{
    struct net_tls_session *session = BIO_get_data(bio);
    size_t n = size > 0 ? (size_t)size : 0;

    BIO_clear_retry_flags(bio);
    if (session->nin == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    if (n > session->nin)
        n = session->nin;
    memcpy(bytes, session->in, n);
    session->in += n;
    session->nin -= n;
    return (int)n;
}

/* Fails for want of memory only. */
static int on_write(BIO *bio, const char *bytes, int size)
{
    struct net_tls_session *session = BIO_get_data(bio);
    const size_t n = size > 0 ? (size_t)size : 0;

    BIO_clear_retry_flags(bio);
    if (!tls_buffer_reserve(&session->out, n))
        return -1;
    memcpy(session->out.data + session->out.end, bytes, n);
    session->out.end += n;
    return size;
}

static long on_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD *tls_bio_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "linkprobe");

    if (method == NULL)
        return NULL;
    if (BIO_meth_set_read(method, on_read) &&
        BIO_meth_set_write(method, on_write) &&
        BIO_meth_set_ctrl(method, on_control))
        return method;
    BIO_meth_free(method);
    return NULL;
}

BIO *tls_bio_new(BIO_METHOD *method, struct net_tls_session *session)
{
    BIO *bio = BIO_new(method);

    if (bio == NULL)
        return NULL;
    BIO_set_data(bio, session);
    BIO_set_init(bio, 1);
    return bio;
}
