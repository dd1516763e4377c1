/*
 * fix.c -- what is wrong with a path, and the command of ours that
 * mends it, as it is to be typed.
 */
#include <stdio.h>
#include <string.h>

#include "commands/provision/run.h"
#include "provision/judge.h"

/* What apply puts right, and what sync does, which changes less. */
static const char *mender(const char *verdict)
{
    static const struct {
        char verdict[28];
        char command[8];
    } rows[] = {
        { "TCP_TARGET_STALE", "sync" },
        { "REDIS_READONLY", "sync" },
        { "AWS_NO_TARGET", "sync" },
        { "AWS_TARGET_UNHEALTHY", "sync" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].verdict, verdict) == 0)
            return rows[i].command;
    }
    return strncmp(verdict, "AWS_", 4) == 0 ? "apply" : NULL;
}

/* Another cache, named in the file, is taken by apply. */
static bool wants_another_cache(const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->ndrift; i++) {
        if (outcome->drift[i].step == OUTCOME_CACHE &&
            strcmp(outcome->drift[i].field, "cluster_mode") == 0)
            return true;
    }
    return false;
}

/* Of what was only looked at, or waits; what has failed has said why. */
static bool is_judged(const struct outcome *outcome)
{
    return outcome->status == OUTCOME_STATUS_DRIFTED ||
           outcome->status == OUTCOME_STATUS_UNHEALTHY ||
           outcome->status == OUTCOME_STATUS_WAITING;
}

const char *provision_file_word(const struct provision_run *run, char *word,
                                size_t size)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_-+:@%";
    const char *file = run->spec->file;
    size_t n = 0;

    if (file[0] != '\0' && strspn(file, plain) == strlen(file)) {
        (void)snprintf(word, size, "%s", file);
        return word;
    }
    word[n++] = '\'';
    for (; *file != '\0' && n + 6 < size; file++)
        n += (size_t)snprintf(word + n, size - n,
                              *file == '\'' ? "'\\%c'" : "%c", *file);
    (void)snprintf(word + n, size - n, "'");
    return word;
}

void provision_name_fix(struct provision_run *run, struct outcome *outcome)
{
    const char *command;
    char line[1024], word[900];

    if (outcome->fix || !outcome->verdict || !outcome->verdict[0])
        return;
    command = wants_another_cache(outcome) ? "apply" : mender(outcome->verdict);
    if (!command)
        return;
    (void)snprintf(line, sizeof(line), "linkprobe provision %s -f %s", command,
                   provision_file_word(run, word, sizeof(word)));
    outcome->fix = arena_text(&outcome->arena, line, strlen(line));
}

void provision_mend(struct provision_run *run, struct outcome *outcome)
{
    if (is_judged(outcome))
        outcome_judge(outcome);
    provision_name_fix(run, outcome);
}
