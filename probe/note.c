/*
 * note.c -- what a probe saw, put down as evidence.
 *
 * A stage is noted when it begins and when it ends.  Details are kept of the
 * first failure only, in memory that a healthy address never asks for; without
 * memory the cause is still there.
 */
#include "probe/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TICK_MS = 10, /* of the kernel's clock, at its coarsest */
};

static struct evidence_stage *stage_of(struct probe *p, enum stage stage)
{
    return &p->evidence.stages[stage];
}

void note_begin(struct probe *p, enum stage stage, uint64_t start_ns)
{
    struct evidence_stage *s = stage_of(p, stage);

    if (s->start_ns == 0)
        s->start_ns = start_ns;
}

/*
 * A reply was late, or this machine was: what the kernel did not wait for was
 * spent here, before the request had left or after the reply had come.
 */
static void note_late(struct probe *p, struct evidence_stage *s)
{
    uint32_t took_ms = s->took_us / 1000;
    uint32_t waited_ms = p->world->io->waited_ms(&p->conn) + TICK_MS;
    uint32_t late_ms = took_ms > waited_ms ? took_ms - waited_ms : 0;

    s->late_ms = late_ms < UINT16_MAX ? (uint16_t)late_ms : UINT16_MAX;
}

void note_pass(struct probe *p, enum stage stage)
{
    struct evidence_stage *s = stage_of(p, stage);

    if (s->state == STAGE_FAILED || s->state == STAGE_PASSED)
        return;
    s->state = STAGE_PASSED;
    evidence_stage_end(s, p->world->io->now());
    if (stage > STAGE_TLS && s->took_us >= STAGE_LONG_US)
        note_late(p, s);
}

static struct evidence_fault *fault_of(struct probe *p)
{
    if (!p->evidence.fault)
        p->evidence.fault = calloc(1, sizeof(*p->evidence.fault));
    return p->evidence.fault;
}

/*
 * Where the password begins in what a server sent, or `n`.  Redis repeats the
 * arguments of a command that it does not know, AUTH's too where that was
 * renamed.  Four letters are enough: what is shown may be cut anywhere.
 */
static size_t password_at(const struct probe *p, const char *bytes, size_t n)
{
    const char *password = p->target->login.password;
    const char *at = NULL;

    if (password && password[0] != '\0')
        at = memmem(bytes, n, password, strnlen(password, 4));
    return at ? (size_t)(at - bytes) : n;
}

static void copy_text(struct probe *p, const char *text)
{
    struct evidence_fault *fault = p->evidence.fault;
    size_t n = strlen(text);
    size_t at = password_at(p, text, n);

    (void)snprintf(fault->text, sizeof(fault->text), "%.*s%s", (int)at, text,
                   at < n ? "***" : "");
}

static void note_fault(struct probe *p, const char *text)
{
    struct evidence_fault *fault = fault_of(p);

    if (!fault)
        return;
    fault->native = p->conn.native;
    fault->tcp = p->world->io->tcpinfo(&p->conn);
    fault->waited_ns = p->world->io->now() - p->sent_ns;
    copy_text(p, text ? text : "");
    if (p->step == STEP_PAYLOAD)
        fault->payload = p->target->options->payloads[p->round];
}

static void stage_fail(struct probe *p, enum stage stage, enum cause cause,
                       const char *text)
{
    struct evidence_stage *s = stage_of(p, stage);

    /* A handshake that is refused after its end has taken all that time. */
    if (stage != STAGE_TLS || s->state != STAGE_PASSED)
        s->start_ns = p->sent_ns;
    s->state = STAGE_FAILED;
    s->cause = (uint8_t)cause;
    evidence_stage_end(s, p->world->io->now());
    note_fault(p, text);
}

void note_fail(struct probe *p, enum stage stage, enum cause cause,
               const char *text)
{
    if (p->failed)
        return;
    p->failed = true;
    stage_fail(p, stage, cause, text);
}

void note_blemish(struct probe *p, enum stage stage, enum cause cause,
                  const char *text)
{
    if (!p->failed)
        stage_fail(p, stage, cause, text);
}

void note_head(struct probe *p, const char *bytes, size_t n)
{
    struct evidence_fault *fault = fault_of(p);

    if (!fault)
        return;
    if (n > sizeof(fault->head) - fault->nhead)
        n = sizeof(fault->head) - fault->nhead;
    memcpy(fault->head + fault->nhead, bytes, n);
    n += fault->nhead;
    fault->nhead = (unsigned)password_at(p, (const char *)fault->head, n);
}

void note_head_clear(struct probe *p)
{
    if (p->evidence.fault)
        p->evidence.fault->nhead = 0;
}

void note_tls(struct probe *p)
{
    const struct net_tls_info *info = p->world->io->tls(&p->conn);

    if (!info)
        return;
    if (!p->evidence.tls)
        p->evidence.tls = malloc(sizeof(*info));
    if (p->evidence.tls)
        *p->evidence.tls = *info;
}
