/*
 * client_internal.h -- an account and a call in flight, between client_*.c.
 */
#ifndef AWS_CLIENT_INTERNAL_H
#define AWS_CLIENT_INTERNAL_H

#include <time.h>

#include "aws/bytes.h"
#include "aws/client.h"

enum {
    URL_SIZE = 1024,
    HOST_SIZE = 280,
    HEADERS_MAX = 6,
    QUOTA_FULL = 500, /* of retries: "Retry behavior" */
    PAUSE_MAX_MS = 20000,
};

/* Where the calls of a service go. */
struct site {
    char url[URL_SIZE];
    char host[HOST_SIZE]; /* as it is sent and signed */
    const char *path;     /* of `url` */
};

struct aws_account {
    struct net_loop *loop;
    struct http *http;
    struct credentials *credentials;
    char *label, *region;
    struct site sites[AWS_SERVICES];
    unsigned attempts, total_ms, retry_base_ms;
    unsigned quota, retries, flights;
    uint64_t refused_ns; /* when keys were last refused as expired */
    long skew_s;         /* to be added to this machine's clock */
    bool skew_told;
    uint64_t random;
    aws_log_cb log;
    void *log_data;
    struct aws_call *starved; /* could not start; linked by `state` */
    struct net_deadline starving;
};

enum call_stage {
    CALL_KEYS,   /* credentials are fetched */
    CALL_ANSWER, /* a request is on its way */
    CALL_PAUSE,  /* before it is sent again */
};

enum call_stop {
    STOP_NONE,
    STOP_CANCELED,
    STOP_LATE,
};

/* A call between start and done. */
struct flight {
    struct aws_call *call;
    enum call_stage stage;
    enum call_stop stop; /* whatever comes now, it ends */
    struct credentials_request keys;
    struct http_request request;
    struct net_deadline pause, total;
    struct bytes body, token;
    struct bytes headers[HEADERS_MAX];
    const char *lines[HEADERS_MAX];
    const char *marker; /* of the page to ask for; of the page before it */
    unsigned tries;     /* of this page */
    unsigned cost;      /* of the last retry: given back when it succeeds */
    bool refreshed, clock_set;
    time_t signed_at;
    uint64_t sent_ns, end_ns; /* the keys are as new as `sent_ns` */
};

/* What an answer calls for. */
enum judgement {
    JUDGED_GOOD,
    JUDGED_FINAL,
    JUDGED_TRANSIENT,
    JUDGED_THROTTLED,
    JUDGED_SKEWED,  /* the clock has been set right */
    JUDGED_EXPIRED, /* the credentials */
};

/* client_send.c: sign and send; false: out of memory. */
bool flight_send(struct flight *flight, const struct aws_keys *keys,
                 http_done_cb done);

/* Release what a request held, its answer too. */
void flight_unsend(struct flight *flight);

/* client_answer.c: read the answer; with JUDGED_GOOD it is in `xml`, else the
 * call's status, code and message say what was wrong. */
enum judgement flight_judge(struct flight *flight, struct xml **xml);

/* client_retry.c: what a code or a status stands for. */
enum judgement retry_judge(const char *code, int http_status);
bool retry_is_skew(const char *code, bool *surely);
bool retry_is_expired(const char *code);
bool retry_word(const char *words, const char *word);

/* May the request be sent again after `why`?  If so the quota is charged and
 * the pause in `ms`. */
bool retry_pause(struct flight *flight, enum judgement why, unsigned *ms);
void retry_succeeded(struct flight *flight);

/* client_pages.c: keep the answer; the marker of the next page goes to the
 * flight, NULL when there is none.  false: no memory, or the same page again;
 * status and message say so. */
bool flight_keep(struct flight *flight, struct xml *xml);
const char *page_parameter(const struct aws_call *call);

/* client_account.c */
uint64_t account_random(struct aws_account *account);
time_t account_now(const struct aws_account *account);
void account_log(struct aws_account *account, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif /* AWS_CLIENT_INTERNAL_H */
