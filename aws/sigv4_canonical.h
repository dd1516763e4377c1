/*
 * sigv4_canonical.h -- the canonical form of a request; internal to sigv4.c.
 *
 * Source: "Create a signed AWS API request", step 1, AWS IAM User Guide.
 */
#ifndef AWS_SIGV4_CANONICAL_H
#define AWS_SIGV4_CANONICAL_H

#include "aws/bytes.h"
#include "aws/sigv4.h"

/* Without "." and ".." and double slashes, encoded once more; of `keep` as it
 * is. */
void canonical_path(struct bytes *out, const char *path, bool keep);

/* Decoded, encoded, sorted by name and then by value. */
void canonical_query(struct bytes *out, const char *query);

/* All that is signed, by name; those of one name in the order given. */
struct canonical_headers {
    struct sigv4_header *headers; /* owned; the texts are lent */
    size_t n;
};

/* `request`'s host and headers, and `more` that are not NULL.  false: out of
 * memory. */
bool canonical_headers_sort(struct canonical_headers *sorted,
                            const struct sigv4_request *request,
                            const struct sigv4_header *more, size_t nmore);
void canonical_headers_free(struct canonical_headers *sorted);

/* "host:h\nx-amz-date:d\n", and "host;x-amz-date". */
void canonical_headers_text(struct bytes *out,
                            const struct canonical_headers *sorted);
void canonical_headers_names(struct bytes *out,
                             const struct canonical_headers *sorted);

#endif /* AWS_SIGV4_CANONICAL_H */
