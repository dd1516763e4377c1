#include "net/conn_faults.h"

#include "support/unit.h"

#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <uv.h>

#include "net/tls.h"

int faults[CALLS];
struct kernel kernel;
unsigned kernel_writes;

void faults_clear(void)
{
    memset(faults, 0, sizeof(faults));
    kernel = (struct kernel){ .tcp_state = 0 };
    kernel_writes = 0;
}

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*): the linker's names */
int __real_uv_tcp_init(uv_loop_t *loop, uv_tcp_t *tcp);
int __wrap_uv_tcp_init(uv_loop_t *loop, uv_tcp_t *tcp);
int __real_uv_tcp_bind(uv_tcp_t *tcp, const struct sockaddr *addr,
                       unsigned flags);
int __wrap_uv_tcp_bind(uv_tcp_t *tcp, const struct sockaddr *addr,
                       unsigned flags);
int __real_uv_tcp_connect(uv_connect_t *req, uv_tcp_t *tcp,
                          const struct sockaddr *addr, uv_connect_cb cb);
int __wrap_uv_tcp_connect(uv_connect_t *req, uv_tcp_t *tcp,
                          const struct sockaddr *addr, uv_connect_cb cb);
int __real_uv_tcp_keepalive(uv_tcp_t *tcp, int on, unsigned delay);
int __wrap_uv_tcp_keepalive(uv_tcp_t *tcp, int on, unsigned delay);
int __real_uv_read_start(uv_stream_t *stream, uv_alloc_cb alloc,
                         uv_read_cb read);
int __wrap_uv_read_start(uv_stream_t *stream, uv_alloc_cb alloc,
                         uv_read_cb read);
int __real_uv_try_write(uv_stream_t *stream, const uv_buf_t bufs[], unsigned n);
int __wrap_uv_try_write(uv_stream_t *stream, const uv_buf_t bufs[], unsigned n);
int __real_uv_write(uv_write_t *req, uv_stream_t *stream, const uv_buf_t bufs[],
                    unsigned n, uv_write_cb cb);
int __wrap_uv_write(uv_write_t *req, uv_stream_t *stream, const uv_buf_t bufs[],
                    unsigned n, uv_write_cb cb);
int __real_getsockopt(int fd, int level, int name, void *value,
                      socklen_t *size);
int __wrap_getsockopt(int fd, int level, int name, void *value,
                      socklen_t *size);
struct net_tls_session *
__real_net_tls_session_new(struct net_tls_context *context, const char *name);
struct net_tls_session *
__wrap_net_tls_session_new(struct net_tls_context *context, const char *name);
ssize_t __real_recv(int fd, void *bytes, size_t n, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t n, int flags);
enum net_status __real_net_tls_write(struct net_tls_session *session,
                                     const char *plain, size_t n);
enum net_status __wrap_net_tls_write(struct net_tls_session *session,
                                     const char *plain, size_t n);

int __wrap_uv_tcp_init(uv_loop_t *loop, uv_tcp_t *tcp)
{
    return faults[TCP_INIT] ? faults[TCP_INIT] : __real_uv_tcp_init(loop, tcp);
}

int __wrap_uv_tcp_bind(uv_tcp_t *tcp, const struct sockaddr *addr,
                       unsigned flags)
{
    return faults[TCP_BIND] ? faults[TCP_BIND]
                            : __real_uv_tcp_bind(tcp, addr, flags);
}

static uv_connect_cb on_connected;

static void connected_otherwise(uv_connect_t *req, int error)
{
    on_connected(req, error ? error : faults[TCP_CONNECT_LATER]);
}

int __wrap_uv_tcp_connect(uv_connect_t *req, uv_tcp_t *tcp,
                          const struct sockaddr *addr, uv_connect_cb cb)
{
    on_connected = cb;
    return faults[TCP_CONNECT]
               ? faults[TCP_CONNECT]
               : __real_uv_tcp_connect(req, tcp, addr, connected_otherwise);
}

int __wrap_uv_tcp_keepalive(uv_tcp_t *tcp, int on, unsigned delay)
{
    return faults[TCP_KEEPALIVE] ? faults[TCP_KEEPALIVE]
                                 : __real_uv_tcp_keepalive(tcp, on, delay);
}

static uv_alloc_cb lend;

static void lend_one_byte(uv_handle_t *handle, size_t hint, uv_buf_t *buf)
{
    lend(handle, hint, buf);
    if (kernel.reads_one_byte)
        buf->len = 1;
}

int __wrap_uv_read_start(uv_stream_t *stream, uv_alloc_cb alloc,
                         uv_read_cb read)
{
    lend = alloc;
    return faults[READ_START]
               ? faults[READ_START]
               : __real_uv_read_start(stream, lend_one_byte, read);
}

int __wrap_uv_try_write(uv_stream_t *stream, const uv_buf_t bufs[], unsigned n)
{
    uv_buf_t buf = bufs[0];

    assert_int_equal(n, 1);
    if (faults[TRY_WRITE])
        return faults[TRY_WRITE];
    if (kernel.is_full)
        return UV_EAGAIN;
    if (kernel.write_max > 0 && buf.len > kernel.write_max)
        buf.len = kernel.write_max;
    kernel_writes++;
    return __real_uv_try_write(stream, &buf, 1);
}

static uv_write_cb on_written;
static uv_write_t *deferred;
static uv_stream_t *deferred_stream;
static uv_buf_t deferred_buf;

static void written_otherwise(uv_write_t *req, int error)
{
    on_written(req, error ? error : faults[WRITE_LATER]);
}

int __wrap_uv_write(uv_write_t *req, uv_stream_t *stream, const uv_buf_t bufs[],
                    unsigned n, uv_write_cb cb)
{
    on_written = cb;
    if (faults[WRITE])
        return faults[WRITE];
    if (!kernel.defers_writes)
        return __real_uv_write(req, stream, bufs, n, written_otherwise);
    deferred = req;
    deferred_stream = stream;
    deferred_buf = bufs[0];
    return 0;
}

void kernel_write(void)
{
    assert_int_equal(__real_uv_write(deferred, deferred_stream, &deferred_buf,
                                     1, written_otherwise),
                     0);
}

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
    int result = __real_getsockopt(fd, level, name, value, size);
    struct tcp_info *info = value;

    if (level == IPPROTO_TCP && name == TCP_INFO && kernel.tcp_state)
        info->tcpi_state = (uint8_t)kernel.tcp_state;
    if (level == SOL_SOCKET && name == SO_ERROR && kernel.socket_error)
        *(int *)value = kernel.socket_error;
    return result;
}

/* The peer's own calls wait; the connection's do not. */
ssize_t __wrap_recv(int fd, void *bytes, size_t n, int flags)
{
    if (flags == MSG_DONTWAIT && kernel.never_empty) {
        memset(bytes, '!', n);
        return (ssize_t)n;
    }
    return __real_recv(fd, bytes, n, flags);
}

enum net_status __wrap_net_tls_write(struct net_tls_session *session,
                                     const char *plain, size_t n)
{
    return faults[TLS_WRITE] ? (enum net_status)faults[TLS_WRITE]
                             : __real_net_tls_write(session, plain, n);
}

struct net_tls_session *
__wrap_net_tls_session_new(struct net_tls_context *context, const char *name)
{
    return faults[TLS_SESSION] ? NULL
                               : __real_net_tls_session_new(context, name);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */
