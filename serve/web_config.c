/*
 * web_config.c -- two sections, read straight down.
 *
 *     file: map -> tls_server_config: map of words -> key: word
 *               -> basic_auth_users:  map of names -> bcrypt hash
 */
#include "serve/web_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/file.h"
#include "cli/text.h"
#include "cli/yaml_reader.h"

enum {
    HASH_LENGTH = 60, /* "$2y$10$" and 53 letters */
    COST_MIN = 4,
    COST_MAX = 31,
};

struct reading {
    struct web_config *config;
    struct yaml_reader *reader;
    const char *file;
    char *error;
    size_t size;
    bool auth_set;
    unsigned auth_line;
};

static bool wrong(const struct reading *r, unsigned line, const char *what)
{
    return error_set(r->error, r->size, "%s:%u: %s", r->file, line, what);
}

static bool no_memory(const struct reading *r)
{
    return error_set(r->error, r->size, "out of memory");
}

static bool expected(const struct reading *r, const struct yaml_item *item,
                     const char *name, const char *what)
{
    if (item->kind == YAML_ITEM_BAD)
        return wrong(r, item->line, yaml_reader_error(r->reader));
    return error_set(r->error, r->size, "%s:%u: %s: expected %s, found %s",
                     r->file, item->line, name, what, yaml_item_found(item));
}

/* The next key of a map; false with `*end` set: there is none. */
static bool next_key(const struct reading *r, const char *in,
                     struct yaml_item *key, bool *end)
{
    yaml_reader_next(r->reader, key);
    *end = key->kind == YAML_ITEM_MAP_END;
    if (*end || key->kind == YAML_ITEM_WORD)
        return !*end;
    return expected(r, key, in, "a key");
}

/* Begin the map `name`; false with `*none` set: it is empty. */
static bool open_map(const struct reading *r, const char *name, bool *none)
{
    struct yaml_item item;

    yaml_reader_next(r->reader, &item);
    *none = yaml_item_is_null(&item);
    return !*none &&
           (item.kind == YAML_ITEM_MAP || expected(r, &item, name, "a map"));
}

/* A path, relative to the file that names it. */
static const char *keep_path(const struct reading *r,
                             const struct yaml_item *item)
{
    const char *slash = strrchr(r->file, '/');
    size_t folder = slash ? (size_t)(slash - r->file) + 1 : 0;
    char *path;

    if (item->text[0] == '/')
        folder = 0;
    path = arena_alloc(&r->config->texts, folder + item->length + 1);
    if (!path) {
        no_memory(r);
        return NULL;
    }
    memcpy(path, r->file, folder);
    memcpy(path + folder, item->text, item->length);
    path[folder + item->length] = '\0';
    return path;
}

static bool read_auth_type(struct reading *r, const struct yaml_item *item)
{
    static const char words[][28] = {
        [WEB_CLIENT_NONE] = "NoClientCert",
        [WEB_CLIENT_REQUEST] = "RequestClientCert",
        [WEB_CLIENT_REQUIRE_ANY] = "RequireAnyClientCert",
        [WEB_CLIENT_VERIFY_IF_GIVEN] = "VerifyClientCertIfGiven",
        [WEB_CLIENT_REQUIRE] = "RequireAndVerifyClientCert",
    };

    r->auth_set = true;
    r->auth_line = item->line;
    for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(item->text, words[i]) == 0) {
            r->config->client_auth = (enum web_client_auth)i;
            return true;
        }
    }
    return wrong(r, item->line,
                 "client_auth_type: expected NoClientCert, RequestClientCert, "
                 "RequireAnyClientCert, VerifyClientCertIfGiven or "
                 "RequireAndVerifyClientCert");
}

static bool read_version(const struct reading *r, const struct yaml_item *item)
{
    r->config->tls13_only = strcmp(item->text, "TLS13") == 0;
    return r->config->tls13_only || strcmp(item->text, "TLS12") == 0 ||
           wrong(r, item->line,
                 "min_version: expected TLS12 or TLS13; older ones are "
                 "broken (RFC 8996)");
}

static bool take_tls(struct reading *r, const char *name,
                     const struct yaml_item *value)
{
    struct {
        const char *name;
        const char **to;
    } const paths[] = {
        { "cert_file", &r->config->cert_file },
        { "key_file", &r->config->key_file },
        { "client_ca_file", &r->config->client_ca_file },
    };

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        if (strcmp(name, paths[i].name) == 0) {
            *paths[i].to = value->length > 0 ? keep_path(r, value) : NULL;
            return *paths[i].to || value->length == 0;
        }
    }
    if (strcmp(name, "client_auth_type") == 0)
        return read_auth_type(r, value);
    return read_version(r, value);
}

static bool is_tls_key(const char *name)
{
    static const char names[][20] = { "cert_file", "key_file", "client_ca_file",
                                      "client_auth_type", "min_version" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

static bool unknown(const struct reading *r, const struct yaml_item *key,
                    const char *what)
{
    char quoted[QUOTE_MAX], line[QUOTE_MAX + 160];

    (void)snprintf(line, sizeof(line), "unknown key %s; expected %s",
                   text_quote(key->text, quoted), what);
    return wrong(r, key->line, line);
}

static bool read_tls(struct reading *r, unsigned line)
{
    struct web_config *config = r->config;
    struct yaml_item item;
    char name[20];
    bool end;

    if (!open_map(r, "tls_server_config", &end))
        return end;
    while (next_key(r, "tls_server_config", &item, &end)) {
        if (!is_tls_key(item.text))
            return unknown(r, &item,
                           "cert_file, key_file, client_ca_file, "
                           "client_auth_type or min_version");
        (void)snprintf(name, sizeof(name), "%s", item.text);
        yaml_reader_next(r->reader, &item);
        if (item.kind != YAML_ITEM_WORD || yaml_item_is_null(&item))
            return expected(r, &item, name, "a text");
        if (!take_tls(r, name, &item))
            return false;
    }
    if (!end)
        return false;
    return (config->cert_file && config->key_file) ||
           wrong(r, line, "tls_server_config: expected cert_file and key_file");
}

/* Two digits of the cost and the alphabet of bcrypt. */
static bool is_bcrypt(const char *hash)
{
    static const char letters[] = "./ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789";
    int cost;

    if (strlen(hash) != HASH_LENGTH || hash[0] != '$' || hash[1] != '2' ||
        !strchr("aby", hash[2]) || hash[3] != '$' || hash[6] != '$' ||
        strspn(hash + 4, "0123456789") != 2)
        return false;
    cost = (hash[4] - '0') * 10 + (hash[5] - '0');
    return cost >= COST_MIN && cost <= COST_MAX &&
           strspn(hash + 7, letters) == HASH_LENGTH - 7;
}

static bool add_user(struct reading *r, const char *name, const char *hash)
{
    struct web_config *config = r->config;
    struct web_user *more =
        realloc(config->users, (config->nusers + 1) * sizeof(*more));

    if (!more)
        return no_memory(r);
    config->users = more;
    more[config->nusers++] = (struct web_user){ name, hash };
    return true;
}

static bool read_user(struct reading *r, const struct yaml_item *key)
{
    const char *name = arena_text(&r->config->texts, key->text, key->length);
    const char *hash;
    struct yaml_item item;

    if (!name)
        return no_memory(r);
    if (key->length == 0 || strchr(name, ':'))
        return wrong(r, key->line,
                     "basic_auth_users: a name is empty or holds a colon");
    if (web_config_user(r->config, name))
        return wrong(r, key->line, "basic_auth_users: a user given twice");
    if (r->config->nusers == WEB_USERS_MAX)
        return wrong(r, key->line, "basic_auth_users: more than 1000 of them");
    yaml_reader_next(r->reader, &item);
    if (item.kind != YAML_ITEM_WORD)
        return expected(r, &item, "basic_auth_users", "a hash of bcrypt");
    if (!is_bcrypt(item.text))
        return wrong(r, item.line,
                     "basic_auth_users: expected a hash of bcrypt "
                     "($2y$10$...), such as htpasswd -nBC 10 prints");
    hash = arena_text(&r->config->texts, item.text, item.length);
    return hash ? add_user(r, name, hash) : no_memory(r);
}

static bool read_users(struct reading *r)
{
    struct yaml_item key;
    bool end;

    if (!open_map(r, "basic_auth_users", &end))
        return end;
    while (next_key(r, "basic_auth_users", &key, &end)) {
        if (!read_user(r, &key))
            return false;
    }
    return end;
}

static bool read_sections(struct reading *r)
{
    bool end, seen[2] = { false, false };
    struct yaml_item key;

    while (next_key(r, "the file", &key, &end)) {
        bool users = strcmp(key.text, "basic_auth_users") == 0;

        if (!users && strcmp(key.text, "tls_server_config") != 0)
            return unknown(r, &key, "tls_server_config or basic_auth_users");
        if (seen[users])
            return wrong(r, key.line, "a section given twice");
        seen[users] = true;
        if (!(users ? read_users(r) : read_tls(r, key.line)))
            return false;
    }
    return end;
}

/* Who must show a certificate needs somebody who vouches for it. */
static bool settle(struct reading *r)
{
    struct web_config *config = r->config;
    bool verifies;

    if (!r->auth_set && config->client_ca_file)
        config->client_auth = WEB_CLIENT_REQUIRE;
    verifies = config->client_auth == WEB_CLIENT_VERIFY_IF_GIVEN ||
               config->client_auth == WEB_CLIENT_REQUIRE;
    if (verifies && !config->client_ca_file)
        return wrong(r, r->auth_line,
                     "client_auth_type: expected client_ca_file beside it");
    if (!verifies && config->client_ca_file)
        return wrong(r, r->auth_line,
                     "client_ca_file: client_auth_type never looks at it");
    return true;
}

static bool read_document(struct reading *r)
{
    struct yaml_item item;

    yaml_reader_next(r->reader, &item);
    if (item.kind == YAML_ITEM_END)
        return true;
    if (item.kind == YAML_ITEM_MAP) {
        if (!read_sections(r))
            return false;
    } else if (!yaml_item_is_null(&item)) {
        return expected(r, &item, "the file",
                        "a map of tls_server_config and basic_auth_users");
    }
    yaml_reader_next(r->reader, &item);
    if (item.kind != YAML_ITEM_END)
        return expected(r, &item, "the file", "its end");
    return settle(r);
}

bool web_config_parse(const char *bytes, size_t n, const char *file,
                      struct web_config *config, char *error, size_t size)
{
    struct reading r = { .config = config, .file = file };
    bool fine;

    r.error = error;
    r.size = size;
    *config = (struct web_config){ 0 };
    r.reader = yaml_reader_new(bytes, n);
    fine = r.reader ? read_document(&r) : no_memory(&r);
    yaml_reader_free(r.reader);
    if (!fine)
        web_config_free(config);
    return fine;
}

bool web_config_load(const char *file, struct web_config *config, char *error,
                     size_t size)
{
    struct file content;
    bool fine;

    *config = (struct web_config){ 0 };
    if (!file_read(file, WEB_CONFIG_SIZE_MAX, &content, error, size))
        return error_prefix(error, size, "--web.config.file");
    fine = web_config_parse(content.bytes, content.length, file, config, error,
                            size);
    file_free(&content);
    return fine;
}

void web_config_free(struct web_config *config)
{
    free(config->users);
    arena_free(&config->texts);
    *config = (struct web_config){ 0 };
}

const char *web_config_user(const struct web_config *config, const char *user)
{
    for (size_t i = 0; i < config->nusers; i++) {
        if (strcmp(config->users[i].name, user) == 0)
            return config->users[i].hash;
    }
    return NULL;
}
