/*
 * errors.h -- what an error reply means, by its first word.
 *
 * Redis and Valkey word their texts differently; the first word is the stable
 * part ("NOAUTH", "WRONGPASS", ...).  Replies that begin with ERR are told
 * apart by the few phrases that both engines have in common.
 * Source: server.c, networking.c, acl.c, cluster.c of redis and valkey.
 */
#ifndef RESP_ERRORS_H
#define RESP_ERRORS_H

#include <stddef.h>

/* One row a class: name, token (the `cause` of a report), what it means. */
/* clang-format off */
#define RESP_ERROR_MAP(X)                                                      \
    X(NONE,        "ok",          "no error")                                  \
    X(NOAUTH,      "denied",      "a password is required")                    \
    X(WRONGPASS,   "denied",      "the user name or password is wrong")        \
    X(NOPASS,      "nopassword",  "no password is configured")                 \
    X(NOPERM,      "denied",      "the user may not do this")                  \
    X(READONLY,    "readonly",    "a replica takes no writes")                 \
    X(LOADING,     "loading",     "the data set is being loaded")              \
    X(MASTERDOWN,  "masterdown",  "the link to the primary is down")           \
    X(NOREPLICAS,  "noreplicas",  "not enough good replicas to write")         \
    X(MOVED,       "moved",       "the slot lives on another node")            \
    X(ASK,         "moved",       "the slot is moving to another node")        \
    X(REDIRECT,    "moved",       "the client is sent to another node")        \
    X(CLUSTERDOWN, "clusterdown", "the cluster does not serve this slot")      \
    X(TRYAGAIN,    "tryagain",    "the slot is being moved")                   \
    X(CROSSSLOT,   "crossslot",   "the keys are of different slots")           \
    X(OOM,         "oom",         "the memory limit is reached")               \
    X(MISCONF,     "misconf",     "writes are stopped, persistence fails")     \
    X(MAXCLIENTS,  "maxclients",  "too many clients")                          \
    X(PROTECTED,   "protected",   "protected mode refuses other hosts")        \
    X(BUSY,        "busy",        "a script is running")                       \
    X(UNKNOWN,     "unknown_command", "the command is not known")              \
    X(DBINDEX,     "dbindex",     "there is no such database")                 \
    X(PROTOCOL,    "badreply",    "the server did not understand the bytes")   \
    X(OTHER,       "error",       "an error reply")
/* clang-format on */

enum resp_error {
#define X(name, token, text) RESP_ERR_##name,
    RESP_ERROR_MAP(X)
#undef X
        RESP_ERR_COUNT
};

const char *resp_error_token(enum resp_error error);
const char *resp_error_text(enum resp_error error);

/*
 * The class of the error reply `text` of `n` bytes, without its "-" and line
 * end.  Pure; any bytes will do.  "NOAUTH ..." is NOAUTH; "ERR invalid
 * password" (old engines) is WRONGPASS; "ERR max number of clients ..." is
 * MAXCLIENTS; "DENIED ..." is PROTECTED; what is not known is OTHER.
 */
enum resp_error resp_error_of(const char *text, size_t n);

/*
 * Cut the error reply `text` before the arguments that it repeats: an AUTH that
 * a server does not know comes back with the password in it.
 */
void resp_error_hide_arguments(char *text);

/*
 * The "host:port" of a MOVED, ASK or REDIRECT reply, copied to `where`.
 * Returns where[0] != 0.  An empty host (Redis 7: "the one you asked") gives
 * ":port".
 */
int resp_error_redirect(const char *text, size_t n, char *where, size_t size);

#endif /* RESP_ERRORS_H */
