/*
 * catalogue_rows.h -- how the texts of an entry are written; internal.
 *
 *     const char catalogue_DNS_REFUSED[] =
 *         MEANING("...") EVIDENCE("...") LOOKALIKES("...")
 *         CAUSE("...") SOURCE("...")
 *         LOOK(CONSUMER, "...") CHANGE(PROVIDER, "...");
 *
 * All five, in this order, then up to CATALOGUE_FIXES_MAX commands, the one
 * that decides or most likely mends first.  A command has {PLACEHOLDERS} for
 * what may be known when it is printed (fixes.c) and capitals for what only
 * the reader knows (ARN, SG_ID).
 */
#ifndef VERDICT_CATALOGUE_ROWS_H
#define VERDICT_CATALOGUE_ROWS_H

#include "verdict/ids.h"

#define MEANING(text)    text "\0"
#define EVIDENCE(text)   text "\0"
#define LOOKALIKES(text) text "\0"
#define CAUSE(text)      text "\0"
#define SOURCE(text)     text "\0"

#define CATALOGUE_LOOKS   "?"
#define CATALOGUE_CHANGES "!"
#define CLIENT            "client\0"
#define CONSUMER          "consumer\0"
#define PROVIDER          "provider\0"

#define LOOK(where, command)   CATALOGUE_LOOKS where command "\0"
#define CHANGE(where, command) CATALOGUE_CHANGES where command "\0"

#define X(name) extern const char catalogue_##name[];
VERDICT_MAP(X)
#undef X

/* enum catalogue_case */
extern const char catalogue_case_idle_end[];
extern const char catalogue_case_no_database[];

#endif /* VERDICT_CATALOGUE_ROWS_H */
