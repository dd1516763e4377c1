/*
 * A filter of bytes: outside of strings brackets and commas break the line.
 * What follows an opening bracket decides whether it stays empty.
 */
#include "provision/pretty.h"

enum { INDENT = 2 };

static void new_line(struct pretty *p)
{
    (void)fprintf(p->out, "\n%*s", (int)(p->depth * INDENT), "");
}

static void put_plain(struct pretty *p, char byte)
{
    bool closes = byte == '}' || byte == ']';

    if (closes) {
        p->depth--;
        if (!p->fresh)
            new_line(p);
    } else if (p->fresh) {
        new_line(p);
    }
    p->fresh = byte == '{' || byte == '[';
    (void)fputc(byte, p->out);
    if (p->fresh)
        p->depth++;
    else if (byte == ',')
        new_line(p);
    else if (byte == ':')
        (void)fputc(' ', p->out);
    p->in_string = byte == '"';
}

static void put(void *data, const char *bytes, size_t n)
{
    struct pretty *p = data;

    if (p->plain) {
        (void)fwrite(bytes, 1, n, p->out);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (!p->in_string) {
            put_plain(p, bytes[i]);
            continue;
        }
        (void)fputc(bytes[i], p->out);
        if (!p->escaped && bytes[i] == '"')
            p->in_string = false;
        p->escaped = !p->escaped && bytes[i] == '\\';
    }
}

void pretty_begin(struct pretty *pretty, FILE *out)
{
    *pretty = (struct pretty){ .out = out };
    pretty->json = (struct json){ .write = put, .data = pretty };
}

void pretty_end(struct pretty *pretty)
{
    (void)fputc('\n', pretty->out);
}
