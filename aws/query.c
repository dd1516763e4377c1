/*
 * query.c -- names and values, percent-encoded, one after the other.
 *
 * The text grows by doubling; the first allocation that fails is remembered
 * and all that follows does nothing.
 */
#include "aws/query.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_SIZE = 160, /* "TagSpecification.1.Tag.1.Value" and the like */
    ROOM_FIRST = 256,
};

static bool make_room(struct query *query, size_t more)
{
    size_t room = query->room ? query->room : ROOM_FIRST;
    char *text;

    if (query->failed)
        return false;
    while (room - query->size <= more) {
        if (room > SIZE_MAX / 2) {
            query->failed = true;
            return false;
        }
        room *= 2;
    }
    if (room == query->room)
        return true;
    text = realloc(query->text, room);
    if (!text) {
        query->failed = true;
        return false;
    }
    query->text = text;
    query->room = room;
    return true;
}

static void put_raw(struct query *query, char c)
{
    if (!make_room(query, 1))
        return;
    query->text[query->size++] = c;
    query->text[query->size] = '\0';
}

static bool is_plain(unsigned char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

static void put_encoded(struct query *query, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";

    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (is_plain(*p)) {
            put_raw(query, (char)*p);
        } else {
            put_raw(query, '%');
            put_raw(query, digits[*p >> 4]);
            put_raw(query, digits[*p & 15]);
        }
    }
}

void query_add(struct query *query, const char *name, const char *value)
{
    if (!value)
        return;
    if (query->size > 0)
        put_raw(query, '&');
    put_encoded(query, name);
    put_raw(query, '=');
    put_encoded(query, value);
}

void query_add_number(struct query *query, const char *name, long value)
{
    char text[24];

    (void)snprintf(text, sizeof(text), "%ld", value);
    query_add(query, name, text);
}

void query_add_bool(struct query *query, const char *name, bool value)
{
    query_add(query, name, value ? "true" : "false");
}

void query_add_at(struct query *query, const char *value, const char *format,
                  ...)
{
    char name[NAME_SIZE];
    va_list words;

    va_start(words, format);
    (void)vsnprintf(name, sizeof(name), format, words);
    va_end(words);
    query_add(query, name, value);
}

void query_add_list(struct query *query, const char *name,
                    const char *const *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        query_add_at(query, values[i], "%s.%zu", name, i + 1);
}

void query_add_filter(struct query *query, unsigned n, const char *name,
                      const char *value)
{
    query_add_at(query, name, "Filter.%u.Name", n);
    query_add_at(query, value, "Filter.%u.Value.1", n);
}

void query_free(struct query *query)
{
    free(query->text);
    *query = (struct query){ 0 };
}
