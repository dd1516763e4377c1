/*
 * described.c -- combine, describe, compare, release.
 */
#include "verdict/described.h"

#include "support/unit.h"

void assert_described(struct given *given, const char *id, const char *summary,
                      const char *const evidence[EXPECTED_MAX])
{
    struct outcome outcome;
    struct description d;
    unsigned n = 0;

    assert_true(combine(&given->target, &given->policy, &outcome));
    assert_true(describe(&given->target, &given->policy, &outcome, &d));
    assert_string_equal(d.id, id);
    assert_string_equal(d.summary, summary);
    for (; n < EXPECTED_MAX && evidence[n]; n++) {
        assert_true(n < d.nevidence);
        assert_string_equal(d.evidence[n], evidence[n]);
    }
    assert_int_equal(d.nevidence, n);
    description_free(&d);
    outcome_free(&outcome);
}

void assert_fixes(struct given *given,
                  const char *const commands[CATALOGUE_FIXES_MAX])
{
    struct outcome outcome;
    struct description d;
    unsigned n = 0;

    assert_true(combine(&given->target, &given->policy, &outcome));
    assert_true(describe(&given->target, &given->policy, &outcome, &d));
    for (; n < CATALOGUE_FIXES_MAX && commands[n]; n++) {
        assert_true(n < d.nfixes);
        assert_string_equal(d.fixes[n].command, commands[n]);
    }
    assert_int_equal(d.nfixes, n);
    description_free(&d);
    outcome_free(&outcome);
}
