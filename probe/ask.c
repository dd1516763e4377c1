/*
 * ask.c -- a command of a probe is a row: its stage and its reply.
 *
 * What a reply is worth is decided here, what it means for the path is not:
 * that is classify.c's.
 */
#include "probe/ask.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define TTL_MS_TEXT "60000"

_Static_assert(ASK_TTL_MS == 60000, "TTL_MS_TEXT is the same number");

static const struct {
    enum stage stage;
    enum resp_type type; /* of a good reply */
    const char *text;    /* of it; NULL: any */
} rows[] = {
    [ASK_AUTH] = { STAGE_AUTH, RESP_STATUS, "OK" },
    [ASK_SELECT] = { STAGE_AUTH, RESP_STATUS, "OK" },
    [ASK_PING] = { STAGE_PING, RESP_STATUS, "PONG" },
    [ASK_ROLE] = { STAGE_ROLE, RESP_ARRAY, NULL },
    [ASK_INFO_SERVER] = { STAGE_ROLE, RESP_BULK, NULL },
    [ASK_INFO_REPLICATION] = { STAGE_ROLE, RESP_BULK, NULL },
    [ASK_SET] = { STAGE_SET, RESP_STATUS, "OK" },
    [ASK_GET] = { STAGE_GET, RESP_BULK, NULL },
    [ASK_GET_ABSENT] = { STAGE_GET, RESP_NIL, NULL },
    [ASK_SET_PAYLOAD] = { STAGE_SET, RESP_STATUS, "OK" },
    [ASK_GET_PAYLOAD] = { STAGE_GET, RESP_BULK, NULL },
    [ASK_DEL] = { STAGE_CLEANUP, RESP_INTEGER, NULL },
};

bool ask_key_new(struct ask_key *key)
{
    char *at = (char *)key;
    size_t left = sizeof(*key);

    while (left > 0) {
        ssize_t n = getrandom(at, left, 0);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            at += n;
            left -= (size_t)n;
        }
    }
    return true;
}

static void hex(const uint8_t *bytes, size_t n, char *text)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < n; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * n] = '\0';
}

size_t ask_key_text(const struct ask_key *key, const char *prefix,
                    char text[ASK_PREFIX_MAX + 2 * ASK_KEY_BYTES + 1])
{
    size_t length = strnlen(prefix, ASK_PREFIX_MAX);

    memcpy(text, prefix, length);
    hex(key->key, sizeof(key->key), text + length);
    return length + 2 * sizeof(key->key);
}

enum stage ask_stage(enum ask ask)
{
    return rows[ask].stage;
}

/*
 * The value of a payload: made from the random value again and again, so that
 * both ends of a cut or shifted reply differ, and no copy has to be kept.
 */
static char payload_byte(const struct ask_key *key, size_t at)
{
    size_t block = at / ASK_VALUE_BYTES;
    unsigned mixed = key->value[at % ASK_VALUE_BYTES];

    mixed ^= (unsigned)(block * 131 + (block >> 8) * 31) & 0xff;
    return (char)('!' + mixed % ('~' - '!' + 1));
}

static char *payload_new(const struct ask_key *key, size_t n)
{
    char *bytes = malloc(n > 0 ? n : 1);

    for (size_t i = 0; bytes && i < n; i++)
        bytes[i] = payload_byte(key, i);
    return bytes;
}

static bool payload_equal(const struct ask_key *key, const char *bytes,
                          size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != payload_byte(key, i))
            return false;
    }
    return true;
}

static bool add_auth(struct resp_batch *batch, const struct probe_login *login)
{
    const char *argv[3] = { "AUTH", login->user, login->password };

    if (login->user)
        return resp_batch_add(batch, 3, argv, NULL);
    argv[1] = login->password;
    return resp_batch_add(batch, 2, argv, NULL);
}

static bool add_select(struct resp_batch *batch, int db)
{
    char number[16];
    const char *argv[2] = { "SELECT", number };

    (void)snprintf(number, sizeof(number), "%d", db);
    return resp_batch_add(batch, 2, argv, NULL);
}

static bool add_set(struct resp_batch *batch, const char *key,
                    const char *value, size_t length, const char *condition)
{
    const char *argv[] = { "SET", key, value, condition, "PX", TTL_MS_TEXT };
    const size_t argvlen[] = { 3, strlen(key),        length, strlen(condition),
                               2, strlen(TTL_MS_TEXT) };

    return resp_batch_add(batch, 6, argv, argvlen);
}

static bool add_payload(struct resp_batch *batch, const char *key_text,
                        const struct ask_key *key, size_t size)
{
    char *value = payload_new(key, size);
    bool added = value && add_set(batch, key_text, value, size, "XX");

    free(value);
    return added;
}

static bool add_words(struct resp_batch *batch, const char *first,
                      const char *second)
{
    const char *argv[2] = { first, second };

    return resp_batch_add(batch, second ? 2 : 1, argv, NULL);
}

bool ask_add(struct resp_batch *batch, enum ask ask,
             const struct probe_target *target, const struct ask_key *key,
             size_t payload)
{
    char key_text[ASK_PREFIX_MAX + 2 * ASK_KEY_BYTES + 1];
    char value[2 * ASK_VALUE_BYTES + 1];

    ask_key_text(key, target->options->key_prefix, key_text);
    hex(key->value, sizeof(key->value), value);

    switch (ask) {
    case ASK_AUTH: return add_auth(batch, &target->login);
    case ASK_SELECT: return add_select(batch, target->db);
    case ASK_PING: return add_words(batch, "PING", NULL);
    case ASK_ROLE: return add_words(batch, "ROLE", NULL);
    case ASK_INFO_SERVER: return add_words(batch, "INFO", "server");
    case ASK_INFO_REPLICATION: return add_words(batch, "INFO", "replication");
    case ASK_SET: return add_set(batch, key_text, value, strlen(value), "NX");
    case ASK_SET_PAYLOAD: return add_payload(batch, key_text, key, payload);
    case ASK_GET:
    case ASK_GET_ABSENT:
    case ASK_GET_PAYLOAD: return add_words(batch, "GET", key_text);
    case ASK_DEL: return add_words(batch, "DEL", key_text);
    }
    return false;
}

bool ask_value_equal(enum ask ask, const struct ask_key *key, size_t payload,
                     const char *bytes, size_t n)
{
    char value[2 * ASK_VALUE_BYTES + 1];

    if (ask == ASK_GET_PAYLOAD)
        return n == payload && payload_equal(key, bytes, n);
    hex(key->value, sizeof(key->value), value);
    return n == strlen(value) && memcmp(bytes, value, n) == 0;
}

enum cause ask_judge(enum ask ask, const struct resp_reply *reply, bool equal)
{
    bool get = ask == ASK_GET || ask == ASK_GET_PAYLOAD;

    if (reply->type == RESP_ERROR)
        return cause_of_resp(resp_error_of(reply->text, strlen(reply->text)));
    if (reply->type == RESP_NIL && ask == ASK_SET)
        return CAUSE_EXISTS;
    if (reply->type == RESP_NIL && (get || ask == ASK_SET_PAYLOAD))
        return CAUSE_MISMATCH;
    if (reply->type == RESP_BULK && ask == ASK_GET_ABSENT)
        return CAUSE_EXISTS;
    if (reply->type != rows[ask].type)
        return CAUSE_UNEXPECTED;
    if (rows[ask].text && strcmp(reply->text, rows[ask].text) != 0)
        return CAUSE_UNEXPECTED;
    if (get && !equal)
        return CAUSE_MISMATCH;
    return CAUSE_OK;
}
