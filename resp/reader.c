/*
 * reader.c -- hiredis' reader with object functions that make no objects.
 *
 *     feed ──> hiredis' buffer ──> on_string, on_array, ... ──> reader->reply
 *                    │                     │
 *                    └── in_vain()         └── refuse()
 *
 * hiredis calls an object function for each value that it has in full; it gets
 * any non-NULL mark back and we keep what we want in `reply`, which is copied
 * to the caller with the last value of a reply.  Two watches bound what a peer
 * can make us hold: the object functions refuse a value that is too large, too
 * deep or not RESP2 (NULL ends hiredis' reader), and when hiredis asks for more
 * bytes, in_vain() looks at the value it waits for and refuses one that could
 * not be taken when it is there.  Both judge alike, so it is of no account in
 * which pieces the bytes come.
 *
 * What is wrong once stays wrong: until resp_reader_reset() every call fails.
 */
#include "resp/reader.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hiredis/hiredis.h>

#include "resp/errors.h"

enum {
    LIMIT_DEFAULT = 64 * 1024,
    LIMIT_MAX = INT_MAX / 2, /* hiredis keeps the length of a line in an int */
    HEADER_MAX = 24,         /* the longest number, CR, LF */
    DEPTH_MAX = 7,           /* arrays in arrays, as many as 0.14 takes */
};

struct resp_reader {
    redisReader *hiredis; /* owned */
    size_t limit;
    size_t elements; /* promised by the arrays of the reply at work */
    resp_bulk_cb on_bulk;
    void *data;
    bool bad; /* refused by us; hiredis has its own flag */
    char error[128];
    struct resp_reply reply; /* at work */
};

/* All that differs: 1.0 widened an array's count, added two functions and made
 * the stack of values at work a list of pointers. */
#if HIREDIS_MAJOR >= 1
typedef size_t resp_count;
#define TASK_AT_WORK(hiredis) ((hiredis)->task[(hiredis)->ridx])
#else
typedef int resp_count;
#define TASK_AT_WORK(hiredis) (&(hiredis)->rstack[(hiredis)->ridx])
#endif

/* Say what is wrong and be bad from now on.  Returns NULL, for hiredis. */
__attribute__((format(printf, 2, 3))) static void *
refuse(struct resp_reader *reader, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(reader->error, sizeof(reader->error), format, args);
    va_end(args);
    reader->bad = true;
    return NULL;
}

static void *refuse_type(struct resp_reader *reader)
{
    return refuse(reader, "a reply of a type that is not of RESP2");
}

static void *refuse_bulk(struct resp_reader *reader, unsigned long long n)
{
    return refuse(reader, "a bulk of %llu bytes where %zu are the limit", n,
                  reader->limit);
}

static void *refuse_line(struct resp_reader *reader)
{
    return refuse(reader, "a line longer than %zu bytes", reader->limit);
}

static void keep(char *text, size_t size, const char *bytes, size_t n)
{
    size_t kept = n < size ? n : size - 1;

    memcpy(text, bytes, kept);
    text[kept] = '\0';
}

/* Where the text of `task` belongs if it is an element that is kept. */
static char *item_of(struct resp_reader *reader, const redisReadTask *task)
{
    if (!task->parent || task->parent->parent || task->idx >= RESP_ITEMS_MAX)
        return NULL;
    return reader->reply.items[task->idx];
}

/* Begin the reply: all but its texts are set, and those are empty. */
static struct resp_reply *begin(struct resp_reader *reader, enum resp_type type)
{
    struct resp_reply *reply = &reader->reply;

    reply->type = type;
    reply->integer = 0;
    reply->length = 0;
    reply->text[0] = '\0';
    reply->elements = 0;
    for (unsigned i = 0; i < RESP_ITEMS_MAX; i++)
        reply->items[i][0] = '\0';
    return reply;
}

static void on_top_string(struct resp_reader *reader, int type,
                          const char *bytes, size_t n)
{
    struct resp_reply *reply =
        begin(reader, type == REDIS_REPLY_STATUS  ? RESP_STATUS
                      : type == REDIS_REPLY_ERROR ? RESP_ERROR
                                                  : RESP_BULK);

    reply->length = n;
    keep(reply->text, sizeof(reply->text), bytes, n);
    if (type == REDIS_REPLY_ERROR)
        resp_error_hide_arguments(reply->text);
    if (type == REDIS_REPLY_STRING && reader->on_bulk)
        reader->on_bulk(reader->data, bytes, n);
}

static void *on_string(const redisReadTask *task, char *bytes, size_t n)
{
    struct resp_reader *reader = task->privdata;
    bool bulk = task->type == REDIS_REPLY_STRING;
    char *item = item_of(reader, task);

    if (!bulk && task->type != REDIS_REPLY_STATUS &&
        task->type != REDIS_REPLY_ERROR)
        return refuse_type(reader);
    if (n > reader->limit)
        return bulk ? refuse_bulk(reader, n) : refuse_line(reader);
    /* hiredis has the two bytes behind a bulk, but does not look at them. */
    if (bulk && (bytes[n] != '\r' || bytes[n + 1] != '\n'))
        return refuse(reader, "a bulk does not end where it should");
    if (!task->parent)
        on_top_string(reader, task->type, bytes, n);
    else if (item)
        keep(item, RESP_ITEM_MAX, bytes, n);
    return reader;
}

static unsigned depth_of(const redisReadTask *task)
{
    unsigned depth = 0;

    for (; task->parent; task = task->parent)
        depth++;
    return depth;
}

static void *on_array(const redisReadTask *task, resp_count count)
{
    struct resp_reader *reader = task->privdata;

    if (task->type != REDIS_REPLY_ARRAY)
        return refuse_type(reader);
    if (depth_of(task) >= DEPTH_MAX)
        return refuse(reader, "arrays nested deeper than %d", DEPTH_MAX);
    if (!task->parent) {
        begin(reader, RESP_ARRAY)->elements = (size_t)count;
        reader->elements = 0;
    }
    if ((size_t)count > RESP_ELEMENTS_MAX - reader->elements)
        return refuse(reader, "arrays of more than %d elements",
                      RESP_ELEMENTS_MAX);
    reader->elements += (size_t)count;
    return reader;
}

static void *on_integer(const redisReadTask *task, long long value)
{
    struct resp_reader *reader = task->privdata;
    char *item = item_of(reader, task);

    if (!task->parent)
        begin(reader, RESP_INTEGER)->integer = value;
    else if (item)
        (void)snprintf(item, RESP_ITEM_MAX, "%lld", value);
    return reader;
}

static void *on_nil(const redisReadTask *task)
{
    if (task->type != REDIS_REPLY_STRING && task->type != REDIS_REPLY_ARRAY)
        return refuse_type(task->privdata);
    if (!task->parent)
        begin(task->privdata, RESP_NIL);
    return task->privdata;
}

#if HIREDIS_MAJOR >= 1
static void *on_double(const redisReadTask *task, double value, char *text,
                       size_t n)
{
    (void)value, (void)text, (void)n;
    return refuse_type(task->privdata);
}

static void *on_bool(const redisReadTask *task, int value)
{
    (void)value;
    return refuse_type(task->privdata);
}
#endif

static redisReplyObjectFunctions functions = {
    .createString = on_string,
    .createArray = on_array,
    .createInteger = on_integer,
    .createNil = on_nil,
#if HIREDIS_MAJOR >= 1
    .createDouble = on_double,
    .createBool = on_bool,
#endif
    /* no freeObject: the marks are the reader itself */
};

/* hiredis' part, with nothing in it yet; NULL when out of memory. */
static redisReader *hiredis_new(struct resp_reader *reader)
{
    redisReader *hiredis = redisReaderCreateWithFunctions(&functions);

    if (!hiredis)
        return NULL;
    /* Never give the buffer up: 0.14 aborts when it gets no new one. */
    hiredis->maxbuf = 0;
    /* redisReaderSetPrivdata() casts a pointer to int. */
    hiredis->privdata = reader;
    return hiredis;
}

struct resp_reader *resp_reader_new(size_t limit)
{
    struct resp_reader *reader = calloc(1, sizeof(*reader));

    if (!reader)
        return NULL;
    resp_reader_set_limit(reader, limit);
    reader->hiredis = hiredis_new(reader);
    if (reader->hiredis)
        return reader;
    free(reader);
    return NULL;
}

void resp_reader_free(struct resp_reader *reader)
{
    if (reader)
        redisReaderFree(reader->hiredis);
    free(reader);
}

void resp_reader_on_bulk(struct resp_reader *reader, resp_bulk_cb cb,
                         void *data)
{
    reader->on_bulk = cb;
    reader->data = data;
}

void resp_reader_set_limit(struct resp_reader *reader, size_t limit)
{
    reader->limit = limit == 0          ? LIMIT_DEFAULT
                    : limit < LIMIT_MAX ? limit
                                        : LIMIT_MAX;
}

static size_t unread(const redisReader *hiredis)
{
    return hiredis->len - hiredis->pos;
}

bool resp_reader_feed(struct resp_reader *reader, const char *bytes, size_t n)
{
    if (reader->bad || reader->hiredis->err)
        return false;
    /* A value that is waited for has at most a header, `limit` bytes, CRLF. */
    if (unread(reader->hiredis) > reader->limit + HEADER_MAX + 2) {
        refuse(reader, "more than %zu bytes before a reply was asked for",
               reader->limit);
        return false;
    }
    return redisReaderFeed(reader->hiredis, bytes, n) == REDIS_OK;
}

/* Is the line of `n` bytes too long to be a number? */
static bool number_in_vain(struct resp_reader *reader, size_t n)
{
    if (n >= HEADER_MAX)
        refuse(reader, "a number of more than %d bytes", HEADER_MAX);
    return reader->bad;
}

/* Is the bulk whose header is (partly) in `bytes` too long to be taken? */
static bool bulk_in_vain(struct resp_reader *reader, const char *bytes,
                         size_t n)
{
    size_t header = n < HEADER_MAX ? n : HEADER_MAX;
    const char *end = memmem(bytes, header, "\r\n", 2);
    unsigned long long length = 0;

    if (!end)
        return number_in_vain(reader, n);
    /* hiredis has checked it: digits only, and no more than a long long. */
    for (; bytes < end; bytes++)
        length = length * 10 + (unsigned)(*bytes - '0');
    if (length > reader->limit)
        refuse_bulk(reader, length);
    return reader->bad;
}

/* Would the value that hiredis waits for be refused when it is there? */
static bool in_vain(struct resp_reader *reader)
{
    const redisReader *hiredis = reader->hiredis;
    size_t n = unread(hiredis);
    const redisReadTask *task;

    if (hiredis->ridx < 0 || n == 0)
        return false;
    task = TASK_AT_WORK(hiredis);
    switch (task->type) {
    case REDIS_REPLY_STRING:
        return bulk_in_vain(reader, hiredis->buf + hiredis->pos, n);
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_ERROR:
        if (n > reader->limit + 1) /* the last one may be the CR */
            refuse_line(reader);
        return reader->bad;
    case REDIS_REPLY_INTEGER:
    case REDIS_REPLY_ARRAY: return number_in_vain(reader, n);
    default: refuse_type(reader); return true;
    }
}

/* What a failure is: a NULL of ours looks like lack of memory to hiredis. */
static enum resp_read failure_of(const struct resp_reader *reader)
{
    return !reader->bad && reader->hiredis->err == REDIS_ERR_OOM
               ? RESP_READ_NOMEM
               : RESP_READ_BAD;
}

enum resp_read resp_reader_next(struct resp_reader *reader,
                                struct resp_reply *reply)
{
    void *mark = NULL;

    if (reader->bad || redisReaderGetReply(reader->hiredis, &mark) != REDIS_OK)
        return failure_of(reader);
    if (!mark)
        return in_vain(reader) ? RESP_READ_BAD : RESP_READ_MORE;
    *reply = reader->reply;
    return RESP_READ_REPLY;
}

const char *resp_reader_error(const struct resp_reader *reader)
{
    return reader->bad ? reader->error : reader->hiredis->errstr;
}

bool resp_reader_idle(const struct resp_reader *reader)
{
    const redisReader *hiredis = reader->hiredis;
    /* Asked in vain, hiredis waits for a type: still no value is begun. */
    bool between = hiredis->ridx < 0 ||
                   (hiredis->ridx == 0 && TASK_AT_WORK(hiredis)->type < 0);

    return !reader->bad && !hiredis->err && between && unread(hiredis) == 0;
}

bool resp_reader_reset(struct resp_reader *reader)
{
    redisReader *fresh;

    resp_reader_on_bulk(reader, NULL, NULL);
    if (resp_reader_idle(reader))
        return true;
    fresh = hiredis_new(reader);
    if (!fresh)
        return false;
    redisReaderFree(reader->hiredis);
    reader->hiredis = fresh;
    reader->bad = false;
    return true;
}
