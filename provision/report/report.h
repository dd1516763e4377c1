/*
 * report.h -- a run told: for people, and as linkprobe.provision/1.
 *
 * What others have written (reasons, names) is printed without control bytes.
 */
#ifndef PROVISION_REPORT_REPORT_H
#define PROVISION_REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "provision/outcome.h"

struct provision_style {
    bool color;
    bool verbose; /* what is as it should be is told, too */
};

/* What verify adds: checks as linkprobe check --format json prints them, one
 * object a text, and the verdict of the whole in the same form. */
struct provision_checks {
    const char *const *checks;
    size_t n;
    const char *verdict; /* NULL: the outcome's own ... */
    size_t verdict_length;
    const char *seen; /* ... beside which a client saw this; NULL */
};

/* The plan, or what there was and what was done; `checks` may be NULL. */
void provision_report_text(const struct outcome *outcome,
                           const struct provision_checks *checks,
                           const struct provision_style *style, FILE *out);

/* One object on one line; `checks` may be NULL. */
void provision_report_json(const struct outcome *outcome,
                           const struct provision_checks *checks, FILE *out);

/* An object for what ended before a run began; `name` may be NULL. */
void provision_report_error(const char *command, const char *name,
                            const char *message, FILE *out);

/* One step on one line, as progress, without its end. */
void provision_report_step(const struct outcome_step *step,
                           const struct provision_style *style, FILE *out);

/* What mends the verdict, the likeliest first. */
enum {
    PROVISION_FIXES_MAX = 6,
};

struct provision_fix {
    char *command;     /* owned */
    const char *where; /* "client", "consumer", "provider" */
    bool changes;
};

/* Of the verdict of `checks` if it has one, else of the outcome's; `checks` may
 * be NULL.  Returns how many; provision_fixes_free() releases. */
size_t provision_report_fixes(const struct outcome *outcome,
                              const struct provision_checks *checks,
                              struct provision_fix fixes[PROVISION_FIXES_MAX]);
/* `command` with the words filled that are known; it is taken, and the result
 * is the caller's.  NULL: out of memory, or it was. */
char *provision_report_fill(const struct outcome *outcome, char *command);

void provision_fixes_free(struct provision_fix *fixes, size_t n);

/* Is the verdict none that tells more than that something is wrong? */
bool provision_report_is_vague(const struct outcome *outcome);

/* Does this step create, change or delete? */
bool provision_report_changes(const struct outcome_step *step);

/* How many changing calls the changes of `outcome` need at least. */
unsigned provision_report_least(const struct outcome *outcome);

#endif /* PROVISION_REPORT_REPORT_H */
