/*
 * The custom rows: texts with a grammar of their own, each read here once and
 * never again.
 */
#include "commands/check/options.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "cli/quantity.h"
#include "cli/text.h"
#include "net/resolve.h"
#include "net/url.h"

enum {
    WORD_MAX = 128,
    PAYLOAD_MAX = 64 << 20,
    DAYS_MAX = 36500,
    REQUIRE_MAX = 1000,
    DB_MAX = 65535,
};

/* Where a custom row's text goes, and where its complaint. */
struct taking {
    struct check_options *options;
    const char *text;
    bool first;
    char *error;
    size_t size;
};

void check_options_init(struct check_options *options, unsigned command)
{
    *options = (struct check_options){
        .port = NET_PORT_DEFAULT,
        .db = NET_DB_NONE,
        .family = AF_UNSPEC,
        .require = REQUIRE_ALL,
        .degraded = CHECK_CRITICAL,
        .key_prefix = "linkprobe:{check}:",
        .diagnose = true,
        .timeout_ms = 3500,
        .deadline_ms = 8000,
        .watchdog_ms = CHECK_WATCHDOG_DEFAULT,
        .watchdog_status = CHECK_UNKNOWN,
        .rise = 1,
        .fall = 1,
        .interval_ms = command == COMMAND_SERVE   ? 15000
                       : command == COMMAND_WATCH ? 5000
                                                  : 2000,
        .consecutive = 1,
        .concurrency = 256,
        .cert_warning_days = CERT_DAYS_OFF,
        .cert_critical_days = CERT_DAYS_OFF,
    };
}

static bool refuse(const struct taking *t, const char *word, const char *why)
{
    char quoted[QUOTE_MAX];

    return error_set(t->error, t->size, "%s %s", text_quote(word, quoted), why);
}

/* Copy the next word of "a,b,c" to `word`; false: there is none, or it is not
 * one (then `*bad`). */
static bool next_word(const char **rest, char word[WORD_MAX], bool *bad)
{
    size_t n;

    *bad = false;
    if (!*rest)
        return false;
    n = strcspn(*rest, ",");
    *bad = n == 0 || n >= WORD_MAX;
    if (*bad)
        return false;
    memcpy(word, *rest, n);
    word[n] = '\0';
    *rest = (*rest)[n] == ',' ? *rest + n + 1 : NULL;
    return true;
}

/* Each word of a list to `add`, until one is refused. */
static bool each_word(const struct taking *t, const char *expected,
                      bool (*add)(const struct taking *t, const char *word))
{
    const char *rest = t->text;
    char word[WORD_MAX];
    bool bad;

    while (next_word(&rest, word, &bad)) {
        if (!add(t, word))
            return false;
    }
    return !bad || refuse(t, t->text, expected);
}

static bool add_address(const struct taking *t, const char *word)
{
    struct check_options *options = t->options;

    if (options->naddresses == CHECK_ADDRESSES_MAX)
        return error_set(t->error, t->size, "more than 16 addresses");
    if (!net_addr_parse(word, 0, &options->addresses[options->naddresses]))
        return refuse(t, word,
                      "is no address; expected an IP such as 10.0.0.1");
    options->naddresses++;
    return true;
}

static bool add_expected(const struct taking *t, const char *word)
{
    struct check_options *options = t->options;

    if (options->nexpect == CHECK_EXPECT_MAX)
        return error_set(t->error, t->size, "more than 64 addresses or ranges");
    if (!net_cidr_parse(word, &options->expect[options->nexpect]))
        return refuse(t, word,
                      "is neither an address nor a range; expected an IP or a "
                      "CIDR such as 10.0.0.0/16");
    options->nexpect++;
    return true;
}

static bool add_payload(const struct taking *t, const char *word)
{
    struct check_options *options = t->options;
    uint64_t bytes = 0;
    enum quantity_status status = quantity_size(word, &bytes);
    char why[96];

    if (options->npayloads == CHECK_PAYLOADS_MAX)
        return error_set(t->error, t->size, "more than 16 sizes");
    if (status != QUANTITY_OK) {
        (void)snprintf(why, sizeof(why),
                       "%s; expected sizes (k, m) such as 1400,16k",
                       quantity_status_text(status));
        return refuse(t, word, why);
    }
    if (bytes < 1 || bytes > PAYLOAD_MAX)
        return refuse(t, word, "is no size from 1 to 64m");
    options->payloads[options->npayloads++] = (size_t)bytes;
    return true;
}

static bool take_source(const struct taking *t)
{
    return net_addr_parse(t->text, 0, &t->options->source) ||
           refuse(t, t->text, "is no address; expected an IP of this machine");
}

static bool take_dns(const struct taking *t)
{
    if (!net_servers_valid(t->text))
        return refuse(t, t->text,
                      "is no list of name servers; expected addresses such as "
                      "10.0.0.2,10.0.0.3:5353");
    t->options->dns = t->text;
    return true;
}

/* A whole number up to `max`, of which `what` says what is expected. */
static bool take_number(const struct taking *t, uint64_t min, uint64_t max,
                        const char *what, int *number)
{
    uint64_t value = 0;

    if (quantity_number(t->text, &value) != QUANTITY_OK || value < min ||
        value > max)
        return refuse(t, t->text, what);
    *number = (int)value;
    return true;
}

static bool take_require(const struct taking *t)
{
    if (strcmp(t->text, "all") == 0)
        t->options->require = REQUIRE_ALL;
    else if (strcmp(t->text, "any") == 0)
        t->options->require = REQUIRE_ANY;
    else
        return take_number(t, 1, REQUIRE_MAX,
                           "is not known; expected all, any or a number from "
                           "1 to 1000",
                           &t->options->require);
    return true;
}

static bool take_prefix(const struct taking *t)
{
    if (strlen(t->text) > CHECK_PREFIX_MAX)
        return error_set(t->error, t->size, "longer than 200 bytes");
    t->options->key_prefix = t->text;
    return true;
}

/* A status by its word in any capitals, or by its number. */
static bool read_status(const char *text, enum check_status *status)
{
    static const char words[][10] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

    for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        char digit[] = { (char)('0' + i), '\0' };

        if (strcasecmp(text, words[i]) == 0 || strcmp(text, digit) == 0) {
            *status = (enum check_status)i;
            return true;
        }
    }
    return false;
}

/* SECONDS[:STATE]; 0 is no watchdog. */
static bool take_watchdog(const struct taking *t)
{
    static const char expected[] =
        "is no time limit; expected SECONDS[:STATE] such as 10 or 30:CRITICAL";
    size_t n = strcspn(t->text, ":");
    enum check_status state = CHECK_UNKNOWN;
    char word[WORD_MAX];
    uint64_t ns = 0;

    if (n >= sizeof(word))
        return refuse(t, t->text, expected);
    memcpy(word, t->text, n);
    word[n] = '\0';
    if (quantity_seconds(word, &ns) != QUANTITY_OK)
        return refuse(t, t->text, expected);
    if (t->text[n] == ':' && !read_status(t->text + n + 1, &state))
        return refuse(t, t->text + n + 1,
                      "is no status; expected OK, WARNING, CRITICAL or "
                      "UNKNOWN");
    if (ns > UINT64_C(7) * 24 * 3600 * 1000000000)
        return refuse(t, word, "is more than seven days");
    t->options->watchdog_ms = (int)((ns + 999999) / 1000000);
    t->options->watchdog_status = state;
    return true;
}

/* W[,C] */
static bool take_days(const struct taking *t)
{
    static const char expected[] =
        "is not known; expected days as W[,C], such as 30,7";
    const char *rest = t->text;
    char word[WORD_MAX];
    int days[2] = { CERT_DAYS_OFF, CERT_DAYS_OFF };
    bool bad;

    for (int i = 0; i < 2 && next_word(&rest, word, &bad); i++) {
        uint64_t value = 0;

        if (quantity_number(word, &value) != QUANTITY_OK || value > DAYS_MAX)
            return refuse(t, t->text, expected);
        days[i] = (int)value;
    }
    if (days[0] == CERT_DAYS_OFF || rest)
        return refuse(t, t->text, expected);
    if (days[1] > days[0])
        return refuse(t, t->text,
                      "warns later than it is critical; expected "
                      "the larger number first");
    t->options->cert_warning_days = days[0];
    t->options->cert_critical_days = days[1];
    return true;
}

static bool take_value(const struct taking *t, enum check_row id)
{
    struct check_options *options = t->options;

    switch (id) {
    case CHECK_ROW_ADDRESS:
        options->naddresses = t->first ? 0 : options->naddresses;
        return each_word(t, "is no list; expected IPs such as 10.0.0.1,::1",
                         add_address);
    case CHECK_ROW_EXPECT_ADDRESS:
        options->nexpect = t->first ? 0 : options->nexpect;
        return each_word(t, "is no list; expected IPs and CIDRs with commas",
                         add_expected);
    case CHECK_ROW_PAYLOAD:
        options->npayloads = t->first ? 0 : options->npayloads;
        return each_word(t, "is no list; expected sizes such as 1400,16k",
                         add_payload);
    case CHECK_ROW_SOURCE: return take_source(t);
    case CHECK_ROW_DNS: return take_dns(t);
    case CHECK_ROW_DB:
        return take_number(t, 0, DB_MAX,
                           "is no database; expected a number from 0 to 65535",
                           &options->db);
    case CHECK_ROW_REQUIRE: return take_require(t);
    case CHECK_ROW_KEY_PREFIX: return take_prefix(t);
    case CHECK_ROW_WATCHDOG: return take_watchdog(t);
    case CHECK_ROW_WARNING:
        return thresholds_parse(t->text, options->thresholds.warning, t->error,
                                t->size);
    case CHECK_ROW_CRITICAL:
        return thresholds_parse(t->text, options->thresholds.critical, t->error,
                                t->size);
    case CHECK_ROW_CERT_DAYS: return take_days(t);
    default: return true;
    }
}

/* A flag that is told to be false undoes only what it does. */
static bool take_flag(struct check_options *options, enum check_row id,
                      bool truth)
{
    switch (id) {
    case CHECK_ROW_WRITE:
        options->write_wish = truth ? CHECK_WRITE_YES : CHECK_WRITE_NO;
        break;
    case CHECK_ROW_NO_WRITE:
        options->write_wish = truth ? CHECK_WRITE_NO : CHECK_WRITE_YES;
        break;
    case CHECK_ROW_IPV4:
        if (truth || options->family == AF_INET)
            options->family = truth ? AF_INET : AF_UNSPEC;
        break;
    case CHECK_ROW_IPV6:
        if (truth || options->family == AF_INET6)
            options->family = truth ? AF_INET6 : AF_UNSPEC;
        break;
    case CHECK_ROW_INSECURE:
        if (truth || options->tls_verify == NET_TLS_VERIFY_NONE)
            options->tls_verify =
                truth ? NET_TLS_VERIFY_NONE : NET_TLS_VERIFY_FULL;
        break;
    case CHECK_ROW_JSON: options->format = CHECK_FORMAT_JSON; break;
    default: break;
    }
    return true;
}

bool check_options_set(void *options, const struct option_row *row,
                       const char *text, bool first, char *error, size_t size)
{
    struct taking t = { .options = options, .text = text, .first = first };

    t.error = error;
    t.size = size;
    if (!option_takes_value(row))
        return take_flag(options, (enum check_row)row->id, text == NULL);
    return take_value(&t, (enum check_row)row->id);
}
