/*
 * Targets as texts become entries of the list:
 *
 *     argument, line --------------------> target_list_add --> entry
 *     file_sd (targets_file.c), a group at a time --^
 */
#include "commands/targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/file.h"
#include "cli/text.h"
#include "commands/targets_add.h"
#include "net/url.h"

static bool no_memory(char *error, size_t size)
{
    return error_set(error, size, "out of memory");
}

static bool grow(struct target_list *list)
{
    size_t room = list->room ? list->room * 2 : 4;
    struct target *more;

    if (list->ntargets < list->room)
        return true;
    more = realloc(list->targets, room * sizeof(*more));
    if (!more)
        return false;
    list->targets = more;
    list->room = room;
    return true;
}

/* "HOST:PORT", with brackets around an IPv6 address; and HOST in it. */
static bool set_name(struct target_list *list, struct target *target,
                     const char *host)
{
    char name[NET_HOST_MAX + 16];
    bool v6 = strchr(host, ':') != NULL;
    int n = snprintf(name, sizeof(name), v6 ? "[%s]:%u" : "%s:%u", host,
                     (unsigned)target->port);

    target->name = arena_text(&list->texts, name, (size_t)n);
    target->host = arena_text(&list->texts, host, strlen(host));
    return target->name && target->host;
}

static bool set_login(struct target_list *list, struct target *target,
                      const struct net_url *url)
{
    if (url->user) {
        target->user = arena_text(&list->texts, url->user, strlen(url->user));
        if (!target->user)
            return false;
    }
    if (url->password) {
        target->password = secret_pool_keep(list->secrets, url->password,
                                            strlen(url->password));
        if (!target->password)
            return false;
    }
    return true;
}

bool target_list_add(struct target_list *list, const char *text,
                     const struct target_group *group, char *error, size_t size)
{
    const struct check_options *options = group->options;
    struct net_url url = { 0 };
    struct target *target;
    bool fine;

    if (list->ntargets >= TARGETS_MAX)
        return error_set(error, size, "more than 1,000,000 targets");
    if (!net_url_parse(text, &url, error, size))
        return false;
    fine = grow(list);
    if (fine) {
        target = &list->targets[list->ntargets];
        *target = (struct target){
            .group = group,
            .db = url.db != NET_DB_NONE ? url.db : options->db,
            .port = url.port_given ? url.port : (uint16_t)options->port,
            .tls = url.tls || options->tls,
        };
        fine =
            set_name(list, target, url.host) && set_login(list, target, &url);
    }
    net_url_free(&url);
    if (!fine)
        return no_memory(error, size);
    list->ntargets++;
    return true;
}

/* A group without labels, with the options of no module. */
static const struct target_group *plain_group(struct target_list *list,
                                              char *error, size_t size)
{
    struct target_group *group = arena_alloc(&list->texts, sizeof(*group));

    if (!group) {
        no_memory(error, size);
        return NULL;
    }
    *group = (struct target_group){ 0 };
    group->options = list->module(list->data, NULL, error, size);
    return group->options ? group : NULL;
}

bool target_list_argument(struct target_list *list, char *argument,
                          bool *exposed, char *error, size_t size)
{
    const struct target_group *group = plain_group(list, error, size);
    size_t offset, length;
    bool fine = group && target_list_add(list, argument, group, error, size);
    const char *host = strrchr(argument, '@');
    char quoted[QUOTE_MAX];

    /* Which of them it was; what stands before an "@" may be a password. */
    if (group && !fine)
        error_prefix(error, size,
                     text_quote(host ? host + 1 : argument, quoted));
    /* Hidden even when the target is refused. */
    if (net_url_password_span(argument, &offset, &length)) {
        secret_hide(argument, offset, length);
        *exposed = true;
    }
    return fine;
}

/* The line at `bytes` without blanks around it; where the next one begins. */
static size_t next_line(const char *bytes, size_t n, const char **line,
                        size_t *length)
{
    const char *end = memchr(bytes, '\n', n);
    size_t whole = end ? (size_t)(end - bytes) : n;

    *line = bytes;
    *length = whole;
    while (*length > 0 && strchr(" \t\r", (*line)[*length - 1]) &&
           (*line)[*length - 1] != '\0')
        (*length)--;
    while (*length > 0 && (**line == ' ' || **line == '\t')) {
        (*line)++;
        (*length)--;
    }
    return end ? whole + 1 : whole;
}

/* Add one line, which has no NUL behind it. */
static bool add_line(struct target_list *list, const struct target_group *group,
                     const char *line, size_t length, char *error, size_t size)
{
    char text[NET_URL_MAX + 1];
    bool fine;

    if (length >= sizeof(text))
        return error_set(error, size, "a line of more than 8192 bytes");
    if (memchr(line, '\0', length))
        return error_set(error, size, "a NUL; expected a target a line");
    memcpy(text, line, length);
    text[length] = '\0';
    fine = target_list_add(list, text, group, error, size);
    explicit_bzero(text, length);
    return fine;
}

bool target_list_lines(struct target_list *list, const char *bytes, size_t n,
                       const char *file, char *error, size_t size)
{
    const struct target_group *group = plain_group(list, error, size);
    char where[ERROR_TEXT_MAX / 2];
    size_t at = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    if (!group)
        return false;
    for (unsigned number = 1; at < n; number++) {
        const char *line;
        size_t length;

        at += next_line(bytes + at, n - at, &line, &length);
        if (length == 0 || *line == '#' ||
            add_line(list, group, line, length, error, size))
            continue;
        (void)snprintf(where, sizeof(where), "%s:%u", file, number);
        return error_prefix(error, size, where);
    }
    return true;
}

bool target_list_file(struct target_list *list, const char *file, char *error,
                      size_t size)
{
    struct file content;
    bool fine;

    if (!file_read(file, TARGETS_FILE_MAX, &content, error, size))
        return error_prefix(error, size, "--targets");
    if (strcmp(file, "-") == 0)
        fine = target_list_lines(list, content.bytes, content.length,
                                 "standard input", error, size);
    else
        fine = target_list_parse(list, content.bytes, content.length, file,
                                 error, size);
    /* There may be passwords in it. */
    explicit_bzero(content.bytes, content.length);
    file_free(&content);
    return fine;
}

void target_list_free(struct target_list *list)
{
    free(list->targets);
    arena_free(&list->texts);
    list->targets = NULL;
    list->ntargets = list->room = 0;
}
