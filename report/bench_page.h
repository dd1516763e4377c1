/*
 * bench_page.h -- the parts of the page that the build puts into the program.
 *
 * Made of report/html/ and of the chart library as it is installed, by
 * cmake/linkprobe_embed.cmake.
 */
#ifndef REPORT_BENCH_PAGE_H
#define REPORT_BENCH_PAGE_H

#include <stddef.h>

enum bench_page_part {
    BENCH_PAGE_FRAME,  /* page.html: {{name}} is where a part goes */
    BENCH_PAGE_STYLE,  /* page.css */
    BENCH_PAGE_SCRIPT, /* words.js, tables.js, charts.js, heat.js */
    BENCH_PAGE_CHART,  /* Chart.js; empty: it was not there at the build */
    BENCH_PAGE_NOTICE, /* its licence */
    BENCH_PAGE_PARTS,
};

struct bench_page_bytes {
    const unsigned char *bytes;
    size_t n;
};

extern const struct bench_page_bytes bench_page[BENCH_PAGE_PARTS];

#endif /* REPORT_BENCH_PAGE_H */
