/*
 * json_address.h -- the parts of report_json.c that have a file of their own.
 */
#ifndef REPORT_JSON_ADDRESS_H
#define REPORT_JSON_ADDRESS_H

#include "cli/json.h"
#include "report/report.h"

/* The object of address `i` of `item`. */
void report_json_address(struct json *json, const struct report_item *item,
                         unsigned i);

/* The object `dns`, or null for a literal. */
void report_json_dns(struct json *json, const struct report_item *item);

/* `ns` as milliseconds, to the microsecond. */
void report_json_ms(struct json *json, const char *key, uint64_t ns);

#endif /* REPORT_JSON_ADDRESS_H */
