/*
 * room.c -- is there room for the keys?
 *
 *     a side: connect > [tls] > [AUTH] [SELECT] INFO memory > close
 *
 * The first address of a side that answers counts.  The steps block, a turn of
 * the loop each: nothing else runs yet.  A side that cannot be reached or lets
 * nobody in is none of our business here: the run will tell.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/login.h"
#include "cli/quantity.h"
#include "cli/text.h"
#include "commands/bench/job.h"
#include "net/conn.h"
#include "resp/encode.h"
#include "resp/errors.h"
#include "resp/reader.h"

enum {
    KEY_OVERHEAD = 128, /* what a key costs beside its bytes, about */
    PART = 10,          /* of the room, ours is one in so many */
};

struct memory {
    uint64_t used, limit;
    bool evicts, known;
};

/* One connection and what it was asked. */
struct asking {
    struct net_conn conn;
    enum net_status status;
    struct resp_reader *reader;
    unsigned left; /* replies to come; the last one is INFO's */
    enum resp_error refused;
    struct memory memory;
};

static void on_step(struct net_conn *conn, enum net_status status)
{
    struct asking *asking = conn->data;

    asking->status = status;
    uv_stop(&conn->loop->uv);
}

/* "name:value\r\n" of INFO; NULL: it is not there. */
static const char *field_of(const char *info, size_t n, const char *name)
{
    size_t length = strlen(name);
    const char *at = info, *end = info + n;

    while (at && (size_t)(end - at) > length) {
        if (memcmp(at, name, length) == 0 && at[length] == ':')
            return at + length + 1;
        at = memchr(at, '\n', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    return NULL;
}

static bool number_of(const char *info, size_t n, const char *name,
                      uint64_t *number)
{
    const char *at = field_of(info, n, name);

    *number = 0;
    if (!at || at == info + n || *at < '0' || *at > '9')
        return false;
    for (; at < info + n && *at >= '0' && *at <= '9'; at++) {
        if (__builtin_mul_overflow(*number, 10, number) ||
            __builtin_add_overflow(*number, (uint64_t)(*at - '0'), number))
            return false;
    }
    return true;
}

static void on_info(void *data, const char *bytes, size_t n)
{
    static const char keeps[] = "noeviction";
    struct memory *memory = data;
    const char *policy = field_of(bytes, n, "maxmemory_policy");
    size_t left = policy ? (size_t)(bytes + n - policy) : 0;

    memory->known = number_of(bytes, n, "used_memory", &memory->used) &&
                    number_of(bytes, n, "maxmemory", &memory->limit);
    memory->evicts = policy && (left < sizeof(keeps) - 1 ||
                                memcmp(policy, keeps, sizeof(keeps) - 1) != 0);
}

static enum net_feed on_bytes(struct net_conn *conn, const char *bytes,
                              size_t n)
{
    struct asking *asking = conn->data;
    struct resp_reply reply;

    if (!resp_reader_feed(asking->reader, bytes, n))
        return NET_FEED_BAD;
    for (;;) {
        switch (resp_reader_next(asking->reader, &reply)) {
        case RESP_READ_MORE: return NET_FEED_MORE;
        case RESP_READ_REPLY: break;
        case RESP_READ_BAD:
        case RESP_READ_NOMEM: return NET_FEED_BAD;
        }
        asking->refused = RESP_ERR_NONE;
        if (reply.type == RESP_ERROR)
            asking->refused = resp_error_of(reply.text, strlen(reply.text));
        asking->left--;
        if (asking->left == 0)
            return NET_FEED_DONE;
    }
}

static bool make_commands(const struct bench_side *side,
                          struct resp_batch *batch)
{
    const char *info[] = { "INFO", "memory" };

    return login_format(batch, side->user, side->password, side->db) &&
           resp_batch_add(batch, 2, info, NULL);
}

/* Run the loop until the step has ended; was it well? */
static bool step_ended(struct asking *asking)
{
    net_loop_run(asking->conn.loop);
    return asking->status == NET_OK;
}

static bool exchange(struct asking *asking, const struct bench_side *side)
{
    struct resp_batch batch = { 0 };
    bool fine = make_commands(side, &batch);

    if (fine) {
        asking->left = batch.commands;
        net_conn_exchange(&asking->conn, batch.bytes, batch.length, on_bytes,
                          on_step);
        fine = step_ended(asking);
    }
    resp_batch_free(&batch);
    return fine;
}

/* Ask one address; false: it did not answer. */
static bool ask(const struct bench_plan *plan, const struct bench_side *side,
                const struct net_addr *addr, struct net_loop *loop,
                struct asking *asking)
{
    bool fine;

    *asking = (struct asking){
        .conn = { .data = asking, .loop = loop, .timeout_ms = plan->timeout_ms }
    };
    asking->reader = resp_reader_new(0);
    if (!asking->reader)
        return false;
    resp_reader_on_bulk(asking->reader, on_info, &asking->memory);
    net_conn_connect(&asking->conn, addr, plan->source, on_step);
    fine = step_ended(asking);
    if (fine && side->tls) {
        net_conn_handshake(&asking->conn, side->tls, side->tls_name, on_step);
        fine = step_ended(asking);
    }
    fine = fine && exchange(asking, side);
    net_conn_close(&asking->conn, on_step);
    (void)step_ended(asking);
    net_loop_run(loop);
    resp_reader_free(asking->reader);
    return fine;
}

/* What all keys take, about; 0: none are written. */
static uint64_t need_of(const struct bench_plan *plan)
{
    uint64_t key =
        plan->size + strlen(plan->key_prefix) + BENCH_KEY_DIGITS + KEY_OVERHEAD;

    if (plan->weights[BENCH_SET] == 0 && plan->weights[BENCH_GET] == 0)
        return 0;
    return plan->keys * key; /* both are bounded by the options */
}

/* "1.5g" would be no size of ours: whole mebibytes read well enough. */
static char *size_text(uint64_t bytes, char text[QUANTITY_TEXT_MAX])
{
    uint64_t unit = bytes >= 10 << 20 ? 1 << 20 : bytes >= 10 << 10 ? 1024 : 1;

    return quantity_size_text(bytes / unit * unit, text);
}

static bool fits(const struct bench_side *side, const struct memory *memory,
                 uint64_t need, char *error, size_t size)
{
    uint64_t room =
        memory->limit > memory->used ? memory->limit - memory->used : 0;
    char need_text[QUANTITY_TEXT_MAX], room_text[QUANTITY_TEXT_MAX];

    if (memory->limit == 0 && !memory->evicts)
        return true;
    if (memory->limit == 0)
        return error_set(error, size,
                         "%s has no maxmemory, but a policy that evicts: the "
                         "keys of others may go; expected --force",
                         side->name);
    if (need <= room / PART)
        return true;
    return error_set(error, size,
                     "%s: the keys would take about %s, more than 10 %% of the "
                     "%s that are free under maxmemory; expected fewer --keys, "
                     "a smaller --size, or --force",
                     side->name, size_text(need, need_text),
                     size_text(room, room_text));
}

static bool side_has_room(struct bench_job *job, unsigned i,
                          struct net_loop *loop, struct asking *asking,
                          void (*note)(const char *line), char *error,
                          size_t size)
{
    const struct bench_side *side = &job->plan.sides[i];
    bool answered = false;
    char line[ERROR_TEXT_MAX];

    for (unsigned k = 0; k < side->naddresses && !answered; k++)
        answered = ask(&job->plan, side, &side->addresses[k], loop, asking);
    if (!answered || asking->refused == RESP_ERR_NOAUTH)
        return true;
    if (asking->memory.known)
        return fits(side, &asking->memory, need_of(&job->plan), error, size);
    (void)snprintf(line, sizeof(line),
                   "%s does not tell its memory (INFO: %s); whether there is "
                   "room for the keys is not known",
                   side->name,
                   asking->refused == RESP_ERR_NONE
                       ? "no figures"
                       : resp_error_text(asking->refused));
    note(line);
    return true;
}

bool bench_job_room(struct bench_job *job, struct net_loop *loop,
                    void (*note)(const char *line), char *error, size_t size)
{
    struct asking *asking;
    bool fine = true;

    if (job->options.force || need_of(&job->plan) == 0)
        return true;
    asking = malloc(sizeof(*asking));
    if (!asking)
        return error_set(error, size, "out of memory");
    for (unsigned i = 0; fine && i < job->plan.nsides; i++)
        fine = side_has_room(job, i, loop, asking, note, error, size);
    free(asking);
    return fine;
}
