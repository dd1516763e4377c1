/*
 * control.c -- operations of net_conn, one after the other, waited for.
 *
 *     open:  for each address: connect > [handshake] > [login] > PING
 *            if the password was rejected: again with another one
 */
#include "bench/control.h"

#include <stdio.h>
#include <string.h>

#include "bench/renew.h"

static void on_done(struct net_conn *conn, enum net_status status)
{
    struct control *control = conn->data;

    control->status = status;
}

/* Say what is wrong, and where. */
static bool fail(struct control *control, enum cause cause, const char *text)
{
    char where[NET_ADDR_TEXT_MAX];

    control->cause = cause;
    (void)snprintf(
        control->error, sizeof(control->error), "%s: %s",
        net_addr_text(&control->side->addresses[control->address], where),
        text && text[0] ? text : cause_text(cause));
    return false;
}

/* Wait for the operation that was started. */
static bool wait(struct control *control)
{
    net_loop_run(&control->loop);
    if (control->status == NET_OK)
        return true;
    return fail(control, cause_of_net(control->status), NULL);
}

static enum net_feed feed(struct net_conn *conn, const char *bytes, size_t n)
{
    struct control *control = conn->data;

    return login_take(&control->replies, bytes, n) == LOGIN_MORE
               ? NET_FEED_MORE
               : NET_FEED_DONE;
}

bool control_ask(struct control *control, const char *bytes, size_t n,
                 unsigned commands)
{
    control->replies = (struct login){ .left = commands };
    net_conn_exchange(&control->conn, bytes, n, feed, on_done);
    if (!wait(control))
        return false;
    if (control->replies.cause != CAUSE_OK)
        return fail(control, control->replies.cause, control->replies.text);
    return true;
}

static bool handshake(struct control *control)
{
    struct net_conn *conn = &control->conn;
    const struct net_tls_info *info;

    net_conn_handshake(conn, control->side->tls, control->side->tls_name,
                       on_done);
    if (wait(control))
        return true;
    info = net_conn_tls(conn);
    if (control->status == NET_TLS_VERIFY && info)
        return fail(control, control->cause, info->verify_text);
    return false;
}

/* PING that the user may not send is no reason to stop. */
static bool greet(struct control *control)
{
    static const char ping[] = "*1\r\n$4\r\nPING\r\n";
    const struct resp_batch *login = &control->login;

    if (login->commands > 0 &&
        !control_ask(control, login->bytes, login->length, login->commands))
        return false;
    return control_ask(control, ping, sizeof(ping) - 1, 1) ||
           cause_is_resp(control->cause, RESP_ERR_NOPERM);
}

static bool try(struct control *control)
{
    struct net_conn *conn = &control->conn;

    *conn = (struct net_conn){ .data = control,
                               .loop = &control->loop,
                               .timeout_ms = control->plan->timeout_ms };
    net_conn_connect(conn, &control->side->addresses[control->address],
                     control->plan->source, on_done);
    if (wait(control) && (!control->side->tls || handshake(control)) &&
        greet(control))
        return true;
    net_conn_close(conn, on_done);
    net_loop_run(&control->loop);
    return false;
}

static bool try_all(struct control *control)
{
    for (control->address = 0; control->address < control->side->naddresses;
         control->address++)
        if (try(control))
            return true;
    return false;
}

static unsigned number_of(const struct control *control)
{
    return (unsigned)(control->side - control->plan->sides);
}

static bool format(struct control *control)
{
    const struct bench_side *side = control->side;
    struct renew *renew = control->plan->renew;

    resp_batch_free(&control->login);
    if (renew ? renew_format(renew, control->plan, number_of(control),
                             &control->login, &control->generation)
              : login_format(&control->login, side->user, side->password,
                             side->db))
        return true;
    return fail(control, cause_of_net(NET_NOMEM), NULL);
}

/* A password that was rejected is asked for once more. */
static bool try_again(struct control *control)
{
    struct renew *renew = control->plan->renew;

    return renew && login_is_denied(control->cause) &&
           renew_wait(renew, number_of(control), control->generation) &&
           format(control) && try_all(control);
}

static bool try_with_passwords(struct control *control)
{
    if (!try_all(control) && !try_again(control))
        return false;
    if (control->plan->renew)
        renew_accepted(control->plan->renew, number_of(control),
                       control->generation);
    return true;
}

bool control_open(struct control *control, const struct bench_plan *plan,
                  const struct bench_side *side)
{
    *control = (struct control){ .plan = plan, .side = side };
    if (!format(control))
        return false;
    if (net_loop_init(&control->loop) == 0) {
        if (try_with_passwords(control))
            return true;
        (void)net_loop_close(&control->loop);
    } else {
        fail(control, cause_of_net(NET_NOMEM), NULL);
    }
    resp_batch_free(&control->login);
    return false;
}

void control_close(struct control *control)
{
    net_conn_close(&control->conn, on_done);
    net_loop_run(&control->loop);
    (void)net_loop_close(&control->loop);
    resp_batch_free(&control->login);
}
