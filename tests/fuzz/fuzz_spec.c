/*
 * fuzz_spec.c -- whatever the file of a path holds: it is a path whose parts
 * are what they say, from which policies and templates can be made, or it is
 * refused in one line that names the file.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"
#include "provision/export/export.h"
#include "provision/policy/policy.h"
#include "provision/pretty.h"
#include "provision/spec/spec.h"
#include "provision/spec/words.h"

static const char FILE_NAME[] = "f.yml";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_line(const char *line)
{
    size_t n = strlen(line);

    require(n > 0 && n < ERROR_TEXT_MAX);
    require(strncmp(line, FILE_NAME, strlen(FILE_NAME)) == 0);
    require(strchr(line, '\n') == NULL);
}

static void on_warning(void *data, const char *line)
{
    (void)data;
    check_line(line);
}

static void check_texts(const struct spec_texts *texts,
                        bool (*fits)(const char *word))
{
    for (size_t i = 0; i < texts->n; i++)
        require(fits(texts->texts[i]));
}

static void check_provider(const struct spec_provider *provider)
{
    require(provider->nlisteners >= 1 &&
            provider->nlisteners <= SPEC_LISTENERS_MAX);
    require(provider->nbalancers >= 1 &&
            provider->nbalancers <= SPEC_BALANCERS_MAX);
    for (size_t i = 0; i < provider->nlisteners; i++) {
        const struct spec_listener *at = &provider->listeners[i];

        require(at->port >= 1 && at->port <= UINT16_MAX);
        require(at->cache.id != NULL);
        require(at->cache.kind != SPEC_HOST || at->cache.vpc);
    }
}

static void check_consumer(const struct spec_consumer *at)
{
    require(at->name && spec_word_path(at->name));
    require(at->foreign ? at->principals.n > 0 : at->vpc || at->endpoint_id);
    check_texts(&at->subnets, spec_word_subnet);
    check_texts(&at->groups, spec_word_group);
    check_texts(&at->client_cidrs, spec_word_cidr);
}

/* What is made of it ends, whatever it is made of. */
static void check_exports(const struct spec *spec)
{
    static const export_form forms[] = { export_terraform,
                                         export_cloudformation, export_cli };
    char error[ERROR_TEXT_MAX] = "", *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct export_options options = { .spec = spec, .out = out };
    struct policy_options policy = { .spec = spec };
    struct pretty pretty;

    require(out != NULL);
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
        require(forms[i](&options, error, sizeof(error)) || error[0] != '\0');
    pretty_begin(&pretty, out);
    if (spec->has_provider)
        policy_write(&policy, &pretty.json);
    (void)fclose(out);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char error[ERROR_TEXT_MAX] = "";
    struct spec *spec = spec_read(FILE_NAME, (const char *)data, n, on_warning,
                                  NULL, error, sizeof(error));

    if (!spec) {
        check_line(error);
        return 0;
    }
    require(spec->name && spec_word_path(spec->name));
    require(spec->has_provider || spec->nconsumers > 0);
    if (spec->has_provider)
        check_provider(&spec->provider);
    for (size_t i = 0; i < spec->nconsumers; i++)
        check_consumer(&spec->consumers[i]);
    check_exports(spec);
    spec_free(spec);
    return 0;
}
