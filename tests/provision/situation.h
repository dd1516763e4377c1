/*
 * situation.h -- a step in a situation: a world of a file, answers of AWS as
 * they were recorded, and what the step then wants.  No network, no loop.
 */
#ifndef TESTS_SITUATION_H
#define TESTS_SITUATION_H

#include "support/unit.h"

#include <stdbool.h>

#include "provision/steps/steps.h"

struct situation {
    struct spec *spec;
    struct world world;
    struct step step; /* the one that is asked */
    struct step_ask ask;
    enum step_now now;
};

/* The usual path between two accounts; a consumer's account is 222222222222,
 * the provider's 111111111111.  The situation of teardown too. */
extern struct situation now;

int situation_set_up(void **state);
int situation_tear_down(void **state);

/* Another file: what it says replaces the usual one. */
void situation_file(const char *yaml);

/* Ask `kind`; of `account` and `index` (of the lane, ...). */
enum step_now situation_ask(const struct step_kind *kind, int account,
                            size_t index);

/* The step that was asked gets this answer to the call that it wanted: the
 * elements inside of <ActionResponse> (EC2) or <ActionResult>. */
bool situation_answer(const char *xml);
bool situation_error(const char *code);
bool situation_pretend(void);

/* What it wants, as "DescribeTags" and one parameter of the call; "" when the
 * call has none of this name. */
void situation_assert_call(const char *action);
void situation_assert_wait(const char *action);
void situation_assert_parameter(const char *name, const char *value);
bool situation_says(const char *part); /* of the reason */

#define SITUATION(test)                                                        \
    cmocka_unit_test_setup_teardown(test, situation_set_up, situation_tear_down)

#endif /* TESTS_SITUATION_H */
