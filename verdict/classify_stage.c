/*
 * classify_stage.c -- one stage of one address, for a report's row.
 */
#include "verdict/classify.h"

enum {
    SKIPPED = -1,
};

/* A failure that is no more than a warning wherever it stands. */
static bool is_mild(enum stage stage, enum cause cause)
{
    return stage == STAGE_CLEANUP ||
           (stage == STAGE_AUTH && cause_is_resp(cause, RESP_ERR_NOPASS));
}

/* The state alone.  ROLE that is not allowed is no failure. */
static enum check_status of_state(const struct evidence_stage *evidence,
                                  enum stage stage)
{
    enum cause cause = (enum cause)evidence->cause;

    if (evidence->state != STAGE_FAILED)
        return CHECK_OK;
    if (stage == STAGE_ROLE && (int)cause >= (int)CAUSE_RESP &&
        (int)cause < (int)CAUSE_OWN)
        return CHECK_OK;
    return is_mild(stage, cause) ? CHECK_WARNING : CHECK_CRITICAL;
}

int classify_stage(const struct evidence_stage *evidence, enum stage stage,
                   const struct verdict *verdict, const struct policy *policy)
{
    enum check_status status = of_state(evidence, stage);

    if (evidence->state != STAGE_PASSED && evidence->state != STAGE_FAILED)
        return SKIPPED;
    if (verdict->stage == stage)
        status = check_status_worse(status, verdict->status);
    if (evidence->state == STAGE_PASSED) {
        struct verdict slow = classify_threshold(
            evidence_stage_ns(evidence), (int)stage, &policy->thresholds);

        status = check_status_worse(status, slow.status);
    }
    return status == CHECK_UNKNOWN ? CHECK_CRITICAL : (int)status;
}
