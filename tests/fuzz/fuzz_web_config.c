/*
 * fuzz_web_config.c -- whatever stands in the file of TLS and users: it is
 * read, or refused in one line that names the file.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"
#include "serve/web_config.h"

static const char FILE_NAME[] = "d/w.yml";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_config(const struct web_config *config)
{
    require(!config->cert_file == !config->key_file);
    require(config->client_auth != WEB_CLIENT_REQUIRE ||
            config->client_ca_file);
    for (size_t i = 0; i < config->nusers; i++) {
        const struct web_user *user = &config->users[i];

        require(user->name[0] != '\0' && strlen(user->hash) == 60);
        require(web_config_user(config, user->name) == user->hash);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char error[ERROR_TEXT_MAX] = "";
    struct web_config config;

    if (web_config_parse((const char *)data, n, FILE_NAME, &config, error,
                         sizeof(error)))
        check_config(&config);
    else
        require(strlen(error) > 0 && !strchr(error, '\n') &&
                config.nusers == 0);
    web_config_free(&config);
    return 0;
}
