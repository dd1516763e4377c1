/*
 * jansson makes a tree, whose memory is wiped when it is given back.
 *
 * Source: "Sourcing credentials with an external process" and "Container
 * credential provider", AWS SDKs and Tools Reference Guide.
 */
#include "aws/credentials_json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* free() does not know how much there is to wipe. */
union head {
    size_t n;
    max_align_t align;
};

static void *wiping_malloc(size_t n)
{
    union head *head = malloc(sizeof(*head) + n);

    if (!head)
        return NULL;
    head->n = n;
    return head + 1;
}

static void wiping_free(void *bytes)
{
    union head *head = bytes;

    if (!bytes)
        return;
    head--;
    explicit_bzero(bytes, head->n);
    free(head);
}

/* What is being read, and how to say what is wrong with it. */
struct reading {
    const char *whose;
    const json_t *tree;
    struct fault *fault;
};

/* NULL: it is none, or another kind of thing. */
static const char *text_of(const struct reading *r, const char *name)
{
    return json_string_value(json_object_get(r->tree, name));
}

static bool lacks(const struct reading *r, const char *name)
{
    return fault_set(r->fault, CREDENTIALS_CONFIG,
                     "%s: the answer has no text %s", r->whose, name);
}

/* A service's own words instead of keys: in an answer of 200 as well. */
static bool was_refused(const struct reading *r)
{
    const char *code = text_of(r, "Code"), *message = text_of(r, "Message");
    char words[64], more[200];

    if (!code || strcmp(code, "Success") == 0)
        return false;
    fault_set(r->fault, CREDENTIALS_SERVICE, "%s: %s%s%s", r->whose,
              fault_words(code, words, sizeof(words)), message ? ": " : "",
              message ? fault_words(message, more, sizeof(more)) : "");
    return true;
}

static bool version_fits(const struct reading *r)
{
    const json_t *version = json_object_get(r->tree, "Version");

    if (json_is_integer(version) && json_integer_value(version) == 1)
        return true;
    return fault_set(r->fault, CREDENTIALS_CONFIG,
                     "%s: the answer's Version is not 1", r->whose);
}

static bool expiration_take(const struct reading *r, bool needed,
                            struct found_keys *found)
{
    const char *text = text_of(r, "Expiration");

    if (!text && json_is_null(json_object_get(r->tree, "Expiration")))
        return needed ? lacks(r, "Expiration") : true;
    if (!text && !json_object_get(r->tree, "Expiration"))
        return needed ? lacks(r, "Expiration") : true;
    if (text && expiration_read(text, &found->expires))
        return true;
    return fault_set(r->fault, CREDENTIALS_CONFIG,
                     "%s: the answer's Expiration is no time like "
                     "2026-01-02T03:04:05Z",
                     r->whose);
}

static bool tree_read(const struct reading *r, enum credentials_shape shape,
                      struct found_keys *found)
{
    bool process = shape == SHAPE_PROCESS;
    const char *token = process ? "SessionToken" : "Token";
    struct aws_keys keys = { .access_key = text_of(r, "AccessKeyId"),
                             .secret_key = text_of(r, "SecretAccessKey"),
                             .session_token = text_of(r, token) };

    if (!json_is_object(r->tree))
        return fault_set(r->fault, CREDENTIALS_CONFIG,
                         "%s: the answer is no JSON object", r->whose);
    if (process ? !version_fits(r) : was_refused(r))
        return false;
    if (!keys.access_key)
        return lacks(r, "AccessKeyId");
    if (!keys.secret_key)
        return lacks(r, "SecretAccessKey");
    if (!process && !keys.session_token)
        return lacks(r, token);
    return expiration_take(r, !process, found) &&
           found_set(found, &keys, r->whose, r->fault);
}

bool credentials_json_read(const char *bytes, size_t n,
                           enum credentials_shape shape, const char *whose,
                           struct found_keys *found, struct fault *fault)
{
    json_malloc_t old_malloc;
    json_free_t old_free;
    json_error_t problem;
    json_t *tree = NULL;
    bool fine;

    json_get_alloc_funcs(&old_malloc, &old_free);
    json_set_alloc_funcs(wiping_malloc, wiping_free);
    if (n <= CREDENTIALS_JSON_MAX)
        tree = json_loadb(bytes, n, 0, &problem);
    if (tree)
        fine = tree_read(&(struct reading){ whose, tree, fault }, shape, found);
    else
        fine = fault_set(fault, CREDENTIALS_CONFIG, "%s: the answer is no JSON",
                         whose);
    json_decref(tree);
    json_set_alloc_funcs(old_malloc, old_free);
    return fine;
}
