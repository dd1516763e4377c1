/*
 * html.c -- what would be markup is escaped, what is no text becomes U+FFFD.
 */
#include "serve/html.h"

#include <string.h>

#include "cli/utf8.h"
#include "report/format.h"

static const char *entity(uint32_t point)
{
    switch (point) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

/* Control characters, and those that turn the order of others around. */
static bool is_foul(uint32_t point)
{
    return (point < 0x20 && point != '\n') ||
           (point >= 0x7f && point <= 0x9f) ||
           (point >= 0x202a && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069);
}

void serve_html_text(struct report_buffer *out, const char *text)
{
    for (size_t n = strlen(text); n;) {
        uint32_t point = 0;
        size_t length = utf8_next(text, n, &point);

        if (length == 0 || is_foul(point))
            report_string(out, "\xef\xbf\xbd");
        else if (entity(point))
            report_string(out, entity(point));
        else
            report_add(out, text, length);
        text += length ? length : 1;
        n -= length ? length : 1;
    }
}
