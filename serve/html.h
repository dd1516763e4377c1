/*
 * html.h -- texts of others inside of a page.
 */
#ifndef SERVE_HTML_H
#define SERVE_HTML_H

#include "report/report.h"

/* Append `text` so that it is only ever text, in content and in attributes in
 * double quotes. */
void serve_html_text(struct report_buffer *out, const char *text);

#endif /* SERVE_HTML_H */
