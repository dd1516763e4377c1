/*
 * fuzz_negotiate.c -- the headers that a stranger may send us.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "serve/auth.h"
#include "serve/match.h"
#include "serve/negotiate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char *text = malloc(n + 1), login[SERVE_LOGIN_MAX + 1];
    const char *password = NULL, *pattern = text;
    uint64_t ms = 0;

    if (!text)
        return 0;
    memcpy(text, data, n);
    text[n] = '\0';
    (void)serve_wants_open(text);
    (void)serve_wants_gzip(text);
    if (serve_scrape_timeout(text, &ms) && (ms == 0 || ms > 86401000))
        abort();
    if (serve_auth_read(text, login, &password) &&
        (!password || strlen(login) + strlen(password) > SERVE_LOGIN_MAX))
        abort();
    (void)serve_match(&pattern, 1, "cache.example", 6379);
    free(text);
    return 0;
}
