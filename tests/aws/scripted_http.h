/*
 * scripted_http.h -- http.h without sockets, and a clock of the test's: takes
 * the place of aws/http.c at link time; WRAP time.
 *
 * A request ends in a turn of the loop, as `answer` says, unless it hangs.
 */
#ifndef TESTS_SCRIPTED_HTTP_H
#define TESTS_SCRIPTED_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "aws/http.h"

struct scripted_http {
    /* Give status, date and error of the `n`th request, from 1, and return its
     * body, or NULL; -1 for the status lets it hang until it is canceled. */
    const char *(*answer)(struct http_request *request, unsigned n);
    unsigned requests, running, canceled;
    time_t now;
};

extern struct scripted_http scripted;

/* The value of a header of `request`; NULL: it has none. */
const char *scripted_header(const struct http_request *request,
                            const char *name);

#endif /* TESTS_SCRIPTED_HTTP_H */
