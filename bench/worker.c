/*
 * worker.c -- the life of a worker.
 *
 *     worker_start > run(): [on_wake: a turn > ticks ... > on_done] ... > end
 *
 *     without a thread: worker_begin(): a turn > ticks ... > on_done
 *                       with one connection and nothing else: past the loop
 *
 * A tick comes ten times a second while a turn is on, and when a second or the
 * turn is over.  How late it comes is the loop's lag.  It is no timer of the
 * loop: with one of those epoll_wait() sets up and takes down a timer of the
 * kernel each time, which a load with one connection feels.
 */
#include "bench/worker.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

enum {
    ALONE_MS = 20, /* so late comes a tick when there is no reply at all */
};

#define MS_NS UINT64_C(1000000)

static uint64_t thread_cpu_ns(void)
{
    struct timespec time = { .tv_sec = 0 };

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000 * MS_NS + (uint64_t)time.tv_nsec;
}

static struct tally *other_tally(struct worker *worker)
{
    return &worker->tallies[worker->load.tally == &worker->tallies[0]];
}

static void close_tally(struct worker *worker, uint64_t now, bool last)
{
    struct tally *tally = worker->load.tally;
    uint64_t cpu_ns = thread_cpu_ns();

    load_sample(&worker->load, last);
    tally->end_ns = now;
    tally->cpu_ns = cpu_ns - worker->cpu_ns;
    worker->cpu_ns = cpu_ns;
}

/* With the board locked: the full tally is the main thread's, and the other
 * one is counted in. */
static void leave(struct worker *worker)
{
    worker->full = worker->load.tally;
    worker->load.tally = other_tally(worker);
    uv_cond_signal(&worker->board->news);
}

/* Without a thread: the tally is taken, and empty again, when this returns. */
static void hand(struct worker *worker)
{
    worker->full = worker->load.tally;
    worker->board->take(worker->board->data);
}

/* Hand over what was counted.  The main thread may still hold the other tally:
 * then this lap is a longer one. */
static void lap(struct worker *worker, uint64_t now)
{
    struct board *board = worker->board;

    worker->lap_due_ns += WORKER_LAP_MS * MS_NS;
    if (board->take) {
        close_tally(worker, now, false);
        hand(worker);
    } else {
        uv_mutex_lock(&board->mutex);
        if (!worker->full) {
            close_tally(worker, now, false);
            leave(worker);
        }
        uv_mutex_unlock(&board->mutex);
    }
    worker->load.tally->begin_ns = now;
}

static void end_thread(struct worker *worker)
{
    uv_close((uv_handle_t *)&worker->wake, NULL);
    alarm_close(&worker->tick);
}

/* The last tally of a turn waits until there is room for it. */
static void leave_last(struct worker *worker)
{
    struct board *board = worker->board;

    uv_mutex_lock(&board->mutex);
    while (worker->full)
        uv_cond_wait(&board->taken, &board->mutex);
    worker->ended = true;
    leave(worker);
    uv_mutex_unlock(&board->mutex);
}

static void on_done(struct load *load)
{
    struct worker *worker = load->data;

    alarm_set(&worker->tick, UINT64_MAX);
    close_tally(worker, net_now(), true);
    if (worker->board->take) {
        worker->ended = true;
        if (worker->running)
            uv_stop(&worker->loop.uv);
        hand(worker);
    } else {
        leave_last(worker);
    }
    if (load->turn.kind == TURN_CLOSE)
        end_thread(worker);
}

static void set_tick(struct worker *worker, uint64_t now)
{
    uint64_t at = now + WORKER_TICK_MS * MS_NS;
    uint64_t end_ns = load_next_end(&worker->load);

    if (worker->load.turn.laps && worker->lap_due_ns > now &&
        worker->lap_due_ns < at)
        at = worker->lap_due_ns;
    if (end_ns > now && end_ns < at)
        at = end_ns;
    alarm_set(&worker->tick, at);
}

static bool is_lap_over(const struct worker *worker, uint64_t now)
{
    const struct load *load = &worker->load;

    /* The last lap lasts until all replies are in. */
    return load->turn.laps && now >= worker->lap_due_ns &&
           (load->turn.ns == 0 || now + WORKER_LAP_MS * MS_NS / 2 <
                                      load->turn.begin_ns + load->turn.ns);
}

/* Without a thread: who else would look? */
static void look(struct worker *worker, uint64_t now)
{
    const struct board *board = worker->board;

    if (!board->look || now < worker->look_due_ns)
        return;
    worker->look_due_ns = now + board->look_ms * MS_NS;
    if (board->look(board->data))
        load_stop(&worker->load);
}

static void on_tick(void *data)
{
    struct worker *worker = data;
    uint64_t now = net_now();
    uint64_t due = worker->woken_ns ? worker->woken_ns : worker->tick.at_ns;

    if (!worker->load.busy)
        return; /* it ended while this one was on its way */
    tally_tick(worker->load.tally, due, now, WORKER_TICK_MS * MS_NS);
    if (is_lap_over(worker, now))
        lap(worker, now);
    look(worker, now);
    load_tick(&worker->load, now);
    if (worker->load.busy)
        set_tick(worker, now);
}

static void begin(struct worker *worker, const struct turn *turn)
{
    uint64_t now = net_now();

    worker->cpu_ns = thread_cpu_ns();
    worker->load.tally->begin_ns = turn->begin_ns > now ? turn->begin_ns : now;
    worker->lap_due_ns = turn->begin_ns + WORKER_LAP_MS * MS_NS;
    uv_update_time(&worker->loop.uv);
    load_begin(&worker->load, turn);
    if (worker->load.busy)
        set_tick(worker, now);
}

static void on_wake(uv_async_t *wake)
{
    struct worker *worker = wake->data;
    struct turn turn;
    bool given, stop;

    uv_mutex_lock(&worker->board->mutex);
    turn = worker->turn;
    given = worker->given;
    stop = worker->stop;
    worker->given = worker->stop = false;
    uv_mutex_unlock(&worker->board->mutex);
    if (given)
        begin(worker, &turn);
    if (stop)
        load_stop(&worker->load);
}

static bool set_up(struct worker *worker)
{
    struct load *load = &worker->load;
    uv_loop_t *loop = &worker->loop.uv;

    *load = (struct load){ .plan = worker->plan,
                           .loop = &worker->loop,
                           .tally = &worker->tallies[0],
                           .worker = worker->number,
                           .workers = worker->workers,
                           .on_done = on_done,
                           .data = worker };
    if (uv_async_init(loop, &worker->wake, on_wake) != 0)
        return false;
    worker->wake.data = worker;
    if (alarm_open(&worker->tick, loop, on_tick, worker) == 0 &&
        load_init(load, worker->mix))
        return true;
    end_thread(worker);
    return false;
}

static void tell_up(struct worker *worker, bool is_up)
{
    uv_mutex_lock(&worker->board->mutex);
    worker->up = is_up;
    worker->failed = !is_up;
    uv_cond_signal(&worker->board->news);
    uv_mutex_unlock(&worker->board->mutex);
}

static void end_loop(struct worker *worker)
{
    net_loop_run(&worker->loop); /* what is closed is gone after this */
    load_deinit(&worker->load);
    (void)net_loop_close(&worker->loop);
}

/* The loop and the load; false: neither is there. */
static bool begin_loop(struct worker *worker)
{
    if (net_loop_init(&worker->loop) != 0)
        return false;
    if (set_up(worker))
        return true;
    end_loop(worker);
    return false;
}

static void run(void *data)
{
    struct worker *worker = data;
    bool is_up = begin_loop(worker);

    tell_up(worker, is_up);
    if (is_up)
        end_loop(worker);
}

static void free_tallies(struct worker *worker)
{
    tally_deinit(&worker->tallies[0]);
    tally_deinit(&worker->tallies[1]);
}

/* Start the thread and wait until it is up. */
static bool start_thread(struct worker *worker)
{
    struct board *board = worker->board;

    if (uv_thread_create(&worker->thread, run, worker) != 0)
        return false;
    uv_mutex_lock(&board->mutex);
    while (!worker->up && !worker->failed)
        uv_cond_wait(&board->news, &board->mutex);
    uv_mutex_unlock(&board->mutex);
    if (worker->failed)
        (void)uv_thread_join(&worker->thread);
    return !worker->failed;
}

bool worker_start(struct worker *worker)
{
    worker->ended = true;
    if (tally_init(&worker->tallies[0], worker->plan) &&
        tally_init(&worker->tallies[1], worker->plan) &&
        (worker->board->take ? begin_loop(worker) : start_thread(worker)))
        return true;
    free_tallies(worker);
    return false;
}

/* One connection and nobody else to listen to: it is listened to in the kernel,
 * until that changes.  Ticks come between replies, or ALONE_MS late. */
static void run_alone(struct worker *worker, struct flow *flow)
{
    struct load *load = &worker->load;
    uint64_t now;
    bool woken;

    do {
        load->ask_ns = worker->tick.at_ns;
        woken = net_conn_take_alone(&flow->conn, ALONE_MS);
        now = woken ? load->heard_ns : net_now();
        if (now < worker->tick.at_ns)
            continue;
        worker->woken_ns = load->ask_ns == UINT64_MAX ? load->came_ns : now;
        on_tick(worker);
    } while (!worker->ended && load_only_flow(load));
    load->ask_ns = UINT64_MAX;
    worker->woken_ns = 0;
    net_conn_rejoin(&flow->conn);
}

/* Then each turn of the loop may be the last one that is needed. */
static bool may_be_alone(const struct load *load)
{
    return load->lane && load->lane->nflows == 1;
}

static void carry_out(struct worker *worker, const struct turn *turn)
{
    struct flow *flow;

    worker->ended = false;
    begin(worker, turn);
    while (!worker->ended) {
        flow = load_only_flow(&worker->load);
        if (flow) {
            run_alone(worker, flow);
        } else {
            worker->running = true;
            (void)uv_run(&worker->loop.uv, may_be_alone(&worker->load)
                                               ? UV_RUN_ONCE
                                               : UV_RUN_DEFAULT);
            worker->running = false;
        }
    }
}

void worker_begin(struct worker *worker, const struct turn *turn)
{
    if (worker->board->take) {
        carry_out(worker, turn);
        return;
    }
    uv_mutex_lock(&worker->board->mutex);
    worker->turn = *turn;
    worker->given = true;
    worker->ended = false;
    worker->stop = false;
    uv_mutex_unlock(&worker->board->mutex);
    (void)uv_async_send(&worker->wake);
}

void worker_stop(struct worker *worker)
{
    uv_mutex_lock(&worker->board->mutex);
    worker->stop = true;
    uv_mutex_unlock(&worker->board->mutex);
    (void)uv_async_send(&worker->wake);
}

void worker_join(struct worker *worker)
{
    if (worker->board->take)
        end_loop(worker);
    else
        (void)uv_thread_join(&worker->thread);
    free_tallies(worker);
}

bool worker_has_news(const struct worker *worker)
{
    return worker->full || worker->ended;
}

void worker_give_back(struct worker *worker)
{
    tally_reset(worker->full);
    if (!worker->board->take && worker->turn.laps)
        tally_rest(worker->full);
    uv_mutex_lock(&worker->board->mutex);
    worker->full = NULL;
    uv_cond_broadcast(&worker->board->taken);
    uv_mutex_unlock(&worker->board->mutex);
}
