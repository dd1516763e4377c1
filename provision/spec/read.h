/*
 * read.h -- maps of the file into structs, a row a key.
 *
 * What the files spec_*.c share.  A null value is a key that is not written.
 * Every error is one line: file, line, the key from the top, what is expected,
 * what was found.
 */
#ifndef PROVISION_SPEC_READ_H
#define PROVISION_SPEC_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "provision/spec/spec.h"
#include "provision/spec/tree.h"

struct spec_reading {
    struct spec *spec;
    spec_warn_cb warn; /* may be NULL */
    void *data;
    char *error;
    size_t size;
};

enum spec_field_kind {
    SPEC_FIELD_TEXT,   /* const char *, if it `fits` */
    SPEC_FIELD_TEXTS,  /* struct spec_texts, each if it `fits` */
    SPEC_FIELD_BOOL,   /* bool */
    SPEC_FIELD_PORT,   /* unsigned, 1 to 65535 */
    SPEC_FIELD_CHOICE, /* unsigned: the place of the word in `words` */
    SPEC_FIELD_CUSTOM, /* by `read` */
};

struct spec_field {
    char key[24];
    enum spec_field_kind kind;
    size_t offset; /* in the struct of its map */
    bool (*fits)(const char *word);
    bool (*read)(struct spec_reading *r, const struct spec_node *node,
                 void *target); /* `target`: the struct of the map */
    const char *expects;        /* "a VPC's id, such as vpc-0a1b2c3d" */
    const char *list;           /* of texts: "a list of subnets' ids" */
    const char *words;          /* "check|add" */
};

/* Read `map` into `target`.  false: the error is told. */
bool spec_read_map(struct spec_reading *r, const struct spec_node *map,
                   const struct spec_field *fields, size_t nfields,
                   void *target);

/* One value. */
bool spec_read_texts(struct spec_reading *r, const struct spec_node *list,
                     const struct spec_field *field, struct spec_texts *texts);
bool spec_read_port(struct spec_reading *r, const struct spec_node *node,
                    unsigned *port);

/* `tags: {key: value}`, checked against AWS' limits. */
bool spec_read_tags(struct spec_reading *r, const struct spec_node *map,
                    struct spec_tags *tags);

/* `principals: [...]`; those that let many in are warned about. */
bool spec_read_principals(struct spec_reading *r, const struct spec_node *list,
                          struct spec_texts *texts);

/* The parts of a file. */
bool spec_read_provider(struct spec_reading *r, const struct spec_node *map);
bool spec_read_listeners(struct spec_reading *r, const struct spec_node *list,
                         void *target); /* struct spec_provider */

/* `cache`, `port` and `target_group` of a provider are its only listener's. */
bool spec_read_only_listener(struct spec_reading *r,
                             const struct spec_node *node, void *target);
bool spec_read_consumer(struct spec_reading *r, const struct spec_node *map,
                        struct spec_consumer *consumer);

/* Zeroed, of the spec's arena.  NULL: told. */
void *spec_read_alloc(struct spec_reading *r, size_t n, size_t size);

/* One line about `node`; always false. */
bool spec_read_wrong(struct spec_reading *r, const struct spec_node *node,
                     const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool spec_read_expected(struct spec_reading *r, const struct spec_node *node,
                        const char *expected);

/* Is `node` a list that is not empty?  If not, it is told what is expected. */
bool spec_read_list(struct spec_reading *r, const struct spec_node *node,
                    const char *expected);
bool spec_read_no_memory(struct spec_reading *r);
void spec_read_warn(struct spec_reading *r, const struct spec_node *node,
                    const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Which keys may stand beside which: of two in one map, the second is told. */
bool spec_read_apart(struct spec_reading *r, const struct spec_node *map,
                     const char *one, const char *other, const char *why);

/* The account's keys, for the tables of provider and consumer. */
#define SPEC_ACCOUNT_FIELDS(of)                                                \
    { .key = "profile",                                                        \
      .offset = offsetof(of, account.profile),                                 \
      .fits = spec_word_any,                                                   \
      .expects = "the name of a profile" },                                    \
        { .key = "role_arn",                                                   \
          .offset = offsetof(of, account.role_arn),                            \
          .fits = spec_word_role,                                              \
          .expects = "a role's ARN, such as "                                  \
                     "arn:aws:iam::111122223333:role/linkprobe" },             \
        { .key = "external_id",                                                \
          .offset = offsetof(of, account.external_id),                         \
          .fits = spec_word_any,                                               \
          .expects = "a text" },                                               \
        { .key = "account",                                                    \
          .offset = offsetof(of, account.account),                             \
          .fits = spec_word_account,                                           \
          .expects = "the twelve digits of an account, in quotation marks" },  \
    {                                                                          \
        .key = "region", .offset = offsetof(of, account.region),               \
        .fits = spec_word_region, .expects = "a region, such as us-west-2"     \
    }

#endif /* PROVISION_SPEC_READ_H */
