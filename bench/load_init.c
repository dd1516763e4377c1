/*
 * load_init.c -- all memory of a load, made before it begins.
 */
#include "bench/load.h"

#include <assert.h>
#include <stdlib.h>

#include "bench/renew.h"

/* How many of the side's flows are this worker's. */
static unsigned flows_of(const struct load *load)
{
    unsigned all = load->plan->connections;

    return all / load->workers + (load->worker < all % load->workers ? 1 : 0);
}

/* Flow i of worker w is the side's connection i * workers + w, and those go
 * round its addresses. */
static void init_flows(struct lane *lane)
{
    const struct load *load = lane->load;
    unsigned depth = load->plan->pipeline;

    for (unsigned i = 0; i < lane->nflows; i++)
        lane->flows[i] = (struct flow){
            .lane = lane,
            .address =
                (i * load->workers + load->worker) % lane->side->naddresses,
            .ring = lane->requests + (size_t)i * depth,
            .depth = depth,
        };
}

static bool make_login(struct lane *lane)
{
    const struct bench_plan *plan = lane->load->plan;
    const struct bench_side *side = lane->side;

    if (plan->renew)
        return renew_format(plan->renew, plan, (unsigned)(side - plan->sides),
                            &lane->login, &lane->generation);
    return login_format(&lane->login, side->user, side->password, side->db);
}

static bool init_lane(struct load *load, unsigned number)
{
    struct lane *lane = &load->lanes[number];
    unsigned nflows = flows_of(load);

    *lane = (struct lane){ .load = load, .side = &load->plan->sides[number] };
    lane->flows = calloc(nflows, sizeof(*lane->flows));
    lane->requests =
        calloc((size_t)nflows * load->plan->pipeline, sizeof(*lane->requests));
    if (!lane->flows || !lane->requests || !make_login(lane))
        return false;
    lane->nflows = nflows;
    init_flows(lane);
    return true;
}

bool load_init(struct load *load, const struct mix_plan *mix)
{
    load->ask_ns = UINT64_MAX;
    load->jitter = mix_seed(load->plan->seed, UINT32_MAX - load->worker);
    if (!mix_init(&load->mix, mix, load->worker, load->workers))
        return false;
    if (load->plan->pipeline > 1 && load->mix.largest <= LOAD_BATCH_MAX / 2) {
        load->batch = malloc(LOAD_BATCH_MAX);
        if (!load->batch)
            return false;
    }
    for (unsigned i = 0; i < load->plan->nsides; i++)
        if (!init_lane(load, i))
            return false;
    return load->plan->rate <= 0 ||
           alarm_open(&load->alarm, &load->loop->uv, load_on_alarm, load) == 0;
}

void load_deinit(struct load *load)
{
    assert(!load->alarm.open);
    for (unsigned i = 0; i < load->plan->nsides; i++) {
        free(load->lanes[i].flows);
        free(load->lanes[i].requests);
        resp_batch_free(&load->lanes[i].login);
    }
    free(load->batch);
    mix_deinit(&load->mix);
}
