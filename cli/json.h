/*
 * json.h -- a streaming writer of JSON (RFC 8259).
 *
 * Bytes go to a callback as they are made; nothing is kept and nothing is
 * allocated, so there is no failure but the callback's own.  Commas are the
 * writer's business, the nesting is the caller's:
 *
 *     struct json json = { .write = add, .data = buffer };
 *
 *     json_object(&json);
 *     json_key(&json, "rtt_us");
 *     json_unsigned(&json, 210);
 *     json_object_end(&json);
 *
 * Whatever a string holds, the output is ASCII-safe to a terminal and valid:
 * control characters (C0, DEL, C1) and line separators are escaped, bytes that
 * are not UTF-8 become U+FFFD.  Numbers never follow the locale.
 */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Take `n` bytes of the document; they are lent for the call. */
typedef void (*json_write_cb)(void *data, const char *bytes, size_t n);

struct json {
    json_write_cb write;
    void *data; /* the caller's, handed to `write` */

    /* private */
    bool comma; /* something stands before: a comma comes first */
};

void json_object(struct json *json);
void json_object_end(struct json *json);
void json_array(struct json *json);
void json_array_end(struct json *json);

/* The name of the next value; an object's members are key, value, ... */
void json_key(struct json *json, const char *key);

void json_null(struct json *json);
void json_bool(struct json *json, bool value);
void json_signed(struct json *json, int64_t value);
void json_unsigned(struct json *json, uint64_t value);

/* `value` / 10^decimals exactly, without needless zeros: (3502100, 3) is
 * 3502.1.  `decimals` <= 18. */
void json_fixed(struct json *json, uint64_t value, unsigned decimals);

/* The shortest text that reads back as `value`; null for what JSON has no
 * number for (infinities, NaN). */
void json_double(struct json *json, double value);

/* A string; null for NULL. */
void json_string(struct json *json, const char *text);
void json_string_n(struct json *json, const char *bytes, size_t n);

/* A key with its value, for short. */
void json_member_string(struct json *json, const char *key, const char *text);
void json_member_unsigned(struct json *json, const char *key, uint64_t value);
void json_member_bool(struct json *json, const char *key, bool value);
void json_member_null(struct json *json, const char *key);

#endif /* CLI_JSON_H */
