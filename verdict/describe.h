/*
 * describe.h -- a verdict in words: summary, evidence, cause, what to try.
 *
 * Pure: from the evidence, the outcome and the catalogue.  All known values
 * (endpoint id, service id, region, address, port, client address) stand in
 * the fixes; what is not known keeps its capitals (ENDPOINT_ID, ARN).  No
 * control bytes: what a server sent is escaped, and cut.
 */
#ifndef VERDICT_DESCRIBE_H
#define VERDICT_DESCRIBE_H

#include "verdict/combine.h"

struct description_fix {
    char *command;
    const char *where; /* "client", "consumer" or "provider" */
    bool changes;
};

enum {
    DESCRIPTION_EVIDENCE_MAX = 80,
};

struct description {
    char id[32];   /* the id as printed: TLS_ALERT_70 has its number */
    char *summary; /* one sentence, under 120 bytes, no final stop */
    char *evidence[DESCRIPTION_EVIDENCE_MAX]; /* one observation each */
    unsigned nevidence;
    const char *cause; /* from the catalogue; NULL when all is well */
    struct description_fix fixes[CATALOGUE_FIXES_MAX];
    unsigned nfixes;
};

/* Describe the verdict of the whole.  false: out of memory.
 * description_free() releases. */
bool describe(const struct evidence_target *target, const struct policy *policy,
              const struct outcome *outcome, struct description *description);
void description_free(struct description *description);

/* The id of one verdict as printed ("TLS_ALERT_70"); returns `text`. */
char *describe_id(const struct verdict *verdict,
                  const struct evidence_address *address, char text[32]);

/* One address in a few words ("no SYN-ACK in 3.5 s, 3 retransmits"), cut to
 * `size`; returns `text`. */
char *describe_address(const struct evidence_address *address,
                       const struct verdict *verdict, char *text, size_t size);

#endif /* VERDICT_DESCRIBE_H */
