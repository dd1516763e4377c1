/*
 * fuzz_config.c -- whatever a configuration holds: it is read and applied, or
 * refused in one line that names the file.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"
#include "commands/check/options.h"

static const char FILE_NAME[] = "f.yml";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_error(const char *error)
{
    size_t n = strlen(error);

    require(n > 0 && n < ERROR_TEXT_MAX);
    require(strstr(error, FILE_NAME) != NULL);
    require(strchr(error, '\n') == NULL);
}

static void check_values(const struct option_values *values)
{
    for (size_t i = 0; i < values->nvalues; i++) {
        const struct option_row *row = values->values[i].row;

        require(values->values[i].text != NULL && values->values[i].line > 0);
        require((row->flags & (OPTION_NO_CONFIG | OPTION_HIDDEN)) == 0);
    }
}

static void check_config(const struct config *config)
{
    struct option_layers layers = { .config = config };
    char error[ERROR_TEXT_MAX];

    check_values(&config->defaults);
    for (size_t i = 0; i < config->nmodules; i++) {
        check_values(&config->modules[i].values);
        require(config_module(config, config->modules[i].name, error,
                              sizeof(error)) == &config->modules[i]);
    }
    if (!check_options_verify(&check_spec, &layers, false, error,
                              sizeof(error)))
        require(strlen(error) > 0 && !strchr(error, '\n'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct option_spec *const specs[] = { &check_spec };
    char error[ERROR_TEXT_MAX] = "";
    struct config config;

    if (config_parse((const char *)data, n, FILE_NAME, specs, 1, &config, error,
                     sizeof(error)))
        check_config(&config);
    else
        check_error(error);
    config_free(&config);
    return 0;
}
