/*
 * fuzz_canonical.c -- any text as a query and as a path that are signed.
 *
 * What is canonical stays as it is, and holds nothing that is not encoded.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "aws/sigv4_canonical.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(int right)
{
    if (!right)
        abort();
}

static void check_query(const char *text)
{
    struct bytes once = { 0 }, twice = { 0 };

    bytes_text(&once, "");
    bytes_text(&twice, "");
    canonical_query(&once, text);
    canonical_query(&twice, once.text);
    check(!once.failed && once.size == strlen(once.text));
    check(strcmp(once.text, twice.text) == 0);
    for (const char *p = once.text; *p; p++)
        check(*p > ' ' && *p < 0x7f && !strchr("+/?#", *p));
    bytes_free(&once);
    bytes_free(&twice);
}

static void check_path(const char *text)
{
    struct bytes path = { 0 };

    canonical_path(&path, text, false);
    check(!path.failed && path.text[0] == '/');
    check(!strstr(path.text, "//") && !strstr(path.text, "/../") &&
          !strstr(path.text, "/./"));
    bytes_free(&path);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = malloc(n + 1);

    if (!text)
        return 0;
    if (n > 0)
        memcpy(text, bytes, n);
    text[n] = '\0';
    check_query(text);
    check_path(text);
    free(text);
    return 0;
}
