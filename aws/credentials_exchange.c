/*
 * start > [make > request > on_answer] > pause > ... > done
 */
#include "aws/credentials_exchange.h"

#include <stddef.h>
#include <string.h>

enum {
    PAUSE_FIRST_MS = 100,
    PAUSE_MAX_MS = 5000,
};

static void next_try(struct exchange *x);

void exchange_forget(struct exchange *x)
{
    if (x->request.answer)
        explicit_bzero(x->request.answer, x->request.answer_size);
    http_request_free(&x->request);
}

static void end(struct exchange *x)
{
    x->running = false;
    x->done(x);
}

static void on_pause(struct net_deadline *pause)
{
    next_try((struct exchange *)(void *)((char *)pause -
                                         offsetof(struct exchange, pause)));
}

/* Between half of it and all of it, so that many do not come back at once. */
static unsigned pause_ms(const struct exchange *x)
{
    unsigned ms = PAUSE_MAX_MS, doublings = x->tried - 1;

    if (doublings < 6)
        ms = (unsigned)PAUSE_FIRST_MS << doublings;
    ms = ms / 2 + (unsigned)(net_now() / 1000 % (ms / 2 + 1));
    if (x->request.retry_after_ms > (long)ms)
        ms = x->request.retry_after_ms < PAUSE_MAX_MS
                 ? (unsigned)x->request.retry_after_ms
                 : PAUSE_MAX_MS;
    return ms;
}

bool exchange_again(struct exchange *x)
{
    if (x->canceled || x->tried >= x->attempts)
        return false;
    x->running = true;
    net_deadline_set(&x->loop->deadlines, &x->pause, on_pause, pause_ms(x));
    exchange_forget(x);
    return true;
}

static bool is_worth_a_try(const struct exchange *x)
{
    int status = x->request.status;

    if (x->request.hopeless || (status == 0 && x->unanswered >= x->lost))
        return false;
    return status == 0 || status == 429 || status >= 500;
}

static void on_answer(struct http_request *request)
{
    struct exchange *x = request->data;

    if (request->status == 0)
        x->unanswered++;
    if (!is_worth_a_try(x) || !exchange_again(x))
        end(x);
}

static void next_try(struct exchange *x)
{
    if (x->canceled) {
        end(x);
        return;
    }
    x->tried++;
    x->request.done = on_answer;
    x->request.data = x;
    if (!x->make || x->make(x))
        http_start(x->http, &x->request);
    else
        end(x);
}

void exchange_start(struct exchange *x)
{
    x->tried = x->unanswered = 0;
    x->running = true;
    x->canceled = false;
    next_try(x);
}

void exchange_cancel(struct exchange *x)
{
    if (!x->running || x->canceled)
        return;
    x->canceled = true;
    if (!x->pause.cb) {
        http_cancel(&x->request);
        return;
    }
    net_deadline_set(&x->loop->deadlines, &x->pause, on_pause, 0);
}
