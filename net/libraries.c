/*
 * libraries.c -- asked of the libraries themselves, not of their headers.
 */
#include "net/libraries.h"

#include <ares.h>
#include <stddef.h>
#include <uv.h>

const char *net_libuv_version(void)
{
    return uv_version_string();
}

const char *net_cares_version(void)
{
    return ares_version(NULL);
}
