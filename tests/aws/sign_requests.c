/*
 * sign_requests.c -- requests on stdin, signatures on stdout: the half of
 * oracle_sigv4.py that is ours.
 *
 * A request is a line of fields in hexadecimal with blanks between, "-" for
 * none:  HOW KEEP EXPIRES NOW METHOD HOST PATH QUERY REGION SERVICE ACCESS
 * SECRET TOKEN BODY [NAME VALUE]...  HOW is "header" or "query".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/sigv4.h"

enum {
    FIELDS_MAX = 64,
    FIXED = 14, /* the headers begin here */
};

struct fields {
    char *texts[FIELDS_MAX]; /* NULL: none */
    size_t sizes[FIELDS_MAX];
    size_t n;
};

/* Decode in place. */
static void decode(struct fields *fields, char *word)
{
    char *out = word;
    unsigned byte;

    fields->texts[fields->n] = strcmp(word, "-") == 0 ? NULL : word;
    for (char *in = word; in[0] && in[0] != '-'; in += 2) {
        char pair[3] = { in[0], in[1], '\0' };

        byte = (unsigned)strtoul(pair, NULL, 16);
        *out++ = (char)byte;
    }
    *out = '\0';
    fields->sizes[fields->n++] = (size_t)(out - word);
}

/* An empty field is an empty word between two blanks. */
static void split(struct fields *fields, char *line)
{
    char *word;

    fields->n = 0;
    while (fields->n < FIELDS_MAX && (word = strsep(&line, " \n")))
        decode(fields, word);
    fields->n -= fields->n > 0; /* what follows the line's end */
}

static void sign(const struct fields *fields)
{
    struct sigv4_header headers[FIELDS_MAX];
    char *const *f = fields->texts;
    const struct aws_keys keys = { f[10], f[11], f[12] };
    const struct sigv4_request request = {
        .method = f[4],
        .host = f[5],
        .path = f[6],
        .query = f[7],
        .headers = headers,
        .nheaders = (fields->n - FIXED) / 2,
        .body = f[13],
        .body_size = fields->sizes[13],
        .region = f[8],
        .service = f[9],
        .now = (time_t)strtoll(f[3], NULL, 10),
        .keep_path = f[1][0] == '1',
    };
    struct sigv4_signed out;
    char *query;

    for (size_t i = 0; i < request.nheaders; i++)
        headers[i] =
            (struct sigv4_header){ f[FIXED + 2 * i], f[FIXED + 2 * i + 1] };
    if (strcmp(f[0], "header") == 0) {
        puts(sigv4_sign(&request, &keys, &out) ? out.authorization : "failed");
        return;
    }
    query = sigv4_presign(&request, &keys, (unsigned)strtoul(f[2], NULL, 10));
    puts(query ? query : "failed");
    free(query);
}

int main(void)
{
    struct fields fields;
    char *line = NULL;
    size_t room = 0;

    while (getline(&line, &room, stdin) > 0) {
        split(&fields, line);
        if (fields.n < FIXED) {
            puts("too few fields");
            continue;
        }
        sign(&fields);
    }
    free(line);
    return 0;
}
