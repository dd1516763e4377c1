/*
 * plan.c -- words > configuration > modules > targets > states.
 *
 * All of it is read before any of it is used, so that a reload either takes
 * place or changes nothing.
 */
#include "commands/serve/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/bench/options.h"
#include "commands/serve/modules.h"
#include "net/url.h"
#include "report/format.h"

static bool no_memory(char *error, size_t size)
{
    return error_set(error, size, "out of memory");
}

/* A password in a word of argv is kept where passwords are, and overwritten
 * where it stood. */
static bool hide_words(struct serve_input *input, char *error, size_t size)
{
    for (size_t i = 0; i < input->words.ntargets; i++) {
        char *word = input->words.targets[i];
        size_t offset, length;
        const char *kept;

        if (!net_url_password_span(word, &offset, &length))
            continue;
        kept = secret_pool_keep(&input->secrets.pool, word, strlen(word));
        secret_hide(word, offset, length);
        if (!kept)
            return no_memory(error, size);
        /* It is only read from here on. */
        input->words.targets[i] = (char *)kept;
        input->exposed = true;
    }
    return true;
}

bool serve_input_read(struct serve_input *input, int argc, char **argv,
                      char *error, size_t size)
{
    if (!options_parse(&serve_spec, argc, argv, &input->words, error, size))
        return false;
    if (input->words.stop)
        return true;
    return secrets_init(&input->secrets, environ, error, size) &&
           hide_words(input, error, size) &&
           (options_environment(&serve_spec, environ, &input->environment) ||
            no_memory(error, size));
}

void serve_input_free(struct serve_input *input)
{
    secrets_free(&input->secrets);
    option_values_free(&input->environment);
    options_free(&input->words);
}

/* The file that is named, by either word, or the default one; NULL: none. */
static const char *config_file(struct serve_plan *plan)
{
    const struct serve_input *input = plan->input;
    const char *file = option_values_last(&input->words.argv, "config");

    if (option_values_has(&input->words.argv, "no-config"))
        return NULL;
    if (!file)
        file = option_values_last(&input->words.argv, "config.file");
    if (!file)
        file = option_values_last(&input->environment, "config");
    if (!file && config_default_file(plan->config_path))
        file = plan->config_path;
    return file;
}

static bool load_config(struct serve_plan *plan, char *error, size_t size)
{
    const struct option_spec *specs[] = { &serve_spec, &check_spec, &watch_spec,
                                          &bench_spec };
    const char *file = config_file(plan);

    return !file || config_load(file, specs, sizeof(specs) / sizeof(specs[0]),
                                &plan->config, error, size);
}

/* What everyone may have: of the environment, or systemd's. */
static bool find_base(struct serve_plan *plan, char *error, size_t size)
{
    struct secrets *secrets = &plan->input->secrets;
    const char *file = plan->options.check.password_file;

    if (!secret_get(secrets, &plan->base, net_now(), &plan->base_password,
                    error, size))
        return false;
    if (!file || strcmp(file, "-") != 0)
        return true;
    plan->standard.from.file = file;
    return secret_get(secrets, &plan->standard, net_now(), &plan->base_password,
                      error, size);
}

static const struct check_options *module_options(void *data, const char *name,
                                                  char *error, size_t size)
{
    struct serve_module *module = serve_plan_module(data, name, error, size);

    return module ? &module->options : NULL;
}

/* Each word is read anew by a reload, so it is read from a copy. */
static bool read_word(struct serve_plan *plan, const char *word, char *error,
                      size_t size)
{
    char text[NET_URL_MAX + 1];
    size_t n = strlen(word);
    bool exposed, fine;

    if (n >= sizeof(text))
        return error_set(error, size, "a target of more than 8192 bytes");
    memcpy(text, word, n + 1);
    fine = target_list_argument(&plan->targets, text, &exposed, error, size);
    explicit_bzero(text, sizeof(text));
    return fine;
}

static bool read_words(struct serve_plan *plan, char *error, size_t size)
{
    struct serve_input *input = plan->input;

    for (size_t i = 0; i < input->words.ntargets; i++) {
        if (!read_word(plan, input->words.targets[i], error, size))
            return false;
    }
    return true;
}

/* Credentials of a module go nowhere but where it says. */
static bool targets_trusted(const struct serve_plan *plan, char *error,
                            size_t size)
{
    for (size_t i = 0; i < plan->targets.ntargets; i++) {
        const struct target *target = &plan->targets.targets[i];
        const struct serve_module *module = serve_plan_module_of(plan, target);

        if (module->config && module->config->ntargets > 0 &&
            serve_module_credentials(module->config) &&
            !serve_module_trusts(module, target->host, target->port))
            return error_set(error, size,
                             "%s has the module %s, but is not among its "
                             "targets: the module's credentials go to no other",
                             target->name, module->config->name);
    }
    return true;
}

static bool states_new(struct serve_plan *plan)
{
    size_t n = plan->targets.ntargets ? plan->targets.ntargets : 1;

    plan->states = calloc(n, sizeof(*plan->states));
    plan->begun_ns = calloc(n, sizeof(*plan->begun_ns));
    return plan->states && plan->begun_ns;
}

static bool read_targets(struct serve_plan *plan, char *error, size_t size)
{
    struct target_list *list = &plan->targets;
    const char *file = plan->options.check.targets;

    list->module = module_options;
    list->data = plan;
    list->secrets = &plan->pool;
    if (!read_words(plan, error, size) ||
        (file && !target_list_file(list, file, error, size)) ||
        !target_list_fits(list, CHECK_FORMAT_PROMETHEUS, error, size) ||
        !targets_trusted(plan, error, size))
        return false;
    plan->endpoint = target_list_endpoint(list);
    return states_new(plan) || no_memory(error, size);
}

static bool read_all(struct serve_plan *plan, char *error, size_t size)
{
    struct option_layers layers = { .config = &plan->config,
                                    .environment = &plan->input->environment,
                                    .argv = &plan->input->words.argv };

    return load_config(plan, error, size) &&
           serve_options_build(&layers, NULL, &plan->options, error, size) &&
           find_base(plan, error, size) &&
           serve_modules_read(plan, error, size) &&
           read_targets(plan, error, size);
}

struct serve_plan *serve_plan_new(struct serve_input *input,
                                  struct net_loop *loop, char *error,
                                  size_t size)
{
    struct serve_plan *plan = calloc(1, sizeof(*plan));

    if (!plan) {
        no_memory(error, size);
        return NULL;
    }
    plan->refs = 1;
    plan->input = input;
    plan->loop = loop;
    plan->logins.loop = loop;
    plan->time_ms = report_now_ms();
    if (read_all(plan, error, size))
        return plan;
    serve_plan_unref(plan);
    return NULL;
}

struct serve_plan *serve_plan_ref(struct serve_plan *plan)
{
    plan->refs++;
    return plan;
}

static void states_free(struct serve_plan *plan)
{
    for (size_t i = 0; plan->states && i < plan->targets.ntargets; i++) {
        free(plan->states[i].packed);
        free(plan->states[i].histogram);
    }
    free(plan->states);
    free(plan->begun_ns);
}

static void on_logins_closed(void *arg)
{
    struct serve_plan *plan = arg;

    states_free(plan);
    serve_modules_free(plan);
    target_list_free(&plan->targets);
    secret_pool_free(&plan->pool);
    secret_free(&plan->base);
    secret_free(&plan->standard);
    config_free(&plan->config);
    free(plan);
}

void serve_plan_unref(struct serve_plan *plan)
{
    if (--plan->refs == 0)
        serve_logins_close(&plan->logins, on_logins_closed, plan);
}

/* A target and where it stands, to be found by name and labels. */
struct entry {
    const struct target *target;
    size_t at;
};

static int compare_labels(const struct target_group *a,
                          const struct target_group *b)
{
    if (a->nlabels != b->nlabels)
        return a->nlabels < b->nlabels ? -1 : 1;
    for (size_t i = 0; i < a->nlabels; i++) {
        int order = strcmp(a->labels[i].name, b->labels[i].name);

        if (order == 0)
            order = strcmp(a->labels[i].value, b->labels[i].value);
        if (order != 0)
            return order;
    }
    return 0;
}

static int compare(const void *left, const void *right)
{
    const struct target *a = ((const struct entry *)left)->target;
    const struct target *b = ((const struct entry *)right)->target;
    int order = strcmp(a->name, b->name);

    return order != 0 ? order : compare_labels(a->group, b->group);
}

static struct entry *sorted(const struct serve_plan *plan)
{
    size_t n = plan->targets.ntargets;
    struct entry *entries = calloc(n ? n : 1, sizeof(*entries));

    if (!entries)
        return NULL;
    for (size_t i = 0; i < n; i++)
        entries[i] = (struct entry){ &plan->targets.targets[i], i };
    qsort(entries, n, sizeof(*entries), compare);
    return entries;
}

static void move_state(struct serve_state *to, struct serve_state *from,
                       bool histogram)
{
    to->packed = from->packed;
    to->changed_ms = from->changed_ms;
    to->checks = from->checks;
    to->failed = from->failed;
    to->before = from->before;
    to->has_before = from->has_before;
    to->running = from->running;
    from->packed = NULL;
    if (!histogram)
        return;
    to->histogram = from->histogram;
    from->histogram = NULL;
}

void serve_plan_inherit(struct serve_plan *plan, struct serve_plan *old)
{
    struct entry *entries = sorted(old);
    bool histogram = memcmp(&plan->options.buckets, &old->options.buckets,
                            sizeof(old->options.buckets)) == 0;

    for (size_t i = 0; i < old->targets.ntargets; i++)
        old->states[i].heir = SERVE_NO_HEIR;
    for (size_t i = 0; entries && i < plan->targets.ntargets; i++) {
        const struct entry wanted = { &plan->targets.targets[i], i };
        const struct entry *found = bsearch(
            &wanted, entries, old->targets.ntargets, sizeof(wanted), compare);

        if (!found)
            continue;
        move_state(&plan->states[i], &old->states[found->at], histogram);
        plan->begun_ns[i] = old->begun_ns[found->at];
        old->states[found->at].heir = (uint32_t)i;
    }
    free(entries);
}

void serve_plan_target(const struct serve_plan *plan, size_t i,
                       struct probe_target *to)
{
    const struct target *target = &plan->targets.targets[i];
    const struct target_group *group = target->group;
    const struct serve_module *module = serve_plan_module_of(plan, target);
    const struct check_options *options = &module->options;
    const char *user = group->user ? group->user : options->user;

    *to = (struct probe_target){
        .name = target->name,
        .host = target->host,
        .port = target->port,
        .tls = target->tls,
        .tls_name = group->tls_name ? group->tls_name : options->tls_name,
        .db = target->db == NET_DB_NONE ? options->db : target->db,
        .labels = group->labels,
        .nlabels = group->nlabels,
        .options = &module->probe,
        .login = { .user = target->user ? target->user : user },
    };
    if (plan->endpoint && plan->endpoint->port == target->port)
        to->endpoint = plan->endpoint->host;
}
