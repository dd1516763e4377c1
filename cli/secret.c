/*
 * Sources in their order, each read when it is needed and no sooner.
 *
 *     unknown -- secret_get --> known -- 10 minutes (command) --> unknown
 *                                 \----- rejected once (command) ---/
 */
#include "cli/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/text.h"

/* The value of `name` in `environment`, and its place; NULL: not there. */
static char *variable(char **environment, const char *name, size_t *place)
{
    size_t n = strlen(name);

    for (size_t i = 0; environment[i]; i++) {
        /* Few begin alike, and every start of the program comes by here. */
        if (environment[i][0] == name[0] &&
            strncmp(environment[i], name, n) == 0 && environment[i][n] == '=') {
            *place = i;
            return environment[i] + n + 1;
        }
    }
    return NULL;
}

static void remove_at(char **environment, size_t place)
{
    for (; environment[place]; place++)
        environment[place] = environment[place + 1];
}

/* Move the value of `name` to `text`, if it has one and `text` has none. */
static bool take(char **environment, const char *name, struct secret_text *text,
                 char *error, size_t size)
{
    size_t place, length;
    char *value;
    bool fine = true;

    while ((value = variable(environment, name, &place)) != NULL) {
        length = strlen(value);
        if (length > SECRET_LENGTH_MAX)
            fine = error_set(error, size, "%s is longer than 64k", name);
        else if (length != 0 && !text->bytes &&
                 !secret_text_copy(text, value, length))
            fine = error_set(error, size, "out of memory");
        explicit_bzero(value, length);
        remove_at(environment, place);
    }
    return fine;
}

bool secrets_init(struct secrets *secrets, char **environment, char *error,
                  size_t size)
{
    size_t place;
    bool fine;

    *secrets = (struct secrets){ 0 };
    secrets->credentials =
        variable(environment, "CREDENTIALS_DIRECTORY", &place);
    fine = take(environment, "LINKPROBE_PASSWORD", &secrets->environment, error,
                size);
    return take(environment, "REDISCLI_AUTH", &secrets->environment, error,
                size) &&
           fine;
}

void secrets_free(struct secrets *secrets)
{
    secret_text_free(&secrets->environment);
    secret_text_free(&secrets->terminal);
    secret_text_free(&secrets->standard);
    secret_pool_free(&secrets->pool);
    *secrets = (struct secrets){ 0 };
}

/* Cut to the first line; "\r\n" ends one too. */
static void first_line(struct secret_text *text)
{
    char *end = memchr(text->bytes, '\n', text->length);
    size_t length = end ? (size_t)(end - text->bytes) : text->length;

    if (end && length > 0 && text->bytes[length - 1] == '\r')
        length--;
    explicit_bzero(text->bytes + length, text->length - length);
    text->length = length;
}

/* Read until the end or one byte too many; an errno, or 0. */
static int read_all(int fd, struct secret_text *text)
{
    ssize_t n = 1;

    while (n != 0 && text->length <= SECRET_LENGTH_MAX) {
        n = read(fd, text->bytes + text->length,
                 SECRET_LENGTH_MAX + 1 - text->length);
        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0)
            text->length += (size_t)n;
    }
    return 0;
}

/* Why `text` cannot be a password; NULL: it can. */
static const char *objection(struct secret_text *text)
{
    if (text->length > SECRET_LENGTH_MAX)
        return "is longer than 64k";
    first_line(text);
    if (text->length == 0)
        return "is empty; expected a password on the first line";
    if (memchr(text->bytes, '\0', text->length))
        return "holds a NUL; expected a text";
    return NULL;
}

bool secret_read_line(int fd, const char *name, struct secret_text *text,
                      char *error, size_t size)
{
    struct secret_text room;
    const char *why = "cannot be read: out of memory";
    bool fine = false;
    int problem;

    if (!secret_text_new(&room, SECRET_LENGTH_MAX + 1))
        return error_set(error, size, "%s %s", name, why);
    problem = read_all(fd, &room);
    if (problem != 0) {
        error_set(error, size, "%s cannot be read: %s", name,
                  strerror(problem));
    } else if ((why = objection(&room)) != NULL) {
        error_set(error, size, "%s %s", name, why);
    } else {
        /* Keep no more locked pages than it needs. */
        fine = secret_text_copy(text, room.bytes, room.length) ||
               error_set(error, size, "out of memory");
    }
    secret_text_free(&room);
    return fine;
}

static bool read_file(const char *path, struct secret_text *text, char *error,
                      size_t size)
{
    char name[QUOTE_MAX];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool fine;

    text_quote_path(path, name);
    if (fd < 0)
        return error_set(error, size, "%s cannot be read: %s", name,
                         strerror(errno));
    fine = secret_read_line(fd, name, text, error, size);
    (void)close(fd);
    return fine;
}

/* --password-file: a file of this target, or standard input of all. */
static bool from_file(struct secrets *secrets, struct secret *secret,
                      char *error, size_t size)
{
    if (strcmp(secret->from.file, "-") != 0) {
        if (!read_file(secret->from.file, &secret->text, error, size))
            return error_prefix(error, size, "--password-file");
        secret->password = secret->text.bytes;
        return true;
    }
    if (!secrets->standard.bytes &&
        !secret_read_line(STDIN_FILENO, "standard input", &secrets->standard,
                          error, size))
        return error_prefix(error, size, "--password-file");
    secret->password = secrets->standard.bytes;
    return true;
}

static bool from_command(struct secrets *secrets, struct secret *secret,
                         char *error, size_t size)
{
    struct secret_text text = { 0 };

    /* The one before is in use, and may still be good when this fails. */
    if (!secret_run(&secret->from, secrets->quiet, &text, error, size))
        return false;
    secret_text_free(&secret->text);
    secret->text = text;
    secret->password = text.bytes;
    return true;
}

static bool from_terminal(struct secrets *secrets, struct secret *secret,
                          char *error, size_t size)
{
    if (!secrets->terminal.bytes &&
        !secret_ask(&secrets->terminal, error, size))
        return error_prefix(error, size, "--askpass");
    secret->password = secrets->terminal.bytes;
    return true;
}

/* systemd's LoadCredential=; that there is no such file is no failure. */
static bool from_credentials(struct secrets *secrets, struct secret *secret,
                             char *error, size_t size)
{
    char path[4096];
    int n =
        snprintf(path, sizeof(path), "%s/redis-password", secrets->credentials);

    if (n < 0 || (size_t)n >= sizeof(path) || access(path, F_OK) != 0)
        return true;
    if (!read_file(path, &secret->text, error, size))
        return error_prefix(error, size, "$CREDENTIALS_DIRECTORY");
    secret->password = secret->text.bytes;
    return true;
}

static bool find(struct secrets *secrets, struct secret *secret, char *error,
                 size_t size)
{
    const struct secret_from *from = &secret->from;

    if (from->url)
        secret->password = from->url;
    else if (from->askpass)
        return from_terminal(secrets, secret, error, size);
    else if (from->file)
        return from_file(secrets, secret, error, size);
    else if (from->command)
        return from_command(secrets, secret, error, size);
    else if (secrets->environment.bytes)
        secret->password = secrets->environment.bytes;
    else if (secrets->credentials)
        return from_credentials(secrets, secret, error, size);
    return true;
}

static bool is_command(const struct secret_from *from)
{
    return !from->url && !from->askpass && !from->file && from->command;
}

bool secret_is_due(const struct secret *secret, uint64_t now_ns)
{
    return is_command(&secret->from) &&
           (!secret->known ||
            now_ns - secret->read_ns >= SECRET_COMMAND_AGE_NS);
}

bool secret_get(struct secrets *secrets, struct secret *secret, uint64_t now_ns,
                const char **password, char *error, size_t size)
{
    if (!secret->known || secret_is_due(secret, now_ns)) {
        if (!find(secrets, secret, error, size))
            return false;
        secret->known = true;
        secret->read_ns = now_ns;
    }
    *password = secret->password;
    return true;
}

bool secret_rejected(struct secret *secret)
{
    if (!is_command(&secret->from) || secret->again)
        return false;
    secret->again = true;
    secret->known = false;
    return true;
}

void secret_accepted(struct secret *secret)
{
    secret->again = false;
}

void secret_free(struct secret *secret)
{
    secret_text_free(&secret->text);
    *secret = (struct secret){ 0 };
}
