/*
 * credentials_process.c -- a program of the user's that prints keys as JSON.
 *
 *     spawn > its output's end, and its own > both handles closed > fetch_step
 *
 * The line is split into words and run as it is: no shell, so nothing in it is
 * a variable or a pipe.  The program leads a session of its own, so that what
 * it started goes with it when its time is over.  Its errors go where ours go.
 *
 * Source: "Sourcing credentials with an external process", AWS CLI User Guide.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aws/credentials_json.h"
#include "aws/credentials_sources.h"
#include "aws/words.h"

enum {
    WORDS_MAX = 256,
    TIMEOUT_MS = 60000, /* it may sign somebody in */
};

struct process {
    struct fetch *fetch;
    uv_process_t handle;
    uv_pipe_t output;
    struct net_deadline deadline;
    struct secret_text text; /* what it has printed */
    char *line;              /* the words' text */
    char *words[WORDS_MAX + 1];
    char whose[QUOTE_MAX + 32];
    unsigned open; /* handles */
    int64_t status;
    int signal;
    bool exited, ended, late, large;
};

static bool judge(struct process *p)
{
    struct fault *fault = &p->fetch->fault;

    if (p->late)
        return fault_set(fault, CREDENTIALS_CONFIG,
                         "%s did not end within %d s", p->whose,
                         TIMEOUT_MS / 1000);
    if (p->large)
        return fault_set(fault, CREDENTIALS_CONFIG, "%s printed more than 64k",
                         p->whose);
    if (p->signal != 0)
        return fault_set(fault, CREDENTIALS_CONFIG,
                         "%s was killed by signal %d", p->whose, p->signal);
    if (p->status != 0)
        return fault_set(fault, CREDENTIALS_CONFIG,
                         "%s ended with exit status %d", p->whose,
                         (int)p->status);
    return credentials_json_read(p->text.bytes, p->text.length, SHAPE_PROCESS,
                                 p->whose, &p->fetch->found, fault);
}

static void release(struct process *p)
{
    secret_text_free(&p->text);
    free(p->line);
    free(p);
}

static void on_closed(uv_handle_t *handle)
{
    struct process *p = handle->data;
    struct fetch *fetch = p->fetch;
    bool fine;

    if (--p->open > 0)
        return;
    /* What did not start has said why. */
    fine = p->exited && judge(p);
    fetch->process = NULL;
    release(p);
    fetch_step(fetch, fine);
}

/* Close what is left when both have ended, or at once. */
static void close_all(struct process *p)
{
    net_deadline_clear(&p->fetch->loop->deadlines, &p->deadline);
    if (!uv_is_closing((uv_handle_t *)&p->output))
        uv_close((uv_handle_t *)&p->output, on_closed);
    if (!uv_is_closing((uv_handle_t *)&p->handle))
        uv_close((uv_handle_t *)&p->handle, on_closed);
}

/* Not once it is reaped: its number may be another's by then. */
static void kill_all(struct process *p)
{
    if (!p->exited)
        (void)kill(-p->handle.pid, SIGKILL);
    p->ended = true;
    if (p->exited)
        close_all(p);
}

static void on_late(struct net_deadline *deadline)
{
    struct process *p =
        (struct process *)(void *)((char *)deadline -
                                   offsetof(struct process, deadline));

    p->late = true;
    kill_all(p);
}

static void on_exit_status(uv_process_t *handle, int64_t status, int number)
{
    struct process *p = handle->data;

    p->exited = true;
    p->status = status;
    p->signal = number;
    if (p->ended)
        close_all(p);
}

static void on_room(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
    struct process *p = handle->data;

    (void)size;
    *buf = uv_buf_init(p->text.bytes + p->text.length,
                       (unsigned)(CREDENTIALS_JSON_MAX + 1 - p->text.length));
}

static void on_output(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct process *p = stream->data;

    (void)buf;
    if (n == 0)
        return;
    if (n > 0) {
        p->text.length += (size_t)n;
        p->large = p->text.length > CREDENTIALS_JSON_MAX;
        if (!p->large)
            return;
        (void)uv_read_stop(stream);
        kill_all(p);
        return;
    }
    p->ended = true;
    if (p->exited)
        close_all(p);
}

static int spawn(struct process *p)
{
    uv_stdio_container_t stdio[3] = {
        { .flags = UV_IGNORE },
        { .flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
          .data.stream = (uv_stream_t *)&p->output },
        { .flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO },
    };
    uv_process_options_t options = { .exit_cb = on_exit_status,
                                     .file = p->words[0],
                                     .args = p->words,
                                     .stdio = stdio,
                                     .stdio_count = 3,
                                     .flags = UV_PROCESS_DETACHED };
    uv_loop_t *loop = &p->fetch->loop->uv;
    int error;

    (void)uv_pipe_init(loop, &p->output, 0); /* never fails */
    p->output.data = p->handle.data = p;
    p->open = 2;
    error = uv_spawn(loop, &p->handle, &options);
    if (error == 0) /* an open pipe can be read */
        (void)uv_read_start((uv_stream_t *)&p->output, on_room, on_output);
    return error;
}

static bool split(struct process *p, const char *command)
{
    int n;

    p->line = strdup(command);
    if (!p->line || !secret_text_new(&p->text, CREDENTIALS_JSON_MAX + 2))
        return fault_set(&p->fetch->fault, CREDENTIALS_SERVICE,
                         "out of memory");
    n = words_split(p->line, p->words, WORDS_MAX);
    if (n > 0)
        return true;
    return fault_set(&p->fetch->fault, CREDENTIALS_CONFIG, "%s: %s", p->whose,
                     n == 0                ? "there is no command"
                     : n == WORDS_UNCLOSED ? "a quotation mark is not closed"
                                           : "too many words");
}

void source_process(struct fetch *fetch)
{
    struct process *p = calloc(1, sizeof(*p));
    char quoted[QUOTE_MAX];
    int error;

    if (!p) {
        fetch_step(fetch, fault_set(&fetch->fault, CREDENTIALS_SERVICE,
                                    "out of memory"));
        return;
    }
    p->fetch = fetch;
    (void)snprintf(p->whose, sizeof(p->whose), "credential_process of %s",
                   text_quote(fetch->plan.profile, quoted));
    fetch->found.source = "custom-process";
    if (!split(p, fetch->plan.command)) {
        release(p);
        fetch_step(fetch, false);
        return;
    }
    fetch->process = p;
    error = spawn(p);
    if (error != 0) {
        fault_set(&fetch->fault, CREDENTIALS_CONFIG,
                  "%s could not be started: %s", p->whose, uv_strerror(error));
        close_all(p);
        return;
    }
    net_deadline_set(&fetch->loop->deadlines, &p->deadline, on_late,
                     TIMEOUT_MS);
}

void process_cancel(struct process *p)
{
    if (p && p->open == 2)
        kill_all(p);
}
