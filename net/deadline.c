/*
 * deadline.c -- a pairing heap of deadlines.
 *
 * Every deadline is no later than those below it.  To meld two heaps the later
 * first one goes below the earlier; taking one out melds those below it, in
 * pairs.  The timer is armed for the first one.  When that one is cleared the
 * timer is left alone: it then wakes for nothing, once, and is armed anew.
 *
 * Source: Fredman, Sedgewick, Sleator, Tarjan, "The pairing heap", 1986.
 */
#include "net/deadline.h"

#include <assert.h>
#include <stddef.h>

static struct net_deadline *meld(struct net_deadline *a, struct net_deadline *b)
{
    struct net_deadline *first = a, *later = b;

    if (!a || !b)
        return a ? a : b;
    if (b->due_ms < a->due_ms) {
        first = b;
        later = a;
    }
    later->sibling = first->child;
    if (first->child)
        first->child->back = later;
    later->back = first;
    first->child = later;
    return first;
}

/* Meld `list` and its siblings, in pairs from the left, then all of those. */
static struct net_deadline *meld_all(struct net_deadline *list)
{
    struct net_deadline *pairs = NULL, *whole = NULL;

    while (list) {
        struct net_deadline *a = list, *b = a->sibling, *pair;

        list = b ? b->sibling : NULL;
        a->sibling = a->back = NULL;
        if (b)
            b->sibling = b->back = NULL;
        pair = meld(a, b);
        pair->sibling = pairs;
        pairs = pair;
    }
    while (pairs) {
        struct net_deadline *pair = pairs;

        pairs = pair->sibling;
        pair->sibling = NULL;
        whole = meld(whole, pair);
    }
    return whole;
}

static void detach(struct net_deadline *d)
{
    if (d->back->child == d)
        d->back->child = d->sibling;
    else
        d->back->sibling = d->sibling;
    if (d->sibling)
        d->sibling->back = d->back;
}

static void take(struct net_deadlines *all, struct net_deadline *d)
{
    struct net_deadline *below = meld_all(d->child);

    if (d == all->first) {
        all->first = below;
    } else {
        detach(d);
        all->first = meld(all->first, below);
    }
    *d = (struct net_deadline){ 0 };
}

static void on_timer(uv_timer_t *timer);

static void arm(struct net_deadlines *all)
{
    uint64_t now_ms = uv_now(all->timer.loop), due_ms;
    int error;

    if (!all->first) {
        (void)uv_timer_stop(&all->timer); /* never fails */
        return;
    }
    due_ms = all->first->due_ms;
    error = uv_timer_start(&all->timer, on_timer,
                           due_ms > now_ms ? due_ms - now_ms : 0, 0);
    assert(error == 0); /* fails on closing handles only */
    (void)error;
}

/* A callback may set this one again, or clear any other. */
static void on_timer(uv_timer_t *timer)
{
    struct net_deadlines *all = timer->data;
    uint64_t now_ms = uv_now(timer->loop);

    while (all->first && all->first->due_ms <= now_ms) {
        struct net_deadline *d = all->first;
        net_deadline_cb cb = d->cb;
        take(all, d);
        cb(d);
    }
    arm(all);
}

void net_deadlines_init(struct net_deadlines *all, uv_loop_t *loop)
{
    all->first = NULL;
    (void)uv_timer_init(loop, &all->timer); /* never fails */
    all->timer.data = all;
}

void net_deadlines_close(struct net_deadlines *all)
{
    assert(!all->first);
    uv_close((uv_handle_t *)&all->timer, NULL);
}

void net_deadline_set(struct net_deadlines *all, struct net_deadline *d,
                      net_deadline_cb cb, uint64_t ms)
{
    if (d->cb)
        take(all, d);
    d->cb = cb;
    d->due_ms = uv_now(all->timer.loop) + ms;
    all->first = meld(all->first, d);
    if (all->first == d)
        arm(all);
}

void net_deadline_clear(struct net_deadlines *all, struct net_deadline *d)
{
    if (!d->cb)
        return;
    take(all, d);
    if (!all->first)
        arm(all);
}
