/*
 * words_silence.c -- connected, and then no answer, or the end.
 */
#include "verdict/words.h"

static void add_queue(struct text *text, const struct net_tcpinfo *tcp)
{
    text_add(text, "%u unacked, ", tcp->unacked);
    text_count(text, tcp->retransmits, "retransmit");
}

static void add_wait(struct text *text, const struct evidence_address *address,
                     const struct verdict *verdict, const char *before)
{
    text_add(text, "%s", before);
    text_duration(text, words_took_ns(address, verdict));
}

static void add_mtu(struct text *text, const struct evidence_address *address,
                    const struct verdict *verdict)
{
    const struct net_tcpinfo *tcp = words_tcpinfo(address);

    words_command(text, address, verdict);
    text_add(text, tcp->unacked > 0 ? " hangs on the way there: "
                                    : " hangs on the way back: ");
    add_queue(text, tcp);
    if (address->payload_edge > 0)
        text_add(text, "; %u bytes passed", (unsigned)address->payload_edge);
    if (tcp->snd_mss > 0)
        text_add(text, ", MSS %u", tcp->snd_mss);
}

static void add_end(struct text *text, const struct evidence_address *address,
                    const struct verdict *verdict)
{
    text_add(text,
             verdict->cause == cause_of_net(NET_RESET) ? "reset" : "closed");
    if (verdict->stage == STAGE_TCP) {
        text_add(text, " while connecting");
        return;
    }
    add_wait(text, address, verdict, " by the peer ");
    text_add(text, " after ");
    words_command(text, address, verdict);
    text_add(text, ", no byte came");
}

static void add_twin(struct text *text, const struct evidence_idle *idle)
{
    if (!idle->twin_ran)
        return;
    text_add(text, idle->twin_cause == CAUSE_OK
                       ? "; a twin with keepalive held"
                       : "; a twin with keepalive failed too");
}

static bool words_idle(struct text *text,
                       const struct evidence_address *address,
                       const struct verdict *verdict)
{
    const struct evidence_idle *idle = address->idle;

    if (!idle)
        return false;
    if (verdict->id == VERDICT_TCP_IDLE_RESET)
        text_add(text, verdict->cause == cause_of_net(NET_RESET)
                           ? "reset after "
                           : "closed after ");
    else
        text_add(text, "no answer after ");
    text_duration(text, idle->silent_ns);
    text_add(text, " of silence");
    if (verdict->id == VERDICT_TCP_IDLE_BLACKHOLE) {
        text_add(text, ": ");
        add_queue(text,
                  idle->tcp.unacked > 0 ? &idle->tcp : words_tcpinfo(address));
    }
    add_twin(text, idle);
    return true;
}

bool words_silence(struct text *text, const struct evidence_address *address,
                   const struct verdict *verdict)
{
    switch ((int)verdict->id) {
    case VERDICT_NET_DATA_SWALLOWED:
        words_command(text, address, verdict);
        add_wait(text, address, verdict, " not acknowledged in ");
        text_add(text, ": ");
        add_queue(text, words_tcpinfo(address));
        break;
    case VERDICT_NET_MTU_BLACKHOLE: add_mtu(text, address, verdict); break;
    case VERDICT_APP_PROXY_V2:
        text_add(text, "a PROXY header stands before the data: ");
        words_command(text, address, verdict);
        add_wait(text, address, verdict, " is not answered in ");
        break;
    case VERDICT_APP_SILENT:
        words_command(text, address, verdict);
        add_wait(text, address, verdict, " acknowledged, no reply in ");
        break;
    case VERDICT_TLS_REQUIRED:
        text_add(text, "the server speaks TLS: ");
        if (verdict->cause == cause_of_net(NET_BADREPLY))
            text_add(text, "a TLS record comes back to a plain command");
        else if (verdict->cause == cause_of_net(NET_TIMEOUT))
            text_add(text, "a plain command is not answered");
        else
            add_end(text, address, verdict);
        break;
    case VERDICT_TCP_RST_AFTER_ACCEPT: add_end(text, address, verdict); break;
    case VERDICT_TLS_LISTENER_DEAD_TARGET:
        text_add(text, "TLS is up, then ");
        add_end(text, address, verdict);
        break;
    case VERDICT_TCP_IDLE_RESET:
    case VERDICT_TCP_IDLE_BLACKHOLE: return words_idle(text, address, verdict);
    default: return false;
    }
    return true;
}
