/*
 * Tokens of outcome.h.
 */
#include "provision/outcome.h"

const char *outcome_step_token(enum outcome_step_name name)
{
    static const char *const tokens[] = {
#define X(id, token) token,
        OUTCOME_STEP_MAP(X)
#undef X
    };

    return tokens[name];
}

const char *outcome_action_token(enum outcome_action action)
{
    static const char *const tokens[] = {
#define X(id, token) token,
        OUTCOME_ACTION_MAP(X)
#undef X
    };

    return tokens[action];
}

const char *outcome_state_token(enum outcome_state state)
{
    static const char *const tokens[] = {
#define X(id, token) token,
        OUTCOME_STATE_MAP(X)
#undef X
    };

    return tokens[state];
}

const char *outcome_status_token(enum outcome_status status)
{
    static const char *const tokens[] = {
#define X(id, token, exit_status) token,
        OUTCOME_STATUS_MAP(X)
#undef X
    };

    return tokens[status];
}

int outcome_status_exit(enum outcome_status status)
{
    static const int exits[] = {
#define X(id, token, exit_status) exit_status,
        OUTCOME_STATUS_MAP(X)
#undef X
    };

    return exits[status];
}

void outcome_release(struct outcome *outcome)
{
    arena_free(&outcome->arena);
    *outcome = (struct outcome){ 0 };
}
