/*
 * What all readers of answers share: texts, lists, numbers and tags.
 */
#include "provision/world/read.h"

#include <stdlib.h>
#include <string.h>

void world_read(struct world *world, const char **at,
                const struct xml_node *node, const char *path)
{
    const char *text = xml_text(node, path);

    *at = text && text[0] ? world_text(world, *at, text) : NULL;
}

void world_read_list(struct world *world, struct spec_texts *list,
                     const struct xml_node *node, const char *path,
                     const char *inner)
{
    const struct xml_node *at;
    size_t n = 0;
    bool same = true;
    struct spec_texts read = { 0 };

    for (at = xml_first(node, path); at; at = xml_next(at), n++) {
        const char *text = inner ? xml_text(at, inner) : at->text;

        same = same && text && n < list->n && strcmp(list->texts[n], text) == 0;
    }
    if (same && n == list->n)
        return;
    for (at = xml_first(node, path); at; at = xml_next(at)) {
        const char *text = inner ? xml_text(at, inner) : at->text;

        if (text && text[0])
            world_add(world, &read, text);
    }
    *list = read;
}

long world_read_number(const struct xml_node *node, const char *path,
                       long otherwise)
{
    const char *text = xml_text(node, path);
    char *end;
    long value;

    if (!text || !text[0])
        return otherwise;
    value = strtol(text, &end, 10);
    return *end == '\0' ? value : otherwise;
}

void world_arn_account(const char *arn, char out[16])
{
    size_t n;

    out[0] = '\0';
    for (int colons = 0; arn && colons < 4; colons++) {
        arn = strchr(arn, ':');
        if (arn)
            arn++;
    }
    if (!arn)
        return;
    n = strspn(arn, "0123456789");
    if (n != 12 || arn[n] != ':')
        return;
    memcpy(out, arn, n);
    out[n] = '\0';
}

const char *world_read_tag(const struct xml_node *node, const char *key)
{
    const struct xml_node *at;

    for (at = xml_first(node, "tagSet/item"); at; at = xml_next(at)) {
        const char *name = xml_text(at, "key");

        if (name && strcmp(name, key) == 0)
            return xml_text(at, "value");
    }
    return NULL;
}

static const char *tag_of(const struct xml_node *node, const char *key)
{
    const struct xml_node *at;

    for (at = xml_first(node, "Tags/member"); at; at = xml_next(at)) {
        const char *name = xml_text(at, "Key");

        if (name && strcmp(name, key) == 0)
            return xml_text(at, "Value");
    }
    return NULL;
}

static const char *word(const char *text)
{
    return text ? text : "";
}

void world_read_owner_tags(const struct world *world,
                           const struct aws_call *answer, const char *arn,
                           enum world_owner *owner)
{
    static const char path[] = "TagDescriptions/member";
    const struct xml_node *at;

    for (at = aws_call_first(answer, path); at;
         at = aws_call_next(answer, at, path)) {
        const char *of = xml_text(at, "ResourceArn");

        if (!of || strcmp(of, arn) != 0)
            continue;
        *owner =
            strcmp(word(tag_of(at, IDENTITY_TAG_PATH)), world->spec->name) == 0
                ? world_owner(world, tag_of(at, IDENTITY_TAG_SPEC))
                : WORLD_FOREIGN;
    }
}
