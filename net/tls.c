/*
 * tls.c -- the front of TLS: opens the module, then hands every call on.
 *
 * The first context (or question for the library's version) looks for the
 * module, once a process and for good: it is never closed, since OpenSSL keeps
 * state that outlives any context.  A failure is kept too, with its text.
 */
#include "net/tls.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>

#include "net/tls_module.h"

/* Written by module_open() alone, under pthread_once(). */
static const struct net_tls_module *module;
static char module_error[512];

static void module_open(void)
{
    module = net_tls_load(module_error, sizeof(module_error));
}

/* The module, or NULL. */
static const struct net_tls_module *module_get(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, module_open);
    return module;
}

struct net_tls_context *net_tls_context_new(const struct net_tls_config *config,
                                            char *error, size_t size)
{
    assert(size > 0);
    error[0] = '\0';
    if (module_get() == NULL) {
        (void)snprintf(error, size, "%s", module_error);
        return NULL;
    }
    return module->context_new(config, error, size);
}

void net_tls_context_free(struct net_tls_context *context)
{
    if (context != NULL)
        module->context_free(context);
}

struct net_tls_session *net_tls_session_new(struct net_tls_context *context,
                                            const char *name)
{
    return module->session_new(context, name);
}

void net_tls_session_free(struct net_tls_session *session)
{
    if (session != NULL)
        module->session_free(session);
}

enum net_tls_want net_tls_handshake(struct net_tls_session *session,
                                    const char *bytes, size_t n)
{
    return module->handshake(session, bytes, n);
}

enum net_status net_tls_feed(struct net_tls_session *session, const char *bytes,
                             size_t n)
{
    return module->feed(session, bytes, n);
}

size_t net_tls_read(struct net_tls_session *session, char *plain, size_t size)
{
    return module->read(session, plain, size);
}

enum net_status net_tls_write(struct net_tls_session *session,
                              const char *plain, size_t n)
{
    return module->write(session, plain, n);
}

void net_tls_goodbye(struct net_tls_session *session)
{
    module->goodbye(session);
}

size_t net_tls_pull(struct net_tls_session *session, char *bytes, size_t size)
{
    return module->pull(session, bytes, size);
}

enum net_status net_tls_status(const struct net_tls_session *session)
{
    return module->status(session);
}

const struct net_tls_info *net_tls_info(struct net_tls_session *session)
{
    return module->info(session);
}

const char *net_tls_library(void)
{
    return module_get() != NULL ? module->library() : NULL;
}
