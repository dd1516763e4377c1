/*
 * Terraform: one configuration for all accounts, a provider with an alias for
 * each; what the cache is, is looked up by data sources.
 *
 *     head, providers > variables > look-ups > provider > consumers > imports
 */
#include "provision/export/terraform.h"

#include <string.h>

#include "cli/text.h"

const char *tf_balancer(struct terraform *t,
                        const struct world_balancer *balancer)
{
    return hcl_format(&t->hcl, "balancer_%zu",
                      (size_t)(balancer - t->e.world.balancers) + 1);
}

const char *tf_lane(struct terraform *t, const struct world_lane *lane)
{
    return hcl_format(&t->hcl, "balancer_%zu_%u",
                      (size_t)(lane->balancer - t->e.world.balancers) + 1,
                      lane->wanted->spec->port);
}

const char *tf_cache(struct terraform *t, const struct world_cache *cache)
{
    return hcl_format(&t->hcl, "cache_%zu",
                      (size_t)(cache - t->e.world.caches) + 1);
}

/* Its name where that can be one in HCL, else its number. */
const char *tf_consumer(struct terraform *t, const struct spec_consumer *at)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-0123456789";

    if (strcmp(at->name, "consumer") == 0)
        return "consumer";
    if (strspn(at->name, letters) == strlen(at->name) &&
        strspn(at->name, letters) > 0 &&
        strchr("0123456789", *at->name) == NULL)
        return hcl_format(&t->hcl, "consumer_%s", at->name);
    return hcl_format(&t->hcl, "consumer_%zu",
                      (size_t)(at - t->e.spec->consumers) + 1);
}

static void put_tag(void *data, const char *key, const char *value)
{
    struct hcl *hcl = data;

    hcl_string(hcl, hcl_quote(hcl, key), value);
}

void tf_tags(struct terraform *t, const struct spec_tags *tags)
{
    hcl_begin(&t->hcl, "tags", '{');
    export_tags(&t->e, tags, put_tag, &t->hcl);
    hcl_end(&t->hcl, '}');
}

void tf_ignore_tag(struct terraform *t, const char *key)
{
    hcl_open(&t->hcl, "lifecycle");
    hcl_put(&t->hcl, "ignore_changes",
            hcl_format(&t->hcl, "[tags[%s]]", hcl_quote(&t->hcl, key)));
    hcl_close(&t->hcl);
}

const char *tf_list(struct terraform *t, const struct spec_texts *texts)
{
    const char *list = "";

    for (size_t i = 0; i < texts->n; i++)
        list = hcl_format(&t->hcl, "%s%s%s", list, i ? ", " : "",
                          hcl_quote(&t->hcl, texts->texts[i]));
    return hcl_format(&t->hcl, "[%s]", list);
}

const char *tf_balancer_arn(struct terraform *t,
                            const struct world_balancer *balancer)
{
    if (balancer->spec->arn)
        return hcl_quote(&t->hcl, balancer->spec->arn);
    return hcl_format(&t->hcl, "aws_lb.%s.arn", tf_balancer(t, balancer));
}

const char *tf_service_name(struct terraform *t, const struct spec_consumer *at)
{
    if (at->service_name)
        return hcl_quote(&t->hcl, at->service_name);
    if (t->e.provider)
        return "aws_vpc_endpoint_service.service.service_name";
    return "var.service_name";
}

/* --- who acts --- */

static void put_account(struct terraform *t, const char *alias,
                        const struct spec_account *account)
{
    struct hcl *hcl = &t->hcl;

    hcl_open(hcl, "provider \"aws\"");
    hcl_string(hcl, "alias", alias);
    if (account->profile)
        hcl_string(hcl, "profile", account->profile);
    if (account->region)
        hcl_string(hcl, "region", account->region);
    if (account->account)
        hcl_put(hcl, "allowed_account_ids",
                hcl_format(hcl, "[%s]", hcl_quote(hcl, account->account)));
    if (account->role_arn) {
        hcl_open(hcl, "assume_role");
        hcl_string(hcl, "role_arn", account->role_arn);
        if (account->external_id)
            hcl_string(hcl, "external_id", account->external_id);
        hcl_close(hcl);
    }
    hcl_close(hcl);
}

static void put_accounts(struct terraform *t)
{
    if (t->e.provider)
        put_account(t, "provider", &t->e.spec->provider.account);
    for (size_t i = 0; i < t->e.spec->nconsumers; i++) {
        const struct spec_consumer *at = &t->e.spec->consumers[i];

        if (export_has(&t->e, at))
            put_account(t, tf_consumer(t, at), &at->account);
    }
}

static void put_head(struct terraform *t)
{
    struct hcl *hcl = &t->hcl;

    hcl_comment(hcl, hcl_format(hcl,
                                "The path %s, by linkprobe provision export "
                                "--as terraform.",
                                t->e.spec->name));
    (void)fputc('\n', hcl->out);
    hcl_open(hcl, "terraform");
    hcl_string(hcl, "required_version", ">= 1.5");
    hcl_open(hcl, "required_providers");
    hcl_begin(hcl, "aws", '{');
    hcl_string(hcl, "source", "hashicorp/aws");
    hcl_string(hcl, "version", ">= 5.40");
    hcl_end(hcl, '}');
    hcl_close(hcl);
    hcl_close(hcl);
}

/* --- what the file does not know --- */

static bool needs_service_name(const struct terraform *t)
{
    if (t->e.provider)
        return false;
    for (size_t i = 0; i < t->e.spec->nconsumers; i++) {
        const struct spec_consumer *at = &t->e.spec->consumers[i];

        if (export_has(&t->e, at) && !at->service_name)
            return true;
    }
    return false;
}

static const char *found_targets(struct terraform *t, unsigned port)
{
    const struct outcome *found = t->e.options->found;
    const char *list = "";
    size_t n = 0;

    for (size_t i = 0; found && i < found->nlisteners; i++) {
        const struct outcome_listener *listener = &found->listeners[i];

        for (size_t k = 0; listener->port == port && k < listener->ntargets;
             k++)
            list = hcl_format(&t->hcl, "%s%s%s", list, n++ ? ", " : "",
                              hcl_quote(&t->hcl, listener->targets[k].address));
    }
    return hcl_format(&t->hcl, "[%s]", list);
}

static void put_target_variables(struct terraform *t)
{
    struct hcl *hcl = &t->hcl;

    for (size_t i = 0; i < t->e.world.nlisteners; i++) {
        const struct spec_listener *listener = t->e.world.listeners[i].spec;

        if (listener->target_group_arn)
            continue;
        hcl_open(hcl, "variable \"targets_%u\"", listener->port);
        hcl_string(hcl, "description",
                   hcl_format(hcl,
                              "Addresses behind the name of %s. They change at "
                              "a failover: linkprobe provision sync registers "
                              "them, or write them here.",
                              listener->cache.id));
        hcl_put(hcl, "type", "set(string)");
        hcl_put(hcl, "default", found_targets(t, listener->port));
        hcl_close(hcl);
    }
}

static void put_variables(struct terraform *t)
{
    if (t->e.provider)
        put_target_variables(t);
    if (!needs_service_name(t))
        return;
    hcl_open(&t->hcl, "variable \"service_name\"");
    hcl_string(&t->hcl, "description",
               "The endpoint service's name: com.amazonaws.vpce.REGION."
               "vpce-svc-...");
    hcl_put(&t->hcl, "type", "string");
    hcl_close(&t->hcl);
}

bool export_terraform(const struct export_options *options, char *error,
                      size_t size)
{
    struct terraform t = { 0 };
    FILE *out = options->out;
    bool fine;

    if (!export_begin(&t.e, options, error, size))
        return false;
    t.hcl =
        (struct hcl){ .out = out, .arena = &t.e.world.arena, .first = true };
    put_head(&t);
    put_accounts(&t);
    put_variables(&t);
    if (t.e.provider) {
        tf_lookups(&t);
        tf_provider(&t);
    }
    tf_consumers(&t);
    if (options->found)
        tf_imports(&t);
    fine = !t.hcl.failed && !t.e.world.no_memory;
    export_end(&t.e);
    return fine || error_set(error, size, "out of memory");
}
