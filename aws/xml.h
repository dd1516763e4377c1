/*
 * xml.h -- an answer of AWS as a small tree, bounded.
 *
 * Names are without their namespace prefix; text is what stands between the
 * tags of an element that has no children, trimmed.  Attributes are not kept.
 * Refused: what does not parse, a DTD or any entity beyond the five of XML,
 * more than XML_DEPTH_MAX levels, more than XML_NODES_MAX elements.
 *
 * A path is names with slashes between, from the children of the node given:
 * xml_text(root, "serviceConfiguration/serviceId").
 */
#ifndef AWS_XML_H
#define AWS_XML_H

#include <stdbool.h>
#include <stddef.h>

enum {
    XML_DEPTH_MAX = 32,
    XML_NODES_MAX = 1 << 20,
};

struct xml_node {
    const char *name;
    const char *text; /* never NULL */
    struct xml_node *child, *next;
};

struct xml;

/*
 * Read `n` bytes.  NULL: not XML, or too much of it; one line in `error` says
 * what was found and where.  xml_free() releases.
 */
struct xml *xml_read(const char *bytes, size_t n, char *error, size_t size);
void xml_free(struct xml *xml); /* takes NULL */

const struct xml_node *xml_root(const struct xml *xml);

/* The first node at `path`; NULL: there is none.  Takes NULL. */
const struct xml_node *xml_find(const struct xml_node *node, const char *path);

/* Its text; NULL when there is no such element, "" when it is empty. */
const char *xml_text(const struct xml_node *node, const char *path);

/* "true" in any case. */
bool xml_true(const struct xml_node *node, const char *path);

/*
 * Each node at `path`, whatever level its branches leave:
 *     for (n = xml_first(root, "vpcEndpointSet/item"); n; n = xml_next(n))
 * goes over the siblings that share the last name.
 */
const struct xml_node *xml_first(const struct xml_node *node, const char *path);
const struct xml_node *xml_next(const struct xml_node *node);

#endif /* AWS_XML_H */
