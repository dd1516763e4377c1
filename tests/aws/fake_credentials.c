/*
 * fake_credentials.c -- as net/ promises: once, and never inside.
 */
#include "aws/fake_credentials.h"

#include <stdlib.h>

#include "net/deadline.h"

enum {
    WAITING_MAX = 8,
};

struct credentials {
    struct net_loop *loop;
    struct net_deadline soon;
    struct credentials_request *waiting[WAITING_MAX];
    unsigned n;
};

struct fake_credentials fake_credentials;

void fake_credentials_reset(void)
{
    fake_credentials = (struct fake_credentials){
        .keys = { { "AKIDEXAMPLE", "secret-key-one", "token-one" },
                  { "AKIDEXAMPLE", "secret-key-two", "token-two" },
                  { "AKIDEXAMPLE", "secret-key-three", NULL } },
    };
}

struct credentials *credentials_new(struct net_loop *loop, struct http *http,
                                    const struct profiles *profiles,
                                    const struct credentials_options *options)
{
    struct credentials *credentials = calloc(1, sizeof(*credentials));

    (void)http;
    (void)profiles;
    (void)options;
    if (credentials)
        credentials->loop = loop;
    return credentials;
}

void credentials_free(struct credentials *credentials)
{
    free(credentials);
}

static void on_soon(struct net_deadline *deadline)
{
    struct credentials *credentials =
        (struct credentials *)(void *)((char *)deadline -
                                       offsetof(struct credentials, soon));
    struct credentials_request *request = credentials->waiting[0];
    const struct aws_keys *keys =
        &fake_credentials.keys[fake_credentials.refusals % 3];
    bool none = fake_credentials.error || request->canceled;

    if (fake_credentials.hang && !request->canceled)
        return;
    credentials->n--;
    for (unsigned i = 0; i < credentials->n; i++)
        credentials->waiting[i] = credentials->waiting[i + 1];
    if (credentials->n > 0)
        net_deadline_set(&credentials->loop->deadlines, deadline, on_soon, 0);
    request->done(request->data, none ? NULL : keys, "a test",
                  request->canceled ? "canceled" : fake_credentials.error);
}

void credentials_get(struct credentials *credentials,
                     struct credentials_request *request)
{
    fake_credentials.gets++;
    request->canceled = false;
    credentials->waiting[credentials->n++] = request;
    net_deadline_set(&credentials->loop->deadlines, &credentials->soon, on_soon,
                     0);
}

void credentials_cancel(struct credentials *credentials,
                        struct credentials_request *request)
{
    request->canceled = true;
    net_deadline_set(&credentials->loop->deadlines, &credentials->soon, on_soon,
                     0);
}

void credentials_refuse(struct credentials *credentials)
{
    (void)credentials;
    fake_credentials.refusals++;
}

enum credentials_fault credentials_fault(const struct credentials *credentials)
{
    (void)credentials;
    return CREDENTIALS_FINE;
}
