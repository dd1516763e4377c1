/*
 * policy.c -- the IAM policies that a file needs.
 *
 * A policy is printed so that it can be given to IAM as it is when one side is
 * asked for; both sides are one object with a policy each.
 */
#include <stdio.h>

#include "commands/provision/job.h"
#include "commands/provision/provision.h"
#include "provision/policy/policy.h"
#include "provision/pretty.h"

enum { SIDE_BOTH, SIDE_PROVIDER, SIDE_CONSUMER }; /* of --side */

static unsigned purposes_of(const struct provision_job *job)
{
    static const unsigned purposes[] = {
        0,
        ACTION_APPLY,
        ACTION_SYNC,
        ACTION_DESTROY,
        ACTION_STATUS,
        ACTION_CONNECTIONS,
    };

    return purposes[job->options.purpose];
}

/* --- policy --- */

static bool has_provider(const struct provision_job *job,
                         const struct spec *spec)
{
    return spec->has_provider && job->options.side != SIDE_CONSUMER;
}

static size_t count_consumers(const struct provision_job *job,
                              const struct spec *spec)
{
    size_t n = 0;

    for (size_t i = 0; i < spec->nconsumers; i++)
        n += !spec->consumers[i].foreign && job->options.side != SIDE_PROVIDER;
    return n;
}

static void put_consumers(const struct provision_job *job,
                          struct policy_options options, struct json *json)
{
    for (size_t i = 0; i < options.spec->nconsumers; i++) {
        const struct spec_consumer *consumer = &options.spec->consumers[i];

        if (consumer->foreign || job->options.side == SIDE_PROVIDER)
            continue;
        options.consumer = consumer;
        json_key(json, consumer->name);
        policy_write(&options, json);
    }
}

/* {"provider": POLICY, "consumers": {NAME: POLICY}} */
static void put_policies(const struct provision_job *job,
                         struct policy_options options, struct json *json)
{
    json_key(json, "provider");
    if (has_provider(job, options.spec))
        policy_write(&options, json);
    else
        json_null(json);
    json_key(json, "consumers");
    json_object(json);
    put_consumers(job, options, json);
    json_object_end(json);
}

static void print_policy_json(const struct provision_job *job,
                              const struct policy_options *options)
{
    struct pretty pretty;

    pretty_begin(&pretty, stdout);
    pretty.plain = true;
    json_object(&pretty.json);
    json_member_string(&pretty.json, "schema", "linkprobe.policy/1");
    json_member_string(&pretty.json, "name", options->spec->name);
    put_policies(job, *options, &pretty.json);
    json_object_end(&pretty.json);
    pretty_end(&pretty);
}

static const struct spec_consumer *first_consumer(const struct spec *spec)
{
    size_t i = 0;

    while (spec->consumers[i].foreign)
        i++;
    return &spec->consumers[i];
}

static void print_policy(const struct provision_job *job,
                         const struct spec *spec)
{
    struct policy_options options = { .spec = spec,
                                      .purposes = purposes_of(job) };
    size_t consumers = count_consumers(job, spec);
    struct pretty pretty;

    if (job->options.format == PROVISION_JSON) {
        print_policy_json(job, &options);
        return;
    }
    pretty_begin(&pretty, stdout);
    if (consumers + has_provider(job, spec) == 1) {
        if (consumers)
            options.consumer = first_consumer(spec);
        policy_write(&options, &pretty.json);
    } else {
        json_object(&pretty.json);
        put_policies(job, options, &pretty.json);
        json_object_end(&pretty.json);
    }
    pretty_end(&pretty);
}

bool provision_has_side(struct provision_job *job, const struct spec *spec)
{
    if (has_provider(job, spec) || count_consumers(job, spec))
        return true;
    return error_set(job->error, sizeof(job->error),
                     "%s: --side %s: there is none in the file", spec->file,
                     job->options.side == SIDE_PROVIDER ? "provider"
                                                        : "consumer");
}

int provision_policy(struct provision_job *job)
{
    for (size_t i = 0; i < job->files.n; i++) {
        const struct spec *spec = job->files.specs[i];

        if (!provision_has_side(job, spec))
            return provision_told_wrong(job);
        print_policy(job, spec);
    }
    return fflush(stdout) == 0 ? PROVISION_DONE : PROVISION_REFUSED;
}
