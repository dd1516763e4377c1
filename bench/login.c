/*
 * login.c -- AUTH and SELECT in one write; the first error decides.
 *
 * An old server that has no password configured answers AUTH with an error:
 * that is none here, since commands are then allowed (redis-cli warns, too).
 */
#include "bench/login.h"

#include <stdio.h>
#include <string.h>

#include "resp/errors.h"

static bool format_auth(struct resp_batch *batch, const char *user,
                        const char *password)
{
    const char *named[] = { "AUTH", user, password };
    const char *plain[] = { "AUTH", password };

    if (!password)
        return true;
    if (user)
        return resp_batch_add(batch, 3, named, NULL);
    return resp_batch_add(batch, 2, plain, NULL);
}

static bool format_select(struct resp_batch *batch, int db)
{
    char number[16];
    const char *argv[] = { "SELECT", number };

    if (db <= 0)
        return true;
    (void)snprintf(number, sizeof(number), "%d", db);
    return resp_batch_add(batch, 2, argv, NULL);
}

bool login_format(struct resp_batch *batch, const char *user,
                  const char *password, int db)
{
    *batch = (struct resp_batch){ 0 };
    if (format_auth(batch, user, password) && format_select(batch, db))
        return true;
    resp_batch_free(batch);
    return false;
}

bool login_is_denied(enum cause cause)
{
    return cause_is_resp(cause, RESP_ERR_NOAUTH) ||
           cause_is_resp(cause, RESP_ERR_WRONGPASS);
}

void login_begin(struct login *login, const struct resp_batch *batch)
{
    *login = (struct login){ .left = batch->commands };
}

static void judge(struct login *login)
{
    enum resp_error error =
        resp_error_of(login->scan.text, strlen(login->scan.text));

    if (login->cause != CAUSE_OK || error == RESP_ERR_NOPASS)
        return;
    login->cause = cause_of_resp(error);
    memcpy(login->text, login->scan.text, sizeof(login->text));
    resp_error_hide_arguments(login->text);
}

enum login_end login_take(struct login *login, const char *bytes, size_t n)
{
    const char *at = bytes;

    while (login->left > 0) {
        switch (resp_scan_next(&login->scan, &at, bytes + n)) {
        case RESP_SCAN_MORE: return LOGIN_MORE;
        case RESP_SCAN_BAD:
            login->cause = cause_of_net(NET_BADREPLY);
            return LOGIN_DENIED;
        case RESP_SCAN_ERROR: judge(login); break;
        case RESP_SCAN_REPLY: break;
        }
        login->left--;
    }
    return login->cause == CAUSE_OK ? LOGIN_DONE : LOGIN_DENIED;
}
