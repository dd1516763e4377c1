/*
 * plan.h -- one reading of the configuration and the targets.
 *
 * A reload makes a new one and leaves the old one as it is: checks in flight
 * and pages being sent hold the plan that they began with, and the last of
 * them lets it go.  What is known of a target that both have goes over.
 */
#ifndef COMMANDS_SERVE_PLAN_H
#define COMMANDS_SERVE_PLAN_H

#include "commands/check/again.h"
#include "commands/serve/login.h"
#include "commands/serve/options.h"
#include "commands/targets.h"
#include "serve/pack.h"

enum {
    SERVE_ERROR_MAX = 512,
};

/* What does not change while we run. */
struct serve_input {
    struct options words; /* argv */
    struct option_values environment;
    struct secrets secrets;
    bool exposed; /* a password stood in argv */
};

/* Read argv and the environment into a zeroed `input`.  On false one line in
 * `error`; serve_input_free() is due either way. */
bool serve_input_read(struct serve_input *input, int argc, char **argv,
                      char *error, size_t size);
void serve_input_free(struct serve_input *input);

/* What is known of a target: this, its texts and a packed result. */
struct serve_state {
    struct serve_packed *packed;       /* NULL: not checked yet */
    struct serve_histogram *histogram; /* NULL: not wanted, or nothing yet */
    struct serve_login *login;         /* NULL: not looked for yet, or none */
    int64_t changed_ms; /* when the verdict changed last; 0: never */
    uint32_t checks, failed;
    uint8_t before; /* enum verdict_id until then */
    bool has_before, running;
    uint32_t heir; /* the target in the plan that came after; or: */
};

#define SERVE_NO_HEIR UINT32_MAX

/* Options by the name of a module, and what is made of them. */
struct serve_module {
    struct serve_module *next;
    const struct config_module *config; /* NULL: of no module */
    struct check_options options;
    struct probe_options probe;
    struct check_again again;
    /* TLS without the client's own certificate, for whom it is not for */
    struct net_tls_context *anonymous;
};

struct serve_plan {
    struct serve_options options; /* of no module, or of --module */
    struct config config;
    struct target_list targets;
    struct serve_state *states; /* one a target */
    uint64_t *begun_ns;         /* one a target, of serve/schedule.h */
    int64_t time_ms;            /* when it was read */

    /* private */
    unsigned refs;
    struct serve_input *input;
    struct net_loop *loop;
    struct serve_module *modules;
    struct serve_logins logins;
    struct secret_pool pool;
    struct secret base; /* of the environment, or systemd's */
    const char *base_password;
    struct secret standard; /* --password-file - */
    const struct target *endpoint;
    char config_path[CONFIG_PATH_MAX];
};

/*
 * Read everything anew; NULL and one line in `error`.  The caller has a
 * reference; serve_plan_unref() gives it back.
 */
struct serve_plan *serve_plan_new(struct serve_input *input,
                                  struct net_loop *loop, char *error,
                                  size_t size);
struct serve_plan *serve_plan_ref(struct serve_plan *plan);

/* The last one closes what belongs to the loop, which must run on. */
void serve_plan_unref(struct serve_plan *plan);

/* Take over what `old` knows of targets that both have, name and labels; of
 * the others nothing stays.  `old` then knows the heir of each. */
void serve_plan_inherit(struct serve_plan *plan, struct serve_plan *old);

/* The module `name` (NULL: none); NULL and one line in `error`. */
struct serve_module *serve_plan_module(struct serve_plan *plan,
                                       const char *name, char *error,
                                       size_t size);

/* Target `i` for a check: its login is not in it yet. */
void serve_plan_target(const struct serve_plan *plan, size_t i,
                       struct probe_target *to);

/* The module of target `i`. */
struct serve_module *serve_plan_module_of(const struct serve_plan *plan,
                                          const struct target *target);

/* Make what a check of `target` needs: name servers, trust.  `trusted`: it may
 * have the module's own certificate.  On false one line in `error`. */
bool serve_plan_prepare(struct serve_plan *plan, struct serve_module *module,
                        const struct probe_target *target, bool trusted,
                        char *error, size_t size);

/* May `host` have the credentials of `module`? */
bool serve_module_trusts(const struct serve_module *module, const char *host,
                         uint16_t port);

/* Does the module name credentials itself?  The first of their rows. */
const struct option_value *
serve_module_credentials(const struct config_module *config);

#endif /* COMMANDS_SERVE_PLAN_H */
