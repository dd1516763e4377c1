/*
 * tls_module.h -- between the front of TLS (tls.c) and the module with OpenSSL.
 *
 * The module is a shared object of ours that exports one thing, this table, or
 * is built into the program.  Private to net/: users include net/tls.h.
 */
#ifndef NET_TLS_MODULE_H
#define NET_TLS_MODULE_H

#include <stddef.h>

#include "net/tls.h"

enum {
    NET_TLS_MODULE_ABI = 2, /* goes up when anything below changes */
};

#define NET_TLS_MODULE_FILE   "linkprobe-tls.so"
#define NET_TLS_MODULE_SYMBOL "net_tls_module_openssl"

/* The functions of net/tls.h.  `abi` and `info_size` come first for ever: they
 * are read before the rest is believed. */
struct net_tls_module {
    unsigned abi;
    unsigned info_size; /* of struct net_tls_info */
    struct net_tls_context *(*context_new)(const struct net_tls_config *config,
                                           char *error, size_t size);
    void (*context_free)(struct net_tls_context *context);
    struct net_tls_session *(*session_new)(struct net_tls_context *context,
                                           const char *name);
    void (*session_free)(struct net_tls_session *session);
    enum net_tls_want (*handshake)(struct net_tls_session *session,
                                   const char *bytes, size_t n);
    enum net_status (*feed)(struct net_tls_session *session, const char *bytes,
                            size_t n);
    size_t (*read)(struct net_tls_session *session, char *plain, size_t size);
    enum net_status (*write)(struct net_tls_session *session, const char *plain,
                             size_t n);
    void (*goodbye)(struct net_tls_session *session);
    size_t (*pull)(struct net_tls_session *session, char *bytes, size_t size);
    enum net_status (*status)(const struct net_tls_session *session);
    const struct net_tls_info *(*info)(struct net_tls_session *session);
    const char *(*library)(void);
};

/*
 * Find the module: tls_load_dlopen.c or tls_load_builtin.c, as the build
 * chose.  Returns NULL and one line in `error` when it is not there or is not
 * of this program.
 */
const struct net_tls_module *net_tls_load(char *error, size_t size);

extern const struct net_tls_module net_tls_module_openssl;

#endif /* NET_TLS_MODULE_H */
