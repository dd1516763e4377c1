/*
 * ask.c -- the question before something is changed.
 *
 * Asked on standard error, so that standard output holds results only; read
 * from standard input, which must be a terminal: that is checked before the
 * first call.
 */
#include <stdio.h>
#include <string.h>

#include "commands/provision/run.h"

enum { ANSWER_SIZE = 128 };

/* A line without its end; false: there was none, or it was too long. */
static bool read_answer(char answer[ANSWER_SIZE])
{
    size_t n;

    if (!fgets(answer, ANSWER_SIZE, stdin)) {
        (void)fputc('\n', stderr);
        return false;
    }
    n = strlen(answer);
    if (n == 0 || answer[n - 1] != '\n')
        return false;
    answer[n - 1] = '\0';
    return true;
}

bool provision_agreed(struct provision_run *run, const struct outcome *plan)
{
    bool destroys = run->job->command == PROVISION_DESTROY;
    const struct provision_style style = { .verbose = run->style.verbose };
    char answer[ANSWER_SIZE];

    provision_report_text(plan, NULL, &style, stderr);
    if (destroys)
        (void)fprintf(stderr,
                      "\nThis removes the path. Type its name, %s, to go on: ",
                      plan->name);
    else
        (void)fputs("\nApply these changes? Only yes is taken: ", stderr);
    (void)fflush(stderr);
    if (!read_answer(answer))
        return false;
    return strcmp(answer, destroys ? plan->name : "yes") == 0;
}
