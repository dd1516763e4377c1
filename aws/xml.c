/*
 * xml.c -- expat calls back, a tree grows in an arena.
 *
 * Only the innermost element gathers text: as soon as it has a child, its text
 * is that between children, and nobody wants it.  What must not come stops
 * the parser with a word in `fault`.
 */
#include "aws/xml.h"

#include <expat.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aws/bytes.h"
#include "cli/arena.h"
#include "cli/text.h"

/* Expat 2.9 has wider counters, and no love for the others. */
#if XML_MAJOR_VERSION > 2 || XML_MINOR_VERSION >= 9
#define LINE_OF   XML_GetCurrentLineNumber64
#define COLUMN_OF XML_GetCurrentColumnNumber64
#else
#define LINE_OF   XML_GetCurrentLineNumber
#define COLUMN_OF XML_GetCurrentColumnNumber
#endif

struct xml {
    struct xml_node *root;
    struct arena arena; /* all nodes and texts */
};

/* An element that is open. */
struct open {
    struct xml_node *node;
    struct xml_node *last; /* of its children */
};

struct building {
    XML_Parser parser;
    struct xml *xml;
    struct open open[XML_DEPTH_MAX];
    size_t depth, nodes;
    struct bytes text;
    const char *fault; /* NULL: none so far */
};

static void stop(struct building *b, const char *fault)
{
    if (!b->fault)
        b->fault = fault;
    (void)XML_StopParser(b->parser, XML_FALSE);
}

/* The name without a prefix, kept. */
static const char *keep_name(struct building *b, const char *name)
{
    const char *colon = strrchr(name, ':');
    const char *local = colon ? colon + 1 : name;

    return arena_text(&b->xml->arena, local, strlen(local));
}

static void hang(struct building *b, struct xml_node *node)
{
    struct open *parent = b->depth > 0 ? &b->open[b->depth - 1] : NULL;

    if (!parent)
        b->xml->root = node;
    else if (parent->last)
        parent->last->next = node;
    else
        parent->node->child = node;
    if (parent)
        parent->last = node;
}

static void on_start(void *data, const char *name, const char **attributes)
{
    struct building *b = data;
    struct xml_node *node;

    (void)attributes;
    if (b->fault)
        return;
    if (b->depth == XML_DEPTH_MAX || b->nodes == XML_NODES_MAX) {
        stop(b, b->depth == XML_DEPTH_MAX ? "too many levels"
                                          : "too many elements");
        return;
    }
    node = arena_alloc(&b->xml->arena, sizeof(*node));
    if (node)
        *node = (struct xml_node){ .name = keep_name(b, name), .text = "" };
    if (!node || !node->name) {
        stop(b, "out of memory");
        return;
    }
    hang(b, node);
    b->open[b->depth++] = (struct open){ .node = node };
    b->nodes++;
    b->text.size = 0;
}

static void on_text(void *data, const char *text, int n)
{
    struct building *b = data;

    if (b->depth == 0 || b->open[b->depth - 1].last)
        return;
    bytes_put(&b->text, text, (size_t)n);
    if (b->text.failed)
        stop(b, "out of memory");
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The text so far, trimmed and kept; "" needs no memory.  With children there
 * is none: the last of them took it along. */
static const char *keep_text(struct building *b)
{
    const char *text = b->text.text;
    size_t n = b->text.size;

    while (n > 0 && is_blank(text[n - 1]))
        n--;
    while (n > 0 && is_blank(*text)) {
        text++;
        n--;
    }
    return n > 0 ? arena_text(&b->xml->arena, text, n) : "";
}

static void on_end(void *data, const char *name)
{
    struct building *b = data;
    struct xml_node *node;

    (void)name;
    if (b->fault || b->depth == 0)
        return;
    node = b->open[--b->depth].node;
    node->text = keep_text(b);
    if (!node->text)
        stop(b, "out of memory");
    b->text.size = 0;
}

static void on_doctype(void *data, const char *name, const char *system,
                       const char *public, int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    stop(data, "a document type, which no answer has");
}

/* expat's memory is asked for here, so that it can run out in tests. */
static XML_Parser parser_new(struct building *b)
{
    static const XML_Memory_Handling_Suite memory = { malloc, realloc, free };
    XML_Parser parser = XML_ParserCreate_MM(NULL, &memory, NULL);

    if (!parser)
        return NULL;
    XML_SetUserData(parser, b);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    return parser;
}

static bool build(struct building *b, const char *bytes, size_t n, char *error,
                  size_t size)
{
    if (n > INT_MAX)
        return error_set(error, size, "too large");
    if (XML_Parse(b->parser, bytes, (int)n, XML_TRUE) == XML_STATUS_OK &&
        !b->fault)
        return true;
    return error_set(error, size, "line %lu, column %lu: %s",
                     (unsigned long)LINE_OF(b->parser),
                     (unsigned long)COLUMN_OF(b->parser) + 1,
                     b->fault ? b->fault
                              : XML_ErrorString(XML_GetErrorCode(b->parser)));
}

struct xml *xml_read(const char *bytes, size_t n, char *error, size_t size)
{
    struct xml *xml = calloc(1, sizeof(*xml));
    struct building b = { .xml = xml };
    bool built;

    if (xml)
        b.parser = parser_new(&b);
    if (!b.parser) {
        free(xml);
        (void)error_set(error, size, "out of memory");
        return NULL;
    }
    built = build(&b, bytes, n, error, size);
    XML_ParserFree(b.parser);
    bytes_free(&b.text);
    if (built)
        return xml;
    xml_free(xml);
    return NULL;
}

void xml_free(struct xml *xml)
{
    if (!xml)
        return;
    arena_free(&xml->arena);
    free(xml);
}

const struct xml_node *xml_root(const struct xml *xml)
{
    return xml->root;
}

/* --- Paths --------------------------------------------------------------- */

/* The first of `node` and its siblings that is called by the `n` bytes. */
static const struct xml_node *called(const struct xml_node *node,
                                     const char *name, size_t n)
{
    while (node && (strncmp(node->name, name, n) != 0 || node->name[n] != '\0'))
        node = node->next;
    return node;
}

/* Depth first: a branch without the rest of the path is passed over.  As deep
 * as the path is long. NOLINTNEXTLINE(misc-no-recursion) */
const struct xml_node *xml_find(const struct xml_node *node, const char *path)
{
    size_t n = strcspn(path, "/");

    if (!node)
        return NULL;
    for (node = called(node->child, path, n); node;
         node = called(node->next, path, n)) {
        const struct xml_node *found =
            path[n] == '/' ? xml_find(node, path + n + 1) : node;

        if (found)
            return found;
    }
    return NULL;
}

const char *xml_text(const struct xml_node *node, const char *path)
{
    const struct xml_node *found = xml_find(node, path);

    return found ? found->text : NULL;
}

bool xml_true(const struct xml_node *node, const char *path)
{
    const char *text = xml_text(node, path);

    return text && strcasecmp(text, "true") == 0;
}

const struct xml_node *xml_first(const struct xml_node *node, const char *path)
{
    return xml_find(node, path);
}

const struct xml_node *xml_next(const struct xml_node *node)
{
    return called(node->next, node->name, strlen(node->name));
}
