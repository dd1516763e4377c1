/*
 * login.c -- known and fresh? given at once.  Else: wait > worker reads
 * > kept > all who wait are told.
 */
#include "commands/serve/login.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SHARED_MAX = 10000, /* names that strangers may have us remember */
};

/* For so long it is not tried again to get one that could not be had. */
#define FAILURE_AGE_NS (UINT64_C(10) * 1000000000)

/* A password and how many use it. */
struct serve_secret {
    unsigned refs;
    struct secret_text text;
};

struct serve_login {
    struct serve_logins *all;
    struct serve_login *next;
    struct secret_from from;     /* host, port and user are our own copies */
    struct serve_secret *secret; /* NULL: not read, or it could not be */
    struct serve_login_wait *first, *last;
    uint64_t read_ns;
    bool working, known, stale, again;
    char error[ERROR_TEXT_MAX];

    /* the worker's */
    uv_work_t work;
    struct secret_text text;
    bool fine;
};

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_same(const struct secret_from *a, const struct secret_from *b)
{
    if (a->file || b->file)
        return same_text(a->file, b->file);
    return same_text(a->command, b->command) && same_text(a->host, b->host) &&
           same_text(a->port, b->port) && same_text(a->user, b->user);
}

static char *copy(const char *text)
{
    return text ? strdup(text) : NULL;
}

static struct serve_login *login_new(const struct secret_from *from)
{
    struct serve_login *login = calloc(1, sizeof(*login));

    if (!login)
        return NULL;
    login->from = *from;
    /* Only a command is told them. */
    login->from.host = from->file ? NULL : copy(from->host);
    login->from.port = from->file ? NULL : copy(from->port);
    login->from.user = from->file ? NULL : copy(from->user);
    return login;
}

struct serve_login *serve_login_find(struct serve_logins *logins,
                                     const struct secret_from *from, bool own)
{
    struct serve_login *login;

    for (login = logins->first; (from->file || !own) && login;
         login = login->next) {
        if (is_same(&login->from, from))
            return login;
    }
    if (!own && logins->nshared == SHARED_MAX)
        return NULL;
    login = login_new(from);
    if (!login)
        return NULL;
    login->all = logins;
    login->next = logins->first;
    logins->first = login;
    logins->nshared += !own;
    return login;
}

static void secret_unref(struct serve_secret *secret)
{
    if (!secret || --secret->refs > 0)
        return;
    secret_text_free(&secret->text);
    free(secret);
}

static void give(struct serve_login *login, struct serve_login_wait *wait)
{
    wait->secret = login->secret;
    wait->password = login->secret ? login->secret->text.bytes : NULL;
    wait->error = login->secret ? NULL : login->error;
    if (wait->secret)
        wait->secret->refs++;
}

static bool read_file(struct serve_login *login)
{
    const char *path = login->from.file;
    char name[QUOTE_MAX];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool fine;

    text_quote_path(path, name);
    if (fd < 0) {
        error_set(login->error, sizeof(login->error), "%s cannot be read: %s",
                  name, strerror(errno));
        return false;
    }
    fine = secret_read_line(fd, name, &login->text, login->error,
                            sizeof(login->error));
    (void)close(fd);
    return fine;
}

static void on_work(uv_work_t *work)
{
    struct serve_login *login = work->data;

    if (!login->from.file) {
        login->fine = secret_run(&login->from, login->all->quiet, &login->text,
                                 login->error, sizeof(login->error));
        return;
    }
    login->fine = read_file(login);
    if (!login->fine)
        error_prefix(login->error, sizeof(login->error), "--password-file");
}

/* What the worker has becomes the password; without memory there is none. */
static void keep(struct serve_login *login)
{
    struct serve_secret *secret =
        login->fine ? calloc(1, sizeof(*secret)) : NULL;

    secret_unref(login->secret);
    login->secret = secret;
    if (!secret) {
        if (login->fine)
            error_set(login->error, sizeof(login->error), "out of memory");
        secret_text_free(&login->text);
        return;
    }
    *secret = (struct serve_secret){ .refs = 1, .text = login->text };
    login->text = (struct secret_text){ 0 };
}

static void tell_all(struct serve_login *login)
{
    struct serve_login_wait *wait = login->first;

    login->first = login->last = NULL;
    while (wait) {
        struct serve_login_wait *next = wait->next;

        wait->next = NULL;
        give(login, wait);
        wait->cb(wait);
        wait = next;
    }
}

static void logins_free(struct serve_logins *logins)
{
    struct serve_login *next;

    for (struct serve_login *login = logins->first; login; login = next) {
        next = login->next;
        secret_unref(login->secret);
        free((char *)login->from.host);
        free((char *)login->from.port);
        free((char *)login->from.user);
        free(login);
    }
    logins->first = NULL;
    logins->closed(logins->arg);
}

static void on_worked(uv_work_t *work, int status)
{
    struct serve_login *login = work->data;
    struct serve_logins *all = login->all;

    (void)status; /* never cancelled */
    login->working = false;
    all->working--;
    login->known = true;
    login->stale = false;
    login->read_ns = net_now();
    keep(login);
    tell_all(login);
    if (all->closed && all->working == 0)
        logins_free(all);
}

static void begin_work(struct serve_login *login)
{
    if (login->working)
        return;
    login->work.data = login;
    login->working = true;
    login->all->working++;
    /* Fails only without a function to call. */
    (void)uv_queue_work(&login->all->loop->uv, &login->work, on_work,
                        on_worked);
}

static bool is_fresh(const struct serve_login *login)
{
    uint64_t age_ns = login->secret ? SECRET_COMMAND_AGE_NS : FAILURE_AGE_NS;

    return login->known && !login->stale && net_now() - login->read_ns < age_ns;
}

bool serve_login_get(struct serve_login *login, struct serve_login_wait *wait,
                     serve_login_cb cb)
{
    wait->cb = cb;
    wait->login = login;
    wait->next = NULL;
    if (is_fresh(login)) {
        give(login, wait);
        return true;
    }
    if (login->last)
        login->last->next = wait;
    else
        login->first = wait;
    login->last = wait;
    begin_work(login);
    return false;
}

static void take_out(struct serve_login *login,
                     const struct serve_login_wait *wait)
{
    struct serve_login_wait **at = &login->first, *before = NULL;

    while (*at && *at != wait) {
        before = *at;
        at = &(*at)->next;
    }
    if (!*at)
        return;
    *at = wait->next;
    if (login->last == wait)
        login->last = before;
}

void serve_login_release(struct serve_login_wait *wait)
{
    if (wait->login)
        take_out(wait->login, wait);
    secret_unref(wait->secret);
    wait->secret = NULL;
    wait->password = NULL;
    wait->login = NULL;
}

bool serve_login_rejected(struct serve_login *login)
{
    if (login->again)
        return false;
    login->again = true;
    login->stale = true;
    return true;
}

void serve_login_accepted(struct serve_login *login)
{
    login->again = false;
}

void serve_logins_close(struct serve_logins *logins, void (*cb)(void *arg),
                        void *arg)
{
    logins->closed = cb;
    logins->arg = arg;
    if (logins->working == 0)
        logins_free(logins);
}
