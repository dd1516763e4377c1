/*
 * evidence.c -- the little that evidence can say of itself.
 */
#include "verdict/evidence.h"

#include <assert.h>
#include <stdlib.h>

const char *stage_token(enum stage stage)
{
    assert(stage < STAGE_COUNT);
    switch (stage) {
#define X(name, token)                                                         \
    case STAGE_##name: return token;
        STAGE_MAP(X)
#undef X
    case STAGE_COUNT: break;
    }
    return "";
}

const char *server_role_token(enum server_role role)
{
    switch (role) {
    case ROLE_MASTER: return "master";
    case ROLE_REPLICA: return "replica";
    case ROLE_SENTINEL: return "sentinel";
    case ROLE_UNKNOWN: break;
    }
    return NULL;
}

enum stage evidence_failed_stage(const struct evidence_address *address)
{
    for (int stage = STAGE_TCP; stage < STAGE_COUNT; stage++) {
        if (address->stages[stage].state == STAGE_FAILED)
            return (enum stage)stage;
    }
    return STAGE_COUNT;
}

void evidence_address_deinit(struct evidence_address *address)
{
    free(address->tls);
    free(address->server);
    free(address->fault);
    free(address->idle);
    free(address->second);
    free(address->iam);
    free(address->distance);
    free(address->master);
    address->tls = NULL;
    address->server = NULL;
    address->fault = NULL;
    address->idle = NULL;
    address->second = NULL;
    address->iam = NULL;
    address->distance = NULL;
    address->master = NULL;
}
