/*
 * What terraform fmt would change is never written, so nobody's first commit
 * of an export is followed by one that formats it.
 */
#include "provision/export/hcl.h"

#include <stdarg.h>
#include <string.h>

enum { INDENT = 2 };

static void indent(const struct hcl *hcl)
{
    (void)fprintf(hcl->out, "%*s", (int)(hcl->depth * INDENT), "");
}

/* In characters, as terraform fmt counts. */
static int width_of(const char *text)
{
    int n = 0;

    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static void flush_group(struct hcl *hcl)
{
    int width = 0;

    for (unsigned i = 0; i < hcl->n; i++) {
        int n = width_of(hcl->keys[i]);

        width = n > width ? n : width;
    }
    for (unsigned i = 0; i < hcl->n; i++) {
        indent(hcl);
        (void)fprintf(hcl->out, "%s%*s = %s\n", hcl->keys[i],
                      width - width_of(hcl->keys[i]), "", hcl->values[i]);
    }
    hcl->n = 0;
}

const char *hcl_format(struct hcl *hcl, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    int n;

    va_start(arguments, format);
    n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (n >= 0)
        text = arena_alloc(hcl->arena, (size_t)n + 1);
    if (!text) {
        hcl->failed = true;
        return "";
    }
    va_start(arguments, format);
    (void)vsnprintf(text, (size_t)n + 1, format, arguments);
    va_end(arguments);
    return text;
}

/* Room for the worst: each byte as \u00XX, two marks and a NUL. */
const char *hcl_quote(struct hcl *hcl, const char *text)
{
    char *quoted = arena_alloc(hcl->arena, strlen(text) * 6 + 3), *at = quoted;

    if (!quoted) {
        hcl->failed = true;
        return "\"\"";
    }
    *at++ = '"';
    for (; *text != '\0'; text++) {
        bool opens = (*text == '$' || *text == '%') && text[1] == '{';

        if ((unsigned char)*text < ' ' || *text == 0x7f) {
            at += snprintf(at, 7, "\\u%04x", (unsigned char)*text);
            continue;
        }
        if (opens || *text == '"' || *text == '\\')
            *at++ = (char)(opens ? *text : '\\');
        *at++ = *text;
    }
    *at++ = '"';
    *at = '\0';
    return quoted;
}

void hcl_put(struct hcl *hcl, const char *key, const char *value)
{
    if (hcl->n == HCL_ATTRIBUTES_MAX)
        flush_group(hcl);
    hcl->keys[hcl->n] = key;
    hcl->values[hcl->n++] = value;
    hcl->first = false;
}

void hcl_string(struct hcl *hcl, const char *key, const char *text)
{
    hcl_put(hcl, key, hcl_quote(hcl, text));
}

void hcl_number(struct hcl *hcl, const char *key, unsigned value)
{
    hcl_put(hcl, key, hcl_format(hcl, "%u", value));
}

void hcl_bool(struct hcl *hcl, const char *key, bool value)
{
    hcl_put(hcl, key, value ? "true" : "false");
}

void hcl_blank(struct hcl *hcl)
{
    flush_group(hcl);
    if (!hcl->first)
        (void)fputc('\n', hcl->out);
    hcl->first = true;
}

void hcl_open(struct hcl *hcl, const char *format, ...)
{
    va_list arguments;

    hcl_blank(hcl);
    indent(hcl);
    va_start(arguments, format);
    (void)vfprintf(hcl->out, format, arguments);
    va_end(arguments);
    (void)fputs(" {\n", hcl->out);
    hcl->depth++;
    hcl->first = true;
}

void hcl_close(struct hcl *hcl)
{
    flush_group(hcl);
    hcl->depth--;
    indent(hcl);
    (void)fputs("}\n", hcl->out);
    hcl->first = false;
}

void hcl_begin(struct hcl *hcl, const char *key, char bracket)
{
    hcl_blank(hcl);
    indent(hcl);
    (void)fprintf(hcl->out, "%s = %c\n", key, bracket);
    hcl->depth++;
    hcl->first = true;
}

void hcl_item(struct hcl *hcl, const char *value)
{
    indent(hcl);
    (void)fprintf(hcl->out, "%s,\n", value);
}

void hcl_end(struct hcl *hcl, char bracket)
{
    flush_group(hcl);
    hcl->depth--;
    indent(hcl);
    (void)fprintf(hcl->out, "%c\n", bracket);
    hcl->first = false;
}

void hcl_comment(struct hcl *hcl, const char *text)
{
    flush_group(hcl);
    indent(hcl);
    (void)fprintf(hcl->out, "# %s\n", text);
}
