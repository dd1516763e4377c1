/*
 * checks.c -- timer > due ones > jobs > packed results.
 */
#include "commands/serve/checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>

#include "report/format.h"
#include "serve/log.h"

enum {
    MS = 1000000,          /* nanoseconds */
    FDS_A_CHECK = 4,       /* of several addresses, and second probes */
    FDS_OTHERS = 1200,     /* HTTP, DNS, files */
    IN_FLIGHT_LEAST = 256, /* as a check has it by default */
    IN_FLIGHT_MOST = 16384,
    TOLD_MAX = 20, /* changes logged a second */
    AT_ONCE = 256, /* begun before the loop looks at others */
};

/* One check in flight, and whose it is. */
struct serve_checks_item {
    struct serve_checks_item *next, *prev;
    struct serve_checks *checks;
    struct serve_plan *plan;
    struct serve_job *job;
    size_t at;
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

void serve_words_of(const struct report_item *item, struct serve_words *words)
{
    struct description d;

    *words = (struct serve_words){ 0 };
    if (item->outcome->verdict.id == VERDICT_OK ||
        !describe(item->evidence, report_policy(item), item->outcome, &d))
        return;
    (void)snprintf(words->id, sizeof(words->id), "%s", d.id);
    (void)snprintf(words->summary, sizeof(words->summary), "%s", d.summary);
    if (d.nevidence > 0)
        (void)snprintf(words->evidence, sizeof(words->evidence), "%s",
                       d.evidence[0]);
    /* Half a command is worse than none. */
    if (d.nfixes > 0 && strlen(d.fixes[0].command) <= SERVE_TEXT_MAX) {
        (void)snprintf(words->fix, sizeof(words->fix), "%s",
                       d.fixes[0].command);
        (void)snprintf(words->where, sizeof(words->where), "%s",
                       d.fixes[0].where);
        words->changes = d.fixes[0].changes;
    }
    description_free(&d);
}

/* A flapping fleet must not fill the disk. */
static bool may_tell(struct serve_checks *checks)
{
    uint64_t now_ns = net_now();

    if (now_ns - checks->told_ns >= (uint64_t)1000 * MS) {
        checks->told_ns = now_ns;
        checks->told = 0;
    }
    checks->told++;
    if (checks->told == TOLD_MAX)
        serve_log(SERVE_INFO, "more verdicts changed within this second", NULL);
    return checks->told < TOLD_MAX;
}

static void tell_change(struct serve_checks *checks,
                        const struct report_item *item,
                        const struct serve_state *state,
                        const struct serve_words *words)
{
    enum check_status status = item->outcome->verdict.status;
    const char *before =
        state->packed ? catalogue_entry(serve_packed_id(state->packed))->token
                      : NULL;

    if ((!state->packed && item->outcome->verdict.id == VERDICT_OK) ||
        !may_tell(checks))
        return;
    serve_log(
        status == CHECK_OK ? SERVE_INFO : SERVE_WARNING, "verdict", "target",
        item->target->name, "status", check_status_token(status), "id",
        catalogue_entry(item->outcome->verdict.id)->token, "before", before,
        "summary", words->summary[0] ? words->summary : NULL, NULL);
}

/* Did the verdict change, or the set of addresses? */
static bool is_changed(struct serve_checks *checks,
                       const struct report_item *item,
                       const struct serve_state *state)
{
    const struct verdict *verdict = &item->outcome->verdict;

    if (!state->packed || serve_packed_id(state->packed) != verdict->id ||
        serve_packed_status(state->packed) != verdict->status)
        return true;
    serve_unpack(state->packed, item->target, checks->room);
    return !serve_same_addresses(checks->room, item->evidence);
}

static void count(struct serve_checks *checks, struct serve_state *state,
                  const struct report_item *item)
{
    const struct serve_buckets *buckets = &checks->plan->options.buckets;

    state->checks++;
    state->failed += item->outcome->verdict.status >= CHECK_CRITICAL;
    if (buckets->n == 0)
        return;
    if (!state->histogram)
        state->histogram = serve_histogram_new(buckets);
    if (state->histogram)
        serve_histogram_add(state->histogram, buckets, item->evidence);
}

static void keep(struct serve_checks *checks, struct serve_state *state,
                 const struct report_item *item,
                 const struct serve_words *words)
{
    struct serve_packed *packed = serve_pack(item, words);

    if (!packed) /* the one before stands */
        return;
    if (is_changed(checks, item, state)) {
        tell_change(checks, item, state, words);
        state->has_before = state->packed != NULL;
        if (state->packed)
            state->before = (uint8_t)serve_packed_id(state->packed);
        state->changed_ms = item->time_ms;
    }
    if (!state->packed)
        checks->unchecked--;
    free(state->packed);
    state->packed = packed;
}

/* Nothing was seen: only that, and why, is the result. */
static void keep_error(struct serve_checks *checks, struct serve_state *state,
                       const struct probe_target *target, const char *error)
{
    struct evidence_target evidence = { .host = target->host,
                                        .port = target->port,
                                        .literal = true };
    struct outcome outcome = { .verdict = { .id = VERDICT_UNKNOWN_ERROR,
                                            .stage = STAGE_COUNT,
                                            .status = CHECK_UNKNOWN } };
    const struct report_item item = { .target = target,
                                      .evidence = &evidence,
                                      .outcome = &outcome,
                                      .time_ms = report_now_ms() };
    struct serve_words words = { .id = "UNKNOWN_ERROR" };

    (void)snprintf(words.summary, sizeof(words.summary), "%s", error);
    count(checks, state, &item);
    keep(checks, state, &item, &words);
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
    struct serve_state *state = &item->plan->states[item->at];
    struct serve_words words;

    unlink_item(item);
    state->running = false;
    /* Of a plan that is no more, or cut short by our own end: no result. */
    if (item->plan == checks->plan && !checks->stopping) {
        if (result) {
            serve_words_of(result, &words);
            count(checks, state, result);
            keep(checks, state, result, &words);
        } else {
            keep_error(checks, state, &job->target, error);
        }
    }
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
    *item = (struct serve_checks_item){ .next = checks->items,
                                        .checks = checks,
                                        .plan = checks->plan,
                                        .job = job,
                                        .at = at };
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

void serve_checks_use(struct serve_checks *checks, struct serve_plan *plan)
{
    struct serve_plan *old = checks->plan;
    size_t n = plan->targets.ntargets;
    uint64_t seed = 0;

    (void)!getrandom(&seed, sizeof(seed), 0);
    if (old)
        serve_plan_inherit(plan, old);
    checks->plan = serve_plan_ref(plan);
    checks->most = most_in_flight(plan);
    checks->unchecked = count_unchecked(plan);
    serve_schedule_init(&checks->schedule, n,
                        (uint64_t)plan->options.check.interval_ms * MS,
                        net_now(), seed, checks->unchecked > 0);
    if (old)
        serve_plan_unref(old);
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
