/*
 * Which file it is, from its name to its bytes, and the way back to nothing.
 * What the bytes mean is config_read.c's.
 */
#include "cli/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/exit.h"
#include "cli/file.h"
#include "cli/text.h"

bool config_default_file(char path[CONFIG_PATH_MAX])
{
    static const char tail[] = "linkprobe/linkprobe.yml";
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    int n = 0;

    /* XDG base directories: a relative path is to be ignored. */
    if (xdg && xdg[0] == '/')
        n = snprintf(path, CONFIG_PATH_MAX, "%s/%s", xdg, tail);
    else if (home && home[0] == '/')
        n = snprintf(path, CONFIG_PATH_MAX, "%s/.config/%s", home, tail);
    if (n > 0 && n < CONFIG_PATH_MAX && access(path, F_OK) == 0)
        return true;
    (void)snprintf(path, CONFIG_PATH_MAX, "/etc/%s", tail);
    return access(path, F_OK) == 0;
}

const char *config_choose(const struct option_values *argv,
                          const struct option_values *environment,
                          char path[CONFIG_PATH_MAX])
{
    const char *file = option_values_last(argv, "config");

    if (option_values_has(argv, "no-config"))
        return NULL;
    if (!file)
        file = option_values_last(environment, "config");
    return file || !config_default_file(path) ? file : path;
}

bool config_load(const char *file, const struct option_spec *const *specs,
                 size_t nspecs, struct config *config, char *error, size_t size)
{
    struct file content;
    bool fine;

    *config = (struct config){ 0 };
    if (!file_read(file, CONFIG_SIZE_MAX, &content, error, size))
        return error_prefix(error, size, "--config");
    fine = config_parse(content.bytes, content.length, file, specs, nspecs,
                        config, error, size);
    file_free(&content);
    return fine;
}

void config_free(struct config *config)
{
    for (size_t i = 0; i < config->nmodules; i++) {
        option_values_free(&config->modules[i].values);
        free((void *)config->modules[i].targets);
    }
    free(config->modules);
    option_values_free(&config->defaults);
    arena_free(&config->texts);
    *config = (struct config){ 0 };
}

int config_told(const struct config *config)
{
    if (config->file)
        printf("%s: OK\n", config->file);
    else
        puts("no configuration file: OK");
    return fflush(stdout) == 0 ? EXIT_STATUS_OK : EXIT_STATUS_UNKNOWN;
}

const struct config_module *config_module(const struct config *config,
                                          const char *name, char *error,
                                          size_t size)
{
    char quoted[QUOTE_MAX];
    const char *nearest = NULL;
    unsigned least = 0;

    for (size_t i = 0; i < config->nmodules; i++) {
        const char *other = config->modules[i].name;
        unsigned distance = text_distance(name, other);

        if (strcmp(other, name) == 0)
            return &config->modules[i];
        if (!text_is_near(name, other) || (nearest && distance >= least))
            continue;
        nearest = other;
        least = distance;
    }
    text_quote(name, quoted);
    if (!config->file)
        error_set(error, size, "%s: there is no configuration file", quoted);
    else if (nearest)
        error_set(error, size, "%s is no module of %s; did you mean %s?",
                  quoted, config->file, nearest);
    else
        error_set(error, size, "%s is no module of %s", quoted, config->file);
    return NULL;
}

/* The module that --module or LINKPROBE_MODULE names; NULL: none. */
static const char *asked_module(const struct option_layers *layers)
{
    const char *name = NULL;

    if (layers->argv)
        name = option_values_last(layers->argv, "module");
    if (!name && layers->environment)
        name = option_values_last(layers->environment, "module");
    return name;
}

static bool apply(const struct option_spec *spec,
                  const struct option_values *values, void *target, char *error,
                  size_t size)
{
    return !values || options_apply(spec, values, target, error, size);
}

bool option_layers_apply(const struct option_spec *spec,
                         const struct option_layers *layers, const char *name,
                         void *target, char *error, size_t size)
{
    static const struct config none = { 0 };
    const struct config *config = layers->config ? layers->config : &none;
    const struct config_module *module = NULL;

    if (!name)
        name = asked_module(layers);
    if (name) {
        module = config_module(config, name, error, size);
        if (!module)
            return error_prefix(error, size, "--module");
    }
    return apply(spec, &config->defaults, target, error, size) &&
           apply(spec, module ? &module->values : NULL, target, error, size) &&
           apply(spec, layers->environment, target, error, size) &&
           apply(spec, layers->argv, target, error, size);
}
