/*
 * tls_fault.c -- what went wrong, in OpenSSL's words.
 *
 * OpenSSL leaves a queue of codes, the innermost first.  An alert of the peer
 * is there too, as reason 1000 + its number: no callback has to listen for it.
 */
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>

#include "net/tls_openssl.h"

/* The text of one code; "" when the library did not load one (tls_openssl.c
 * says which it does). */
static const char *reason_text(unsigned long code)
{
    const char *text = ERR_reason_error_string(code);

    return text != NULL ? text : "";
}

/* Which alert of the peer `code` stands for. */
static int alert_of(unsigned long code)
{
    const int reason = ERR_GET_REASON(code);

    if (ERR_GET_LIB(code) != ERR_LIB_SSL || reason < SSL_AD_REASON_OFFSET ||
        reason > SSL_AD_REASON_OFFSET + UINT8_MAX)
        return NET_TLS_ALERT_NONE;
    return reason - SSL_AD_REASON_OFFSET;
}

/* What `code` adds to what is known; NET_TLS_ERROR when nothing. */
static enum net_status status_of(unsigned long code)
{
    if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE)
        return NET_NOMEM;
    if (alert_of(code) != NET_TLS_ALERT_NONE)
        return NET_TLS_ALERT;
    if (ERR_GET_LIB(code) == ERR_LIB_SSL &&
        ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED)
        return NET_TLS_VERIFY;
    return NET_TLS_ERROR;
}

static void note_code(unsigned long code, struct net_tls_info *info)
{
    const int alert = alert_of(code);

    if (alert != NET_TLS_ALERT_NONE)
        info->alert = alert;
    if (info->error[0] == '\0')
        (void)snprintf(info->error, sizeof(info->error), "%s",
                       reason_text(code));
}

enum net_status tls_fault_take(int native, struct net_tls_info *info)
{
    /* The only system call of ours is to allocate (tls_buffer.c). */
    enum net_status status =
        native == SSL_ERROR_SYSCALL ? NET_NOMEM : NET_TLS_ERROR;
    const unsigned long first = ERR_peek_error();
    unsigned long code;

    while ((code = ERR_get_error()) != 0) {
        note_code(code, info);
        if (status == NET_TLS_ERROR)
            status = status_of(code);
    }
    if (status == NET_TLS_VERIFY && info->verify_error == X509_V_ERR_OUT_OF_MEM)
        status = NET_NOMEM;
    if (info->error[0] == '\0' && first != 0)
        ERR_error_string_n(first, info->error, sizeof(info->error));
    return status;
}

const char *tls_fault_text(void)
{
    const unsigned long code = ERR_peek_last_error();
    const char *text = reason_text(code);

    ERR_clear_error();
    return text[0] != '\0' ? text : "cannot be parsed";
}

/* NOLINTNEXTLINE(readability-non-const-parameter): it is a pem_password_cb */
int tls_no_password(char *password, int size, int writing, void *asked)
{
    (void)password;
    (void)size;
    (void)writing;
    *(bool *)asked = true;
    return -1;
}
