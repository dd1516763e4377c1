/*
 * renew.c -- a side's password, generation by generation.
 *
 *     known -- rejected, or old --> busy: ask() in a thread --> known (the
 * next)
 *                                                          \--> spent
 *
 * While it is busy nobody reads the password, which the callback may release.
 */
#include "bench/renew.h"

#include "bench/login.h"
#include "net/loop.h"

bool renew_init(struct renew *renew)
{
    if (uv_mutex_init(&renew->mutex) != 0)
        return false;
    if (uv_cond_init(&renew->changed) != 0) {
        uv_mutex_destroy(&renew->mutex);
        return false;
    }
    for (unsigned i = 0; i < BENCH_SIDES_MAX; i++)
        renew->sides[i] = (struct renew_side){ .renew = renew,
                                               .number = i,
                                               .born_ns = net_now() };
    return true;
}

void renew_deinit(struct renew *renew)
{
    for (unsigned i = 0; i < BENCH_SIDES_MAX; i++)
        if (renew->sides[i].started)
            (void)uv_thread_join(&renew->sides[i].thread);
    uv_cond_destroy(&renew->changed);
    uv_mutex_destroy(&renew->mutex);
}

/* In a thread, the side being busy. */
static void ask(void *data)
{
    struct renew_side *side = data;
    struct renew *renew = side->renew;
    const char *password = NULL;
    bool accepted = side->accepted == side->generation + 1;
    bool found = renew->cb(renew->data, side->number, side->rejected, accepted,
                           &password);

    uv_mutex_lock(&renew->mutex);
    side->busy = false;
    side->spent = !found && side->rejected;
    side->born_ns = net_now();
    if (found) {
        side->password = password;
        side->generation++;
    }
    uv_cond_broadcast(&renew->changed);
    uv_mutex_unlock(&renew->mutex);
}

/* With the mutex locked: let somebody ask, unless they do. */
static void begin(struct renew_side *side, bool rejected)
{
    if (side->busy || side->spent)
        return;
    if (side->started)
        (void)uv_thread_join(&side->thread); /* it is past its end */
    side->rejected = rejected;
    side->started = uv_thread_create(&side->thread, ask, side) == 0;
    side->busy = side->started;
    side->spent = !side->started;
}

/* With the mutex locked: does `login` become that of the newest one? */
static bool format(const struct renew_side *side, const struct bench_plan *plan,
                   struct resp_batch *login, unsigned *generation)
{
    const struct bench_side *of_plan = &plan->sides[side->number];
    struct resp_batch batch;

    if (!login_format(&batch, of_plan->user,
                      side->generation > 0 ? side->password : of_plan->password,
                      of_plan->db))
        return false;
    resp_batch_free(login);
    *login = batch;
    *generation = side->generation;
    return true;
}

bool renew_format(struct renew *renew, const struct bench_plan *plan,
                  unsigned number, struct resp_batch *login,
                  unsigned *generation)
{
    struct renew_side *side = &renew->sides[number];
    bool fine;

    uv_mutex_lock(&renew->mutex);
    while (side->busy)
        uv_cond_wait(&renew->changed, &renew->mutex);
    *login = (struct resp_batch){ 0 };
    fine = format(side, plan, login, generation);
    uv_mutex_unlock(&renew->mutex);
    return fine;
}

void renew_login(struct renew *renew, const struct bench_plan *plan,
                 unsigned number, struct resp_batch *login,
                 unsigned *generation)
{
    struct renew_side *side = &renew->sides[number];

    uv_mutex_lock(&renew->mutex);
    if (!side->busy && net_now() - side->born_ns >= renew->age_ns)
        begin(side, false);
    if (!side->busy && side->generation != *generation)
        (void)format(side, plan, login, generation);
    uv_mutex_unlock(&renew->mutex);
}

void renew_accepted(struct renew *renew, unsigned number, unsigned generation)
{
    struct renew_side *side = &renew->sides[number];

    uv_mutex_lock(&renew->mutex);
    if (side->generation == generation && !side->busy)
        side->accepted = generation + 1;
    uv_mutex_unlock(&renew->mutex);
}

void renew_rejected(struct renew *renew, unsigned number, unsigned generation)
{
    struct renew_side *side = &renew->sides[number];

    uv_mutex_lock(&renew->mutex);
    if (side->generation == generation)
        begin(side, true);
    uv_mutex_unlock(&renew->mutex);
}

bool renew_wait(struct renew *renew, unsigned number, unsigned generation)
{
    struct renew_side *side = &renew->sides[number];
    bool is_newer;

    uv_mutex_lock(&renew->mutex);
    for (int asked = 0; asked < 2 && side->generation == generation; asked++) {
        begin(side, true); /* the first one may be of a side that was old */
        while (side->busy)
            uv_cond_wait(&renew->changed, &renew->mutex);
    }
    is_newer = side->generation != generation;
    uv_mutex_unlock(&renew->mutex);
    return is_newer;
}
