/*
 * catalogue.h -- every verdict there is, as data.
 *
 * `linkprobe explain`, docs/verdicts.md, severities, hops and the texts of the
 * reports all come from these rows.  Ids are stable for ever.
 *
 * A row has two halves.  What every report needs (token, stage, hop, severity)
 * is a table without pointers; the texts are looked up when something is to be
 * explained.  So a healthy check pays nothing for a hundred entries: no
 * relocation when the program starts, no page touched.
 */
#ifndef VERDICT_CATALOGUE_H
#define VERDICT_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "verdict/evidence.h"
#include "verdict/ids.h"
#include "verdict/status.h"

enum hop {
    HOP_NONE,
    HOP_CLIENT,
    HOP_RESOLVER,
    HOP_ENDPOINT,
    HOP_LOAD_BALANCER,
    HOP_TARGET,
    HOP_REDIS,
};

/* "client", "resolver", "endpoint", "load_balancer", "target", "redis"; NULL
 * for HOP_NONE. */
const char *hop_token(enum hop hop);

/* A command that mends or decides.  {PLACEHOLDERS} are filled by describe.h. */
struct catalogue_fix {
    const char *command; /* NULL ends the list */
    const char *where;   /* "client", "consumer" or "provider" */
    bool changes;        /* it changes something; else it only looks */
};

enum {
    CATALOGUE_FIXES_MAX = 5,
    CATALOGUE_TOKEN_MAX = 28,
};

struct catalogue_entry {
    char token[CATALOGUE_TOKEN_MAX]; /* "TCP_TIMEOUT_ALL" */
    enum verdict_id id;
    enum stage stage; /* STAGE_COUNT: none, or any */
    enum hop hop;
    enum check_status severity;
};

/* In words.  All strings are static. */
struct catalogue_texts {
    const char *meaning;    /* a sentence */
    const char *evidence;   /* what is seen */
    const char *lookalikes; /* what it could be taken for, and the split */
    const char *cause;      /* the likely cause, a sentence or two */
    const char *source;     /* where this is from: AWS page, RFC, engine file */
    struct catalogue_fix fixes[CATALOGUE_FIXES_MAX]; /* the likeliest first */
};

/* The entry of `id`; never NULL. */
const struct catalogue_entry *catalogue_entry(enum verdict_id id);

/* The texts of `id`. */
void catalogue_texts(enum verdict_id id, struct catalogue_texts *texts);

/* What is known although it has no id of its own: UNKNOWN_ERROR by name. */
enum catalogue_case {
    CATALOGUE_CASE_IDLE_END,    /* a silent connection was ended */
    CATALOGUE_CASE_NO_DATABASE, /* SELECT of one that is not there */
};

void catalogue_case_texts(enum catalogue_case which,
                          struct catalogue_texts *texts);

/* The id of `token` (any case), or VERDICT_COUNT.  TLS_ALERT_40 and the like
 * find TLS_ALERT. */
enum verdict_id catalogue_find(const char *token);

#endif /* VERDICT_CATALOGUE_H */
