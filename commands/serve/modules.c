/*
 * modules.c -- a module: options > what a probe takes > name servers and
 * trust, made when a target first needs them.
 */
#include "commands/serve/modules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/check/probe.h"
#include "serve/match.h"

static bool no_memory(char *error, size_t size)
{
    return error_set(error, size, "out of memory");
}

static void settle(struct serve_module *module)
{
    module->probe = check_probe_options(&module->options, &module->again);
}

static bool build(struct serve_plan *plan, struct serve_module *module,
                  char *error, size_t size)
{
    const struct option_layers layers = {
        .config = &plan->config,
        .environment = &plan->input->environment,
        .argv = &plan->input->words.argv,
    };
    struct serve_options *scratch = malloc(sizeof(*scratch));
    bool fine;

    if (!scratch)
        return no_memory(error, size);
    fine = serve_options_build(&layers, module->config->name, scratch, error,
                               size);
    if (fine) {
        module->options = scratch->check;
        settle(module);
    }
    free(scratch);
    return fine;
}

const struct option_value *
serve_module_credentials(const struct config_module *config)
{
    static const char *const names[] = { "password-file", "password-command",
                                         "cert", "key" };

    for (size_t i = 0; i < config->values.nvalues; i++) {
        const struct option_value *value = &config->values.values[i];

        for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
            if (strcmp(value->row->name, names[n]) == 0)
                return value;
        }
    }
    return NULL;
}

/* Whoever may ask for /probe must not be able to send a password anywhere. */
static bool check_module(const struct serve_plan *plan,
                         const struct config_module *config, char *error,
                         size_t size)
{
    const struct option_value *credentials = serve_module_credentials(config);
    char where[SERVE_ERROR_MAX / 2];

    if (credentials && config->ntargets == 0)
        return error_set(error, size,
                         "%s:%u: module %s has credentials (%s) and no "
                         "targets; expected targets: with the names, globs or "
                         "CIDRs that they may go to",
                         plan->config.file, credentials->line, config->name,
                         credentials->row->name);
    for (size_t i = 0; i < config->ntargets; i++) {
        if (serve_pattern_valid(config->targets[i], error, size))
            continue;
        (void)snprintf(where, sizeof(where), "%s:%u", plan->config.file,
                       config->line);
        return error_prefix(error, size, where);
    }
    return true;
}

static struct serve_module *add_module(struct serve_plan *plan,
                                       const struct config_module *config)
{
    struct serve_module *module = calloc(1, sizeof(*module));

    if (!module)
        return NULL;
    module->config = config;
    module->next = plan->modules;
    plan->modules = module;
    return module;
}

static struct net_tls_context *new_tls(const struct check_options *options,
                                       bool trusted, char *error, size_t size)
{
    const struct net_tls_config config = {
        .verify = (enum net_tls_verify)options->tls_verify,
        .cacert = options->cacert,
        .cacertdir = options->cacertdir,
        .cert = trusted ? options->cert : NULL,
        .key = trusted ? options->key : NULL,
    };

    return net_tls_context_new(&config, error, size);
}

static bool need_tls(struct serve_module *module, bool trusted, char *error,
                     size_t size)
{
    struct net_tls_context **at = trusted || !module->options.cert
                                      ? &module->probe.tls
                                      : &module->anonymous;

    if (!*at)
        *at = new_tls(&module->options, trusted, error, size);
    return *at != NULL;
}

static bool need_resolver(struct serve_plan *plan, struct serve_module *module,
                          const struct probe_target *target, char *error,
                          size_t size)
{
    struct net_addr literal;

    if (module->probe.resolver || module->probe.naddresses > 0 ||
        net_addr_parse(target->host, target->port, &literal))
        return true;
    module->probe.resolver = net_resolver_new(plan->loop, module->options.dns);
    return module->probe.resolver || no_memory(error, size);
}

bool serve_plan_prepare(struct serve_plan *plan, struct serve_module *module,
                        const struct probe_target *target, bool trusted,
                        char *error, size_t size)
{
    module->probe.policy.now_s = (int64_t)time(NULL);
    return need_resolver(plan, module, target, error, size) &&
           (!target->tls || need_tls(module, trusted, error, size));
}

/* Files that cannot be used are told now, not by the first check. */
static bool read_one(struct serve_plan *plan,
                     const struct config_module *config, char *error,
                     size_t size)
{
    struct serve_module *module = add_module(plan, config);
    char where[SERVE_ERROR_MAX / 2];

    if (!module)
        return no_memory(error, size);
    if (!check_module(plan, config, error, size) ||
        !build(plan, module, error, size))
        return false;
    if (!module->options.tls || need_tls(module, true, error, size))
        return true;
    (void)snprintf(where, sizeof(where), "%s:%u: module %s", plan->config.file,
                   config->line, config->name);
    return error_prefix(error, size, where);
}

bool serve_modules_read(struct serve_plan *plan, char *error, size_t size)
{
    struct serve_module *none = add_module(plan, NULL);

    if (!none)
        return no_memory(error, size);
    none->options = plan->options.check;
    settle(none);
    if (none->options.tls && !need_tls(none, true, error, size))
        return false;
    for (size_t i = 0; i < plan->config.nmodules; i++) {
        if (!read_one(plan, &plan->config.modules[i], error, size))
            return false;
    }
    return true;
}

void serve_modules_free(struct serve_plan *plan)
{
    struct serve_module *next;

    for (struct serve_module *m = plan->modules; m; m = next) {
        next = m->next;
        net_resolver_close(m->probe.resolver, NULL, NULL);
        net_tls_context_free(m->probe.tls);
        net_tls_context_free(m->anonymous);
        free(m);
    }
    plan->modules = NULL;
}

struct serve_module *serve_plan_module(struct serve_plan *plan,
                                       const char *name, char *error,
                                       size_t size)
{
    const struct config_module *config = NULL;
    struct serve_module *module;

    if (name) {
        config = config_module(&plan->config, name, error, size);
        if (!config)
            return NULL;
    }
    for (module = plan->modules; module; module = module->next) {
        if (module->config == config)
            return module;
    }
    return NULL;
}

struct serve_module *serve_plan_module_of(const struct serve_plan *plan,
                                          const struct target *target)
{
    struct serve_module *module = plan->modules;

    while (module && &module->options != target->group->options)
        module = module->next;
    return module;
}

bool serve_module_trusts(const struct serve_module *module, const char *host,
                         uint16_t port)
{
    const struct config_module *config = module->config;

    return config && serve_match(config->targets, config->ntargets, host, port);
}
