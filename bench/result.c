/*
 * result.c -- what a result owns, released.
 */
#include "bench/result.h"

#include <stdlib.h>

static void free_side(struct bench_side_result *side)
{
    for (unsigned i = 0; i < side->naddresses; i++)
        if (side->addresses[i].response != side->response)
            free(side->addresses[i].response);
    free(side->response);
    free(side->service);
    free(side->late);
    free(side->connect);
    for (int i = 0; i < BENCH_COMMANDS; i++)
        free(side->by_command[i]);
    free(side->intervals);
    free(side->heat);
    free(side->slices);
}

void bench_result_free(struct bench_result *result)
{
    for (unsigned i = 0; i < result->nsides; i++)
        free_side(&result->sides[i]);
    *result = (struct bench_result){ 0 };
}
