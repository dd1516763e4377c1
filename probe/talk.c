/*
 * talk.c -- one exchange of a probe: commands out in one write, replies in.
 *
 *     talk_add_step > talk_send > on_bytes ... > the caller's cb
 *
 * Commands that do not depend on each other's replies go out together: it
 * saves round trips and wake-ups.  Each reply is judged as it comes; the batch
 * is read to its end, so that the connection stays in step, and the first
 * failure stands.  Bytes that are no RESP end it: a few more are collected,
 * since "S" alone does not tell SSH from SMTP.
 */
#include "probe/iam.h"
#include "probe/internal.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEAD_ENOUGH = 16, /* bytes that tell one foreign protocol from another */
};

/* false: out of memory, the batch is spoilt. */
static bool add(struct probe *p, enum ask ask, size_t payload)
{
    if (!ask_add(p->world->batch, ask, p->target, &p->key, payload))
        return false;
    p->asked[p->nasked++] = (uint8_t)ask;
    return true;
}

/* With `any`, only a primary is written to. */
static bool writes(const struct probe *p)
{
    const struct policy *policy = &p->target->options->policy;

    if (!policy->write || policy->role == EXPECT_REPLICA)
        return false;
    return policy->role != EXPECT_ANY || p->evidence.role == ROLE_MASTER;
}

static bool logs_in(const struct probe *p)
{
    return p->target->login.password != NULL;
}

static bool add_store(struct probe *p)
{
    if (writes(p))
        return add(p, ASK_SET, 0) && add(p, ASK_GET, 0);
    p->evidence.stages[STAGE_SET].state = STAGE_NOT_WANTED;
    p->evidence.stages[STAGE_CLEANUP].state = STAGE_NOT_WANTED;
    return add(p, ASK_GET_ABSENT, 0);
}

static bool add_server_info(struct probe *p)
{
    p->evidence.server = calloc(1, sizeof(*p->evidence.server));
    return p->evidence.server && add(p, ASK_INFO_SERVER, 0);
}

/*
 * Nothing that SET needs to know is still to be learnt: no login and no
 * SELECT may fail first, and the role is not what decides.
 */
bool talk_stores_at_once(const struct probe *p)
{
    return !logs_in(p) && p->target->db <= 0 &&
           p->target->options->policy.role != EXPECT_ANY;
}

static bool add_greeting(struct probe *p)
{
    bool added = true;

    if (logs_in(p))
        added = add(p, ASK_AUTH, 0);
    if (p->target->db > 0)
        added = added && add(p, ASK_SELECT, 0);
    added = added && add(p, ASK_PING, 0);
    if (p->is_twin)
        return added;
    added = added && add(p, ASK_ROLE, 0);
    if (p->target->options->server_info)
        added = added && add_server_info(p);
    return added && (!talk_stores_at_once(p) || add_store(p));
}

static bool add_payload(struct probe *p)
{
    size_t size = p->target->options->payloads[p->round];

    return add(p, ASK_SET_PAYLOAD, size) && add(p, ASK_GET_PAYLOAD, size);
}

static bool add_step(struct probe *p)
{
    switch ((enum probe_step)p->step) {
    case STEP_GREET: return add_greeting(p);
    case STEP_REPLICA: return add(p, ASK_INFO_REPLICATION, 0);
    case STEP_STORE: return add_store(p);
    case STEP_PAYLOAD: return add_payload(p);
    case STEP_CLEANUP: return add(p, ASK_DEL, 0);
    case STEP_WAKE: return add(p, ASK_PING, 0);
    default: return false;
    }
}

enum stage talk_due(const struct probe *p)
{
    unsigned at = p->nanswered < p->nasked ? p->nanswered : p->nasked - 1U;

    return p->nasked > 0 ? ask_stage((enum ask)p->asked[at]) : STAGE_PING;
}

static size_t payload_of(const struct probe *p)
{
    return p->step == STEP_PAYLOAD ? p->target->options->payloads[p->round] : 0;
}

/* A whole bulk has come; `p->equal` is for the reply that follows. */
static void on_bulk(void *data, const char *bytes, size_t n)
{
    struct probe *p = data;
    enum ask ask = (enum ask)p->asked[p->nanswered];

    if (ask == ASK_INFO_SERVER && p->evidence.server)
        ask_read_server(bytes, n, p->evidence.server);
    else if (ask == ASK_INFO_REPLICATION)
        ask_read_replication(bytes, n, &p->evidence);
    else
        p->equal = ask_value_equal(ask, &p->key, payload_of(p), bytes, n);
}

/* ROLE and INFO never end a run: what they tell is welcome. */
static void answer_role(struct probe *p, enum ask ask,
                        const struct resp_reply *reply)
{
    struct evidence_stage *role = &p->evidence.stages[STAGE_ROLE];

    if (ask == ASK_ROLE)
        ask_read_role(reply, &p->evidence);
    if (ask != ASK_INFO_SERVER && p->evidence.role != ROLE_UNKNOWN)
        note_pass(p, STAGE_ROLE);
    if (ask == ASK_INFO_REPLICATION && p->evidence.role == ROLE_UNKNOWN) {
        role->state = STAGE_NOT_WANTED;
        role->cause = (uint8_t)ask_judge(ask, reply, false);
    }
}

/* A rejected password may say by itself why: an IAM token has a date. */
static void note_token(struct probe *p)
{
    const struct probe_login *login = &p->target->login;
    struct evidence_iam iam = { 0 };

    if (!login->password || !iam_read(login->password, login->user, &iam))
        return;
    free(p->evidence.iam);
    p->evidence.iam = malloc(sizeof(iam));
    if (p->evidence.iam)
        *p->evidence.iam = iam;
}

static void answer(struct probe *p, const struct resp_reply *reply)
{
    enum ask ask = (enum ask)p->asked[p->nanswered];
    enum stage stage = ask_stage(ask);
    enum cause cause = ask_judge(ask, reply, p->equal);

    p->nanswered++;
    p->equal = false;
    if (stage == STAGE_ROLE)
        answer_role(p, ask, reply);
    else if (cause == CAUSE_OK)
        note_pass(p, stage);
    else if (ask == ASK_AUTH && cause_is_resp(cause, RESP_ERR_NOPASS))
        note_blemish(p, stage, cause, reply->text);
    else
        note_fail(p, stage, cause, reply->text);

    if (cause_is_resp(cause, RESP_ERR_WRONGPASS))
        note_token(p);
    if (cause == CAUSE_OK && ask == ASK_SET)
        p->evidence.written = true;
    if (cause == CAUSE_OK && ask == ASK_DEL)
        p->evidence.cleaned = true;
}

static bool reader_take(struct probe *p)
{
    if (!p->reader) {
        p->reader = p->world->spare;
        p->world->spare = NULL;
    }
    if (!p->reader)
        p->reader = resp_reader_new(PROBE_REPLY_LIMIT);
    if (!p->reader)
        return false;
    resp_reader_set_limit(p->reader, PROBE_REPLY_LIMIT + payload_of(p));
    resp_reader_on_bulk(p->reader, on_bulk, p);
    return true;
}

/* A reader between two replies serves the next probe that gets bytes. */
static void reader_give(struct probe *p)
{
    resp_reader_on_bulk(p->reader, NULL, NULL);
    if (p->world->spare || !resp_reader_idle(p->reader))
        resp_reader_free(p->reader);
    else
        p->world->spare = p->reader;
    p->reader = NULL;
}

static enum net_feed on_garbled(struct probe *p, const char *bytes, size_t n)
{
    const struct evidence_fault *fault;

    p->garbled = true;
    note_head(p, bytes, n);
    fault = p->evidence.fault;
    if (!fault || fault->nhead >= HEAD_ENOUGH ||
        memchr(fault->head, '\n', fault->nhead))
        return NET_FEED_BAD;
    return NET_FEED_MORE;
}

static enum net_feed on_bytes(struct net_conn *conn, const char *bytes,
                              size_t n)
{
    struct probe *p = conn->data;
    struct resp_reply reply;
    enum resp_read read = RESP_READ_MORE;

    if (p->garbled)
        return on_garbled(p, bytes, n);
    if (!reader_take(p))
        return NET_FEED_BAD;
    resp_reader_feed(p->reader, bytes, n);
    while (p->nanswered < p->nasked &&
           (read = resp_reader_next(p->reader, &reply)) == RESP_READ_REPLY)
        answer(p, &reply);
    if (read == RESP_READ_BAD)
        return on_garbled(p, bytes, n);
    if (read == RESP_READ_NOMEM) {
        resp_reader_free(p->reader);
        p->reader = NULL;
        return NET_FEED_BAD;
    }

    if (resp_reader_idle(p->reader)) {
        reader_give(p);
        note_head_clear(p);
    } else if (p->nanswered < p->nasked) {
        note_head(p, bytes, n);
    }
    return p->nanswered < p->nasked ? NET_FEED_MORE : NET_FEED_DONE;
}

bool talk_begin(struct probe *p)
{
    struct probe_world *world = p->world;

    p->nasked = p->nanswered = 0;
    if (!world->batch)
        world->batch = calloc(1, sizeof(*world->batch));
    if (!world->batch)
        return false;
    resp_batch_clear(world->batch);
    return add_step(p);
}

void talk_batch_free(struct resp_batch **batch)
{
    if (*batch)
        resp_batch_free(*batch);
    free(*batch);
    *batch = NULL;
}

void talk_send(struct probe *p, net_conn_cb cb)
{
    struct resp_batch *batch = p->world->batch;

    for (unsigned i = 0; i < p->nasked; i++)
        note_begin(p, ask_stage((enum ask)p->asked[i]), p->sent_ns);
    p->equal = false;
    p->world->io->exchange(&p->conn, batch->bytes, batch->length, on_bytes, cb);
    if (p->world->io->sent(&p->conn)) {
        resp_batch_clear(batch);
    } else {
        p->held = batch;
        p->world->batch = NULL;
    }
}

/*
 * A reply that began and was cut off is no mere end of the connection; bytes
 * that found no reader found no memory.
 */
enum cause talk_cause(const struct probe *p, enum net_status status)
{
    bool cut =
        status == NET_CLOSED || status == NET_RESET || status == NET_TIMEOUT;

    if (p->garbled && status != NET_CANCELED)
        return cause_of_net(NET_BADREPLY);
    if (cut && p->reader && !resp_reader_idle(p->reader) && payload_of(p) == 0)
        return cause_of_net(NET_BADREPLY);
    if (status == NET_BADREPLY && !p->reader)
        return cause_of_net(NET_NOMEM);
    return cause_of_net(status);
}

void talk_release(struct probe *p)
{
    talk_batch_free(&p->held);
    if (p->reader)
        reader_give(p);
}
