/*
 * words_redis.c -- the server answered, and this is what it said.
 */
#include <string.h>

#include "verdict/words.h"

static void add_reply(struct text *text, const struct evidence_address *address)
{
    const char *reply = address->fault ? address->fault->text : "";

    text_escaped(text, reply, strlen(reply));
}

static void add_replica(struct text *text,
                        const struct evidence_address *address)
{
    text_add(text, "replica");
    if (address->master) {
        text_add(text, " of ");
        text_escaped(text, address->master, strlen(address->master));
    }
}

static void add_readonly(struct text *text,
                         const struct evidence_address *address,
                         const struct verdict *verdict)
{
    bool told = cause_is_resp(verdict->cause, RESP_ERR_READONLY);

    words_command(text, address, verdict);
    text_add(text, told ? " refused: this is a read-only "
                        : " ends the connection: this is a ");
    add_replica(text, address);
}

static void add_moved(struct text *text, const struct evidence_address *address,
                      const struct verdict *verdict)
{
    char where[EVIDENCE_TEXT_MAX];
    const char *reply = address->fault ? address->fault->text : "";

    words_command(text, address, verdict);
    text_add(text, " refused: %s", cause_text(verdict->cause));
    if (!resp_error_redirect(reply, strlen(reply), where, sizeof(where)))
        return;
    text_add(text, ", ");
    text_escaped(text, where, strlen(where));
    if (verdict->id == VERDICT_REDIS_MOVED_UNREACHABLE)
        text_add(text, ", which cannot be reached");
}

static void add_role(struct text *text, const struct evidence_address *address)
{
    text_add(text, "the role is ");
    if (address->role == ROLE_REPLICA)
        add_replica(text, address);
    else
        text_add(text, "master");
}

static void add_head(struct text *text, const struct evidence_address *address,
                     const struct verdict *verdict)
{
    const struct evidence_fault *fault = address->fault;
    const struct net_tls_info *tls = address->tls;

    text_add(text, ": \"");
    if (verdict->stage == STAGE_TLS && tls)
        text_escaped(text, tls->head, tls->nhead);
    else if (fault && fault->nhead > 0)
        text_escaped(text, fault->head, fault->nhead);
    else
        add_reply(text, address);
    text_add(text, "\"");
}

static void add_value(struct text *text, const struct evidence_address *address,
                      const struct verdict *verdict)
{
    if (verdict->cause == CAUSE_EXISTS)
        text_add(text, "a random key that nobody wrote is there");
    else if (verdict->stage == STAGE_SET)
        text_add(text, "the key that SET wrote is gone");
    else
        text_add(text, "GET returns another value than SET wrote");
    if (address->fault && address->fault->payload > 0)
        text_add(text, ", %zu bytes", address->fault->payload);
}

/* An error reply: its own words where they tell more than its class. */
static void add_refusal(struct text *text,
                        const struct evidence_address *address,
                        const struct verdict *verdict)
{
    bool own = cause_is_resp(verdict->cause, RESP_ERR_NOPERM) ||
               cause_is_resp(verdict->cause, RESP_ERR_UNKNOWN) ||
               cause_is_resp(verdict->cause, RESP_ERR_DBINDEX) ||
               cause_is_resp(verdict->cause, RESP_ERR_OTHER);

    words_command(text, address, verdict);
    text_add(text, " refused: ");
    if (own && address->fault && address->fault->text[0])
        add_reply(text, address);
    else
        text_add(text, "%s", cause_text(verdict->cause));
}

static bool is_refusal(const struct verdict *verdict)
{
    return (int)verdict->cause > (int)CAUSE_RESP &&
           (int)verdict->cause < (int)CAUSE_OWN;
}

/* With TLS it is said by ending the connection. */
static void add_maxclients(struct text *text,
                           const struct evidence_address *address,
                           const struct verdict *verdict)
{
    if (is_refusal(verdict))
        add_refusal(text, address, verdict);
    else
        text_add(text, "TLS is up, then closed; the same once more passes");
}

static void add_protocol(struct text *text,
                         const struct evidence_address *address,
                         const struct verdict *verdict)
{
    if (is_refusal(verdict)) {
        add_refusal(text, address, verdict);
        return;
    }
    text_add(text, "the reply to ");
    words_command(text, address, verdict);
    text_add(text, verdict->cause == CAUSE_UNEXPECTED
                       ? " is not one that Redis gives"
                       : " is cut short or is no RESP");
}

bool words_redis(struct text *text, const struct evidence_address *address,
                 const struct verdict *verdict)
{
    switch ((int)verdict->id) {
    case VERDICT_REDIS_READONLY: add_readonly(text, address, verdict); break;
    case VERDICT_REDIS_MOVED:
    case VERDICT_REDIS_MOVED_UNREACHABLE:
        add_moved(text, address, verdict);
        break;
    case VERDICT_AUTH_IAM_EXPIRED:
        words_command(text, address, verdict);
        text_add(text, " refused: the IAM token is no good");
        break;
    case VERDICT_REDIS_MAXCLIENTS:
        add_maxclients(text, address, verdict);
        break;
    case VERDICT_REDIS_ROLE_MISMATCH: add_role(text, address); break;
    case VERDICT_REDIS_SENTINEL:
        text_add(text, "this is a Sentinel, it holds no data");
        break;
    case VERDICT_REDIS_VALUE_MISMATCH: add_value(text, address, verdict); break;
    case VERDICT_REDIS_PROTOCOL: add_protocol(text, address, verdict); break;
    case VERDICT_WRONG_SERVICE:
        text_add(text, "this is not Redis");
        add_head(text, address, verdict);
        break;
    case VERDICT_CLEANUP_FAILED:
        text_add(text, "the key stays until it expires in a minute: DEL: ");
        text_add(text, "%s", cause_text(verdict->cause));
        break;
    default:
        if (!is_refusal(verdict))
            return false;
        add_refusal(text, address, verdict);
    }
    return true;
}
