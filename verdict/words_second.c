/*
 * words_second.c -- what second probes saw, and what an IAM token says.
 */
#include "verdict/words.h"

static void add_exchange(struct text *text, const struct evidence_trial *trial)
{
    if (trial->exchange != NET_TIMEOUT || trial->took_us == 0) {
        text_add(text, "%s", net_status_text((enum net_status)trial->exchange));
        return;
    }
    text_add(text, "no answer in ");
    text_duration(text, trial->took_us * UINT64_C(1000));
}

static void add_trial(struct text *text, const struct evidence_trial *trial)
{
    if (trial->connect != NET_OK)
        text_add(text, "no connection, %s",
                 net_status_text((enum net_status)trial->connect));
    else if (trial->nhead > 0 || trial->server_hello)
        text_add(text, "answered");
    else if (trial->handshake != NET_OK)
        text_add(text, "%s",
                 net_status_text((enum net_status)trial->handshake));
    else
        add_exchange(text, trial);
}

static void add_ports(struct text *text, const struct evidence_second *second)
{
    unsigned tried = second->ports_tried, failed = second->ports_failed;

    text_count(text, tried, "other source port");
    text_add(text, ": %u connect, %u do not", tried - failed, failed);
    if (failed > 0 && failed < tried)
        text_add(text, ", %u of these again not", second->ports_again);
}

static void add_sources(struct text *text, const struct evidence_second *second)
{
    unsigned tried = second->sources_tried, failed = second->sources_failed;
    char host[NET_ADDR_TEXT_MAX];

    text_count(text, tried, "other local address");
    text_add(text, ": %u connect, %u do not", tried - failed, failed);
    if (failed < tried)
        text_add(text, ", %s does", net_addr_host(&second->source, host));
    if (second->astray)
        text_add(text, "; packets from our own leave by another's link");
}

static void add_ladder(struct text *text, const struct evidence_second *second)
{
    text_add(text, "PING of %u bytes comes back",
             (unsigned)second->ladder_most);
    if (second->ladder_least > 0)
        text_add(text, ", of %u not", (unsigned)second->ladder_least);
}

void words_second(struct text *text, const struct evidence_second *second,
                  enum second kind)
{
    const struct evidence_trial *trial =
        &second->trials[kind <= SECOND_PING ? kind : SECOND_PING];

    switch (kind) {
    case SECOND_TLS: text_add(text, "TLS on a second connection: "); break;
    case SECOND_PLAIN:
        text_add(text, "a plain PING on a second connection: ");
        break;
    case SECOND_FLOOD: text_add(text, "64 KiB without a line end: "); break;
    case SECOND_RETRY: text_add(text, "the same once more: "); break;
    case SECOND_PING: text_add(text, "a PING beside it: "); break;
    case SECOND_REDIRECT:
        text_add(text, "%s, where the reply points: %s", second->redirect,
                 trial->connect == NET_OK
                     ? "connected"
                     : net_status_text((enum net_status)trial->connect));
        return;
    case SECOND_PORTS: add_ports(text, second); return;
    case SECOND_SOURCES: add_sources(text, second); return;
    case SECOND_LADDER: add_ladder(text, second); return;
    case SECOND_COUNT: return;
    }
    add_trial(text, trial);
}

void words_token(struct text *text, const struct evidence_iam *iam,
                 int64_t now_s)
{
    if (iam->other_user)
        text_add(text, "the token is of another user");
    else if (iam->dns_name)
        text_add(text, "the token is for a DNS name, not for a cache's name");
    else if (iam->signed_s > now_s)
        text_add(text, "the token is signed %lld s ahead of this clock",
                 (long long)(iam->signed_s - now_s));
    else
        text_add(text, "the token was signed %lld s ago, for %lld s",
                 (long long)(now_s - iam->signed_s), (long long)iam->expires_s);
}
