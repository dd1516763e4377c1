/*
 * page.h -- text for a terminal, coloured where that is wanted.
 */
#ifndef PROVISION_REPORT_PAGE_H
#define PROVISION_REPORT_PAGE_H

#include "provision/report/report.h"

enum ink { PLAIN, STRONG, FAINT, GREEN, YELLOW, RED };

struct page {
    const struct provision_style *style;
    FILE *out;
};

/* Texts of others: what a terminal would obey, and what is no UTF-8, is left
 * out. */
void page_put(const struct page *page, const char *text);
void page_ink(const struct page *page, enum ink ink, const char *text);

/* The section on what a client met; `checks` may be NULL. */
void page_checks(const struct page *page,
                 const struct provision_checks *checks);

#endif /* PROVISION_REPORT_PAGE_H */
