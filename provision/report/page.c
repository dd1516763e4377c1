/*
 * What is printed is looked at character by character: reasons and names come
 * from others.
 */
#include "provision/report/page.h"

#include <string.h>

#include "cli/utf8.h"

static void paint(const struct page *page, enum ink ink)
{
    static const char *const codes[] = { "\033[0m",  "\033[1m",  "\033[2m",
                                         "\033[32m", "\033[33m", "\033[31m" };

    if (page->style->color)
        (void)fputs(codes[ink], page->out);
}

void page_put(const struct page *page, const char *text)
{
    size_t n = strlen(text);

    while (n > 0) {
        uint32_t point = 0;
        size_t length = utf8_next(text, n, &point);
        bool plain = length && point >= ' ' && (point < 0x7f || point > 0x9f);

        (void)fwrite(plain ? text : "?", 1, plain ? length : 1, page->out);
        text += length ? length : 1;
        n -= length ? length : 1;
    }
}

void page_ink(const struct page *page, enum ink ink, const char *text)
{
    paint(page, ink);
    page_put(page, text);
    paint(page, PLAIN);
}
