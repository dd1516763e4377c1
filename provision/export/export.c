/*
 * What the forms have in common; each of them is a file of its own.
 */
#include <string.h>

#include "cli/text.h"
#include "provision/export/internal.h"
#include "provision/identity.h"

static bool makes_anything(const struct exporting *e)
{
    return e->provider || export_count(e) > 0;
}

/* The account and the region are part of the tags by which a path is known. */
static void know(struct exporting *e)
{
    const struct spec_account *account = &e->spec->provider.account;

    if (!e->spec->has_provider || !account->account || !account->region)
        return;
    e->world.region = account->region;
    world_know_account(&e->world, account->account);
}

bool export_begin(struct exporting *e, const struct export_options *options,
                  char *error, size_t size)
{
    *e = (struct exporting){ .options = options,
                             .spec = options->spec,
                             .out = options->out };
    /* A service that others made has its load balancers already. */
    e->provider = options->spec->has_provider &&
                  !options->spec->provider.service.id &&
                  options->side != EXPORT_CONSUMER;
    if (!makes_anything(e))
        return error_set(error, size,
                         "%s: all of it is a reference; there is nothing to "
                         "make",
                         options->spec->file);
    if (!world_init(&e->world, options->spec))
        return error_set(error, size, "out of memory");
    know(e);
    e->nports = world_ports(&e->world, e->ports, SPEC_LISTENERS_MAX);
    if (!e->world.no_memory)
        return true;
    world_free(&e->world);
    return error_set(error, size, "out of memory");
}

void export_end(struct exporting *e)
{
    world_free(&e->world);
}

bool export_has(const struct exporting *e, const struct spec_consumer *at)
{
    return !at->foreign && !at->endpoint_id &&
           e->options->side != EXPORT_PROVIDER;
}

size_t export_count(const struct exporting *e)
{
    size_t n = 0;

    for (size_t i = 0; i < e->spec->nconsumers; i++)
        n += export_has(e, &e->spec->consumers[i]);
    return n;
}

bool export_is_host(const struct exporting *e)
{
    const struct spec_provider *provider = &e->spec->provider;

    for (size_t i = 0; i < provider->nlisteners; i++) {
        if (provider->listeners[i].cache.kind != SPEC_HOST)
            return false;
    }
    return true;
}

bool export_adds_cache_rule(const struct exporting *e)
{
    return e->provider && e->spec->provider.cache_security_group == SPEC_ADD &&
           !export_is_host(e);
}

void export_group_name(const struct exporting *e, char name[IDENTITY_NAME_SIZE])
{
    identity_name(e->spec->name, "", name);
}

const char *export_group_words(struct exporting *e)
{
    return world_format(&e->world, "linkprobe path %s: clients of the endpoint",
                        e->spec->name);
}

void export_tags(const struct exporting *e, const struct spec_tags *tags,
                 export_tag_cb put, void *data)
{
    put(data, IDENTITY_TAG_PATH, e->spec->name);
    if (e->world.hash[0] != '\0')
        put(data, IDENTITY_TAG_SPEC, e->world.hash);
    for (size_t i = 0; i < tags->n; i++)
        put(data, tags->tags[i].key, tags->tags[i].value);
}

bool export_is_id(const char *id)
{
    const char *digits = strrchr(id, '-');
    size_t n = digits ? strspn(digits + 1, "0123456789abcdef") : 0;

    return (n == 8 || n == 17) && digits[1 + n] == '\0';
}

bool export_are_ids(const struct spec_texts *ids)
{
    for (size_t i = 0; i < ids->n; i++) {
        if (!export_is_id(ids->texts[i]))
            return false;
    }
    return ids->n > 0;
}

unsigned export_target_port(const struct spec_listener *listener)
{
    enum { REDIS_PORT = 6379, SERVERLESS_READER_PORT = 6380 };

    if (listener->cache.port)
        return listener->cache.port;
    if (listener->cache.kind == SPEC_SERVERLESS &&
        listener->cache.endpoint == SPEC_READER)
        return SERVERLESS_READER_PORT;
    return REDIS_PORT;
}
