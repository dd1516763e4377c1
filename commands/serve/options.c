/*
 * The custom rows of serve, and what follows from all layers together.
 */
#include "commands/serve/options.h"

#include <string.h>

#include "cli/text.h"

enum {
    LOG_INFO_INDEX = 2,
    LOG_WARN_INDEX = 1,
    LOG_DEBUG_INDEX = 3,
};

static bool add_listen(struct serve_listen_list *list, const char *text,
                       bool first, char *error, size_t size)
{
    if (first)
        list->n = 0;
    if (list->n == SERVE_LISTEN_MAX)
        return error_set(error, size, "more than 16 addresses");
    if (!serve_listen_parse(text, &list->at[list->n], error, size))
        return false;
    list->n++;
    return true;
}

bool serve_options_set(void *to, const struct option_row *row, const char *text,
                       bool first, char *error, size_t size)
{
    struct serve_options *options = to;

    switch ((enum serve_row)row->id) {
    case SERVE_ROW_LISTEN:
        return add_listen(&options->listen, text, first, error, size);
    case SERVE_ROW_WEB_LISTEN:
        return add_listen(&options->web_listen, text, first, error, size);
    case SERVE_ROW_BUCKETS:
        return serve_buckets_parse(text, &options->buckets, error, size);
    }
    return true;
}

/* All addresses in one list; the default where there is none. */
static bool settle_listen(struct serve_options *options, char *error,
                          size_t size)
{
    struct serve_listen_list *all = &options->listen;

    if (options->systemd_socket && all->n + options->web_listen.n > 0)
        return error_set(error, size,
                         "--web.systemd-socket and --listen contradict each "
                         "other");
    for (unsigned i = 0; i < options->web_listen.n; i++) {
        if (all->n == SERVE_LISTEN_MAX)
            return error_set(error, size, "more than 16 addresses");
        all->at[all->n++] = options->web_listen.at[i];
    }
    options->web_listen.n = 0;
    if (all->n == 0)
        (void)net_addr_parse("127.0.0.1", SERVE_PORT, &all->at[all->n++]);
    return true;
}

static void settle_log(struct serve_options *options)
{
    if (options->check.verbosity > 0)
        options->log_level = LOG_DEBUG_INDEX;
    else if (options->check.quiet && options->log_level == LOG_INFO_INDEX)
        options->log_level = LOG_WARN_INDEX;
}

bool serve_options_build(const struct option_layers *layers, const char *module,
                         struct serve_options *options, char *error,
                         size_t size)
{
    memset(options, 0, sizeof(*options));
    check_options_init(&options->check, COMMAND_SERVE);
    options->log_level = LOG_INFO_INDEX;
    if (!option_layers_apply(&serve_spec, layers, module, options, error,
                             size) ||
        !settle_listen(options, error, size))
        return false;
    settle_log(options);
    if (options->check.targets && strcmp(options->check.targets, "-") == 0)
        return error_set(error, size,
                         "--targets - cannot be read again on reload; "
                         "expected a file");
    if (options->check.askpass)
        return error_set(error, size,
                         "--askpass: a service has no terminal; expected "
                         "--password-file or --password-command");
    return check_options_settle(&options->check, layers->argv, false, error,
                                size);
}
