/*
 * The life of a run: accounts and world are made from the file, the steps of
 * the command are laid out, the driver runs them, and what came of it is told.
 */
#include "provision/engine_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"
#include "net/resolve.h"

/* ---- who takes part */

static bool only_is(const struct engine *engine, const char *word)
{
    return engine->options.only && strcmp(engine->options.only, word) == 0;
}

bool engine_acts_for_provider(const struct engine *engine)
{
    return engine->options.spec->has_provider &&
           (!engine->options.only || only_is(engine, "provider"));
}

static bool takes_part(const struct engine *engine,
                       const struct spec_consumer *consumer)
{
    enum engine_command command = engine->options.command;

    if (consumer->foreign || only_is(engine, "provider") ||
        command == ENGINE_SYNC || command == ENGINE_CONNECTIONS ||
        command == ENGINE_ACCEPT || command == ENGINE_REJECT)
        return false;
    return !engine->options.only || only_is(engine, "consumers") ||
           only_is(engine, consumer->name);
}

static bool only_names_someone(const struct engine *engine)
{
    const struct spec *spec = engine->options.spec;

    if (!engine->options.only || only_is(engine, "consumers") ||
        (only_is(engine, "provider") && spec->has_provider))
        return true;
    for (size_t i = 0; i < spec->nconsumers; i++) {
        if (only_is(engine, spec->consumers[i].name) &&
            !spec->consumers[i].foreign)
            return true;
    }
    return false;
}

/* ---- accounts */

static struct aws_account *account_of(struct engine *engine,
                                      const struct spec_account *spec,
                                      const char *label, char *error,
                                      size_t size)
{
    const struct engine_options *options = &engine->options;
    struct aws_account_options of = {
        .label = label,
        .profile = spec->profile,
        .role_arn = spec->role_arn,
        .external_id = spec->external_id,
        .region = spec->region,
        .endpoint_url = options->endpoint_url,
    };
    struct aws_account *account = aws_account_new(
        options->loop, options->http, options->profiles, &of, error, size);

    if (account && options->log)
        aws_account_log(account, options->log, options->data);
    return account;
}

static bool open_provider(struct engine *engine, char *error, size_t size)
{
    const struct spec *spec = engine->options.spec;

    if (!spec->has_provider)
        return true;
    engine->provider =
        account_of(engine, &spec->provider.account, "provider", error, size);
    if (!engine->provider)
        return false;
    engine->world.region = aws_account_region(engine->provider);
    return true;
}

static bool open_consumers(struct engine *engine, char *error, size_t size)
{
    struct world *world = &engine->world;
    char label[128];

    engine->consumers =
        calloc(world->nconsumers ? world->nconsumers : 1,
               sizeof(struct aws_account *)); /* NOLINT: of pointers */
    if (!engine->consumers)
        return error_set(error, size, "out of memory");
    for (size_t i = 0; i < world->nconsumers; i++) {
        struct world_consumer *consumer = &world->consumers[i];

        consumer->left_out = !takes_part(engine, consumer->spec);
        if (consumer->left_out)
            continue;
        (void)snprintf(label, sizeof(label), "consumer %s",
                       consumer->spec->name);
        engine->consumers[i] =
            account_of(engine, &consumer->spec->account, label, error, size);
        if (!engine->consumers[i])
            return false;
        if (!world->region)
            world->region = aws_account_region(engine->consumers[i]);
    }
    return true;
}

/* ---- the world of this run */

static bool is_dry(const struct engine_options *options)
{
    return options->dry_run || options->command == ENGINE_PLAN ||
           options->command == ENGINE_STATUS;
}

/* The hash that everything carries; the guard checks the account itself. */
static void know_hash(struct world *world)
{
    const struct spec *spec = world->spec;
    const char *of = spec->provider.account.account;

    if (!spec->has_provider && spec->nconsumers)
        of = spec->consumers[0].service_name ? spec->consumers[0].service_name
                                             : spec->consumers[0].endpoint_id;
    if (of && world->region)
        identity_spec(spec->name, of, world->region, world->hash);
}

static void take_decision(struct engine *engine)
{
    const struct engine_options *options = &engine->options;
    struct world *world = &engine->world;

    world->decide_reject = options->command == ENGINE_REJECT;
    world->decide_listed = options->listed;
    for (size_t i = 0; i < options->nendpoints; i++)
        world_add(world, &world->decide, options->endpoints[i]);
}

static void set_up_world(struct engine *engine)
{
    const struct engine_options *options = &engine->options;
    struct world *world = &engine->world;

    world->planning = is_dry(options);
    world->destroying = options->command == ENGINE_DESTROY;
    world->owners_needed =
        world->destroying || options->command == ENGINE_STATUS;
    world->all = options->command == ENGINE_STATUS;
    world->only_look = options->command == ENGINE_SYNC ||
                       options->command == ENGINE_CONNECTIONS ||
                       options->command == ENGINE_ACCEPT ||
                       options->command == ENGINE_REJECT;
    world->connections_needed = options->command == ENGINE_CONNECTIONS ||
                                options->command == ENGINE_ACCEPT ||
                                options->command == ENGINE_REJECT;
    world->frugal = !world->all;
    world->reject_others = options->reject_others;
    world->reject_removed = options->reject_removed;
    world->provider_left_out =
        !engine_acts_for_provider(engine) || world->connections_needed;
    world->asks_caches = engine_acts_for_provider(engine) &&
                         !world->destroying && !world->connections_needed;
    take_decision(engine);
    know_hash(world);
}

static bool open_resolver(struct engine *engine, char *error, size_t size)
{
    const struct engine_options *options = &engine->options;

    if (!engine->world.asks_caches)
        return true;
    if (options->dns && !net_servers_valid(options->dns))
        return error_set(error, size,
                         "--dns: \"%.100s\" is no list of name servers; "
                         "expected addresses such as 10.0.0.2,10.0.0.3:5353",
                         options->dns);
    engine->resolver = net_resolver_new(options->loop, options->dns);
    if (!engine->resolver)
        return error_set(error, size, "no resolver can be made");
    return true;
}

static const char *command_word(const struct engine_options *options)
{
    static const char *const words[] = {
        [ENGINE_PLAN] = "plan",     [ENGINE_APPLY] = "apply",
        [ENGINE_STATUS] = "status", [ENGINE_DESTROY] = "destroy",
        [ENGINE_SYNC] = "sync",     [ENGINE_CONNECTIONS] = "connections",
        [ENGINE_ACCEPT] = "accept", [ENGINE_REJECT] = "reject",
    };

    return words[options->command];
}

static bool set_up(struct engine *engine, char *error, size_t size)
{
    const struct engine_options *options = &engine->options;

    if (!world_init(&engine->world, options->spec))
        return error_set(error, size, "out of memory");
    if (!only_names_someone(engine))
        return error_set(error, size,
                         "--only: \"%s\" is neither provider, consumers nor a "
                         "consumer of the file",
                         options->only);
    if (options->command == ENGINE_DESTROY && options->spec->protect)
        return error_set(error, size,
                         "%s is protected: the file says protect: true",
                         options->spec->name);
    if (!open_provider(engine, error, size) ||
        !open_consumers(engine, error, size))
        return false;
    set_up_world(engine);
    if (!open_resolver(engine, error, size))
        return false;
    engine->outcome.command = command_word(options);
    engine->outcome.name = options->spec->name;
    if (!engine_lay_out(engine))
        return error_set(error, size, "out of memory");
    return true;
}

struct engine *engine_new(const struct engine_options *options, char *error,
                          size_t size)
{
    struct engine *engine = calloc(1, sizeof(*engine));

    if (!engine) {
        (void)error_set(error, size, "out of memory");
        return NULL;
    }
    engine->options = *options;
    if (set_up(engine, error, size))
        return engine;
    engine_free(engine);
    return NULL;
}

/* ---- running */

static void on_progress(void *data, const struct outcome_step *line)
{
    struct engine *engine = data;

    if (engine->options.progress)
        engine->options.progress(engine->options.data, line);
}

static void on_done(struct drive *drive)
{
    struct engine *engine = drive->data;

    engine_tell(engine);
    engine->options.done(engine->options.data, engine);
}

void engine_start(struct engine *engine)
{
    const struct engine_options *options = &engine->options;

    engine->drive = (struct drive){
        .loop = options->loop,
        .world = &engine->world,
        .outcome = &engine->outcome,
        .steps = engine->steps,
        .nsteps = engine->nsteps,
        .provider = engine->provider,
        .consumers = engine->consumers,
        .resolver = engine->resolver,
        .timeout_ms = options->timeout_ms,
        .dry_run = is_dry(options),
        .check_permissions = options->check_permissions,
        .progress = on_progress,
        .done = on_done,
        .data = engine,
    };
    drive_start(&engine->drive);
}

void engine_cancel(struct engine *engine)
{
    drive_cancel(&engine->drive);
}

struct outcome *engine_outcome(struct engine *engine)
{
    return &engine->outcome;
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    for (size_t i = 0; engine->consumers && i < engine->world.nconsumers; i++)
        aws_account_free(engine->consumers[i]);
    free(engine->consumers);
    aws_account_free(engine->provider);
    net_resolver_close(engine->resolver, NULL, NULL);
    outcome_release(&engine->outcome);
    world_free(&engine->world);
    free(engine);
}
