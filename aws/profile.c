/*
 * read both files --> entries (ini.h) --> what kind each section is of
 *
 * The texts stay where they were read, in memory for secrets; the entries point
 * into them.  Look-ups walk all entries: there are few of both.
 */
#include "aws/profile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/ini.h"
#include "aws/secret_file.h"
#include "aws/words.h"
#include "cli/secret_memory.h"
#include "cli/text.h"

enum {
    FILE_SIZE_MAX = 1 << 20,
    FILES = PROFILE_CONFIG + 1,
};

enum kind {
    KIND_OTHER, /* [preview], [plugins], ...: not of our business */
    KIND_PROFILE,
    KIND_SERVICES,
};

/* What an entry belongs to. */
struct place {
    enum kind kind;
    const char *name;
};

struct source {
    struct secret_text text;
    struct ini ini;
    struct place *places; /* one an entry; owned */
};

struct profiles {
    struct source sources[FILES];
};

/* `profile "my name"`, `services NAME`, `default`. */
static struct place place_of(char *section)
{
    struct place place = { .kind = KIND_PROFILE, .name = section };
    char *words[2];

    if (strcmp(section, "default") == 0)
        return place;
    place.kind = KIND_OTHER;
    if (words_split(section, words, 2) != 2)
        return place;
    if (strcmp(words[0], "profile") == 0)
        place.kind = KIND_PROFILE;
    else if (strcmp(words[0], "services") == 0)
        place.kind = KIND_SERVICES;
    place.name = words[1];
    return place;
}

/* [default] and [profile default] are one: the later counts, and no key of the
 * earlier. */
static void forget(struct source *source, size_t before, struct place place)
{
    for (size_t i = 0; i < before; i++)
        if (source->places[i].kind == place.kind &&
            strcmp(source->places[i].name, place.name) == 0)
            source->places[i].kind = KIND_OTHER;
}

static void place_entries(struct source *source, enum profile_file file)
{
    struct place place = { 0 };

    for (size_t i = 0; i < source->ini.n; i++) {
        const struct ini_entry *entry = &source->ini.entries[i];

        if (!entry->key && file == PROFILE_CREDENTIALS) {
            place = (struct place){ KIND_PROFILE, entry->section };
        } else if (!entry->key) {
            place = place_of(entry->section);
            if (place.kind != KIND_OTHER)
                forget(source, i, place);
        }
        source->places[i] = place;
    }
}

/* A path in an error line: one line, whatever it is called. */
static void path_print(const char *path, char out[QUOTE_MAX])
{
    const char *at = path;

    while (*at > ' ' && *at < 0x7f)
        at++;
    if (!*at && at - path < QUOTE_MAX)
        memcpy(out, path, (size_t)(at - path) + 1);
    else
        text_quote_path(path, out);
}

/* Takes source->text. */
static bool source_read(struct source *source, enum profile_file file,
                        const char *path, char *error, size_t size)
{
    char printed[QUOTE_MAX];
    unsigned line;
    const char *problem =
        ini_read(source->text.bytes, source->text.length, &source->ini, &line);

    if (problem) {
        path_print(path, printed);
        return error_set(error, size, "%s:%u: %s", printed, line, problem);
    }
    source->places = calloc(source->ini.n + 1, sizeof(*source->places));
    if (!source->places)
        return error_set(error, size, "out of memory");
    place_entries(source, file);
    return true;
}

void profiles_free(struct profiles *profiles)
{
    if (!profiles)
        return;
    for (int i = 0; i < FILES; i++) {
        ini_free(&profiles->sources[i].ini);
        free(profiles->sources[i].places);
        secret_text_free(&profiles->sources[i].text);
    }
    free(profiles);
}

static bool copy_read(struct source *source, enum profile_file file,
                      const char *bytes, size_t n, char *error, size_t size)
{
    if (!secret_text_copy(&source->text, bytes, n))
        return error_set(error, size, "out of memory");
    return source_read(source, file,
                       file == PROFILE_CONFIG ? "config" : "credentials", error,
                       size);
}

struct profiles *profiles_read(const char *config, size_t config_size,
                               const char *credentials, size_t credentials_size,
                               char *error, size_t size)
{
    struct profiles *profiles = calloc(1, sizeof(*profiles));

    if (!profiles) {
        error_set(error, size, "out of memory");
        return NULL;
    }
    if (copy_read(&profiles->sources[PROFILE_CONFIG], PROFILE_CONFIG, config,
                  config_size, error, size) &&
        copy_read(&profiles->sources[PROFILE_CREDENTIALS], PROFILE_CREDENTIALS,
                  credentials, credentials_size, error, size))
        return profiles;
    profiles_free(profiles);
    return NULL;
}

void profiles_path(enum profile_file file, char path[PROFILE_PATH_MAX])
{
    static const struct {
        const char *variable, *standard;
    } rows[] = {
        [PROFILE_CREDENTIALS] = { "AWS_SHARED_CREDENTIALS_FILE",
                                  "~/.aws/credentials" },
        [PROFILE_CONFIG] = { "AWS_CONFIG_FILE", "~/.aws/config" },
    };
    const char *name = getenv(rows[file].variable), *home = getenv("HOME");
    bool below_home;

    if (!name || !*name)
        name = rows[file].standard;
    below_home = strncmp(name, "~/", 2) == 0;
    path[0] = '\0';
    if (below_home && (!home || !*home))
        return;
    (void)snprintf(path, PROFILE_PATH_MAX, "%s%s", below_home ? home : "",
                   name + below_home);
}

static bool source_load(struct source *source, enum profile_file file,
                        char *error, size_t size)
{
    char path[PROFILE_PATH_MAX], printed[QUOTE_MAX];
    int problem;

    profiles_path(file, path);
    if (!*path)
        return true;
    problem = secret_file_read(path, FILE_SIZE_MAX, &source->text);
    if (problem == ENOENT || problem == ENOTDIR)
        return true;
    if (problem == 0)
        return source_read(source, file, path, error, size);
    path_print(path, printed);
    return error_set(error, size, "%s cannot be read: %s", printed,
                     strerror(problem));
}

struct profiles *profiles_load(char *error, size_t size)
{
    struct profiles *profiles = calloc(1, sizeof(*profiles));

    if (!profiles) {
        error_set(error, size, "out of memory");
        return NULL;
    }
    if (source_load(&profiles->sources[PROFILE_CONFIG], PROFILE_CONFIG, error,
                    size) &&
        source_load(&profiles->sources[PROFILE_CREDENTIALS],
                    PROFILE_CREDENTIALS, error, size))
        return profiles;
    profiles_free(profiles);
    return NULL;
}

/* Is `key` that of the entry: "region", or "s3.region" of a nested one? */
static bool key_is(const struct ini_entry *entry, const char *key)
{
    size_t n;

    if (!entry->key || !entry->sub)
        return entry->key && strcmp(entry->key, key) == 0;
    n = strlen(entry->key);
    return strncmp(entry->key, key, n) == 0 && key[n] == '.' &&
           strcmp(entry->sub, key + n + 1) == 0;
}

static const char *find(const struct source *source, enum kind kind,
                        const char *name, const char *key)
{
    for (size_t i = 0; i < source->ini.n; i++) {
        const struct place *place = &source->places[i];
        const struct ini_entry *entry = &source->ini.entries[i];

        if (place->kind == kind && strcmp(place->name, name) == 0 &&
            key_is(entry, key) && *entry->value)
            return entry->value;
    }
    return NULL;
}

bool profiles_has(const struct profiles *profiles, const char *name)
{
    for (int file = 0; file < FILES; file++) {
        const struct source *source = &profiles->sources[file];

        for (size_t i = 0; i < source->ini.n; i++)
            if (source->places[i].kind == KIND_PROFILE &&
                strcmp(source->places[i].name, name) == 0)
                return true;
    }
    return false;
}

const char *profiles_get_of(const struct profiles *profiles,
                            enum profile_file file, const char *name,
                            const char *key)
{
    return find(&profiles->sources[file], KIND_PROFILE, name, key);
}

const char *profiles_get(const struct profiles *profiles, const char *name,
                         const char *key)
{
    const char *value =
        profiles_get_of(profiles, PROFILE_CREDENTIALS, name, key);

    return value ? value : profiles_get_of(profiles, PROFILE_CONFIG, name, key);
}

const char *profiles_service(const struct profiles *profiles, const char *name,
                             const char *key)
{
    return find(&profiles->sources[PROFILE_CONFIG], KIND_SERVICES, name, key);
}
