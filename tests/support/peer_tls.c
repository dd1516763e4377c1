/*
 * peer_tls.c -- moves bytes between a blocking socket and a tls_peer.
 */
#include "support/peer_tls.h"

#include "support/unit.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "support/tls_peer.h"

enum {
    BUFFER_SIZE = 16 * 1024,
};

/* Send what the machine has to say. */
static bool flush(struct tls_peer *tls, int fd)
{
    char bytes[BUFFER_SIZE];
    size_t n, done;
    ssize_t sent;

    while ((n = tls_peer_give(tls, bytes, sizeof(bytes))) > 0) {
        for (done = 0; done < n; done += (size_t)sent) {
            sent = send(fd, bytes + done, n - done, MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
        }
    }
    return true;
}

/* Read once and give it to the machine. */
static ssize_t take(struct tls_peer *tls, int fd)
{
    char bytes[BUFFER_SIZE];
    ssize_t n = recv(fd, bytes, sizeof(bytes), 0);

    if (n > 0)
        tls_peer_take(tls, bytes, (size_t)n);
    return n;
}

static void *wire_open(const void *config, int fd)
{
    struct tls_peer *tls = malloc(sizeof(*tls));

    assert_non_null(tls);
    tls_peer_open(tls, config);
    while (!tls->open && take(tls, fd) > 0)
        (void)flush(tls, fd);
    return tls;
}

static void wire_close(void *wire)
{
    tls_peer_close(wire);
    free(wire);
}

static ssize_t wire_receive(void *wire, int fd, char *bytes, size_t size)
{
    size_t n;
    ssize_t got;

    while ((n = tls_peer_hear(wire, bytes, size)) == 0) {
        got = take(wire, fd);
        if (got <= 0)
            return got;
        (void)flush(wire, fd);
    }
    return (ssize_t)n;
}

static bool wire_send(void *wire, int fd, const char *bytes, size_t n)
{
    struct tls_peer *tls = wire;
    size_t piece;

    if (!tls->open)
        return false;
    for (; n > 0; n -= piece, bytes += piece) {
        piece = n < BUFFER_SIZE ? n : BUFFER_SIZE;
        tls_peer_say(tls, bytes, piece);
        if (!flush(tls, fd))
            return false;
    }
    return true;
}

static void wire_goodbye(void *wire, int fd)
{
    tls_peer_say_goodbye(wire);
    (void)flush(wire, fd);
}

const struct peer_wire peer_tls = {
    .open = wire_open,
    .close = wire_close,
    .receive = wire_receive,
    .send = wire_send,
    .goodbye = wire_goodbye,
};
