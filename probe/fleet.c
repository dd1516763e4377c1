/*
 * fleet.c -- a slot for each target in flight; whoever ends frees its slot.
 *
 *     next > check > (not OK yet: wait, check again) > done > next ...
 *
 * An item is a check and, only with --wait, a timer.  It frees itself when its
 * handles are closed, and then the fleet is filled up again.
 */
#include "probe/fleet.h"

#include <stddef.h>
#include <stdlib.h>

#include "net/loop.h"

enum {
    MS = 1000000,  /* nanoseconds */
    AT_ONCE = 256, /* begun before the loop looks at others */
};

struct fleet_item {
    struct check check;
    struct fleet *fleet;
    struct fleet_item *prev, *next;
    struct fleet_wait *wait; /* NULL: check once */
};

/* What --wait adds. */
struct fleet_wait {
    uv_timer_t timer;
    uint64_t end_ns;
    unsigned in_a_row;
    bool asleep;
};

static void fill(struct fleet *f);
static void on_checked(struct check *check);

static void link_item(struct fleet *f, struct fleet_item *item)
{
    item->next = f->items;
    if (f->items)
        f->items->prev = item;
    f->items = item;
    f->in_flight++;
}

static void unlink_item(struct fleet *f, struct fleet_item *item)
{
    if (item->next)
        item->next->prev = item->prev;
    if (item->prev)
        item->prev->next = item->next;
    else
        f->items = item->next;
    f->in_flight--;
}

static void item_free(struct fleet_item *item)
{
    struct fleet *f = item->fleet;

    unlink_item(f, item);
    check_deinit(&item->check);
    free(item->wait);
    free(item);
    fill(f);
}

static void on_timer_closed(uv_handle_t *timer)
{
    item_free(timer->data);
}

/* Nothing could be checked for want of memory, which is a result too. */
static void no_memory(struct fleet *f, const struct probe_target *target)
{
    f->done(f->data, target, NULL, NULL);
}

static void item_end(struct fleet_item *item)
{
    if (item->wait)
        uv_close((uv_handle_t *)&item->wait->timer, on_timer_closed);
    else
        item_free(item);
}

static void item_done(struct fleet_item *item, struct outcome *outcome)
{
    struct fleet *f = item->fleet;

    if (outcome)
        combine_last(&item->check.evidence, outcome);
    f->done(f->data, item->check.target, &item->check, outcome);
    item_end(item);
}

static void check_again(struct fleet_item *item)
{
    struct fleet *f = item->fleet;
    const struct probe_target *target = item->check.target;

    check_deinit(&item->check);
    if (check_init(&item->check, f->world, target)) {
        check_start(&item->check, on_checked);
    } else {
        no_memory(f, target);
        item_end(item);
    }
}

static void on_awake(uv_timer_t *timer)
{
    struct fleet_item *item = timer->data;

    item->wait->asleep = false;
    check_again(item);
}

/* Is another check due?  It must still begin before the time is over. */
static bool wait_goes_on(struct fleet_item *item, const struct outcome *outcome)
{
    struct fleet *f = item->fleet;
    struct fleet_wait *wait = item->wait;
    uint64_t next_ns = f->world->io->now() + (uint64_t)f->interval_ms * MS;
    bool ok = outcome->verdict.status == CHECK_OK;

    wait->in_a_row = ok ? wait->in_a_row + 1 : 0;
    item->check.evidence.in_a_row = wait->in_a_row;
    item->check.evidence.consecutive = f->consecutive;
    return !f->canceled && wait->in_a_row < f->consecutive &&
           next_ns < wait->end_ns;
}

/* Is it to be checked at once with another login? */
static bool again_at_once(struct fleet_item *item,
                          const struct outcome *outcome)
{
    struct fleet *f = item->fleet;

    return f->again && !f->canceled &&
           f->again(f->data, item->check.target, outcome);
}

static void on_checked(struct check *check)
{
    struct fleet_item *item = check->data;
    struct outcome outcome;

    if (!combine(&check->evidence, &check->target->options->policy, &outcome)) {
        item_done(item, NULL);
        return;
    }
    if (again_at_once(item, &outcome)) {
        check_again(item);
    } else if (item->wait && wait_goes_on(item, &outcome)) {
        item->wait->asleep = true;
        uv_timer_start(&item->wait->timer, on_awake, item->fleet->interval_ms,
                       0);
    } else {
        item_done(item, &outcome);
    }
    outcome_free(&outcome);
}

static bool wait_init(struct fleet_item *item)
{
    struct fleet *f = item->fleet;

    if (f->wait_ms == 0)
        return true;
    item->wait = calloc(1, sizeof(*item->wait));
    if (!item->wait)
        return false;
    item->wait->end_ns = f->world->io->now() + (uint64_t)f->wait_ms * MS;
    uv_timer_init(&f->world->loop->uv, &item->wait->timer);
    item->wait->timer.data = item;
    return true;
}

static void item_start(struct fleet *f, const struct probe_target *target)
{
    struct fleet_item *item = calloc(1, sizeof(*item));

    if (!item) {
        no_memory(f, target);
        return;
    }
    item->fleet = f;
    item->check.data = item;
    if (!check_init(&item->check, f->world, target) || !wait_init(item)) {
        no_memory(f, target);
        check_deinit(&item->check);
        free(item);
        return;
    }
    link_item(f, item);
    check_start(&item->check, on_checked);
}

static void on_more(struct net_deadline *more)
{
    char *fleet = (char *)more - offsetof(struct fleet, more);

    fill((void *)fleet);
}

static bool has_room(const struct fleet *f)
{
    return !f->exhausted && !f->canceled && f->in_flight < f->concurrency;
}

/* Thousands begun in a row would be thousands of connections half made, and
 * answers that nobody looks at.  The rest is begun when the loop has been
 * round; a fake world has none. */
static void fill(struct fleet *f)
{
    struct net_loop *loop = f->world->loop;

    for (unsigned begun = 0; has_room(f) && (begun < AT_ONCE || !loop);
         begun++) {
        const struct probe_target *target = f->next(f->data);

        f->exhausted = !target;
        if (target)
            item_start(f, target);
    }
    if (loop && has_room(f))
        net_deadline_set(&loop->deadlines, &f->more, on_more, 1);
    else if (loop)
        net_deadline_clear(&loop->deadlines, &f->more);
}

void fleet_start(struct fleet *f)
{
    f->items = NULL;
    f->in_flight = 0;
    f->exhausted = f->canceled = false;
    f->more = (struct net_deadline){ 0 };
    fill(f);
}

/* A sleeper has its last result to tell: it is woken to check no more. */
static void item_cancel(struct fleet_item *item)
{
    struct outcome outcome;

    if (!item->wait || !item->wait->asleep) {
        item->check.evidence.signal = item->fleet->signal;
        check_cancel(&item->check);
        return;
    }
    item->wait->asleep = false;
    uv_timer_stop(&item->wait->timer);
    if (combine(&item->check.evidence, &item->check.target->options->policy,
                &outcome)) {
        item_done(item, &outcome);
        outcome_free(&outcome);
    } else {
        item_done(item, NULL);
    }
}

void fleet_cancel(struct fleet *f)
{
    f->canceled = true;
    if (f->world->loop)
        net_deadline_clear(&f->world->loop->deadlines, &f->more);
    for (struct fleet_item *item = f->items, *next; item; item = next) {
        next = item->next;
        item_cancel(item);
    }
}
