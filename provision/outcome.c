/*
 * Tokens of outcome.h, and notes.
 */
#include "provision/outcome.h"

#include <string.h>

#define ROW(id, token)               token,
#define ROW_OF_STATUS(id, token, at) token,

/* A function from a value of a map to its token. */
#define TOKENS(function, type, name, MAP, WITH)                                \
    const char *function(enum type name)                                       \
    {                                                                          \
        static const char *const tokens[] = { MAP(WITH) };                     \
                                                                               \
        return tokens[name];                                                   \
    }

TOKENS(outcome_step_token, outcome_step_name, name, OUTCOME_STEP_MAP, ROW)
TOKENS(outcome_action_token, outcome_action, action, OUTCOME_ACTION_MAP, ROW)
TOKENS(outcome_state_token, outcome_state, state, OUTCOME_STATE_MAP, ROW)
TOKENS(outcome_status_token, outcome_status, status, OUTCOME_STATUS_MAP,
       ROW_OF_STATUS)

int outcome_status_exit(enum outcome_status status)
{
    static const int exits[] = {
#define X(id, token, exit_status) exit_status,
        OUTCOME_STATUS_MAP(X)
#undef X
    };

    return exits[status];
}

void outcome_note(struct outcome *outcome, const char *line)
{
    size_t n = outcome->nnotes;
    const char **notes = arena_alloc(&outcome->arena, (n + 1) * sizeof(*notes));
    char *copy = arena_text(&outcome->arena, line, strlen(line));

    if (!notes || !copy)
        return;
    if (n)
        memcpy(notes, outcome->notes, n * sizeof(*notes));
    notes[outcome->nnotes++] = copy;
    outcome->notes = notes;
}

void outcome_release(struct outcome *outcome)
{
    arena_free(&outcome->arena);
    *outcome = (struct outcome){ 0 };
}
