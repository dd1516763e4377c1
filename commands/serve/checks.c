/*
 * checks.c -- timer > due ones > jobs; results.c has what comes of them.
 */
#include "commands/serve/checks.h"

#include <stdlib.h>
#include <sys/random.h>
#include <sys/resource.h>

#include "commands/serve/results.h"

enum {
    MS = 1000000,          /* nanoseconds */
    FDS_A_CHECK = 4,       /* of several addresses, and second probes */
    FDS_OTHERS = 1200,     /* HTTP, DNS, files */
    IN_FLIGHT_LEAST = 256, /* as a check has it by default */
    IN_FLIGHT_MOST = 16384,
    AT_ONCE = 256, /* begun before the loop looks at others */
};

/* One check in flight, and whose it is; a reload may move the target. */
struct serve_checks_item {
    struct serve_checks_item *next, *prev;
    struct serve_checks *checks;
    struct serve_job *job;
    uint32_t at; /* of the plan in use, or SERVE_NO_HEIR: it is gone */
};

static void on_timer(uv_timer_t *timer);

bool serve_checks_init(struct serve_checks *checks, struct net_loop *loop)
{
    *checks = (struct serve_checks){ .loop = loop };
    checks->world = (struct probe_world){ .io = &probe_io_net, .loop = loop };
    checks->room = calloc(1, sizeof(*checks->room));
    if (!checks->room)
        return false;
    (void)uv_timer_init(&loop->uv, &checks->timer);
    checks->timer.data = checks;
    return true;
}

/* As many as there are descriptors for, unless the user says how many. */
static unsigned most_in_flight(const struct serve_plan *plan)
{
    unsigned asked = plan->options.check.concurrency;
    struct rlimit files;
    rlim_t n = IN_FLIGHT_LEAST;

    if (asked != IN_FLIGHT_LEAST ||
        option_values_has(&plan->input->words.argv, "concurrency"))
        return asked;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 &&
        files.rlim_cur > FDS_OTHERS + FDS_A_CHECK * IN_FLIGHT_LEAST)
        n = (files.rlim_cur - FDS_OTHERS) / FDS_A_CHECK;
    return n > IN_FLIGHT_MOST ? IN_FLIGHT_MOST : (unsigned)n;
}

static void arm(struct serve_checks *checks)
{
    uint64_t due_ns = serve_schedule_due(&checks->schedule), now_ns = net_now();
    /* At least one: libuv runs a timer of none again before all others. */
    uint64_t ms = 1;

    if (checks->stopping || due_ns == UINT64_MAX) {
        uv_timer_stop(&checks->timer);
        return;
    }
    /* The loop's clock may be behind: it counts from there. */
    uv_update_time(&checks->loop->uv);
    if (due_ns > now_ns + MS)
        ms = (due_ns - now_ns + MS - 1) / MS;
    (void)uv_timer_start(&checks->timer, on_timer, ms, 0);
}

static void unlink_item(struct serve_checks_item *item)
{
    struct serve_checks *checks = item->checks;

    if (item->next)
        item->next->prev = item->prev;
    if (item->prev)
        item->prev->next = item->next;
    else
        checks->items = item->next;
    checks->in_flight--;
}

static void on_done(struct serve_job *job, const struct report_item *result,
                    const char *error)
{
    struct serve_checks_item *item = job->data;
    struct serve_checks *checks = item->checks;
    struct serve_state *state = NULL;

    unlink_item(item);
    if (item->at != SERVE_NO_HEIR) {
        state = &checks->plan->states[item->at];
        state->running = false;
    }
    /* Of a target that is gone, or cut short by our own end: no result. */
    if (state && !checks->stopping && result)
        serve_result_take(checks, state, result);
    else if (state && !checks->stopping)
        serve_result_error(checks, state, &job->target, error);
    free(item);
}

static struct serve_checks_item *item_new(struct serve_checks *checks,
                                          size_t at)
{
    struct serve_checks_item *item = calloc(1, sizeof(*item));
    struct serve_job *job = serve_job_new();

    if (!item || !job) {
        free(item);
        free(job);
        return NULL;
    }
    *item = (struct serve_checks_item){
        .next = checks->items, .checks = checks, .job = job, .at = (uint32_t)at
    };
    if (checks->items)
        checks->items->prev = item;
    checks->items = item;
    checks->in_flight++;
    return item;
}

static void begin(struct serve_checks *checks, size_t at)
{
    struct serve_plan *plan = checks->plan;
    const struct target *target = &plan->targets.targets[at];
    struct serve_state *state = &plan->states[at];
    struct serve_checks_item *item;
    struct serve_job *job;

    if (state->running || checks->in_flight >= checks->most) {
        checks->skipped++;
        return;
    }
    item = item_new(checks, at);
    if (!item) {
        checks->skipped++;
        return;
    }
    job = item->job;
    state->running = true;
    job->data = item;
    job->plan = plan;
    job->module = serve_plan_module_of(plan, target);
    job->trusted = true;
    job->url_password = target->password;
    job->password_file = target->group->password_file;
    job->login = &state->login;
    serve_plan_target(plan, at, &job->target);
    serve_job_start(job, &checks->world, on_done);
}

/* The largest lag is told of an interval and the one before it. */
static void look_back(struct serve_checks *checks)
{
    uint64_t now_ns = net_now();
    uint64_t interval_ms = checks->plan->options.check.interval_ms;

    if (now_ns - checks->looked_ns < interval_ms * MS)
        return;
    checks->looked_ns = now_ns;
    checks->lag_ns = serve_schedule_worst(&checks->schedule);
}

static void on_timer(uv_timer_t *timer)
{
    struct serve_checks *checks = timer->data;
    size_t at;

    for (unsigned i = 0; i < AT_ONCE; i++) {
        if (!serve_schedule_take(&checks->schedule, net_now(), &at))
            break;
        begin(checks, at);
    }
    look_back(checks);
    arm(checks);
}

uint64_t serve_checks_lag_ns(const struct serve_checks *checks)
{
    uint64_t now = checks->schedule.worst_ns;

    return now > checks->lag_ns ? now : checks->lag_ns;
}

static size_t count_unchecked(const struct serve_plan *plan)
{
    size_t n = 0;

    for (size_t i = 0; i < plan->targets.ntargets; i++)
        n += plan->states[i].packed == NULL;
    return n;
}

/* What is in flight goes on, and its result is the heir's. */
static void move_items(struct serve_checks *checks,
                       const struct serve_plan *old)
{
    for (struct serve_checks_item *item = checks->items; item;
         item = item->next) {
        if (item->at != SERVE_NO_HEIR)
            item->at = old->states[item->at].heir;
    }
}

static void reschedule(struct serve_checks *checks, bool begin)
{
    const struct serve_plan *plan = checks->plan;
    uint64_t interval_ns = (uint64_t)plan->options.check.interval_ms * MS;
    uint64_t seed = 0;

    if (!begin) {
        serve_schedule_change(&checks->schedule, plan->targets.ntargets,
                              plan->begun_ns, interval_ns, net_now());
        return;
    }
    (void)!getrandom(&seed, sizeof(seed), 0);
    serve_schedule_init(&checks->schedule, plan->targets.ntargets,
                        plan->begun_ns, interval_ns, net_now(), seed);
}

void serve_checks_use(struct serve_checks *checks, struct serve_plan *plan)
{
    struct serve_plan *old = checks->plan;

    checks->plan = serve_plan_ref(plan);
    checks->most = most_in_flight(plan);
    if (old) {
        serve_plan_inherit(plan, old);
        move_items(checks, old);
        serve_plan_unref(old);
    }
    checks->unchecked = count_unchecked(plan);
    reschedule(checks, old == NULL);
    arm(checks);
}

void serve_checks_stop(struct serve_checks *checks)
{
    checks->stopping = true;
    uv_close((uv_handle_t *)&checks->timer, NULL);
    for (struct serve_checks_item *item = checks->items, *next; item;
         item = next) {
        next = item->next;
        serve_job_cancel(item->job);
    }
}

void serve_checks_deinit(struct serve_checks *checks)
{
    if (checks->plan)
        serve_plan_unref(checks->plan);
    checks->plan = NULL;
    free(checks->room);
    probe_world_deinit(&checks->world);
}
