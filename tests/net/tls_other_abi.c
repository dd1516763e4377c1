/*
 * tls_other_abi.c -- a module as another version of linkprobe might have it.
 */
#include "net/tls_module.h"

const struct net_tls_module net_tls_module_openssl = {
    .abi = NET_TLS_MODULE_ABI + 1,
    .info_size = sizeof(struct net_tls_info),
};
