/*
 * cli.h -- what the files of the script share.
 */
#ifndef PROVISION_EXPORT_CLI_H
#define PROVISION_EXPORT_CLI_H

#include "provision/export/internal.h"

struct script {
    struct exporting e;
    FILE *out;
    bool failed; /* out of memory */
};

/* Append to the script. */
void script_say(struct script *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* `text` as one word of a shell, whatever it holds. */
const char *script_quote(struct script *s, const char *text);

/* 'a' 'b' */
const char *script_words(struct script *s, const struct spec_texts *texts);

/* [{"Key": ..., "Value": ...}], quoted. */
const char *script_tags(struct script *s, const struct spec_tags *tags);

/* The same for ec2: a tag specification of `type`, quoted. */
const char *script_tags_of(struct script *s, const struct spec_tags *tags,
                           const char *type);

void script_provider(struct script *s);
void script_consumers(struct script *s);

#endif /* PROVISION_EXPORT_CLI_H */
