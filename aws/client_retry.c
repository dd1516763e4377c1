/*
 * client_retry.c -- what is worth another try, and when.
 *
 * Pauses have full jitter: any length up to base * 2^n.  Each retry costs of
 * the account's quota, which successes fill again: when a service is down, it
 * is not hammered.
 *
 * Source: "Retry behavior", AWS SDKs and Tools Reference Guide; the codes are
 * those of botocore's retries/standard.py, without LimitExceededException,
 * which no pause mends.
 */
#include <string.h>

#include "aws/client_internal.h"

enum {
    BASE_MS = 50,
    BASE_THROTTLED_MS = 500,
    DOUBLINGS_MAX = 16,
    COST = 14,
    COST_THROTTLED = 5,
    REFUND = 1, /* of a call that needed no retry */
};

static const char throttled[] =
    "Throttling ThrottlingException ThrottledException RequestThrottled "
    "RequestThrottledException TooManyRequestsException "
    "ProvisionedThroughputExceededException TransactionInProgressException "
    "RequestLimitExceeded BandwidthLimitExceeded EC2ThrottledException "
    "SlowDown PriorRequestNotComplete";

static const char transient[] =
    "RequestTimeout RequestTimeoutException InternalError InternalFailure "
    "InternalServerError ServiceUnavailable ServiceUnavailableException "
    "Unavailable";

bool retry_word(const char *words, const char *word)
{
    size_t n = strlen(word);
    size_t length;

    for (; n > 0 && *words; words += length + (words[length] == ' ')) {
        length = strcspn(words, " ");
        if (length == n && memcmp(words, word, n) == 0)
            return true;
    }
    return false;
}

enum judgement retry_judge(const char *code, int http_status)
{
    if (retry_word(throttled, code) || http_status == 429)
        return JUDGED_THROTTLED;
    if (retry_word(transient, code))
        return JUDGED_TRANSIENT;
    switch (http_status) {
    case 408:
    case 500:
    case 502:
    case 503:
    case 504: return JUDGED_TRANSIENT;
    default: return JUDGED_FINAL;
    }
}

bool retry_is_skew(const char *code, bool *surely)
{
    *surely = retry_word("RequestTimeTooSkewed RequestExpired "
                         "RequestInTheFuture",
                         code);
    return *surely || retry_word("SignatureDoesNotMatch AuthFailure "
                                 "InvalidSignatureException",
                                 code);
}

bool retry_is_expired(const char *code)
{
    return retry_word("ExpiredToken ExpiredTokenException RequestExpired",
                      code);
}

/* A random length up to base * 2^n; at least what the server asks for. */
static unsigned pause_of(struct flight *flight, enum judgement why)
{
    struct aws_account *account = flight->call->account;
    uint64_t most = why == JUDGED_THROTTLED ? BASE_THROTTLED_MS : BASE_MS;
    unsigned n = flight->tries - 1;
    long asked = flight->request.retry_after_ms;
    uint64_t ms;

    if (account->retry_base_ms > 0)
        most = account->retry_base_ms;
    most <<= n < DOUBLINGS_MAX ? n : DOUBLINGS_MAX;
    if (most > PAUSE_MAX_MS)
        most = PAUSE_MAX_MS;
    ms = account_random(account) % (most + 1);
    if (asked > PAUSE_MAX_MS)
        asked = PAUSE_MAX_MS;
    return asked > (long)ms ? (unsigned)asked : (unsigned)ms;
}

bool retry_pause(struct flight *flight, enum judgement why, unsigned *ms)
{
    struct aws_account *account = flight->call->account;
    unsigned cost = why == JUDGED_THROTTLED ? COST_THROTTLED : COST;

    if (flight->tries >= account->attempts || account->quota < cost)
        return false;
    *ms = pause_of(flight, why);
    account->quota -= cost;
    flight->cost = cost;
    return true;
}

void retry_succeeded(struct flight *flight)
{
    struct aws_account *account = flight->call->account;

    account->quota += flight->cost > 0 ? flight->cost : REFUND;
    if (account->quota > QUOTA_FULL)
        account->quota = QUOTA_FULL;
    flight->cost = 0;
}
