/*
 * words_tls.c -- the handshake and the certificate.
 */
#include <string.h>

#include "verdict/words.h"

/* RFC 8446, 6, and RFC 6066 for those about names. */
static const char *alert_name(int alert)
{
    switch (alert) {
    case 10: return "unexpected_message";
    case 20: return "bad_record_mac";
    case 22: return "record_overflow";
    case 40: return "handshake_failure";
    case 42: return "bad_certificate";
    case 43: return "unsupported_certificate";
    case 44: return "certificate_revoked";
    case 45: return "certificate_expired";
    case 46: return "certificate_unknown";
    case 47: return "illegal_parameter";
    case 48: return "unknown_ca";
    case 49: return "access_denied";
    case 50: return "decode_error";
    case 51: return "decrypt_error";
    case 70: return "protocol_version";
    case 71: return "insufficient_security";
    case 80: return "internal_error";
    case 86: return "inappropriate_fallback";
    case 90: return "user_canceled";
    case 109: return "missing_extension";
    case 110: return "unsupported_extension";
    case 112: return "unrecognized_name";
    case 113: return "bad_certificate_status_response";
    case 115: return "unknown_psk_identity";
    case 116: return "certificate_required";
    case 120: return "no_application_protocol";
    default: return NULL;
    }
}

static void add_alert(struct text *text, const struct net_tls_info *tls)
{
    const char *name = tls ? alert_name(tls->alert) : NULL;

    text_add(text, "the peer refused TLS");
    if (tls && tls->alert != NET_TLS_ALERT_NONE)
        text_add(text, ": alert %d", tls->alert);
    if (name)
        text_add(text, " (%s)", name);
}

static void add_names(struct text *text, const struct net_tls_info *tls)
{
    text_add(text, "the certificate is for ");
    if (!tls || tls->nsans == 0)
        text_add(text, "no name");
    else
        text_escaped(text, tls->sans[0], strlen(tls->sans[0]));
    if (tls && tls->nsans > 1)
        text_add(text, " and %u more", tls->nsans - 1);
}

/* Not before, or not after: what the verification saw, else the latter. */
static void add_date(struct text *text, const struct net_tls_info *tls,
                     const char *passed)
{
    enum { X509_NOT_YET_VALID = 9 };

    if (tls && tls->verify_error == X509_NOT_YET_VALID) {
        text_add(text, "the certificate is not valid before ");
        text_date(text, tls->not_before);
    } else {
        text_add(text, "%s", passed);
        if (tls && tls->not_after != 0) {
            text_add(text, " on ");
            text_date(text, tls->not_after);
        }
    }
}

static void add_chain(struct text *text, const struct net_tls_info *tls)
{
    text_add(text, "no trusted issuer");
    if (!tls)
        return;
    text_add(text, ": ");
    text_escaped(text, tls->verify_text, strlen(tls->verify_text));
    text_add(text, " (%ld)", tls->verify_error);
}

static void add_not_offered(struct text *text,
                            const struct evidence_address *address,
                            const struct verdict *verdict)
{
    const struct net_tls_info *tls = address->tls;

    if (tls && tls->nhead > 0) {
        text_add(text, "plain text comes back to the ClientHello");
        return;
    }
    text_add(text, verdict->cause == cause_of_net(NET_TIMEOUT)
                       ? "no ServerHello in "
                       : "the ClientHello ends the connection after ");
    text_duration(text, words_took_ns(address, verdict));
    if (verdict->ncandidates == 0)
        text_add(text, ", while plain text is answered");
}

bool words_tls(struct text *text, const struct evidence_address *address,
               const struct verdict *verdict)
{
    const struct net_tls_info *tls = address->tls;

    switch ((int)verdict->id) {
    case VERDICT_TLS_NOT_OFFERED:
        add_not_offered(text, address, verdict);
        break;
    case VERDICT_TLS_HANDSHAKE_STALL:
        text_add(text, "the TLS handshake began, and nothing more came in ");
        text_duration(text, words_took_ns(address, verdict));
        break;
    case VERDICT_TLS_EOF_NO_ALERT:
        text_add(text, "closed in the TLS handshake, without an alert");
        break;
    case VERDICT_TLS_NAME_MISMATCH: add_names(text, tls); break;
    case VERDICT_TLS_EXPIRED:
        add_date(text, tls, "the certificate expired");
        break;
    case VERDICT_TLS_EXPIRES_SOON:
        add_date(text, tls, "the certificate expires");
        break;
    case VERDICT_TLS_UNKNOWN_CA: add_chain(text, tls); break;
    case VERDICT_TLS_ALERT: add_alert(text, tls); break;
    default: return false;
    }
    return true;
}
