/*
 * tls_load_builtin.c -- the module is part of this program.
 */
#include "net/tls_module.h"

const struct net_tls_module *net_tls_load(char *error, size_t size)
{
    if (size > 0)
        error[0] = '\0';
    return &net_tls_module_openssl;
}
