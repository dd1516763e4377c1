/*
 * engine_internal.h -- what the files of the engine share.
 *
 *     engine.c          its life
 *     engine_steps.c    which steps a command has, and their lines
 *     engine_outcome.c  what is told at the end
 *     engine_judge.c    in one status and one verdict
 */
#ifndef PROVISION_ENGINE_INTERNAL_H
#define PROVISION_ENGINE_INTERNAL_H

#include "provision/drive.h"
#include "provision/engine.h"

struct engine {
    struct engine_options options;
    struct world world;
    struct outcome outcome;
    struct step *steps; /* of the world's arena */
    size_t nsteps;
    struct aws_account *provider;
    struct aws_account **consumers;
    struct net_resolver *resolver;
    struct drive drive;
};

/* Does this run act for the provider, or only read there? */
bool engine_acts_for_provider(const struct engine *engine);

/* Lay out steps and lines.  false: out of memory. */
bool engine_lay_out(struct engine *engine);

/* Fill the outcome from the world. */
void engine_tell(struct engine *engine);

/* Its status and verdict, by what it has so far. */
void engine_judge(struct engine *engine);

#endif /* PROVISION_ENGINE_INTERNAL_H */
