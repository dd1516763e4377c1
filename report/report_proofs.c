/*
 * -v: what the evidence proves, and what it does not.  A check that stops at
 * TCP has still shown that half of the path is good; saying so halves the
 * search.
 */
#include "report/format.h"
#include "report/screen.h"

/* How many addresses passed `stage`. */
static unsigned passed(const struct report_item *item, enum stage stage)
{
    unsigned n = 0;

    for (unsigned i = 0; i < item->evidence->naddresses; i++)
        n += item->evidence->addresses[i]->stages[stage].state == STAGE_PASSED;
    return n;
}

/* Did the stage end in an answer of Redis, be it an error? */
static bool is_redis(const struct evidence_stage *stage)
{
    return stage->state == STAGE_PASSED ||
           (stage->state == STAGE_FAILED && stage->cause >= CAUSE_RESP &&
            stage->cause < CAUSE_OWN &&
            !cause_is_resp((enum cause)stage->cause, RESP_ERR_PROTOCOL));
}

/* How many addresses spoke Redis' protocol. */
static unsigned spoke_redis(const struct report_item *item)
{
    unsigned n = 0;

    for (unsigned i = 0; i < item->evidence->naddresses; i++) {
        int stage = STAGE_AUTH;

        while (stage < STAGE_COUNT &&
               !is_redis(&item->evidence->addresses[i]->stages[stage]))
            stage++;
        n += stage < STAGE_COUNT;
    }
    return n;
}

/* How many addresses were silent to the end. */
static unsigned silent(const struct report_item *item)
{
    unsigned n = 0;

    for (unsigned i = 0; i < item->evidence->naddresses; i++)
        n += item->evidence->addresses[i]->stages[STAGE_TCP].cause ==
             cause_of_net(NET_TIMEOUT);
    return n;
}

/* One fact, which `n` of all addresses have shown; none: no fact. */
static void add_fact(struct report *report, const struct report_item *item,
                     unsigned n, const char *text)
{
    unsigned all = item->evidence->naddresses;

    if (n == all && n)
        screen_say(report, 2, "%s", text);
    else if (n)
        screen_say(report, 2, "over %u of %u addresses: %s", n, all, text);
}

static void add_proofs(struct report *report, const struct report_item *item)
{
    unsigned redis = spoke_redis(item), tcp = passed(item, STAGE_TCP);

    screen_put(report, INK_STRONG, "\nProven good\n");
    if (item->evidence->naddresses && !item->evidence->literal)
        screen_say(report, 2, "the name and its resolver: there are addresses");
    add_fact(report, item, redis,
             "the whole network path: security groups, network ACLs, "
             "endpoint, listener, load balancer, target");
    if (redis == 0)
        add_fact(report, item, tcp,
                 "the way to whatever accepts: the target behind a TCP "
                 "listener, whose handshake is end to end; only the load "
                 "balancer behind a TLS listener");
    add_fact(report, item,
             passed(item, STAGE_SET) ? passed(item, STAGE_GET) : 0,
             "permissions and role: a value was written and read back");
    if (tcp == 0)
        screen_say(report, 2, "%s",
                   item->evidence->naddresses ? "nothing behind the addresses"
                                              : "nothing: no address is known");
}

static void add_unknowns(struct report *report, const struct report_item *item)
{
    unsigned all = item->evidence->naddresses, redis = spoke_redis(item);

    screen_put(report, INK_STRONG, "\nStill unknown\n");
    add_fact(report, item, silent(item),
             "whether the way there or the way back is closed: silence does "
             "not tell");
    if (all == 0)
        screen_say(report, 2, "everything behind the name");
    add_fact(report, item, all - redis,
             "what Redis would say: whether it runs, takes the password, is "
             "the primary");
    if (redis && !passed(item, STAGE_SET))
        screen_say(report, 2, "whether writes are taken");
    if (redis && item->target->options->idle_ms == 0)
        screen_say(report, 2, "whether idle connections live (--idle 360s)");
    if (redis && item->target->options->npayloads == 0)
        screen_say(report, 2,
                   "whether large values pass, so the MTU "
                   "(--payload 1400,8300,16k,64k)");
    if (redis)
        screen_say(report, 2, "other targets behind the same addresses");
}

void screen_proofs(struct report *report, const struct report_item *item)
{
    add_proofs(report, item);
    add_unknowns(report, item);
}
