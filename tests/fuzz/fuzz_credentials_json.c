/*
 * fuzz_credentials_json.c -- whatever a program or a service prints: keys that
 * may go into a header, or one line without a byte of what is secret.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "aws/credentials_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_key(const char *text)
{
    require(*text);
    for (; *text; text++)
        require(*text > ' ' && *text < 0x7f);
}

static void check_keys(const struct found_keys *found,
                       enum credentials_shape shape)
{
    check_key(found->keys.access_key);
    check_key(found->keys.secret_key);
    if (found->keys.session_token)
        check_key(found->keys.session_token);
    require(found->expires > 0 || shape == SHAPE_PROCESS);
}

static void check_fault(const struct fault *fault)
{
    require(fault->kind != CREDENTIALS_FINE);
    require(strncmp(fault->text, "it: ", 4) == 0);
    for (const char *at = fault->text; *at; at++)
        require(*at >= ' ' && *at < 0x7f);
}

static void read_as(enum credentials_shape shape, const uint8_t *data, size_t n)
{
    struct found_keys found = { 0 };
    struct fault fault = { 0 };

    if (credentials_json_read((const char *)data, n, shape, "it", &found,
                              &fault))
        check_keys(&found, shape);
    else
        check_fault(&fault);
    found_free(&found);
}

static void read_time(const uint8_t *data, size_t n)
{
    char text[64];
    time_t expires;

    if (n >= sizeof(text))
        return;
    memcpy(text, data, n);
    text[n] = '\0';
    if (expiration_read(text, &expires))
        require(expires > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    read_as(SHAPE_PROCESS, data, n);
    read_as(SHAPE_METADATA, data, n);
    read_time(data, n);
    return 0;
}
