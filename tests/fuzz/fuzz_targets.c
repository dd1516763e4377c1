/*
 * fuzz_targets.c -- whatever a targets file holds: targets with all that they
 * promise, or one line.  The first byte chooses file_sd or lines.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"
#include "commands/targets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static const struct check_options *module_of(void *data, const char *name,
                                             char *error, size_t size)
{
    (void)data;
    if (name && strcmp(name, "a") != 0) {
        error_set(error, size, "no such module");
        return NULL;
    }
    return data;
}

static void check_target(const struct target *target)
{
    const struct target_group *group = target->group;

    require(target->host[0] != '\0' && target->port > 0);
    require(strstr(target->name, target->host) != NULL);
    require(group->options != NULL);
    for (size_t i = 0; i < group->nlabels; i++) {
        require(strncmp(group->labels[i].name, "__", 2) != 0);
        require(group->labels[i].value != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct secret_pool secrets = { 0 };
    struct check_options options;
    struct target_list list = { .module = module_of,
                                .data = &options,
                                .secrets = &secrets };
    char error[ERROR_TEXT_MAX] = "";
    const char *bytes = (const char *)data;
    bool fine;

    if (n == 0)
        return 0;
    check_options_init(&options, COMMAND_CHECK);
    if (data[0] == 'L')
        fine = target_list_lines(&list, bytes + 1, n - 1, "f", error,
                                 sizeof(error));
    else
        fine = target_list_parse(&list, bytes, n, "f", error, sizeof(error));
    require(fine == (error[0] == '\0'));
    require(!strchr(error, '\n'));
    require(fine || strncmp(error, "f:", 2) == 0);
    for (size_t i = 0; i < list.ntargets; i++)
        check_target(&list.targets[i]);
    target_list_free(&list);
    secret_pool_free(&secrets);
    return 0;
}
