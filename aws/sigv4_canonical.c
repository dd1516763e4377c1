/*
 * sigv4_canonical.c -- path, query and headers as both ends write them.
 */
#include "aws/sigv4_canonical.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- The path ------------------------------------------------------------ */

/* Take the last segment off again: "/a/b" becomes "/a", "/a" becomes "". */
static void drop_segment(struct bytes *out)
{
    while (out->size > 0 && out->text[--out->size] != '/')
        continue;
    if (out->text)
        out->text[out->size] = '\0';
}

/* RFC 3986, 5.2.4, and no empty segments either. */
static void remove_dots(struct bytes *out, const char *path)
{
    size_t n;

    for (; *path; path += n) {
        if (*path == '/') {
            n = 1;
            continue;
        }
        n = strcspn(path, "/");
        if (n == 1 && path[0] == '.')
            continue;
        if (n == 2 && path[0] == '.' && path[1] == '.') {
            drop_segment(out);
            continue;
        }
        bytes_text(out, "/");
        bytes_put(out, path, n);
    }
}

void canonical_path(struct bytes *out, const char *path, bool keep)
{
    struct bytes clean = { 0 };
    size_t n = strlen(path);

    if (keep) {
        bytes_text(out, n > 0 ? path : "/");
        return;
    }
    remove_dots(&clean, path);
    if (clean.size == 0 || path[n - 1] == '/')
        bytes_text(&clean, "/");
    if (clean.failed)
        out->failed = true;
    else
        bytes_encode(out, clean.text, clean.size, "/");
    bytes_free(&clean);
}

/* --- The query ----------------------------------------------------------- */

struct pair {
    const char *name, *value;
};

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

/* Decode what is "%XX" and encode it all again. */
static void put_again(struct bytes *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = text[i];

        if (c == '%' && i + 2 < n && digit_of(text[i + 1]) >= 0 &&
            digit_of(text[i + 2]) >= 0) {
            c = (char)(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2]));
            i += 2;
        }
        bytes_encode(out, &c, 1, "");
    }
}

/* Each pair as "name NUL value NUL": what is encoded holds no NUL itself. */
static size_t split(struct bytes *out, const char *query)
{
    size_t pairs = 0, n, name;

    for (; *query; query += n + (query[n] == '&')) {
        n = strcspn(query, "&");
        name = strcspn(query, "=&");
        if (n == 0)
            continue;
        put_again(out, query, name);
        bytes_put(out, "", 1);
        if (name < n)
            put_again(out, query + name + 1, n - name - 1);
        bytes_put(out, "", 1);
        pairs++;
    }
    return pairs;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct pair *one = a, *other = b;
    int order = strcmp(one->name, other->name);

    return order != 0 ? order : strcmp(one->value, other->value);
}

static void put_pairs(struct bytes *out, const char *text, struct pair *pairs,
                      size_t n)
{
    for (size_t i = 0; i < n; i++) {
        pairs[i].name = text;
        text += strlen(text) + 1;
        pairs[i].value = text;
        text += strlen(text) + 1;
    }
    qsort(pairs, n, sizeof(*pairs), compare_pairs);
    for (size_t i = 0; i < n; i++) {
        bytes_text(out, i > 0 ? "&" : "");
        bytes_text(out, pairs[i].name);
        bytes_text(out, "=");
        bytes_text(out, pairs[i].value);
    }
}

void canonical_query(struct bytes *out, const char *query)
{
    struct bytes texts = { 0 };
    size_t n = query ? split(&texts, query) : 0;
    struct pair *pairs;

    if (n == 0)
        return;
    pairs = texts.failed ? NULL : calloc(n, sizeof(*pairs));
    if (pairs)
        put_pairs(out, texts.text, pairs, n);
    else
        out->failed = true;
    free(pairs);
    bytes_free(&texts);
}

/* --- The headers --------------------------------------------------------- */

/* Behind all of the same name: what is there keeps its order. */
static void insert(struct canonical_headers *sorted,
                   const struct sigv4_header *header)
{
    size_t at = sorted->n++;

    while (at > 0 &&
           strcasecmp(sorted->headers[at - 1].name, header->name) > 0) {
        sorted->headers[at] = sorted->headers[at - 1];
        at--;
    }
    sorted->headers[at] = *header;
}

bool canonical_headers_sort(struct canonical_headers *sorted,
                            const struct sigv4_request *request,
                            const struct sigv4_header *more, size_t nmore)
{
    const struct sigv4_header host = { "host", request->host };

    sorted->n = 0;
    sorted->headers =
        calloc(request->nheaders + nmore + 1, sizeof(*sorted->headers));
    if (!sorted->headers)
        return false;
    insert(sorted, &host);
    for (size_t i = 0; i < nmore; i++)
        if (more[i].value)
            insert(sorted, &more[i]);
    for (size_t i = 0; i < request->nheaders; i++)
        insert(sorted, &request->headers[i]);
    return true;
}

void canonical_headers_free(struct canonical_headers *sorted)
{
    free(sorted->headers);
    *sorted = (struct canonical_headers){ 0 };
}

static void put_lower(struct bytes *out, const char *name)
{
    static const char small[] = "abcdefghijklmnopqrstuvwxyz";

    for (; *name; name++) {
        bool capital = *name >= 'A' && *name <= 'Z';

        bytes_put(out, capital ? &small[*name - 'A'] : name, 1);
    }
}

/* Without blanks at its ends, and one where there were several. */
static void put_value(struct bytes *out, const char *value)
{
    static const char blanks[] = " \t\n\v\f\r";
    bool first = true;
    size_t n;

    for (value += strspn(value, blanks); *value;
         value += n, value += strspn(value, blanks)) {
        n = strcspn(value, blanks);
        bytes_text(out, first ? "" : " ");
        bytes_put(out, value, n);
        first = false;
    }
}

/* Is the header at `i` of the same name as the one before? */
static bool goes_on(const struct canonical_headers *sorted, size_t i)
{
    return i > 0 && strcasecmp(sorted->headers[i - 1].name,
                               sorted->headers[i].name) == 0;
}

void canonical_headers_text(struct bytes *out,
                            const struct canonical_headers *sorted)
{
    for (size_t i = 0; i < sorted->n; i++) {
        if (goes_on(sorted, i)) {
            bytes_text(out, ",");
        } else {
            bytes_text(out, i > 0 ? "\n" : "");
            put_lower(out, sorted->headers[i].name);
            bytes_text(out, ":");
        }
        put_value(out, sorted->headers[i].value);
    }
    bytes_text(out, "\n");
}

void canonical_headers_names(struct bytes *out,
                             const struct canonical_headers *sorted)
{
    for (size_t i = 0; i < sorted->n; i++) {
        if (goes_on(sorted, i))
            continue;
        bytes_text(out, i > 0 ? ";" : "");
        put_lower(out, sorted->headers[i].name);
    }
}
