/*
 * fuzz_profile.c -- whatever the files of the AWS CLI hold: they are read, or
 * refused in one line that names file and line and shows nothing of them.
 *
 * The first NUL parts config from credentials.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aws/endpoint.h"
#include "aws/ini.h"
#include "aws/profile.h"
#include "aws/words.h"
#include "cli/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* A text of `n` bytes and a NUL, in memory that ends there. */
static char *copy(const uint8_t *data, size_t n)
{
    char *text = malloc(n + 1);

    require(text);
    memcpy(text, data, n);
    text[n] = '\0';
    return text;
}

static void check_ini(const uint8_t *data, size_t n)
{
    char *text = copy(data, n);
    struct ini ini;
    unsigned line, last = 0;
    const char *problem = ini_read(text, n, &ini, &line);

    if (problem)
        require(ini.n == 0 && !ini.entries && line > 0);
    for (size_t i = 0; i < ini.n; i++) {
        const struct ini_entry *entry = &ini.entries[i];

        require(entry->section && entry->line > last);
        require(i > 0 || !entry->key);
        require(!entry->sub || entry->key);
        require(entry->value >= text || !*entry->value);
        require(strlen(entry->value) <= n);
        last = entry->line;
    }
    ini_free(&ini);
    free(text);
}

static void check_words(const uint8_t *data, size_t n)
{
    char *text = copy(data, n), *words[8];
    int count = words_split(text, words, 8);

    require(count >= WORDS_MANY && count <= 8);
    for (int i = 0; i < count; i++)
        require(words[i] >= text && words[i] + strlen(words[i]) <= text + n);
    free(text);
}

static void check_error(const char *error)
{
    size_t n = strlen(error);

    require(n > 0 && n < 100);
    require(strncmp(error, "config:", 7) == 0 ||
            strncmp(error, "credentials:", 12) == 0);
    for (size_t i = 0; i < n; i++)
        require(error[i] >= ' ' && error[i] < 0x7f);
}

static void check_endpoint(const struct profiles *profiles)
{
    char url[128], error[ERROR_TEXT_MAX] = "";

    if (aws_endpoint(AWS_EC2, "us-west-2", NULL, profiles, "a", url,
                     sizeof(url), error, sizeof(error)))
        require(strncasecmp(url, "http", 4) == 0 && !strchr(url, ' '));
    else
        require(strlen(error) > 0 && !strchr(error, '\n'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const uint8_t *half = n > 0 ? memchr(data, '\0', n) : NULL;
    size_t first = half ? (size_t)(half - data) : n;
    size_t second = half ? n - first - 1 : 0;
    const char *credentials = half ? (const char *)half + 1 : "";
    char error[ERROR_TEXT_MAX] = "";
    struct profiles *profiles;

    check_ini(data, n);
    check_words(data, first);
    profiles = profiles_read((const char *)data, first, credentials, second,
                             error, sizeof(error));
    if (profiles) {
        (void)profiles_get(profiles, "default", "region");
        (void)profiles_get(profiles, "a", "s3.region");
        check_endpoint(profiles);
    } else {
        check_error(error);
    }
    profiles_free(profiles);
    return 0;
}
