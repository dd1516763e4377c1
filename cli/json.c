/*
 * A value writes the comma that is due, then itself, and leaves a comma due; a
 * key and an opening bracket leave none.  That one bit is all the state.
 *
 * Strings go out in runs: as much as needs no escape in one call.
 */
#include "cli/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/utf8.h"

enum {
    NUMBER_MAX = 40, /* 20 digits, a point, 18 zeros and a NUL */
};

#define NOT_A_POINT "-+e0123456789"

static void put(struct json *json, const char *text)
{
    json->write(json->data, text, strlen(text));
}

static void emit(struct json *json, const char *text, bool comma)
{
    if (json->comma)
        put(json, ",");
    put(json, text);
    json->comma = comma;
}

/* The escape of an ASCII byte, or NULL when it needs none. */
static const char *escape_of(unsigned char byte)
{
    switch (byte) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\b': return "\\b";
    case '\f': return "\\f";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: return NULL;
    }
}

static bool is_plain(uint32_t point)
{
    if (point < 0x7f)
        return point >= 0x20 && point != '"' && point != '\\';
    return point > 0x9f && point != 0x2028 && point != 0x2029;
}

static void put_escaped(struct json *json, uint32_t point)
{
    static const char hex[] = "0123456789abcdef";
    const char *escape = point < 0x80 ? escape_of((unsigned char)point) : NULL;
    char text[] = "\\u0000";

    for (unsigned i = 0; i < 4; i++)
        text[5 - i] = hex[point >> 4 * i & 0xfU];
    put(json, escape ? escape : text);
}

/* A string but for its closing quotation mark. */
static void quote(struct json *json, const char *bytes, size_t n)
{
    size_t run = 0;

    json->write(json->data, json->comma ? ",\"" : "\"", json->comma ? 2 : 1);
    while (run < n) {
        uint32_t point = 0;
        size_t length = utf8_next(bytes + run, n - run, &point);

        if (length && is_plain(point)) {
            run += length;
            continue;
        }
        json->write(json->data, bytes, run);
        if (length)
            put_escaped(json, point);
        else
            put(json, "\xef\xbf\xbd");
        bytes += run + (length ? length : 1);
        n -= run + (length ? length : 1);
        run = 0;
    }
    json->write(json->data, bytes, run);
}

static void end(struct json *json, const char *bracket)
{
    json->comma = false;
    emit(json, bracket, true);
}

void json_object(struct json *json)
{
    emit(json, "{", false);
}

void json_object_end(struct json *json)
{
    end(json, "}");
}

void json_array(struct json *json)
{
    emit(json, "[", false);
}

void json_array_end(struct json *json)
{
    end(json, "]");
}

void json_key(struct json *json, const char *key)
{
    quote(json, key, strlen(key));
    json->write(json->data, "\":", 2);
    json->comma = false;
}

void json_null(struct json *json)
{
    emit(json, "null", true);
}

void json_bool(struct json *json, bool value)
{
    emit(json, value ? "true" : "false", true);
}

/* Write the digits of `number` before `last`, at least `least` of them. */
static char *digits(char *last, uint64_t number, unsigned least)
{
    for (; number || least; number /= 10, least -= least > 0)
        *--last = (char)('0' + number % 10);
    return last;
}

void json_unsigned(struct json *json, uint64_t value)
{
    char text[NUMBER_MAX];

    text[NUMBER_MAX - 1] = '\0';
    emit(json, digits(text + NUMBER_MAX - 1, value, 1), true);
}

void json_signed(struct json *json, int64_t value)
{
    char text[NUMBER_MAX];
    char *first = text + NUMBER_MAX - 1;
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    *first = '\0';
    first = digits(first, magnitude, 1);
    if (value < 0)
        *--first = '-';
    emit(json, first, true);
}

void json_fixed(struct json *json, uint64_t value, unsigned decimals)
{
    char text[NUMBER_MAX];
    char *first = text + NUMBER_MAX - 1;
    uint64_t fraction = 0, scale = 1;

    while (decimals && value % 10 == 0) {
        value /= 10;
        decimals--;
    }
    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    *first = '\0';
    fraction = value % scale;
    if (decimals) {
        first = digits(first, fraction, decimals);
        *--first = '.';
    }
    emit(json, digits(first, value / scale, 1), true);
}

void json_double(struct json *json, double value)
{
    char text[NUMBER_MAX];

    if (!isfinite(value)) {
        json_null(json);
        return;
    }
    for (int precision = 15; precision <= 17; precision++) {
        (void)snprintf(text, sizeof(text), "%.*g", precision, value);
        if (strtod(text, NULL) == value)
            break;
    }
    /* the only other character there can be is the locale's point */
    if (text[strspn(text, NOT_A_POINT)] != '\0')
        text[strspn(text, NOT_A_POINT)] = '.';
    emit(json, text, true);
}

void json_string_n(struct json *json, const char *bytes, size_t n)
{
    quote(json, bytes, n);
    json->write(json->data, "\"", 1);
    json->comma = true;
}

void json_string(struct json *json, const char *text)
{
    if (text)
        json_string_n(json, text, strlen(text));
    else
        json_null(json);
}

void json_member_string(struct json *json, const char *key, const char *text)
{
    json_key(json, key);
    json_string(json, text);
}

void json_member_unsigned(struct json *json, const char *key, uint64_t value)
{
    json_key(json, key);
    json_unsigned(json, value);
}

void json_member_bool(struct json *json, const char *key, bool value)
{
    json_key(json, key);
    json_bool(json, value);
}

void json_member_null(struct json *json, const char *key)
{
    json_key(json, key);
    json_null(json);
}
