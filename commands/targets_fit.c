/*
 * targets_fit.c -- what only the whole list can tell: a literal that the family
 * asked for shuts out, two targets that no reader could tell apart, the
 * endpoint that other names may stand for.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/text.h"
#include "commands/targets.h"
#include "verdict/vpce.h"

static const char *family_name(int family)
{
    return family == AF_INET ? "IPv4" : "IPv6";
}

/* What asked for the family. */
static const char *family_option(const struct check_options *options)
{
    if (options->source.sa.any.sa_family != AF_UNSPEC)
        return "--source";
    return options->family == AF_INET ? "-4" : "-6";
}

static bool family_fits(const struct target *target, char *error, size_t size)
{
    const struct check_options *options = target->group->options;
    struct net_addr literal;

    if (options->family == AF_UNSPEC || options->naddresses != 0 ||
        !net_addr_parse(target->host, target->port, &literal) ||
        literal.sa.any.sa_family == options->family)
        return true;
    return error_set(error, size, "%s is %s, but %s asks for %s", target->name,
                     family_name(literal.sa.any.sa_family),
                     family_option(options), family_name(options->family));
}

static int compare_labels(const struct target_group *a,
                          const struct target_group *b)
{
    if (a->nlabels != b->nlabels)
        return a->nlabels < b->nlabels ? -1 : 1;
    for (size_t i = 0; a != b && i < a->nlabels; i++) {
        int order = strcmp(a->labels[i].name, b->labels[i].name);

        if (order == 0)
            order = strcmp(a->labels[i].value, b->labels[i].value);
        if (order != 0)
            return order;
    }
    return 0;
}

static int compare(const void *left, const void *right)
{
    const struct target *a = *(const struct target *const *)left;
    const struct target *b = *(const struct target *const *)right;
    int order = strcmp(a->name, b->name);

    return order != 0 ? order : compare_labels(a->group, b->group);
}

/* A series is named by its labels: two of a name are no exposition. */
static bool series_differ(const struct target_list *list, char *error,
                          size_t size)
{
    const size_t size_of_one = sizeof(void *); /* pointers are sorted */
    const struct target **sorted = calloc(list->ntargets, size_of_one);
    bool differ = true;

    if (!sorted)
        return error_set(error, size, "out of memory");
    for (size_t i = 0; i < list->ntargets; i++)
        sorted[i] = &list->targets[i];
    qsort((void *)sorted, list->ntargets, size_of_one, compare);
    for (size_t i = 1; i < list->ntargets && differ; i++) {
        if (compare(&sorted[i - 1], &sorted[i]) == 0)
            differ = error_set(error, size,
                               "%s is given twice with the same labels: "
                               "Prometheus takes a series once",
                               sorted[i]->name);
    }
    free((void *)sorted);
    return differ;
}

bool target_list_fits(const struct target_list *list, unsigned format,
                      char *error, size_t size)
{
    for (size_t i = 0; i < list->ntargets; i++) {
        if (!family_fits(&list->targets[i], error, size))
            return false;
    }
    return format != CHECK_FORMAT_PROMETHEUS || list->ntargets < 2 ||
           series_differ(list, error, size);
}

const struct target *target_list_endpoint(const struct target_list *list)
{
    const struct target *endpoint = NULL;
    struct vpce_name first, next;

    for (size_t i = 0; list->ntargets > 1 && i < list->ntargets; i++) {
        const struct target *target = &list->targets[i];

        if (!vpce_parse(target->host, endpoint ? &next : &first))
            continue;
        if (endpoint && strcmp(first.endpoint, next.endpoint) != 0)
            return NULL;
        /* The name for all zones, if it is there. */
        if (endpoint && (first.zone[0] == '\0' || next.zone[0] != '\0'))
            continue;
        if (endpoint)
            first = next;
        endpoint = target;
    }
    return endpoint;
}
