/*
 * fake_io.c -- operations wait in a queue; fake_run() ends them in turn.
 */
#include "support/fake_io.h"
#include "support/fake_names.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fake fake;

enum op_kind {
    OP_RESOLVE,
    OP_CONNECT,
    OP_DIAL,
    OP_HANDSHAKE,
    OP_EXCHANGE,
    OP_WAIT,
    OP_CLOSE
};

struct op {
    enum op_kind kind;
    struct net_resolve *resolve;
    const struct fake_name *name; /* NULL: the answer of all */
    struct net_conn *conn;
    struct net_dial *dial;
    struct net_addr addr, source;
    net_resolve_cb resolved;
    net_conn_cb cb;
    net_dial_cb dialed;
    net_feed_cb feed;
    char *bytes; /* sent */
    size_t n;
    bool canceled;
};

static struct op ops[FAKE_OPS_MAX];
static unsigned first, last;
static uint64_t clock_ns;
static const struct net_conn *far_conns[FAKE_OPS_MAX]; /* to fake.far */
static unsigned nfar;
static char stored[1 << 21]; /* what SET stored last, as a bulk */
static size_t nstored;

static uint64_t fake_now(void)
{
    return clock_ns += 1000;
}

void fake_reset(void)
{
    fake = (struct fake){ .cancel_at = -1 };
    first = last = 0;
    clock_ns = 1000000000;
    nstored = 0;
    nfar = 0;
}

/* Memory of the fake's own: fail_malloc.h does not count it. */
static void *fake_memory(size_t n)
{
    void *memory = aligned_alloc(16, (n + 16) & ~(size_t)15);

    assert(memory);
    return memory;
}

static struct op *op_new(enum op_kind kind)
{
    struct op *op = &ops[last++ % FAKE_OPS_MAX];

    assert(last - first <= FAKE_OPS_MAX);
    *op = (struct op){ .kind = kind };
    fake.ops++;
    return op;
}

static struct op *conn_op(enum op_kind kind, struct net_conn *conn,
                          net_conn_cb cb)
{
    struct op *op = op_new(kind);

    op->conn = conn;
    op->cb = cb;
    fake.timeout_ms = conn->timeout_ms;
    return op;
}

static void fake_resolve(struct net_resolve *req, const struct net_question *q,
                         net_resolve_cb cb)
{
    struct op *op = op_new(OP_RESOLVE);

    fake_name_log(req, q->host);
    op->name = fake_name_find(q->host, req->only);
    op->resolve = req;
    op->resolved = cb;
}

static void fake_connect(struct net_conn *conn, const struct net_addr *addr,
                         const struct net_addr *source, net_conn_cb cb)
{
    struct op *op = conn_op(OP_CONNECT, conn, cb);
    char host[NET_ADDR_TEXT_MAX];

    fake.open++;
    fake.keepalive |= conn->keepalive;
    op->addr = *addr;
    if (source)
        op->source = *source;
    if (fake.far && strcmp(net_addr_host(addr, host), fake.far) == 0)
        far_conns[nfar++ % FAKE_OPS_MAX] = conn;
}

static void fake_dial(struct net_dial *dial, const struct net_addr *addr,
                      const struct net_addr *source, unsigned timeout_ms,
                      net_dial_cb cb)
{
    struct op *op = op_new(OP_DIAL);

    fake.open++;
    op->dial = dial;
    op->dialed = cb;
    op->addr = *addr;
    if (source)
        op->source = *source;
    fake.timeout_ms = timeout_ms;
}

static uint32_t distance_us(const struct net_conn *conn)
{
    for (unsigned i = 0; i < nfar; i++) {
        if (far_conns[i] == conn)
            return fake.far_us;
    }
    return fake.near_us;
}

static enum net_status connect_end(const struct op *op)
{
    char host[NET_ADDR_TEXT_MAX];

    if (fake.dead && strcmp(net_addr_host(&op->addr, host), fake.dead) != 0)
        return NET_OK;
    if (fake.locally && op->source.sa.any.sa_family != AF_UNSPEC &&
        strcmp(net_addr_host(&op->source, host), fake.locally) == 0)
        return NET_OK;
    return fake.connect;
}

static void fake_handshake(struct net_conn *conn, struct net_tls_context *tls,
                           const char *name, net_conn_cb cb)
{
    (void)tls;
    (void)name;
    conn_op(OP_HANDSHAKE, conn, cb);
}

static void fake_exchange(struct net_conn *conn, const char *bytes, size_t n,
                          net_feed_cb feed, net_conn_cb cb)
{
    struct op *op = conn_op(OP_EXCHANGE, conn, cb);

    op->feed = feed;
    op->bytes = fake_memory(n + 1);
    op->n = n;
    memcpy(op->bytes, bytes, n);
    op->bytes[n] = '\0';
}

/* Every other exchange is not taken at once. */
static bool fake_sent(const struct net_conn *conn)
{
    (void)conn;
    return fake.ops % 2 == 0;
}

static void fake_wait(struct net_conn *conn, unsigned ms, net_conn_cb cb)
{
    clock_ns += (uint64_t)ms * 1000000;
    conn_op(OP_WAIT, conn, cb);
}

static void fake_close(struct net_conn *conn, net_conn_cb cb)
{
    fake.closes++;
    conn_op(OP_CLOSE, conn, cb);
}

static void fake_cancel(struct net_conn *conn)
{
    for (unsigned i = first; i < last; i++) {
        struct op *op = &ops[i % FAKE_OPS_MAX];
        if (op->conn == conn && op->kind != OP_CLOSE)
            op->canceled = true;
    }
}

static void fake_dial_cancel(struct net_dial *dial)
{
    for (unsigned i = first; i < last; i++) {
        if (ops[i % FAKE_OPS_MAX].dial == dial)
            ops[i % FAKE_OPS_MAX].canceled = true;
    }
}

static void fake_resolve_cancel(struct net_resolve *req)
{
    for (unsigned i = first; i < last; i++) {
        if (ops[i % FAKE_OPS_MAX].resolve == req)
            ops[i % FAKE_OPS_MAX].canceled = true;
    }
}

static struct net_tcpinfo fake_tcpinfo(const struct net_conn *conn)
{
    return (struct net_tcpinfo){ .rtt_us = 100,
                                 .min_rtt_us = distance_us(conn),
                                 .state = 1 };
}

static uint32_t fake_waited_ms(const struct net_conn *conn)
{
    (void)conn;
    return fake.waited_ms;
}

static const struct net_tls_info *fake_tls(const struct net_conn *conn)
{
    (void)conn;
    return fake.tls;
}

static struct net_tls_context *fake_tls_new(const struct net_tls_config *config,
                                            char *error, size_t size)
{
    static char any;

    (void)config;
    (void)error;
    (void)size;
    fake.contexts++;
    return (struct net_tls_context *)&any;
}

static void fake_tls_free(struct net_tls_context *context)
{
    fake.contexts -= context != NULL;
}

/* All but the first are of their own links. */
static unsigned fake_locals(const struct net_addr *to, struct net_local *locals,
                            unsigned max)
{
    unsigned n = fake.locals < max ? fake.locals : max;

    (void)to;
    for (unsigned i = 0; i < n; i++) {
        char text[NET_ADDR_TEXT_MAX];

        snprintf(text, sizeof(text), "10.0.0.%u", i + 1);
        net_addr_parse(text, 0, &locals[i].addr);
        locals[i].bits = 24;
        locals[i].astray = i == 0 && fake.astray;
    }
    return n;
}

const struct probe_io fake_io = {
    .now = fake_now,
    .resolve = fake_resolve,
    .resolve_cancel = fake_resolve_cancel,
    .servers = fake_names_servers,
    .locals = fake_locals,
    .connect = fake_connect,
    .handshake = fake_handshake,
    .exchange = fake_exchange,
    .sent = fake_sent,
    .wait = fake_wait,
    .cancel = fake_cancel,
    .close = fake_close,
    .dial = fake_dial,
    .dial_cancel = fake_dial_cancel,
    .tcpinfo = fake_tcpinfo,
    .waited_ms = fake_waited_ms,
    .tls = fake_tls,
    .tls_new = fake_tls_new,
    .tls_free = fake_tls_free,
};

/* The next argument at `at`, "$n\r\n...\r\n"; moves behind it. */
static const char *argument(const char **at, size_t *n)
{
    const char *bytes;

    *n = strtoul(*at + 1, NULL, 10);
    bytes = strchr(*at, '\n') + 1;
    *at = bytes + *n + 2;
    return bytes;
}

static void store(const char *value, size_t n)
{
    nstored = (size_t)snprintf(stored, sizeof(stored), "$%zu\r\n", n);
    memcpy(stored + nstored, value, n);
    memcpy(stored + nstored + n, "\r\n", 2);
    nstored += n + 2;
}

static const struct fake_rule *rule_of(const char *word)
{
    for (size_t i = 0; i < FAKE_RULES_MAX && fake.rules[i].word; i++) {
        if (strcmp(fake.rules[i].word, word) == 0)
            return &fake.rules[i];
    }
    return NULL;
}

static const char *ordinary_reply(const char *word, size_t *n)
{
    static const char *const replies[][2] = {
        { "AUTH", "+OK\r\n" },
        { "SELECT", "+OK\r\n" },
        { "PING", "+PONG\r\n" },
        { "ROLE", "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n" },
        { "INFO", "$35\r\nredis_version:7.0.15\r\nrole:master\r\n\r\n" },
        { "SET", "+OK\r\n" },
        { "DEL", ":1\r\n" },
    };

    for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
        if (strcmp(replies[i][0], word) == 0) {
            *n = strlen(replies[i][1]);
            return replies[i][1];
        }
    }
    *n = nstored ? nstored : 5;
    return nstored ? stored : "$-1\r\n";
}

static enum net_feed feed(const struct op *op, const char *bytes, size_t n)
{
    size_t chunk = fake.chunk ? fake.chunk : n;
    enum net_feed fed = NET_FEED_MORE;

    for (size_t at = 0; at < n && fed == NET_FEED_MORE; at += chunk) {
        size_t left = n - at;
        char *copy = fake_memory(left < chunk ? left : chunk);
        memcpy(copy, bytes + at, left < chunk ? left : chunk);
        fed = op->feed(op->conn, copy, left < chunk ? left : chunk);
        free(copy);
    }
    return fed;
}

static enum net_status echo(const struct op *op, const char *bytes, size_t n,
                            enum net_feed *fed)
{
    char header[32];
    int length = snprintf(header, sizeof(header), "$%zu\r\n", n);

    *fed = feed(op, header, (size_t)length);
    if (*fed == NET_FEED_MORE)
        *fed = feed(op, bytes, n + 2);
    return NET_OK;
}

/* One command of an exchange: log it, do it, feed its reply. */
static enum net_status answer(const struct op *op, const char **at,
                              enum net_feed *fed)
{
    unsigned long argc = strtoul(*at + 1, NULL, 10);
    char word[16] = "";
    size_t n, length;
    const char *reply, *arg;

    *at = strchr(*at, '\n') + 1;
    for (unsigned long i = 0; i < argc; i++) {
        arg = argument(at, &n);
        if (i == 0)
            snprintf(word, sizeof(word), "%.*s", (int)n, arg);
        if (i == 2 && strcmp(word, "SET") == 0)
            store(arg, n);
        if (i == 1 && strcmp(word, "PING") == 0)
            return echo(op, arg, n, fed);
    }
    length = strlen(fake.log);
    snprintf(fake.log + length, sizeof(fake.log) - length, "%s ", word);

    if (fake.slow && strcmp(fake.slow, word) == 0)
        clock_ns += (uint64_t)fake.slow_ms * 1000000;
    const struct fake_rule *rule = rule_of(word);
    reply = ordinary_reply(word, &n);
    if (rule) {
        reply = rule->reply;
        n = reply ? strlen(reply) : 0;
    }
    if (n > 0)
        *fed = feed(op, reply, n);
    return rule ? rule->status : NET_OK;
}

static enum net_status exchange(const struct op *op)
{
    const char *at = op->bytes;
    enum net_status status = NET_OK;
    enum net_feed fed = NET_FEED_MORE;

    if (fake.lost_from && op->n >= fake.lost_from)
        return NET_TIMEOUT;
    clock_ns += distance_us(op->conn) * UINT64_C(1000);
    while (*at == '*' && status == NET_OK && fed == NET_FEED_MORE)
        status = answer(op, &at, &fed);
    strncat(fake.log, "|", sizeof(fake.log) - strlen(fake.log) - 1);
    if (fed == NET_FEED_BAD)
        return NET_BADREPLY;
    if (status != NET_OK)
        return status;
    return fed == NET_FEED_DONE ? NET_OK : NET_TIMEOUT;
}

static void resolve_end(const struct op *op)
{
    op->resolve->answer = NULL;
    if (op->name) {
        enum net_status status = fake_name_end(op->name, op->resolve);
        op->resolved(op->resolve, op->canceled ? NET_CANCELED : status);
        return;
    }
    if (fake.answer) {
        op->resolve->answer = malloc(sizeof(*fake.answer));
        if (op->resolve->answer)
            *op->resolve->answer = *fake.answer;
    }
    op->resolved(op->resolve, op->canceled ? NET_CANCELED : fake.resolve);
}

static enum net_status conn_end(const struct op *op)
{
    switch (op->kind) {
    case OP_CONNECT: return connect_end(op);
    case OP_HANDSHAKE: return fake.handshake;
    case OP_EXCHANGE: return exchange(op);
    case OP_WAIT: return fake.wait;
    case OP_CLOSE: fake.open--; return NET_OK;
    default: return NET_SYSTEM;
    }
}

void fake_run(void)
{
    while (first < last) {
        if ((int)fake.ops > fake.cancel_at && fake.cancel_at >= 0) {
            fake.cancel_at = -1;
            fake.cancel(fake.cancel_data);
        }
        struct op op = ops[first++ % FAKE_OPS_MAX];
        if (op.kind == OP_RESOLVE) {
            resolve_end(&op);
            continue;
        }
        if (op.kind == OP_DIAL) {
            fake.open--;
            op.dialed(op.dial, op.canceled ? NET_CANCELED : connect_end(&op));
            continue;
        }
        enum net_status status = op.canceled ? NET_CANCELED : conn_end(&op);
        free(op.bytes);
        op.cb(op.conn, status);
    }
}
