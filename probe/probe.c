/*
 * probe.c -- the life of one probe: a row of steps, entered in order.
 *
 *     connect > handshake > greet > replica > store > payload ... > cleanup
 *             > idle > wake > close [> second probes]
 *
 * A step starts one operation, and whatever becomes of it, step_end() alone
 * says what is next.  The first failure is noted and skips to cleanup, which
 * runs when a key of ours is there and the connection is in step.  Close always
 * comes last: who hears of the end finds nothing open.
 *
 * The twin of --idle is a probe of its own beside this one, which greets, is
 * silent with TCP keepalive, and wakes.
 */
#include "probe/diagnose.h"
#include "probe/internal.h"

#include <stdlib.h>
#include <string.h>

enum {
    MS = 1000000,     /* nanoseconds */
    KEEPALIVE_S = 60, /* well below the 350 s of a load balancer */
};

const struct probe_io probe_io_net = {
    .now = net_now,
    .resolve = net_resolve_start,
    .resolve_cancel = net_resolve_cancel,
    .servers = net_resolver_servers,
    .locals = net_locals,
    .connect = net_conn_connect,
    .handshake = net_conn_handshake,
    .exchange = net_conn_exchange,
    .sent = net_conn_sent,
    .wait = net_conn_wait,
    .cancel = net_conn_cancel,
    .close = net_conn_close,
    .dial = net_dial_start,
    .dial_cancel = net_dial_cancel,
    .tcpinfo = net_conn_tcpinfo,
    .waited_ms = net_conn_waited_ms,
    .tls = net_conn_tls,
    .tls_new = net_tls_context_new,
    .tls_free = net_tls_context_free,
};

void probe_world_deinit(struct probe_world *world)
{
    resp_reader_free(world->spare);
    talk_batch_free(&world->batch);
    world->io->tls_free(world->anybody);
    world->spare = NULL;
    world->anybody = NULL;
}

/* A step that has nothing to do ends at once: as deep as there are steps.
 * NOLINTBEGIN(misc-no-recursion) */
static void step_begin(struct probe *p, enum probe_step step);

static void step_end(struct probe *p)
{
    enum probe_step next = (enum probe_step)(p->step + 1);

    if (p->step == STEP_PAYLOAD && !p->failed &&
        ++p->round < p->target->options->npayloads)
        next = STEP_PAYLOAD;
    if (p->failed && next < STEP_CLEANUP)
        next = STEP_CLEANUP;
    step_begin(p, next);
}

static void finish(struct probe *p)
{
    if (!p->failed && p->evidence.fault &&
        evidence_failed_stage(&p->evidence) == STAGE_COUNT) {
        free(p->evidence.fault);
        p->evidence.fault = NULL;
    }
    p->cb(p);
}

static void on_diagnosed(struct diagnosis *diagnosis)
{
    struct probe *p = diagnosis->data;

    diagnose_deinit(diagnosis);
    free(diagnosis);
    p->diagnosis = NULL;
    finish(p);
}

/* Both this connection and the twin's are closed.  Without memory for second
 * probes the first evidence has to do. */
static void settle(struct probe *p)
{
    p->evidence.end_ns = p->world->io->now();
    if (!p->is_twin && p->target->options->diagnose &&
        diagnose_wanted(p->target, &p->evidence))
        p->diagnosis = calloc(1, sizeof(*p->diagnosis));
    if (!p->diagnosis) {
        finish(p);
        return;
    }
    p->diagnosis->data = p;
    diagnose_start(p->diagnosis, p->world, p->target, &p->evidence,
                   p->deadline_ns, on_diagnosed);
}

static void on_closed(struct net_conn *conn, enum net_status status)
{
    struct probe *p = conn->data;

    (void)status;
    p->closed = true;
    if (!p->twin)
        settle(p);
}

static void on_connected(struct net_conn *conn, enum net_status status)
{
    struct probe *p = conn->data;

    if (status == NET_OK) {
        p->evidence.connect_retransmits = conn->syn_retransmits;
        p->evidence.connect_mss = conn->mss;
        note_pass(p, STAGE_TCP);
    } else {
        note_fail(p, STAGE_TCP, cause_of_net(status), NULL);
    }
    step_end(p);
}

static void on_handshaken(struct net_conn *conn, enum net_status status)
{
    struct probe *p = conn->data;

    note_tls(p);
    if (status == NET_OK)
        note_pass(p, STAGE_TLS);
    else
        note_fail(p, STAGE_TLS, cause_of_net(status), NULL);
    step_end(p);
}

/* TLS 1.3 may refuse a client only after the handshake: still its stage. */
static enum stage stage_of_failure(struct probe *p, enum net_status status)
{
    if (status != NET_TLS_ALERT && status != NET_TLS_ERROR)
        return talk_due(p);
    note_tls(p);
    return STAGE_TLS;
}

static void on_answered(struct net_conn *conn, enum net_status status)
{
    struct probe *p = conn->data;

    p->in_step = status == NET_OK;
    if (status != NET_OK)
        note_fail(p, stage_of_failure(p, status), talk_cause(p, status), NULL);
    if (p->step == STEP_PAYLOAD && !p->failed)
        p->evidence.payload_edge =
            (uint32_t)p->target->options->payloads[p->round];
    if (p->step == STEP_WAKE && p->evidence.idle) {
        p->evidence.idle->cause = p->evidence.stages[STAGE_PING].cause;
        p->evidence.idle->tcp = p->world->io->tcpinfo(conn);
    }
    talk_release(p);
    step_end(p);
}

static void on_waited(struct net_conn *conn, enum net_status status)
{
    struct probe *p = conn->data;
    struct evidence_idle *idle = p->evidence.idle;

    idle->silent_ns = p->world->io->now() - p->sent_ns;
    idle->during = status != NET_OK;
    idle->cause = (uint8_t)cause_of_net(status);
    if (status != NET_OK)
        note_fail(p, STAGE_PING, cause_of_net(status), NULL);
    step_end(p);
}

static void on_twin_done(struct probe *twin)
{
    struct probe *p = twin->data;
    enum stage failed = evidence_failed_stage(&twin->evidence);

    p->evidence.idle->twin_ran = true;
    if (failed != STAGE_COUNT)
        p->evidence.idle->twin_cause = twin->evidence.stages[failed].cause;
    probe_deinit(twin);
    free(twin);
    p->twin = NULL;
    if (p->closed)
        settle(p);
}

/* Without memory there is no twin, and the evidence says so. */
static void twin_start(struct probe *p)
{
    struct probe *twin = p->is_twin ? NULL : calloc(1, sizeof(*twin));

    if (!twin)
        return;
    p->twin = twin;
    twin->data = p;
    twin->is_twin = true;
    probe_start(twin, p->world, p->target, &p->evidence.addr, p->deadline_ns,
                on_twin_done);
}

/* The deadline has the silence in it already. */
static void idle_begin(struct probe *p)
{
    unsigned idle_ms = p->target->options->idle_ms;

    p->evidence.idle = calloc(1, sizeof(*p->evidence.idle));
    if (!p->evidence.idle) {
        note_fail(p, STAGE_PING, cause_of_net(NET_NOMEM), NULL);
        step_end(p);
        return;
    }
    p->evidence.idle->wanted_ns = (uint64_t)idle_ms * MS;
    twin_start(p);
    p->world->io->wait(&p->conn, idle_ms, on_waited);
}

static void exchange_begin(struct probe *p)
{
    if (talk_begin(p)) {
        talk_send(p, on_answered);
        return;
    }
    p->in_step = false;
    note_fail(p, talk_due(p), cause_of_net(NET_NOMEM), NULL);
    step_end(p);
}

static void close_begin(struct probe *p)
{
    struct net_tcpinfo tcp = p->world->io->tcpinfo(&p->conn);

    if (tcp.state != 0 && p->evidence.stages[STAGE_TCP].state == STAGE_PASSED)
        p->evidence.tcp = tcp;
    else if (p->evidence.fault)
        p->evidence.tcp = p->evidence.fault->tcp;
    talk_release(p);
    p->world->io->close(&p->conn, on_closed);
}

static bool step_wanted(const struct probe *p, enum probe_step step)
{
    const struct probe_options *options = p->target->options;

    switch (step) {
    case STEP_HANDSHAKE: return p->target->tls;
    case STEP_REPLICA: return !p->is_twin && p->evidence.role == ROLE_UNKNOWN;
    case STEP_STORE: return !p->is_twin && !talk_stores_at_once(p);
    case STEP_PAYLOAD:
        return p->evidence.written && p->round < options->npayloads;
    case STEP_CLEANUP: return p->evidence.written && p->in_step;
    case STEP_IDLE:
    case STEP_WAKE: return !p->failed && options->idle_ms > 0;
    default: return true;
    }
}

/* What is left of the deadline, but never more than a stage's budget. */
static unsigned budget_ms(const struct probe *p)
{
    unsigned most = p->target->options->timeout_ms;
    uint64_t left;

    if (p->sent_ns >= p->deadline_ns)
        return 1;
    left = (p->deadline_ns - p->sent_ns) / MS + 1;
    return left < most ? (unsigned)left : most;
}

static void step_begin(struct probe *p, enum probe_step step)
{
    const struct probe_target *t = p->target;
    const struct probe_options *o = t->options;

    while (!step_wanted(p, step))
        step++;
    p->step = (uint8_t)step;
    p->sent_ns = p->world->io->now();
    p->conn.timeout_ms = budget_ms(p);

    switch (step) {
    case STEP_CONNECT:
        note_begin(p, STAGE_TCP, p->sent_ns);
        p->world->io->connect(&p->conn, &p->evidence.addr, o->source,
                              on_connected);
        break;
    case STEP_HANDSHAKE:
        note_begin(p, STAGE_TLS, p->sent_ns);
        p->world->io->handshake(&p->conn, o->tls,
                                t->tls_name ? t->tls_name : t->host,
                                on_handshaken);
        break;
    case STEP_IDLE: idle_begin(p); break;
    case STEP_CLOSE: close_begin(p); break;
    default: exchange_begin(p); break;
    }
}

/* What will not be asked for, whatever happens. */
static void note_unwanted(struct probe *p)
{
    struct evidence_stage *stages = p->evidence.stages;

    stages[STAGE_DNS].state = STAGE_NOT_WANTED;
    if (!p->target->tls)
        stages[STAGE_TLS].state = STAGE_NOT_WANTED;
    if (!p->target->login.password && p->target->db <= 0)
        stages[STAGE_AUTH].state = STAGE_NOT_WANTED;
    if (!p->target->options->policy.write) {
        stages[STAGE_SET].state = STAGE_NOT_WANTED;
        stages[STAGE_CLEANUP].state = STAGE_NOT_WANTED;
    }
}

void probe_start(struct probe *p, struct probe_world *world,
                 const struct probe_target *target, const struct net_addr *addr,
                 uint64_t deadline_ns, probe_cb cb)
{
    unsigned idle_s = target->options->idle_ms / 3000;

    *p = (struct probe){
        .data = p->data,
        .is_twin = p->is_twin,
        .target = target,
        .world = world,
        .cb = cb,
        .deadline_ns = deadline_ns,
        .evidence = { .addr = *addr,
                      .start_ns = world->io->now(),
                      .password_given = target->login.password != NULL },
        .conn = { .loop = world->loop, .keepalive = p->is_twin }
    };
    p->conn.data = p;
    p->conn.keepalive_s = idle_s < 1             ? 1
                          : idle_s > KEEPALIVE_S ? KEEPALIVE_S
                                                 : idle_s;
    note_unwanted(p);
    if (!p->is_twin && !ask_key_new(&p->key))
        note_fail(p, STAGE_TCP, cause_of_net(NET_SYSTEM), NULL);
    step_begin(p, p->failed ? STEP_CLOSE : STEP_CONNECT);
}

void probe_cancel(struct probe *p)
{
    if (p->twin)
        probe_cancel(p->twin);
    if (p->diagnosis)
        diagnose_cancel(p->diagnosis);
    p->world->io->cancel(&p->conn);
}

/* NOLINTEND(misc-no-recursion) */

void probe_deinit(struct probe *p)
{
    evidence_address_deinit(&p->evidence);
}
