/*
 * job.c -- from words to a plan.
 */
#include "commands/bench/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/text.h"
#include "net/url.h"

static bool no_memory(char *error, size_t size)
{
    return error_set(error, size, "out of memory");
}

static bool load_config(struct bench_job *job, char *error, size_t size)
{
    const struct option_spec *specs[] = { &bench_spec, &check_spec };
    const char *file =
        config_choose(&job->words.argv, &job->environment, job->config_path);

    return !file || config_load(file, specs, 2, &job->config, error, size);
}

/* Letters that mean something else in each of the peers. */
static bool hint(const struct options *words, char *error, size_t size)
{
    if (words->stop && words->stop->id == BENCH_ROW_HINT_R)
        return error_set(error, size,
                         "-r is not assigned: requests a second are --rate "
                         "(-R), how many keys is --keys (-k)");
    if (words->stop && words->stop->id == BENCH_ROW_HINT_T)
        return error_set(error, size,
                         "-t is not assigned: threads are --threads (-T), "
                         "which commands is --mix, how long is --duration "
                         "(-d)");
    return true;
}

/* A targets_module_cb: the side's own, whatever the name. */
static const struct check_options *
options_of_side(void *data, const char *module, char *error, size_t size)
{
    (void)module;
    if (!data)
        (void)no_memory(error, size);
    return data;
}

/* The argument behind --against is argv's own, and a password in it is to be
 * hidden there: the same pointer, but to char. */
static char *in_argv(const char *text)
{
    return strchr(text, text[0]);
}

static bool read_targets(struct bench_job *job, char *error, size_t size)
{
    struct target_list *list = &job->targets;
    struct bench_options *options = &job->options;

    list->module = options_of_side;
    list->secrets = &job->secrets.pool;
    for (unsigned i = 0; i < options->nsides; i++) {
        char *argument =
            i == 0 ? job->words.targets[0] : in_argv(options->against[i]);

        list->data = &options->sides[i];
        if (!target_list_argument(list, argument, &job->exposed, error, size))
            return false;
    }
    return target_list_fits(list, CHECK_FORMAT_TEXT, error, size);
}

static bool build(struct bench_job *job, char *error, size_t size)
{
    const struct option_layers layers = { .config = &job->config,
                                          .environment = &job->environment,
                                          .argv = &job->words.argv };

    if (!bench_options_build(&layers, NULL, &job->options, error, size))
        return false;
    if (job->options.check.config_check)
        return bench_options_verify(&layers, error, size);
    return bench_options_take(job->words.ntargets, error, size) &&
           read_targets(job, error, size);
}

bool bench_job_read(struct bench_job *job, int argc, char **argv, char *error,
                    size_t size)
{
    if (!options_parse(&bench_spec, argc, argv, &job->words, error, size))
        return false;
    if (job->words.stop)
        return hint(&job->words, error, size);
    if (!secrets_init(&job->secrets, environ, error, size))
        return false;
    if (!options_environment(&bench_spec, environ, &job->environment))
        return no_memory(error, size);
    return load_config(job, error, size) && build(job, error, size);
}

static bool make_seed(struct bench_job *job, char *error, size_t size)
{
    uint64_t *seed = &job->options.seed;

    if (job->options.seeded ||
        getrandom(seed, sizeof(*seed), 0) == sizeof(*seed))
        return true;
    return error_set(error, size, "the kernel has no random numbers");
}

static bool need_tls(struct bench_job *job, unsigned i, char *error,
                     size_t size)
{
    const struct check_options *options = &job->options.sides[i];
    const struct net_tls_config config = {
        .verify = (enum net_tls_verify)options->tls_verify,
        .cacert = options->cacert,
        .cacertdir = options->cacertdir,
        .cert = options->cert,
        .key = options->key,
    };

    if (!job->targets.targets[i].tls)
        return true;
    job->plan.sides[i].tls = net_tls_context_new(&config, error, size);
    return job->plan.sides[i].tls != NULL;
}

/* Passwords of commands are lent as copies, since a command that is run again
 * and fails leaves none. */
static bool lend(struct bench_job *job, unsigned i, const char **password)
{
    struct secret_text fresh = { 0 };

    if (!secret_text_copy(&fresh, *password, strlen(*password)))
        return false;
    secret_text_free(&job->lent[i]);
    job->lent[i] = fresh;
    *password = fresh.bytes;
    return true;
}

/* A renew_cb: run the command again. */
static bool renew_password(void *data, unsigned i, bool rejected, bool accepted,
                           const char **password)
{
    struct bench_job *job = data;
    struct secret *secret = &job->passwords[i];
    char error[BENCH_ERROR_MAX], port[8];
    bool fine;

    if (accepted)
        secret_accepted(secret);
    if (rejected && !secret_rejected(secret))
        return false;
    (void)snprintf(port, sizeof(port), "%u",
                   (unsigned)job->targets.targets[i].port);
    secret->from.port = port;
    fine = secret_get(&job->secrets, secret, net_now(), password, error,
                      sizeof(error));
    secret->from.port = NULL;
    if (!fine)
        (void)fprintf(stderr, "linkprobe: warning: %s\n", error);
    return fine && *password && lend(job, i, password);
}

static bool need_renewal(struct bench_job *job, unsigned i,
                         const char **password)
{
    const struct secret_from *from = &job->passwords[i].from;

    if (from->url || from->askpass || from->file || !from->command)
        return true;
    if (!job->renews) {
        job->renew = (struct renew){ .cb = renew_password,
                                     .data = job,
                                     .age_ns = SECRET_COMMAND_AGE_NS };
        job->renews = renew_init(&job->renew);
        job->plan.renew = &job->renew;
    }
    return job->renews && lend(job, i, password);
}

static bool need_password(struct bench_job *job, unsigned i, char *error,
                          size_t size)
{
    const struct check_options *options = &job->options.sides[i];
    const struct target *target = &job->targets.targets[i];
    struct bench_side *side = &job->plan.sides[i];
    struct secret *secret = &job->passwords[i];
    char port[8];
    bool fine;

    (void)snprintf(port, sizeof(port), "%u", (unsigned)target->port);
    side->user = target->user ? target->user : options->user;
    secret->from = (struct secret_from){ .url = target->password,
                                         .askpass = options->askpass,
                                         .file = options->password_file,
                                         .command = options->password_command,
                                         .host = target->host,
                                         .port = port,
                                         .user = side->user };
    fine = secret_get(&job->secrets, secret, net_now(), &side->password, error,
                      size);
    secret->from.port = NULL;
    if (fine && !need_renewal(job, i, &side->password))
        return no_memory(error, size);
    /* A user without a password may log in with any: ACL's nopass. */
    if (fine && !side->password && side->user)
        side->password = "";
    return fine;
}

static bool make_side(struct bench_job *job, unsigned i, char *error,
                      size_t size)
{
    const struct check_options *options = &job->options.sides[i];
    const struct target *target = &job->targets.targets[i];
    struct bench_side *side = &job->plan.sides[i];

    side->name = target->name;
    side->tls_name = options->tls_name ? options->tls_name : target->host;
    side->db = target->db == NET_DB_NONE ? 0 : target->db;
    return need_tls(job, i, error, size) && need_password(job, i, error, size);
}

static void fill(struct bench_job *job)
{
    const struct bench_options *options = &job->options;
    struct bench_plan *plan = &job->plan;
    bool anywhere = options->check.source.sa.any.sa_family == AF_UNSPEC;

    *plan = (struct bench_plan){
        .nsides = options->nsides,
        .connections = options->connections,
        .threads = options->threads,
        .pipeline = options->pipeline,
        .requests = options->requests,
        .duration_ns = (uint64_t)options->duration_ms * 1000000,
        .warmup_ns = (uint64_t)options->warmup_ms * 1000000,
        .rate = options->rate,
        .size = options->size,
        .keys = options->keys,
        .key_prefix = options->key_prefix,
        .distribution = (enum bench_distribution)options->distribution,
        .seed = options->seed,
        .reconnect = options->reconnect,
        .start_at_ms = options->start_at_ms,
        .timeout_ms = options->check.timeout_ms,
        .source = anywhere ? NULL : &options->check.source,
    };
    memcpy(plan->weights, options->weights, sizeof(plan->weights));
}

bool bench_job_prepare(struct bench_job *job, char *error, size_t size)
{
    struct net_loop loop;
    bool fine = true;

    if (!make_seed(job, error, size))
        return false;
    fill(job);
    for (unsigned i = 0; fine && i < job->plan.nsides; i++)
        fine = make_side(job, i, error, size);
    if (!fine)
        return false;
    if (net_loop_init(&loop) != 0)
        return error_set(error, size, "cannot make an event loop");
    fine = bench_job_resolve(job, &loop, error, size);
    net_loop_close(&loop);
    return fine;
}

void bench_job_free(struct bench_job *job)
{
    if (job->renews)
        renew_deinit(&job->renew);
    for (unsigned i = 0; i < BENCH_SIDES_MAX; i++) {
        net_tls_context_free(job->plan.sides[i].tls);
        secret_free(&job->passwords[i]);
        secret_text_free(&job->lent[i]);
    }
    target_list_free(&job->targets);
    secrets_free(&job->secrets);
    config_free(&job->config);
    option_values_free(&job->environment);
    options_free(&job->words);
}
