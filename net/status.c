/*
 * status.c -- the words of a status, and libuv's errors turned into one.
 */
#include "net/status.h"

#include <assert.h>
#include <stddef.h>
#include <uv.h>

static const char *const tokens[] = {
#define X(name, token, text) [NET_##name] = (token),
    NET_STATUS_MAP(X)
#undef X
};

static const char *const texts[] = {
#define X(name, token, text) [NET_##name] = (text),
    NET_STATUS_MAP(X)
#undef X
};

/*
 * ETIMEDOUT is the kernel's own: its retransmits are used up.  EPIPE comes only
 * where the peer's FIN came before its RST, so it is an orderly end.  ENOBUFS
 * is the kernel's "out of memory".
 */
static const struct {
    int error;
    enum net_status status;
} of_uv[] = {
    { 0, NET_OK },
    { UV_ECANCELED, NET_CANCELED },
    { UV_ETIMEDOUT, NET_TIMEOUT },
    { UV_ECONNREFUSED, NET_REFUSED },
    { UV_ECONNRESET, NET_RESET },
    { UV_ECONNABORTED, NET_RESET },
    { UV_EOF, NET_CLOSED },
    { UV_EPIPE, NET_CLOSED },
    { UV_ENETUNREACH, NET_UNREACHABLE },
    { UV_EHOSTUNREACH, NET_UNREACHABLE },
    { UV_ENETDOWN, NET_UNREACHABLE },
    { UV_EAFNOSUPPORT, NET_UNREACHABLE },
    { UV_EACCES, NET_PROHIBITED },
    { UV_EPERM, NET_PROHIBITED },
    { UV_EADDRNOTAVAIL, NET_NOPORTS },
    { UV_EADDRINUSE, NET_NOPORTS },
    { UV_ENOMEM, NET_NOMEM },
    { UV_ENOBUFS, NET_NOMEM },
};

const char *net_status_token(enum net_status status)
{
    assert(status >= NET_OK && status < NET_STATUS_COUNT);
    return tokens[status];
}

const char *net_status_text(enum net_status status)
{
    assert(status >= NET_OK && status < NET_STATUS_COUNT);
    return texts[status];
}

enum net_status net_status_of_uv(int error)
{
    for (size_t i = 0; i < sizeof(of_uv) / sizeof(of_uv[0]); i++)
        if (of_uv[i].error == error)
            return of_uv[i].status;
    return NET_SYSTEM;
}
