/*
 * screen.h -- what report_text.c, which has the story, is put together of.
 */
#ifndef REPORT_SCREEN_H
#define REPORT_SCREEN_H

#include "report/report.h"

/* What a piece of text is; the colours follow. */
enum ink {
    INK_PLAIN,
    INK_STRONG,
    INK_FAINT,
    INK_OK,
    INK_WARNING,
    INK_CRITICAL,
};

/* Of an enum check_status, or STAGE_SKIPPED. */
enum ink screen_ink(int status);

/* From here on in `ink`; INK_PLAIN ends it.  Nothing without colours. */
void screen_paint(struct report *report, enum ink ink);

/* `text` in `ink`. */
void screen_put(struct report *report, enum ink ink, const char *text);

/* Fill up to `width` characters since the offset `start`, where nothing was
 * painted; at least one blank. */
void screen_pad(struct report *report, size_t start, unsigned width);

/* A duration, right-aligned with its unit: points stand below points. */
void screen_time(struct report *report, uint64_t ns);

/* `text` escaped and broken at blanks, each line behind `indent` blanks. */
void screen_wrap(struct report *report, unsigned indent, const char *text);

/* The same of a formatted text of up to 640 bytes. */
void screen_say(struct report *report, unsigned indent, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The stages and their times, drawn over the target's whole time. */
void screen_waterfall(struct report *report, const struct report_item *item);

/* -v: what was seen; what it proves, and what it does not. */
void screen_facts(struct report *report, const struct report_item *item);
void screen_proofs(struct report *report, const struct report_item *item);

/* What -vv and -vvv add to the facts. */
void screen_detail_dns(struct report *report, const struct net_answer *answer);
void screen_detail_address(struct report *report,
                           const struct report_item *item, unsigned i);

/* A line a target, for many; more for what is not OK. */
void screen_fleet_item(struct report *report, const struct report_item *item,
                       const struct description *words);

/* "3 ok, 1 critical of 4 targets in 3.51 s" */
void screen_fleet_end(struct report *report, uint64_t ns);

#endif /* REPORT_SCREEN_H */
