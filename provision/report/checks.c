/*
 * What a client met, for people: a line an address of each check.
 *
 *     vpce-0db3....us-west-2.vpce.amazonaws.com:6379  ok
 *       10.0.3.5:6379   ok  master  1.9 ms  tcp ping role set get cleanup
 */
#include <string.h>

#include "provision/json_slice.h"
#include "provision/report/page.h"

enum { WORD_SIZE = 256 };

/* The member `key` as text; "" when there is none. */
static void text_of(const struct json_slice *object, const char *key,
                    char text[WORD_SIZE])
{
    struct json_slice slice;

    text[0] = '\0';
    if (json_slice_member(object->text, object->n, key, &slice))
        json_slice_text(&slice, text, WORD_SIZE);
}

/* A number as it stands; "" when it is none. */
static void number_of(const struct json_slice *object, const char *key,
                      char text[WORD_SIZE])
{
    struct json_slice slice;

    text[0] = '\0';
    if (json_slice_member(object->text, object->n, key, &slice) &&
        strspn(slice.text, "0123456789.") >= slice.n)
        (void)snprintf(text, WORD_SIZE, "%.*s", (int)slice.n, slice.text);
}

static enum ink ink_of(const char *status)
{
    if (strcmp(status, "ok") == 0)
        return GREEN;
    return strcmp(status, "warning") == 0 ? YELLOW : RED;
}

/* The stages that passed. */
static void put_stages(const struct page *page,
                       const struct json_slice *address)
{
    struct json_slice stages, stage = { 0 };
    char name[WORD_SIZE], status[WORD_SIZE];
    bool any = false;

    if (!json_slice_member(address->text, address->n, "stages", &stages))
        return;
    while (json_slice_next(&stages, &stage)) {
        text_of(&stage, "stage", name);
        text_of(&stage, "status", status);
        if (strcmp(status, "ok") != 0)
            continue;
        (void)fputs(any ? " " : "  ", page->out);
        page_ink(page, FAINT, name);
        any = true;
    }
}

static void put_address(const struct page *page,
                        const struct json_slice *address)
{
    char host[WORD_SIZE], port[WORD_SIZE], status[WORD_SIZE];
    char text[WORD_SIZE], place[WORD_SIZE + 16];
    struct json_slice object;

    text_of(address, "address", host);
    number_of(address, "port", port);
    text_of(address, "status", status);
    (void)snprintf(place, sizeof(place), "%.200s:%.8s", host, port);
    (void)fprintf(page->out, "      %-26s ", place);
    page_ink(page, ink_of(status), status);
    if (json_slice_member(address->text, address->n, "server", &object)) {
        text_of(&object, "role", text);
        if (text[0] != '\0') {
            (void)fputs("  ", page->out);
            page_put(page, text);
        }
    }
    number_of(address, "total_ms", text);
    if (text[0] != '\0')
        (void)fprintf(page->out, "  %s ms", text);
    if (strcmp(status, "ok") != 0 &&
        json_slice_member(address->text, address->n, "verdict", &object)) {
        text_of(&object, "id", text);
        (void)fputs("  ", page->out);
        page_put(page, text);
    }
    put_stages(page, address);
    (void)fputc('\n', page->out);
}

static void put_check(const struct page *page, const struct json_slice *check)
{
    struct json_slice object, addresses, address = { 0 };
    char text[WORD_SIZE], status[WORD_SIZE];

    text_of(check, "status", status);
    if (status[0] == '\0')
        return;
    (void)fputs("    ", page->out);
    if (json_slice_member(check->text, check->n, "target", &object)) {
        text_of(&object, "name", text);
        page_put(page, text);
        (void)fputs("  ", page->out);
    }
    page_ink(page, ink_of(status), status);
    text_of(check, "error", text);
    if (text[0] != '\0') {
        (void)fputs("  ", page->out);
        page_put(page, text);
    }
    (void)fputc('\n', page->out);
    if (!json_slice_member(check->text, check->n, "addresses", &addresses))
        return;
    while (json_slice_next(&addresses, &address))
        put_address(page, &address);
}

void page_checks(const struct page *page, const struct provision_checks *checks)
{
    if (!checks || checks->n == 0)
        return;
    (void)fputs("\nChecks\n", page->out);
    for (size_t i = 0; i < checks->n; i++) {
        const struct json_slice check = { checks->checks[i],
                                          strlen(checks->checks[i]) };

        put_check(page, &check);
    }
}
