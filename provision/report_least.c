/*
 * A plan names the calls of each step; those that change something are the
 * least that its changes can be had for.
 */
#include <string.h>

#include "provision/actions.h"
#include "provision/report.h"

bool provision_report_changes(const struct outcome_step *step)
{
    return step->state != OUTCOME_STATE_SKIPPED &&
           (step->action == OUTCOME_ACTION_CREATE ||
            step->action == OUTCOME_ACTION_UPDATE ||
            step->action == OUTCOME_ACTION_DELETE);
}

/* Does the API's word `name` of `n` bytes change anything? */
static bool changes(const char *name, size_t n)
{
    for (int i = ACTION_NO_CALL + 1; i < ACTION_COUNT; i++) {
        const struct action_info *info = action_info((enum action)i);

        if (strlen(info->name) == n && memcmp(info->name, name, n) == 0)
            return action_changes((enum action)i);
    }
    return false;
}

unsigned provision_report_least(const struct outcome *outcome)
{
    unsigned least = 0;

    for (size_t i = 0; i < outcome->nsteps; i++) {
        const struct outcome_step *step = &outcome->steps[i];
        const char *at = step->call ? step->call : "";
        unsigned n = 0;

        if (!provision_report_changes(step))
            continue;
        while (*at != '\0') {
            size_t length = strcspn(at, ", ");

            n += changes(at, length);
            at += length + strspn(at + length, ", ");
        }
        least += n ? n : 1;
    }
    return least;
}
