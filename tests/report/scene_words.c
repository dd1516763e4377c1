/*
 * The words of a verdict, out of the scene that the evidence is part of.
 * Linked with --wrap in the place of verdict/describe.c and the catalogue's
 * texts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scene.h"

void __wrap_catalogue_texts(enum verdict_id id, struct catalogue_texts *texts);
bool __wrap_describe(const struct evidence_target *target,
                     const struct policy *policy, const struct outcome *outcome,
                     struct description *description);
void __wrap_description_free(struct description *description);
char *__wrap_describe_id(const struct verdict *verdict,
                         const struct evidence_address *address, char text[32]);
char *__wrap_describe_address(const struct evidence_address *address,
                              const struct verdict *verdict, char *text,
                              size_t size);

static const struct scene *scene_of(const struct evidence_target *target)
{
    return (
        const struct scene *)(const void *)((const char *)target -
                                            offsetof(struct scene, evidence));
}

void __wrap_catalogue_texts(enum verdict_id id, struct catalogue_texts *texts)
{
    (void)id;
    *texts = (struct catalogue_texts){ .meaning = "what the id means" };
}

static char *copy(const char *text, bool *fine)
{
    size_t n = strlen(text) + 1;
    char *bytes = malloc(n);

    *fine &= bytes != NULL;
    return bytes ? memcpy(bytes, text, n) : NULL;
}

static void add_fixes(const struct scene_words *words,
                      struct description *description, bool *fine)
{
    for (unsigned i = 0; i < SCENE_WORDS_MAX && words->fixes[i].command; i++) {
        struct description_fix *fix = &description->fixes[i];

        fix->command = copy(words->fixes[i].command, fine);
        fix->where = words->fixes[i].where;
        fix->changes = words->fixes[i].changes;
        description->nfixes++;
    }
}

bool __wrap_describe(const struct evidence_target *target,
                     const struct policy *policy, const struct outcome *outcome,
                     struct description *description)
{
    const struct scene_words *words = &scene_of(target)->words;
    bool fine = true;

    (void)policy;
    *description = (struct description){ .cause = words->cause };
    __wrap_describe_id(&outcome->verdict, NULL, description->id);
    description->summary = copy(words->summary, &fine);
    for (unsigned i = 0; i < SCENE_WORDS_MAX && words->evidence[i]; i++)
        description->evidence[description->nevidence++] =
            copy(words->evidence[i], &fine);
    add_fixes(words, description, &fine);
    if (!fine)
        __wrap_description_free(description);
    return fine;
}

void __wrap_description_free(struct description *description)
{
    free(description->summary);
    for (unsigned i = 0; i < description->nevidence; i++)
        free(description->evidence[i]);
    for (unsigned i = 0; i < description->nfixes; i++)
        free(description->fixes[i].command);
    *description = (struct description){ .nfixes = 0 };
}

char *__wrap_describe_id(const struct verdict *verdict,
                         const struct evidence_address *address, char text[32])
{
    static const char *const tokens[] = {
#define X(name) [VERDICT_##name] = #name,
        VERDICT_MAP(X)
#undef X
    };

    (void)address;
    snprintf(text, 32, "%s", tokens[verdict->id]);
    return text;
}

/* Raw, as no real one would be: so a report's own escaping is seen. */
char *__wrap_describe_address(const struct evidence_address *address,
                              const struct verdict *verdict, char *text,
                              size_t size)
{
    if (verdict->id == VERDICT_OK)
        snprintf(text, size, "passes");
    else
        snprintf(text, size, "%s%s%s", cause_text(verdict->cause),
                 address->fault ? ": " : "",
                 address->fault ? address->fault->text : "");
    return text;
}
