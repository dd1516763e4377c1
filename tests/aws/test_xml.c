/*
 * test_xml.c -- trees, paths, and what is refused.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/xml.h"
#include "support/fail_malloc.h"

static char error[256];

static struct xml *read(const char *text)
{
    error[0] = '\0';
    return xml_read(text, strlen(text), error, sizeof(error));
}

static void a_path_leads_to_a_text(void **state)
{
    static const char text[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<r xmlns=\"http://ec2/\" xmlns:p='u'><a x='1'>\n  one \n</a>"
        "<p:b><c>&lt;&#233;&amp;</c></p:b><empty/><T>tRue</T><F>truee</F>"
        "<mixed>text<d>4</d>more</mixed><e><![CDATA[<&]]></e></r>";
    static const struct {
        const char *path, *text;
    } rows[] = {
        { "a", "one" },    { "b/c", "<\xc3\xa9&" }, { "b", "" },
        { "empty", "" },   { "mixed", "" },         { "mixed/d", "4" },
        { "e", "<&" },     { "none", NULL },        { "a/none", NULL },
        { "b/c/d", NULL }, { "ab", NULL },          { "mixe", NULL },
        { "p:b/c", NULL },
    };
    struct xml *xml = read(text);

    (void)state;
    assert_non_null(xml);
    assert_string_equal(xml_root(xml)->name, "r");
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const char *found = xml_text(xml_root(xml), rows[i].path);

        if (rows[i].text)
            assert_string_equal(found, rows[i].text);
        else
            assert_null(found);
    }
    assert_true(xml_true(xml_root(xml), "T"));
    assert_false(xml_true(xml_root(xml), "F"));
    assert_false(xml_true(xml_root(xml), "none"));
    assert_null(xml_find(NULL, "a"));
    assert_null(xml_text(NULL, "a"));
    assert_null(xml_first(NULL, "a"));
    xml_free(xml);
    xml_free(NULL);
}

static void siblings_of_one_name_follow_each_other(void **state)
{
    struct xml *xml = read("<r><s/><s><i>1</i><x>-</x><i>2</i></s>"
                           "<s><i>3</i></s></r>");
    const struct xml_node *n;
    char found[8] = "";

    (void)state;
    for (n = xml_first(xml_root(xml), "s/i"); n; n = xml_next(n))
        (void)strcat(found, n->text); /* NOLINT: three letters */
    assert_string_equal(found, "12");
    xml_free(xml);
}

static void what_is_no_answer_is_refused(void **state)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        { "", "line 1, column 1: no element found" },
        { "nonsense", "syntax error" },
        { "<a><b></a>", "mismatched tag" },
        { "<a>", "no element found" },
        { "<a/><b/>", "junk after document element" },
        { "<a>&nbsp;</a>", "undefined entity" },
        { "<a>\xff</a>", "not well-formed" },
        { "<!DOCTYPE html><html></html>", "a document type" },
        { "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "a document type" },
        { "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "a document type" },
        { "<?xml version='1.0' encoding='none'?><a/>", "unknown encoding" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_null(read(rows[i].text));
        if (!strstr(error, rows[i].says))
            fail_msg("\"%s\": \"%s\"", rows[i].text, error);
        assert_null(strchr(error, '\n'));
    }
}

static void other_encodings_become_utf8(void **state)
{
    struct xml *xml = read("<?xml version='1.0' encoding='ISO-8859-1'?>"
                           "<a><b>\xe9</b></a>");

    (void)state;
    assert_string_equal(xml_text(xml_root(xml), "b"), "\xc3\xa9");
    xml_free(xml);
}

/* `n` levels. */
static struct xml *nest(unsigned n)
{
    char text[8 * (XML_DEPTH_MAX + 2)] = "";

    for (unsigned i = 0; i < n; i++)
        (void)strcat(text, "<a>"); /* NOLINT: 7 bytes a level */
    for (unsigned i = 0; i < n; i++)
        (void)strcat(text, "</a>"); /* NOLINT */
    return read(text);
}

static void depth_has_a_bound(void **state)
{
    struct xml *xml = nest(XML_DEPTH_MAX);

    (void)state;
    assert_non_null(xml);
    xml_free(xml);
    assert_null(nest(XML_DEPTH_MAX + 1));
    assert_non_null(strstr(error, "too many levels"));
}

/* A root with `n` - 1 children. */
static struct xml *widen(size_t n)
{
    char *text = NULL;
    struct xml *xml;
    size_t size;
    FILE *file = open_memstream(&text, &size);

    (void)fputs("<r>", file);
    for (size_t i = 0; i < n - 1; i++)
        (void)fputs("<a/>", file);
    (void)fputs("</r>", file);
    assert_int_equal(fclose(file), 0);
    error[0] = '\0';
    xml = xml_read(text, size, error, sizeof(error));
    free(text);
    return xml;
}

static void width_has_a_bound(void **state)
{
    struct xml *xml = widen(XML_NODES_MAX);

    (void)state;
    assert_string_equal(error, "");
    assert_non_null(xml);
    xml_free(xml);
    assert_null(widen(XML_NODES_MAX + 1));
    assert_non_null(strstr(error, "too many elements"));
}

static void a_lack_of_memory_is_said(void **state)
{
    static char text[4096] = "<r><a>";
    bool came = true;
    unsigned n;

    (void)state;
    memset(text + 6, 'x', 2000);
    (void)strcat(text, "</a><b>2</b></r>"); /* NOLINT: it fits */
    for (n = 1; came; n++) {
        struct xml *xml;

        fail_malloc_at(n);
        xml = read(text);
        came = fail_malloc_stop();
        /* expat does without some of its hash tables' growth */
        if (!xml)
            assert_non_null(strstr(error, "out of memory"));
        else
            assert_string_equal(xml_text(xml_root(xml), "b"), "2");
        if (!came)
            assert_non_null(xml);
        xml_free(xml);
    }
    assert_true(n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_leads_to_a_text),
        cmocka_unit_test(siblings_of_one_name_follow_each_other),
        cmocka_unit_test(what_is_no_answer_is_refused),
        cmocka_unit_test(other_encodings_become_utf8),
        cmocka_unit_test(depth_has_a_bound),
        cmocka_unit_test(width_has_a_bound),
        cmocka_unit_test(a_lack_of_memory_is_said),
    };

    return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
