/*
 * slices.c -- a shuffle (Fisher and Yates) at the begin of every round.
 */
#include "bench/slices.h"

#include "bench/mix.h"

void slices_init(struct slices *slices, unsigned nsides, uint64_t total_ns,
                 uint64_t seed)
{
    *slices = (struct slices){
        .rounds = UINT64_MAX,
        .ns = SLICES_NS,
        .random = mix_seed(seed, UINT32_MAX),
        .nsides = nsides,
    };
    for (unsigned i = 0; i < nsides; i++)
        slices->order[i] = i;
    if (total_ns == 0)
        return;
    slices->rounds = (total_ns + SLICES_NS - 1) / SLICES_NS;
    if (slices->rounds < SLICES_ROUNDS_MIN)
        slices->rounds = SLICES_ROUNDS_MIN;
    if (total_ns / slices->rounds < SLICES_NS_MIN)
        slices->rounds = (total_ns + SLICES_NS_MIN - 1) / SLICES_NS_MIN;
    slices->ns = total_ns / slices->rounds;
}

static void shuffle(struct slices *slices)
{
    unsigned *order = slices->order, other, was;

    for (unsigned i = slices->nsides - 1; i > 0; i--) {
        other = (unsigned)(mix_random(&slices->random) % (i + 1));
        was = order[i];
        order[i] = order[other];
        order[other] = was;
    }
}

bool slices_next(struct slices *slices, struct slice *slice)
{
    uint64_t place = slices->next % slices->nsides;
    uint64_t round = slices->next / slices->nsides;

    if (round >= slices->rounds)
        return false;
    if (place == 0)
        shuffle(slices);
    slice->side = slices->order[place];
    slice->round = (unsigned)round;
    slices->next++;
    return true;
}
