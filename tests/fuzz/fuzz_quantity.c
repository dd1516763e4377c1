/*
 * fuzz_quantity.c -- whatever a quantity is: in bounds, and printed it reads
 * back as itself.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/quantity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_time(uint64_t ns)
{
    char text[QUANTITY_TEXT_MAX];
    uint64_t back = 1, whole = ns / 1000 * 1000;

    quantity_time_text(whole, text);
    require(strlen(text) < sizeof(text));
    require(quantity_time(text, &back) == QUANTITY_OK);
    require(back == whole);
}

static void check_size(uint64_t bytes)
{
    char text[QUANTITY_TEXT_MAX];
    uint64_t back = 1;

    quantity_size_text(bytes, text);
    require(quantity_size(text, &back) == QUANTITY_OK);
    require(back == bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char *text = malloc(n + 1);
    uint64_t seconds = 0, ns = 0, bytes = 0, number = 0;
    enum quantity_status time;

    require(text);
    memcpy(text, data, n);
    text[n] = '\0';
    time = quantity_time(text, &ns);
    if (time == QUANTITY_OK) {
        check_time(ns);
        require(quantity_seconds(text, &seconds) == QUANTITY_OK);
        require(seconds == ns);
    }
    if (quantity_size(text, &bytes) == QUANTITY_OK)
        check_size(bytes);
    if (quantity_number(text, &number) == QUANTITY_OK)
        require(quantity_size(text, &bytes) == QUANTITY_OK && bytes == number);
    free(text);
    return 0;
}
