/*
 * engine.h -- one run of one command over one path, on the loop.
 *
 *     engine = engine_new(&options, error, sizeof(error));
 *     engine_start(engine);        then run the loop; options.done is called
 *     outcome = engine_outcome(engine);
 *     engine_free(engine);
 *
 * The contract of net/resolve.h: one callback, never inside start or cancel.
 * A cancelled run ends as soon as what is in flight has ended, with status
 * INTERRUPTED; run it again and it goes on.
 */
#ifndef PROVISION_ENGINE_H
#define PROVISION_ENGINE_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/http.h"
#include "aws/profile.h"
#include "net/loop.h"
#include "provision/outcome.h"
#include "provision/spec/spec.h"

enum engine_command {
    ENGINE_PLAN,
    ENGINE_APPLY,
    ENGINE_STATUS,
    ENGINE_DESTROY,
    ENGINE_SYNC,
    ENGINE_CONNECTIONS,
    ENGINE_ACCEPT,
    ENGINE_REJECT,
};

struct engine;

/* A step moved: for progress.  Lent for the call. */
typedef void (*engine_progress_cb)(void *data, const struct outcome_step *step);
typedef void (*engine_line_cb)(void *data, const char *line);
typedef void (*engine_done_cb)(void *data, struct engine *engine);

struct engine_options {
    enum engine_command command;
    const struct spec *spec; /* lent until engine_free(), as all below */
    struct net_loop *loop;
    struct http *http;
    const struct profiles *profiles;
    const char *endpoint_url; /* --endpoint-url */
    const char *dns;          /* --dns, see net_servers_valid(); NULL */
    const char *only;         /* "provider", "consumers" or a consumer's name */
    unsigned timeout_ms;      /* of the whole run; 0: 15 minutes */
    bool dry_run;             /* changing calls are planned, not sent;
                                 ENGINE_PLAN is ENGINE_APPLY with this */
    bool check_permissions;   /* with dry_run: ask EC2 with DryRun=true */
    bool reject_others;       /* of destroy */
    bool reject_removed;      /* of apply: connections of removed consumers */
    const char *const *endpoints; /* of accept and reject */
    size_t nendpoints;
    bool listed;                 /* of accept: those of consumers in the file */
    engine_progress_cb progress; /* may be NULL, as the next */
    engine_line_cb log;          /* of -v: a line an attempt */
    engine_done_cb done;
    void *data;
};

/* NULL: one line in `error` (a region is missing, `only` names nobody, ...). */
struct engine *engine_new(const struct engine_options *options, char *error,
                          size_t size);
void engine_start(struct engine *engine);
void engine_cancel(struct engine *engine); /* idempotent; of a signal too */

/* After `done`, until engine_free(). */
struct outcome *engine_outcome(struct engine *engine);

/* After `done`, or never started.  Closing its handles takes a turn of the
 * loop.  Takes NULL. */
void engine_free(struct engine *engine);

#endif /* PROVISION_ENGINE_H */
