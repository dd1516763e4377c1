/*
 * crew.c -- a turn: given to all, laps taken until all have ended it.
 *
 * A lap is taken when every worker has handed one over, or has nothing more to
 * hand over: so the laps of workers, which end within milliseconds of each
 * other, are added like to like.
 */
#include "bench/crew.h"

#include <stdlib.h>

#define MS_NS UINT64_C(1000000)

static bool have_all_news(const struct crew *crew)
{
    for (unsigned i = 0; i < crew->up; i++)
        if (!worker_has_news(&crew->workers[i]))
            return false;
    return true;
}

/* Wait a little; returns whether every worker has something to take. */
static bool wait_for_news(struct crew *crew)
{
    struct board *board = &crew->board;
    bool all;

    uv_mutex_lock(&board->mutex);
    all = have_all_news(crew);
    if (!all) {
        (void)uv_cond_timedwait(&board->news, &board->mutex,
                                crew->idle_ms * MS_NS);
        all = have_all_news(crew);
    }
    uv_mutex_unlock(&board->mutex);
    return all;
}

/* Take one lap; returns whether all have ended the turn. */
static bool take_lap(struct crew *crew)
{
    const struct crew_hooks *hooks = crew->hooks;
    bool ended = true;

    for (unsigned i = 0; i < crew->up; i++) {
        struct worker *worker = &crew->workers[i];
        struct tally *tally;

        uv_mutex_lock(&crew->board.mutex);
        tally = worker->full;
        ended = ended && worker->ended;
        uv_mutex_unlock(&crew->board.mutex);
        if (!tally)
            continue;
        if (hooks->take)
            hooks->take(hooks->data, crew->turn, i, tally);
        worker_give_back(worker);
    }
    if (hooks->lap)
        hooks->lap(hooks->data, crew->turn);
    return ended;
}

/* A single worker, without a thread, calls these. */

static void take_at_once(void *data)
{
    (void)take_lap(data);
}

static bool look(void *data)
{
    const struct crew_hooks *hooks = ((struct crew *)data)->hooks;

    return hooks->idle && hooks->idle(hooks->data);
}

static bool board_init(struct board *board)
{
    if (uv_mutex_init(&board->mutex) != 0)
        return false;
    if (uv_cond_init(&board->news) == 0) {
        if (uv_cond_init(&board->taken) == 0)
            return true;
        uv_cond_destroy(&board->news);
    }
    uv_mutex_destroy(&board->mutex);
    return false;
}

static void board_deinit(struct board *board)
{
    uv_cond_destroy(&board->taken);
    uv_cond_destroy(&board->news);
    uv_mutex_destroy(&board->mutex);
}

static bool start_all(struct crew *crew, const struct mix_plan *mix)
{
    for (; crew->up < crew->plan->threads; crew->up++) {
        struct worker *worker = &crew->workers[crew->up];

        *worker = (struct worker){ .board = &crew->board,
                                   .plan = crew->plan,
                                   .mix = mix,
                                   .number = crew->up,
                                   .workers = crew->plan->threads };
        if (!worker_start(worker))
            return false;
    }
    return true;
}

bool crew_start(struct crew *crew, const struct mix_plan *mix)
{
    crew->up = 0;
    crew->workers = calloc(crew->plan->threads, sizeof(*crew->workers));
    if (!crew->workers)
        return false;
    if (!board_init(&crew->board)) {
        free(crew->workers);
        return false;
    }
    if (crew->plan->threads == 1 && !crew->apart) {
        crew->board.take = take_at_once;
        crew->board.look = look;
        crew->board.data = crew;
        crew->board.look_ms = crew->idle_ms;
    }
    if (start_all(crew, mix))
        return true;
    crew_end(crew);
    return false;
}

/* Take laps until all workers have ended the turn. */
static void await_end(struct crew *crew)
{
    const struct crew_hooks *hooks = crew->hooks;
    bool stopping = false, ended = false;

    while (!ended) {
        if (wait_for_news(crew))
            ended = take_lap(crew);
        if (stopping || !hooks->idle || !hooks->idle(hooks->data))
            continue;
        stopping = true;
        for (unsigned i = 0; i < crew->up; i++)
            worker_stop(&crew->workers[i]);
    }
}

void crew_do(struct crew *crew, const struct turn *turn,
             const struct crew_hooks *hooks)
{
    crew->turn = turn;
    crew->hooks = hooks;
    for (unsigned i = 0; i < crew->up; i++)
        worker_begin(&crew->workers[i], turn);
    if (!crew->board.take)
        await_end(crew);
}

void crew_end(struct crew *crew)
{
    static const struct turn close_all = { .kind = TURN_CLOSE };
    static const struct crew_hooks nobody = { .data = NULL };

    crew_do(crew, &close_all, &nobody);
    for (unsigned i = 0; i < crew->up; i++)
        worker_join(&crew->workers[i]);
    board_deinit(&crew->board);
    free(crew->workers);
    crew->workers = NULL;
    crew->up = 0;
}
