/*
 * routes.h -- between serve/web.c and serve/routes.c.
 */
#ifndef COMMANDS_SERVE_ROUTES_H
#define COMMANDS_SERVE_ROUTES_H

#include "serve/http.h"

/* Answer `request`; `data` is the struct serve_app.  An http_handler. */
void serve_route(void *data, struct http_request *request);

#endif /* COMMANDS_SERVE_ROUTES_H */
