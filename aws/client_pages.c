/*
 * client_pages.c -- the pages of an answer, and how callers walk over them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/client_internal.h"
#include "cli/text.h"

enum {
    PAGES_MAX = 10000,
};

/* Each service has its own names: of the parameter, and in the answer. */
struct paging {
    const char *parameter, *element;
};

static struct paging paging_of(const struct aws_call *call)
{
    static const struct paging all[AWS_SERVICES] = {
        [AWS_EC2] = { "NextToken", "nextToken" },
        [AWS_ELBV2] = { "Marker", "NextMarker" },
        [AWS_ELASTICACHE] = { "Marker", "Marker" },
    };

    if (call->service == AWS_ELASTICACHE && strstr(call->action, "Serverless"))
        return (struct paging){ "NextToken", "NextToken" };
    return all[call->service];
}

const char *page_parameter(const struct aws_call *call)
{
    return paging_of(call).parameter;
}

static const struct xml_node *result_of(const struct aws_call *call,
                                        const struct xml *xml)
{
    const struct xml_node *root = xml_root(xml), *result;
    char name[96];

    if (call->service == AWS_EC2)
        return root;
    (void)snprintf(name, sizeof(name), "%sResult", call->action);
    result = xml_find(root, name);
    return result ? result : root;
}

static bool fail(struct aws_call *call, enum aws_status status,
                 const char *message)
{
    call->status = status;
    call->code[0] = '\0';
    return error_set(call->message, sizeof(call->message), "%s", message);
}

bool flight_keep(struct flight *flight, struct xml *xml)
{
    struct aws_call *call = flight->call;
    const char *element = paging_of(call).element, *marker = NULL;
    struct xml **answers =
        realloc(call->answers, (call->nanswers + 1) * sizeof(struct xml *));

    if (!answers) {
        xml_free(xml);
        return fail(call, AWS_NO_MEMORY, "out of memory");
    }
    call->answers = answers;
    call->answers[call->nanswers++] = xml;
    if (call->pages && element)
        marker = xml_text(result_of(call, xml), element);
    if (marker && !*marker)
        marker = NULL;
    if (marker && ((flight->marker && strcmp(marker, flight->marker) == 0) ||
                   call->nanswers == PAGES_MAX))
        return fail(call, AWS_NO_ANSWER,
                    "the answer's pages go on without an end");
    flight->marker = marker;
    return true;
}

/* --- For callers --------------------------------------------------------- */

const struct xml_node *aws_call_result(const struct aws_call *call)
{
    return call->nanswers > 0 ? result_of(call, call->answers[0]) : NULL;
}

/* The first at `path` of the pages from `page` on. */
static const struct xml_node *first_from(const struct aws_call *call,
                                         size_t page, const char *path)
{
    const struct xml_node *node = NULL;

    for (; !node && page < call->nanswers; page++)
        node = xml_first(result_of(call, call->answers[page]), path);
    return node;
}

const struct xml_node *aws_call_first(const struct aws_call *call,
                                      const char *path)
{
    return first_from(call, 0, path);
}

/* Is `node` one of those at `path` of this page? */
static bool is_of_page(const struct aws_call *call, size_t page,
                       const struct xml_node *node, const char *path)
{
    const struct xml_node *n =
        xml_first(result_of(call, call->answers[page]), path);

    while (n && n != node)
        n = xml_next(n);
    return n != NULL;
}

const struct xml_node *aws_call_next(const struct aws_call *call,
                                     const struct xml_node *node,
                                     const char *path)
{
    const struct xml_node *next = xml_next(node);

    for (size_t page = 0; !next && page + 1 < call->nanswers; page++)
        if (is_of_page(call, page, node, path))
            return first_from(call, page + 1, path);
    return next;
}

const struct xml_node *aws_call_unsuccessful(const struct aws_call *call,
                                             const char **code,
                                             const char **message)
{
    const struct xml_node *item = aws_call_first(call, "unsuccessful/item");

    for (; item; item = aws_call_next(call, item, "unsuccessful/item")) {
        const char *text = xml_text(item, "error/message");

        *code = xml_text(item, "error/code");
        *message = text ? text : "";
        if (*code && **code)
            return item;
    }
    return NULL;
}

bool aws_call_is(const struct aws_call *call, const char *codes)
{
    return call->status == AWS_REFUSED && retry_word(codes, call->code);
}
