/*
 * words.c -- what the words of all subjects share, and those for the rest.
 */
#include "verdict/words.h"

#include <errno.h>
#include <string.h>

static const char *command_of(enum stage stage)
{
    switch (stage) {
    case STAGE_TCP: return "connect";
    case STAGE_TLS: return "the TLS handshake";
    case STAGE_AUTH: return "AUTH";
    case STAGE_PING: return "PING";
    case STAGE_ROLE: return "ROLE";
    case STAGE_SET: return "SET";
    case STAGE_GET: return "GET";
    case STAGE_CLEANUP: return "DEL";
    default: return "the look-up";
    }
}

void words_command(struct text *text, const struct evidence_address *address,
                   const struct verdict *verdict)
{
    const struct evidence_fault *fault = address->fault;

    text_add(text, "%s",
             cause_is_resp(verdict->cause, RESP_ERR_DBINDEX)
                 ? "SELECT"
                 : command_of(verdict->stage));
    if (fault && fault->payload > 0)
        text_add(text, " of %zu bytes", fault->payload);
}

static const char *errno_name(int number)
{
    switch (number) {
    case EACCES: return "EACCES";
    case EADDRINUSE: return "EADDRINUSE";
    case EADDRNOTAVAIL: return "EADDRNOTAVAIL";
    case EAFNOSUPPORT: return "EAFNOSUPPORT";
    case ECONNABORTED: return "ECONNABORTED";
    case ECONNREFUSED: return "ECONNREFUSED";
    case ECONNRESET: return "ECONNRESET";
    case EHOSTDOWN: return "EHOSTDOWN";
    case EHOSTUNREACH: return "EHOSTUNREACH";
    case EINVAL: return "EINVAL";
    case EMFILE: return "EMFILE";
    case ENETDOWN: return "ENETDOWN";
    case ENETUNREACH: return "ENETUNREACH";
    case ENFILE: return "ENFILE";
    case ENOBUFS: return "ENOBUFS";
    case ENOMEM: return "ENOMEM";
    case ENOPROTOOPT: return "ENOPROTOOPT";
    case EPERM: return "EPERM";
    case EPIPE: return "EPIPE";
    case EPROTO: return "EPROTO";
    case ETIMEDOUT: return "ETIMEDOUT";
    default: return NULL;
    }
}

void words_errno(struct text *text, int native)
{
    const char *name = errno_name(-native);

    if (name)
        text_add(text, "%s", name);
    else
        text_add(text, "errno %d", -native);
}

const struct net_tcpinfo *words_tcpinfo(const struct evidence_address *address)
{
    return address->fault ? &address->fault->tcp : &address->tcp;
}

uint64_t words_took_ns(const struct evidence_address *address,
                       const struct verdict *verdict)
{
    uint64_t ns = 0;

    if (verdict->stage < STAGE_COUNT)
        ns = evidence_stage_ns(&address->stages[verdict->stage]);
    return ns == 0 && address->fault ? address->fault->waited_ns : ns;
}

bool words_is_idle_end(const struct evidence_address *address,
                       const struct verdict *verdict)
{
    return address->idle && address->idle->during &&
           verdict->stage == STAGE_PING;
}

static bool words_idle_end(struct text *text,
                           const struct evidence_address *address,
                           const struct verdict *verdict)
{
    if (!words_is_idle_end(address, verdict))
        return false;
    text_add(text, "%s after ", cause_text(verdict->cause));
    text_duration(text, address->idle->silent_ns);
    text_add(text, " of silence");
    if (verdict->cause == cause_of_net(NET_CLOSED))
        text_add(text, ", as the engine's timeout parameter does");
    return true;
}

void words_other(struct text *text, const struct evidence_address *address,
                 const struct verdict *verdict)
{
    const struct evidence_fault *fault = address->fault;

    switch ((int)verdict->id) {
    case VERDICT_OK: text_add(text, "passes"); return;
    case VERDICT_WATCHDOG: text_add(text, "not done in time"); return;
    case VERDICT_THRESHOLD_EXCEEDED:
        if (verdict->stage < STAGE_COUNT)
            text_add(text, "%s took ", stage_token(verdict->stage));
        text_duration(text, words_took_ns(address, verdict));
        return;
    default: break;
    }

    if (words_idle_end(text, address, verdict))
        return;
    if (verdict->stage < STAGE_COUNT) {
        words_command(text, address, verdict);
        text_add(text, ": ");
    }
    text_add(text, "%s", cause_text(verdict->cause));
    if (fault && fault->native != 0) {
        text_add(text, " (");
        words_errno(text, fault->native);
        text_add(text, ")");
    }
}
