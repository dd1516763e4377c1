/*
 * hook.c -- a queue of events, each a process:
 *
 *     queued > spawned, line written > exited > handles closed > next
 */
#include "commands/watch/hook.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    OWN_VARIABLES = 8,
};

/* One event on its way. */
struct hook_job {
    struct hook_job *next;
    char *line;
    size_t size;
    char *variables[OWN_VARIABLES]; /* "LINKPROBE_EVENT=verdict", owned */
};

static void job_free(struct hook_job *job)
{
    for (unsigned i = 0; i < OWN_VARIABLES; i++)
        free(job->variables[i]);
    free(job->line);
    free(job);
}

static char *variable(const char *name, const char *value)
{
    char *text = NULL;

    return asprintf(&text, "LINKPROBE_%s=%s", name, value ? value : "") < 0
               ? NULL
               : text;
}

static struct hook_job *job_new(const struct probe_target *target,
                                const struct event *event, const char *line,
                                size_t n)
{
    struct hook_job *job = calloc(1, sizeof(*job));
    char host[NET_ADDR_TEXT_MAX] = "";
    char **v;

    if (!job)
        return NULL;
    if (event->address)
        net_addr_host(&event->address->addr, host);
    v = job->variables;
    v[0] = variable("EVENT", event_token(event->kind));
    v[1] = variable("TARGET", target->name);
    v[2] = variable("STATUS", check_status_token(event->status));
    v[3] = variable("VERDICT", event->now ? event->now->id : "");
    v[4] = variable("ADDRESS", host);
    v[5] = variable("FROM", event->from);
    v[6] = variable("TO", event->to);
    v[7] = variable("SUMMARY", event->now ? event->now->summary : "");
    job->line = malloc(n);
    for (unsigned i = 0; i < OWN_VARIABLES; i++) {
        if (!v[i] || !job->line) {
            job_free(job);
            return NULL;
        }
    }
    memcpy(job->line, line, n);
    job->size = n;
    return job;
}

/* Ours by another name, or a secret of ours. */
static bool is_kept_back(const char *variable)
{
    static const char *const names[] = {
        "LINKPROBE_PASSWORD=", "REDISCLI_AUTH=",    "LINKPROBE_EVENT=",
        "LINKPROBE_TARGET=",   "LINKPROBE_STATUS=", "LINKPROBE_VERDICT=",
        "LINKPROBE_ADDRESS=",  "LINKPROBE_FROM=",   "LINKPROBE_TO=",
        "LINKPROBE_SUMMARY=",
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strncmp(variable, names[i], strlen(names[i])) == 0)
            return true;
    }
    return false;
}

/* The environment of the command: texts are lent, the array is the caller's. */
static char **environment_of(const struct hook_job *job)
{
    size_t n = 0, kept = 0;
    char **all;

    while (environ[n])
        n++;
    all = calloc(n + OWN_VARIABLES + 1, sizeof(*all));
    if (!all)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        if (!is_kept_back(environ[i]))
            all[kept++] = environ[i];
    }
    for (unsigned i = 0; i < OWN_VARIABLES; i++)
        all[kept++] = job->variables[i];
    return all;
}

static void start_next(struct hook *hook);

static void on_closed(uv_handle_t *handle)
{
    struct hook *hook = handle->data;
    struct hook_job *job = hook->jobs;

    if (--hook->closing > 0)
        return;
    hook->running = false;
    hook->jobs = job->next;
    hook->njobs--;
    job_free(job);
    start_next(hook);
}

static void close_one(struct hook *hook, uv_handle_t *handle)
{
    handle->data = hook;
    if (!uv_is_closing(handle))
        uv_close(handle, on_closed);
}

static void end_job(struct hook *hook)
{
    if (hook->spawned)
        close_one(hook, (uv_handle_t *)&hook->process);
    hook->spawned = false; /* its number may be another's by now */
    close_one(hook, (uv_handle_t *)&hook->input);
    close_one(hook, (uv_handle_t *)&hook->limit);
}

static void on_ended(uv_process_t *process, int64_t status, int number)
{
    struct hook *hook = process->data;

    if (status != 0 || number != 0) {
        hook->failed++;
        if (!hook->silent && number)
            (void)fprintf(stderr,
                          "linkprobe: --on-change was ended by signal %d\n",
                          number);
        else if (!hook->silent)
            (void)fprintf(stderr,
                          "linkprobe: --on-change ended with status %d\n",
                          (int)status);
    }
    end_job(hook);
}

static void on_written(uv_write_t *request, int status)
{
    (void)request;
    (void)status; /* a command need not read its input */
}

static void on_limit(uv_timer_t *timer)
{
    struct hook *hook = timer->data;

    (void)uv_process_kill(&hook->process, SIGKILL);
}

/* The shell's own handlers are the default ones: libuv sees to that. */
static int spawn(struct hook *hook, char **environment)
{
    char shell[] = "/bin/sh", dash_c[] = "-c";
    char *words[] = { shell, dash_c, NULL, NULL };
    uv_stdio_container_t files[3] = {
        { .flags = UV_CREATE_PIPE | UV_READABLE_PIPE,
          .data.stream = (uv_stream_t *)&hook->input },
        { .flags = hook->silent ? UV_IGNORE : UV_INHERIT_FD,
          .data.fd = STDERR_FILENO },
        { .flags = hook->silent ? UV_IGNORE : UV_INHERIT_FD,
          .data.fd = STDERR_FILENO },
    };
    uv_process_options_t options = { .exit_cb = on_ended,
                                     .file = shell,
                                     .args = words,
                                     .env = environment,
                                     .stdio_count = 3,
                                     .stdio = files };
    int status;

    words[2] = strdup(hook->command);
    if (!words[2])
        return UV_ENOMEM;
    status = uv_spawn(&hook->loop->uv, &hook->process, &options);
    free(words[2]);
    return status;
}

static void start_job(struct hook *hook, struct hook_job *job)
{
    uv_buf_t line = uv_buf_init(job->line, (unsigned)job->size);
    char **environment = environment_of(job);
    int status;

    hook->running = true;
    hook->spawned = environment != NULL; /* else there is no such handle */
    hook->closing = environment ? 3 : 2;
    uv_pipe_init(&hook->loop->uv, &hook->input, 0);
    uv_timer_init(&hook->loop->uv, &hook->limit);
    hook->limit.data = hook;
    hook->process.data = hook;
    status = environment ? spawn(hook, environment) : UV_ENOMEM;
    free(environment);
    if (status < 0) {
        hook->failed++;
        (void)fprintf(stderr, "linkprobe: --on-change cannot be run: %s\n",
                      uv_strerror(status));
        /* a handle that did not start is to be closed as well */
        end_job(hook);
        return;
    }
    (void)uv_write(&hook->write, (uv_stream_t *)&hook->input, &line, 1,
                   on_written);
    (void)uv_shutdown(&hook->end, (uv_stream_t *)&hook->input, NULL);
    uv_timer_start(&hook->limit, on_limit, HOOK_LIMIT_MS, 0);
}

static void start_next(struct hook *hook)
{
    if (!hook->running && hook->jobs)
        start_job(hook, hook->jobs);
}

void hook_run(struct hook *hook, const struct probe_target *target,
              const struct event *event, const char *line, size_t n)
{
    struct hook_job **last = &hook->jobs, *job;

    if (!hook->command)
        return;
    job = hook->njobs < HOOK_QUEUE_MAX ? job_new(target, event, line, n) : NULL;
    if (!job) {
        hook->dropped++;
        if (!hook->silent)
            (void)fprintf(stderr,
                          "linkprobe: --on-change is too slow: an event was "
                          "not handed over (%llu so far)\n",
                          (unsigned long long)hook->dropped);
        return;
    }
    while (*last)
        last = &(*last)->next;
    *last = job;
    hook->njobs++;
    start_next(hook);
}

static void drop_queue(struct hook *hook)
{
    struct hook_job *job = hook->running ? hook->jobs->next : hook->jobs;

    if (hook->running)
        hook->jobs->next = NULL;
    else
        hook->jobs = NULL;
    while (job) {
        struct hook_job *next = job->next;

        job_free(job);
        hook->njobs--;
        job = next;
    }
}

void hook_kill(struct hook *hook)
{
    hook->command = NULL;
    drop_queue(hook);
    if (hook->running && hook->spawned)
        (void)uv_process_kill(&hook->process, SIGKILL);
}
