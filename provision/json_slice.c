/*
 * One pass over the bytes: strings are skipped whole, brackets are counted, and
 * only at the first level a string is compared with the key.
 */
#include "provision/json_slice.h"

#include <string.h>

/* Behind the string that begins at `at`; `n` when it does not end. */
static size_t skip_string(const char *text, size_t n, size_t at)
{
    for (at++; at < n && text[at] != '"'; at++)
        at += text[at] == '\\';
    return at < n ? at + 1 : n;
}

static size_t skip_blanks(const char *text, size_t n, size_t at)
{
    while (at < n && strchr(" \t\r\n", text[at]) && text[at] != '\0')
        at++;
    return at;
}

/* Behind the value that begins at `at`. */
static size_t skip_value(const char *text, size_t n, size_t at)
{
    unsigned depth = 0;

    while (at < n) {
        if (text[at] == '"') {
            at = skip_string(text, n, at);
        } else if (text[at] == '{' || text[at] == '[') {
            depth++;
            at++;
        } else if (text[at] == '}' || text[at] == ']') {
            if (depth == 0)
                break;
            depth--;
            at++;
        } else if (depth == 0 && text[at] == ',') {
            break;
        } else {
            at++;
            continue;
        }
        if (depth == 0)
            break;
    }
    return at;
}

static bool is_key(const char *text, size_t begin, size_t end, const char *key)
{
    return end - begin == strlen(key) + 2 &&
           memcmp(text + begin + 1, key, strlen(key)) == 0;
}

bool json_slice_member(const char *text, size_t n, const char *key,
                       struct json_slice *slice)
{
    size_t at = skip_blanks(text, n, 0);

    if (at >= n || text[at] != '{')
        return false;
    at = skip_blanks(text, n, at + 1);
    while (at < n && text[at] == '"') {
        size_t end = skip_string(text, n, at), value, after;

        value = skip_blanks(text, n, end);
        if (value >= n || text[value] != ':')
            return false;
        value = skip_blanks(text, n, value + 1);
        after = skip_value(text, n, value);
        if (is_key(text, at, end, key)) {
            *slice = (struct json_slice){ text + value, after - value };
            return after > value;
        }
        after = skip_blanks(text, n, after);
        if (after >= n || text[after] != ',')
            return false;
        at = skip_blanks(text, n, after + 1);
    }
    return false;
}

bool json_slice_next(const struct json_slice *array, struct json_slice *item)
{
    size_t n = array->n, at;

    if (n == 0 || array->text[0] != '[')
        return false;
    if (item->text) {
        at = skip_blanks(array->text, n,
                         (size_t)(item->text - array->text) + item->n);
        if (at >= n || array->text[at] != ',')
            return false;
        at++;
    } else {
        at = 1;
    }
    at = skip_blanks(array->text, n, at);
    item->text = array->text + at;
    item->n = skip_value(array->text, n, at) - at;
    return item->n > 0;
}

bool json_slice_is(const struct json_slice *slice, const char *text)
{
    size_t n = strlen(text);

    return slice->n == n + 2 && slice->text[0] == '"' &&
           memcmp(slice->text + 1, text, n) == 0;
}

void json_slice_text(const struct json_slice *slice, char *text, size_t size)
{
    size_t n = 0;

    for (size_t i = 1; i + 1 < slice->n && slice->text[0] == '"'; i++) {
        char byte = slice->text[i];

        if (byte == '\\') {
            byte = slice->text[++i];
            i += byte == 'u' ? 4 : 0;
            byte = (char)(strchr("\"\\/", byte) ? byte : ' ');
        }
        if (n + 1 < size)
            text[n++] = byte;
    }
    text[n] = '\0';
}
