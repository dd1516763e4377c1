/*
 * errors.c -- the first word decides; ERR is split by the phrase behind it.
 *
 * Words and phrases are compared as the engines send them, case and all.  Both
 * tables are ordered by nothing but reading: no phrase is the beginning of
 * another one with another class.
 */
#include "resp/errors.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct row {
    const char *text;
    enum resp_error error;
};

/* First words. */
static const struct row words[] = {
    { "NOAUTH", RESP_ERR_NOAUTH },
    { "WRONGPASS", RESP_ERR_WRONGPASS },
    { "NOPERM", RESP_ERR_NOPERM },
    { "READONLY", RESP_ERR_READONLY },
    { "LOADING", RESP_ERR_LOADING },
    { "MASTERDOWN", RESP_ERR_MASTERDOWN },
    { "NOREPLICAS", RESP_ERR_NOREPLICAS },
    { "MOVED", RESP_ERR_MOVED },
    { "ASK", RESP_ERR_ASK },
    { "REDIRECT", RESP_ERR_REDIRECT },
    { "CLUSTERDOWN", RESP_ERR_CLUSTERDOWN },
    { "TRYAGAIN", RESP_ERR_TRYAGAIN },
    { "CROSSSLOT", RESP_ERR_CROSSSLOT },
    { "OOM", RESP_ERR_OOM },
    { "MISCONF", RESP_ERR_MISCONF },
    { "DENIED", RESP_ERR_PROTECTED },
    { "BUSY", RESP_ERR_BUSY },
};

/* What may follow "ERR ". */
static const struct row phrases[] = {
    { "operation not permitted", RESP_ERR_NOAUTH }, /* before 3.0 */
    { "invalid password", RESP_ERR_WRONGPASS },     /* before 6.0 */
    { "AUTH <password> called without any password configured",
      RESP_ERR_NOPASS },
    { "Client sent AUTH, but no password is set", RESP_ERR_NOPASS },
    /* "... reached" and "... + cluster connections reached" */
    { "max number of clients", RESP_ERR_MAXCLIENTS },
    { "unknown command", RESP_ERR_UNKNOWN },
    { "DB index is out of range", RESP_ERR_DBINDEX },
    { "invalid DB index", RESP_ERR_DBINDEX },
    { "SELECT is not allowed in cluster mode", RESP_ERR_DBINDEX },
    { "Protocol error", RESP_ERR_PROTOCOL },
};

static const char *const tokens[] = {
#define X(name, token, text) [RESP_ERR_##name] = (token),
    RESP_ERROR_MAP(X)
#undef X
};

static const char *const texts[] = {
#define X(name, token, text) [RESP_ERR_##name] = (text),
    RESP_ERROR_MAP(X)
#undef X
};

const char *resp_error_token(enum resp_error error)
{
    assert(error < RESP_ERR_COUNT);
    return tokens[error];
}

const char *resp_error_text(enum resp_error error)
{
    assert(error < RESP_ERR_COUNT);
    return texts[error];
}

/* The length of the word that `text` begins with. */
static size_t word_length(const char *text, size_t n)
{
    const char *space = n ? memchr(text, ' ', n) : NULL;

    return space ? (size_t)(space - text) : n;
}

/* Do the `n` bytes of `text` begin with `prefix`? */
static bool begins(const char *text, size_t n, const char *prefix)
{
    size_t length = strlen(prefix);

    return n >= length && memcmp(text, prefix, length) == 0;
}

static enum resp_error of_word(const char *word, size_t n)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (strlen(words[i].text) == n && begins(word, n, words[i].text))
            return words[i].error;
    return RESP_ERR_OTHER;
}

static enum resp_error of_phrase(const char *phrase, size_t n)
{
    for (size_t i = 0; i < COUNT(phrases); i++)
        if (begins(phrase, n, phrases[i].text))
            return phrases[i].error;
    return RESP_ERR_OTHER;
}

enum resp_error resp_error_of(const char *text, size_t n)
{
    static const char err[] = "ERR ";
    const size_t skip = sizeof(err) - 1;

    if (begins(text, n, err))
        return of_phrase(text + skip, n - skip);
    return of_word(text, word_length(text, n));
}

void resp_error_hide_arguments(char *text)
{
    char *at = strstr(text, ", with args beginning with");

    if (at)
        memset(at, 0, strlen(at));
}

/* Go behind the first word of `text` and the space after it. */
static void skip_word(const char **text, size_t *n)
{
    size_t length = word_length(*text, *n);

    if (length < *n)
        length++;
    *text += length;
    *n -= length;
}

/* Is the word fit to be printed and dialled? */
static bool plain(const char *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (word[i] < '!' || word[i] > '~')
            return false;
    return true;
}

int resp_error_redirect(const char *text, size_t n, char *where, size_t size)
{
    enum resp_error error = of_word(text, word_length(text, n));
    size_t length;

    assert(size > 0);
    where[0] = '\0';
    if (error != RESP_ERR_MOVED && error != RESP_ERR_ASK &&
        error != RESP_ERR_REDIRECT)
        return 0;
    skip_word(&text, &n);
    if (error != RESP_ERR_REDIRECT)
        skip_word(&text, &n); /* the slot */
    length = word_length(text, n);
    /* Half of an address would be the address of somebody else. */
    if (length >= size || !plain(text, length))
        return 0;
    memcpy(where, text, length);
    where[length] = '\0';
    return length > 0;
}
