/*
 * fuzz_xml.c -- any bytes as an answer, and its texts as a line for people.
 *
 * A tree that comes out is bounded; its names have no prefix, its texts no
 * blanks at their ends; what has children has no text.  A line has no control
 * character, fits, and holds no token.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "aws/safe.h"
#include "aws/xml.h"
#include "cli/utf8.h"

#define BLANKS " \t\r\n"
#define TOKEN  "token"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(int right)
{
    if (!right)
        abort();
}

static void check_line(const char *text, size_t size)
{
    char line[512], word[16];
    uint32_t point;
    size_t length;

    safe_line(line, size, text, TOKEN);
    safe_word(word, sizeof(word), text);
    check(strlen(line) < size && strlen(word) < sizeof(word));
    check(!strstr(line, "  "));
    for (const char *p = line; *p; p += length) {
        length = utf8_next(p, strlen(p), &point);
        check(length > 0 && point >= ' ' && (point < 0x7f || point >= 0xa0));
    }
}

static void check_node(const struct xml_node *node, unsigned depth)
{
    check(depth <= XML_DEPTH_MAX);
    check(!strchr(node->name, ':'));
    check(!node->child || !*node->text);
    check(!*node->text ||
          (!strchr(BLANKS, node->text[0]) &&
           !strchr(BLANKS, node->text[strlen(node->text) - 1])));
    check_line(node->text, 512);
    check_line(node->text, 7);
    for (const struct xml_node *child = node->child; child; child = child->next)
        check_node(child, depth + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char error[256] = "";
    struct xml *xml = xml_read((const char *)bytes, n, error, sizeof(error));

    check(xml ? !*error : *error && !strchr(error, '\n'));
    if (!xml)
        return 0;
    check_node(xml_root(xml), 1);
    (void)xml_find(xml_root(xml), "a/b");
    xml_free(xml);
    return 0;
}
