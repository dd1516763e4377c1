/*
 * status.h -- why an operation of net/ ended.
 *
 * One row a status: name, token, text.  Tokens are an interface (the `cause`
 * of JSON, JUnit and metrics) and never change; texts may.  Codes of libuv,
 * c-ares and OpenSSL are mapped to these in one function each and survive only
 * as `native` beside the status.
 */
#ifndef NET_STATUS_H
#define NET_STATUS_H

/* clang-format off */
#define NET_STATUS_MAP(X)                                                      \
    X(OK,          "ok",          "done")                                      \
    X(CANCELED,    "canceled",    "given up by the caller")                    \
    X(TIMEOUT,     "timeout",     "no answer in time")                         \
    X(REFUSED,     "refused",     "refused")                                   \
    X(RESET,       "reset",       "connection reset by the peer")              \
    X(CLOSED,      "eof",         "connection closed by the peer")             \
    X(UNREACHABLE, "unreachable", "cannot be reached from here")               \
    X(PROHIBITED,  "prohibited",  "forbidden by a local route or firewall")    \
    X(NOPORTS,     "noports",     "no local port is free")                     \
    X(NOSOURCE,    "nosource",    "the source address is not of this machine") \
    X(BADNAME,     "badname",     "not a name that DNS can carry")             \
    X(NXDOMAIN,    "nxdomain",    "the name does not exist")                   \
    X(NODATA,      "nodata",      "the name has no address")                   \
    X(SERVFAIL,    "servfail",    "the name server failed")                    \
    X(BADANSWER,   "badanswer",   "the name server's answer makes no sense")   \
    X(TLS_ALERT,   "tls_alert",   "the peer refused the handshake")            \
    X(TLS_VERIFY,  "tls_verify",  "the certificate does not verify")           \
    X(TLS_ERROR,   "tls_error",   "the handshake failed")                      \
    X(BADREPLY,    "badreply",    "the reply is not understood")               \
    X(NOMEM,       "nomem",       "out of memory")                             \
    X(SYSTEM,      "system",      "the system refused")
/* clang-format on */

enum net_status {
#define X(name, token, text) NET_##name,
    NET_STATUS_MAP(X)
#undef X
        NET_STATUS_COUNT
};

/* The token and the text of `status`; static storage. */
const char *net_status_token(enum net_status status);
const char *net_status_text(enum net_status status);

/*
 * The status of a libuv error (negative) met on a TCP socket; 0 is NET_OK.
 * What it does not know is NET_SYSTEM.
 */
enum net_status net_status_of_uv(int error);

#endif /* NET_STATUS_H */
