/*
 * resolve.c -- names of sides to addresses, all at the same time.
 *
 * A side that has --address, or whose host is a literal, needs no look-up; the
 * others have a resolver each, since each may ask its own name servers.
 */
#include <arpa/inet.h>
#include <stdlib.h>

#include "cli/text.h"
#include "commands/bench/job.h"
#include "net/resolve.h"

struct look_up {
    struct net_resolve resolve;
    enum net_status status;
};

static void on_resolved(struct net_resolve *resolve, enum net_status status)
{
    struct look_up *look_up = resolve->data;

    look_up->status = status;
}

static struct net_addr with_port(const struct net_addr *addr, uint16_t port)
{
    struct net_addr found = *addr;

    if (found.sa.any.sa_family == AF_INET6)
        found.sa.v6.sin6_port = htons(port);
    else
        found.sa.v4.sin_port = htons(port);
    return found;
}

/* Those of --address, or the literal; false: it is to be looked up. */
static bool without_look_up(const struct bench_job *job, unsigned i,
                            struct bench_side *side)
{
    const struct check_options *options = &job->options.sides[i];
    const struct target *target = &job->targets.targets[i];

    for (unsigned k = 0; k < options->naddresses; k++)
        side->addresses[k] = with_port(&options->addresses[k], target->port);
    side->naddresses = options->naddresses;
    if (side->naddresses == 0 &&
        net_addr_parse(target->host, target->port, &side->addresses[0]))
        side->naddresses = 1;
    return side->naddresses > 0;
}

static bool start(const struct bench_job *job, unsigned i,
                  struct net_loop *loop, struct look_up *look_up)
{
    const struct check_options *options = &job->options.sides[i];
    const struct target *target = &job->targets.targets[i];
    const struct net_question question = { .host = target->host,
                                           .port = target->port,
                                           .family = options->family };

    look_up->status = NET_NOMEM;
    look_up->resolve = (struct net_resolve){
        .data = look_up,
        .resolver = net_resolver_new(loop, options->dns),
        .timeout_ms = options->timeout_ms,
    };
    if (!look_up->resolve.resolver)
        return false;
    net_resolve_start(&look_up->resolve, &question, on_resolved);
    return true;
}

static bool take_answer(struct bench_side *side, const struct look_up *look_up,
                        char *error, size_t size)
{
    const struct net_answer *answer = look_up->resolve.answer;

    if (look_up->status != NET_OK || !answer)
        return error_set(error, size, "%s cannot be resolved: %s", side->name,
                         net_status_text(look_up->status));
    for (unsigned i = 0; i < answer->naddrs; i++) {
        if (side->naddresses < BENCH_ADDRESSES_MAX)
            side->addresses[side->naddresses++] = answer->addrs[i].addr;
    }
    return true;
}

static void finish(struct look_up *look_ups, struct net_loop *loop)
{
    for (unsigned i = 0; i < BENCH_SIDES_MAX; i++) {
        net_resolver_close(look_ups[i].resolve.resolver, NULL, NULL);
        free(look_ups[i].resolve.answer);
    }
    net_loop_run(loop);
    free(look_ups);
}

static bool look_up_all(struct bench_job *job, struct net_loop *loop,
                        struct look_up *look_ups, char *error, size_t size)
{
    struct bench_plan *plan = &job->plan;
    bool fine = true;

    for (unsigned i = 0; i < plan->nsides; i++) {
        if (!without_look_up(job, i, &plan->sides[i]))
            (void)start(job, i, loop, &look_ups[i]);
    }
    net_loop_run(loop);
    for (unsigned i = 0; fine && i < plan->nsides; i++)
        fine = plan->sides[i].naddresses > 0 ||
               take_answer(&plan->sides[i], &look_ups[i], error, size);
    return fine;
}

/* One address that both sides dial; NULL: there is none. */
static const struct net_addr *shared(const struct bench_side *a,
                                     const struct bench_side *b)
{
    for (unsigned i = 0; i < a->naddresses; i++) {
        for (unsigned k = 0; k < b->naddresses; k++) {
            if (net_addr_equal(&a->addresses[i], &b->addresses[k]))
                return &a->addresses[i];
        }
    }
    return NULL;
}

/* Two sides that are one would come out as equal, and prove nothing. */
static bool sides_differ(const struct bench_plan *plan, char *error,
                         size_t size)
{
    char text[NET_ADDR_TEXT_MAX];

    for (unsigned i = 0; i < plan->nsides; i++) {
        for (unsigned k = i + 1; k < plan->nsides; k++) {
            const struct net_addr *addr =
                shared(&plan->sides[i], &plan->sides[k]);

            if (addr)
                return error_set(error, size,
                                 "sides %c and %c both dial %s; expected "
                                 "different addresses, or --force",
                                 (char)('a' + i), (char)('a' + k),
                                 net_addr_text(addr, text));
        }
    }
    return true;
}

bool bench_job_resolve(struct bench_job *job, struct net_loop *loop,
                       char *error, size_t size)
{
    struct look_up *look_ups = calloc(BENCH_SIDES_MAX, sizeof(*look_ups));
    bool fine;

    if (!look_ups)
        return error_set(error, size, "out of memory");
    fine = look_up_all(job, loop, look_ups, error, size);
    finish(look_ups, loop);
    return fine &&
           (job->options.force || sides_differ(&job->plan, error, size));
}
