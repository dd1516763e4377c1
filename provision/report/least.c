/*
 * How few changing calls a run's changes can be had for: of a plan by the calls
 * that it names, of a run that was made by what AWS' API asks for.
 */
#include <string.h>

#include "provision/actions.h"
#include "provision/report/report.h"

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

static unsigned least_of_plan(const char *calls)
{
    unsigned n = 0;

    while (*calls != '\0') {
        size_t length = strcspn(calls, ", ");

        n += changes(calls, length);
        calls += length + strspn(calls + length, ", ");
    }
    return n;
}

/* Attributes, rules and targets that leave take a call of their own. */
static unsigned least_of_step(const struct outcome_step *step)
{
    static const struct {
        enum outcome_step_name name;
        enum outcome_action action;
    } twice[] = {
        { OUTCOME_LOAD_BALANCER, OUTCOME_ACTION_CREATE },
        { OUTCOME_ENDPOINT_SECURITY_GROUP, OUTCOME_ACTION_CREATE },
        { OUTCOME_TARGETS, OUTCOME_ACTION_UPDATE },
    };

    for (size_t i = 0; i < sizeof(twice) / sizeof(twice[0]); i++) {
        if (twice[i].name == step->name && twice[i].action == step->action)
            return 2;
    }
    return 1;
}

unsigned provision_report_least(const struct outcome *outcome)
{
    unsigned least = 0;

    for (size_t i = 0; i < outcome->nsteps; i++) {
        const struct outcome_step *step = &outcome->steps[i];
        unsigned n = step->call ? least_of_plan(step->call) : 0;

        if (provision_report_changes(step))
            least += n ? n : least_of_step(step);
    }
    /* Half of a step may have been there. */
    return outcome->writes && outcome->writes < least ? outcome->writes : least;
}
