/*
 * plan.c -- from words to targets that a probe can take.
 *
 *     argv, environment, configuration > options (a module each)
 *     argv, --targets > target list > plan_target, one a target in flight
 */
#include "commands/check/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/bench/options.h"
#include "commands/check/login.h"
#include "commands/check/probe.h"
#include "net/url.h"

static bool no_memory(char *error, size_t size)
{
    (void)snprintf(error, size, "out of memory");
    return false;
}

static bool load_config(struct check_plan *plan, char *error, size_t size)
{
    /* the command's own comes first; keys of the others are no mistakes */
    const struct option_spec *specs[] = { plan->spec, &check_spec, &bench_spec,
                                          &watch_spec };
    const char *file =
        config_choose(&plan->words.argv, &plan->environment, plan->config_path);

    return !file || config_load(file, specs, sizeof(specs) / sizeof(specs[0]),
                                &plan->config, error, size);
}

static struct option_layers layers_of(struct check_plan *plan)
{
    return (struct option_layers){ .config = &plan->config,
                                   .environment = &plan->environment,
                                   .argv = &plan->words.argv };
}

static const struct check_options *module_of(void *data, const char *name,
                                             char *error, size_t size)
{
    struct check_plan *plan = data;
    const struct option_layers layers = layers_of(plan);
    struct plan_module *module;

    for (module = plan->modules; module; module = module->next) {
        if ((!name && !module->name) ||
            (name && module->name && strcmp(name, module->name) == 0))
            return &module->options;
    }
    module = calloc(1, sizeof(*module));
    if (!module) {
        no_memory(error, size);
        return NULL;
    }
    module->next = plan->modules;
    plan->modules = module;
    module->name = name ? strdup(name) : NULL;
    if (!name) {
        module->options = plan->options;
        return &module->options;
    }
    return check_options_build(plan->spec, &layers, name, plan->plugin,
                               &module->options, error, size)
               ? &module->options
               : NULL;
}

static bool read_targets(struct check_plan *plan, char *error, size_t size)
{
    struct target_list *list = &plan->targets;

    list->module = module_of;
    list->data = plan;
    list->secrets = &plan->secrets.pool;
    for (size_t i = 0; i < plan->words.ntargets; i++) {
        if (!target_list_argument(list, plan->words.targets[i], &plan->exposed,
                                  error, size))
            return false;
    }
    return !plan->options.targets ||
           target_list_file(list, plan->options.targets, error, size);
}

bool plan_read(struct check_plan *plan, int argc, char **argv, bool plugin,
               char *error, size_t size)
{
    struct option_layers layers;

    plan->plugin = plugin;
    if (!plan->spec)
        plan->spec = &check_spec;
    if (!options_parse(plan->spec, argc, argv, &plan->words, error, size))
        return false;
    if (plan->words.stop)
        return true;
    if (!secrets_init(&plan->secrets, environ, error, size))
        return false;
    if (!options_environment(plan->spec, environ, &plan->environment))
        return no_memory(error, size);
    if (!load_config(plan, error, size))
        return false;
    layers = layers_of(plan);
    if (!check_options_build(plan->spec, &layers, NULL, plugin, &plan->options,
                             error, size))
        return false;
    if (plan->options.config_check)
        return check_options_verify(plan->spec, &layers, plugin, error, size);
    plan->secrets.quiet = plugin || plan->options.format == CHECK_FORMAT_NAGIOS;
    if (!read_targets(plan, error, size))
        return false;
    plan->endpoint = target_list_endpoint(&plan->targets);
    return check_options_take(&plan->options, plan->targets.ntargets, error,
                              size) &&
           target_list_fits(&plan->targets, plan->options.format, error, size);
}

/* ROLE is always asked; INFO server only where its answer is shown. */
static bool shows_server(const struct check_plan *plan)
{
    unsigned format = plan->options.format;

    return plan->server || format == CHECK_FORMAT_JSON ||
           (format == CHECK_FORMAT_TEXT && !plan->options.quiet &&
            (plan->targets.ntargets == 1 || plan->options.verbosity > 0));
}

static void settle(struct check_plan *plan, struct plan_module *module)
{
    if (module->settled)
        return;
    module->settled = true;
    module->probe = check_probe_options(&module->options, &module->again);
    module->probe.server_info = shows_server(plan);
}

static bool need_resolver(struct check_plan *plan, struct plan_module *module,
                          const struct target *target, char *error, size_t size)
{
    struct net_addr literal;

    if (module->probe.resolver || module->probe.naddresses > 0 ||
        net_addr_parse(target->host, target->port, &literal))
        return true;
    module->probe.resolver = net_resolver_new(plan->loop, module->options.dns);
    return module->probe.resolver || no_memory(error, size);
}

static bool need_tls(struct plan_module *module, const struct target *target,
                     char *error, size_t size)
{
    const struct check_options *options = &module->options;
    const struct net_tls_config config = {
        .verify = (enum net_tls_verify)options->tls_verify,
        .cacert = options->cacert,
        .cacertdir = options->cacertdir,
        .cert = options->cert,
        .key = options->key,
    };

    if (!target->tls || module->probe.tls)
        return true;
    module->probe.tls = net_tls_context_new(&config, error, size);
    return module->probe.tls != NULL;
}

static void fill(struct plan_target *to, const struct target *target)
{
    const struct check_options *options = &to->module->options;
    const struct target_group *group = target->group;

    to->target = (struct probe_target){
        .name = target->name,
        .host = target->host,
        .port = target->port,
        .tls = target->tls,
        .tls_name = group->tls_name ? group->tls_name : options->tls_name,
        .db = target->db == NET_DB_NONE ? options->db : target->db,
        .labels = group->labels,
        .nlabels = group->nlabels,
        .options = &to->module->probe,
        .login = { .user = plan_login_user(to, target) },
    };
}

/* `options` is a module's: the struct around it. */
static struct plan_module *module_around(struct check_plan *plan,
                                         const struct check_options *options)
{
    struct plan_module *module = plan->modules;

    while (module && &module->options != options)
        module = module->next;
    return module;
}

struct plan_target *plan_target_new(struct check_plan *plan,
                                    struct net_loop *loop, size_t i,
                                    char *error, size_t size)
{
    const struct target *target = &plan->targets.targets[i];
    struct plan_target *to = calloc(1, sizeof(*to));

    if (!to) {
        no_memory(error, size);
        return NULL;
    }
    plan->loop = loop;
    to->module = module_around(plan, target->group->options);
    settle(plan, to->module);
    fill(to, target);
    if (plan->endpoint && plan->endpoint->port == target->port)
        to->target.endpoint = plan->endpoint->host;
    if (need_resolver(plan, to->module, target, error, size) &&
        need_tls(to->module, target, error, size) &&
        plan_login_find(plan, to, target, error, size))
        return to;
    plan_target_free(to);
    return NULL;
}

void plan_target_free(struct plan_target *target)
{
    if (target->login)
        secret_free(&target->login->secret);
    free(target->login);
    free(target);
}

void plan_close(struct check_plan *plan)
{
    for (struct plan_module *m = plan->modules; m; m = m->next) {
        net_resolver_close(m->probe.resolver, NULL, NULL);
        m->probe.resolver = NULL;
    }
}

void plan_free(struct check_plan *plan)
{
    struct plan_module *next;

    for (struct plan_module *m = plan->modules; m; m = next) {
        next = m->next;
        net_tls_context_free(m->probe.tls);
        free(m->name);
        free(m);
    }
    plan->modules = NULL;
    target_list_free(&plan->targets);
    secrets_free(&plan->secrets);
    config_free(&plan->config);
    option_values_free(&plan->environment);
    options_free(&plan->words);
}
