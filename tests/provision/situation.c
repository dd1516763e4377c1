/*
 * An answer is read by the real reader of XML and handed over in a call that
 * was never sent.
 */
#include "provision/situation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"

struct situation now;

static const char usual[] =
    "name: orders\n"
    "provider:\n"
    "  profile: owner\n"
    "  region: us-west-2\n"
    "  cache: {replication_group: test1, endpoint: primary}\n"
    "  service: {allowed_principals: "
    "[\"arn:aws:iam::222222222222:role/app\"]}\n"
    "consumer: {profile: app, region: us-west-2, vpc: vpc-0a1b2c3d}\n";

static void load(const char *yaml)
{
    char error[ERROR_TEXT_MAX];

    now.spec = spec_read("p.yml", yaml, strlen(yaml), NULL, NULL, error,
                         sizeof(error));
    if (!now.spec)
        fail_msg("%s", error);
    assert_true(world_init(&now.world, now.spec));
    now.world.region = "us-west-2";
    now.world.frugal = now.world.asks_caches = true;
    if (now.spec->has_provider)
        world_know_account(&now.world, "111111111111");
}

int situation_set_up(void **state)
{
    (void)state;
    now = (struct situation){ 0 };
    load(usual);
    return 0;
}

int situation_tear_down(void **state)
{
    (void)state;
    query_free(&now.ask.query);
    world_free(&now.world);
    spec_free(now.spec);
    return 0;
}

void situation_file(const char *yaml)
{
    (void)situation_tear_down(NULL);
    now = (struct situation){ 0 };
    load(yaml);
}

enum step_now situation_ask(const struct step_kind *kind, int account,
                            size_t index)
{
    if (now.step.kind != kind || now.step.index != index)
        now.step = (struct step){
            .kind = kind,
            .account = account,
            .index = index,
        };
    query_free(&now.ask.query);
    now.ask = (struct step_ask){ 0 };
    now.now = kind->now(&now.step, &now.world, &now.ask);
    if (now.now == STEP_CALL || now.now == STEP_WAIT)
        assert_int_not_equal(now.ask.action, ACTION_NO_CALL);
    assert_false(now.ask.query.failed);
    return now.now;
}

static bool hand_over(struct aws_call *call)
{
    const struct action_info *info = action_info(now.ask.action);

    call->service = info->service;
    call->action = info->name;
    now.step.asked = now.ask.action;
    now.step.calls++;
    return now.step.kind->took(&now.step, &now.world, call);
}

bool situation_answer(const char *inner)
{
    const struct action_info *info = action_info(now.ask.action);
    struct aws_call call = { .status = AWS_OK, .http_status = 200 };
    char error[256], *text = NULL;
    struct xml *answer;
    bool took;
    int n;

    n = info->service == AWS_EC2
            ? asprintf(&text, "<%sResponse>%s</%sResponse>", info->name, inner,
                       info->name)
            : asprintf(&text,
                       "<%sResponse><%sResult>%s</%sResult></%sResponse>",
                       info->name, info->name, inner, info->name, info->name);
    assert_true(n > 0);
    answer = xml_read(text, (size_t)n, error, sizeof(error));
    free(text);
    if (!answer)
        fail_msg("%s", error);
    call.answers = &answer;
    call.nanswers = 1;
    took = hand_over(&call);
    xml_free(answer);
    return took;
}

bool situation_error(const char *code)
{
    struct aws_call call = { .status = AWS_REFUSED, .http_status = 400 };

    (void)snprintf(call.code, sizeof(call.code), "%s", code);
    (void)snprintf(call.message, sizeof(call.message), "as recorded");
    return hand_over(&call);
}

bool situation_pretend(void)
{
    now.step.asked = now.ask.action;
    now.step.calls++;
    return now.step.kind->took(&now.step, &now.world, NULL);
}

static void assert_wants(enum step_now how, const char *action)
{
    if (now.now != how)
        fail_msg("state %d, not %d: %s", now.now, how,
                 now.ask.reason ? now.ask.reason : "");
    assert_string_equal(action_info(now.ask.action)->name, action);
}

void situation_assert_call(const char *action)
{
    assert_wants(STEP_CALL, action);
}

void situation_assert_wait(const char *action)
{
    assert_wants(STEP_WAIT, action);
}

/* Values are percent-encoded in the body; those that tests ask for are plain
 * but for ':' and '/'. */
static void unescape(char *text)
{
    char *to = text;

    for (const char *at = text; *at; at++) {
        unsigned value;

        if (*at == '%' && sscanf(at + 1, "%2x", &value) == 1) {
            *to++ = (char)value;
            at += 2;
        } else {
            *to++ = *at;
        }
    }
    *to = '\0';
}

void situation_assert_parameter(const char *name, const char *value)
{
    char *body = strdup(now.ask.query.text ? now.ask.query.text : "");
    char *rest = body, *pair, found[1024] = "";

    assert_non_null(body);
    while ((pair = strsep(&rest, "&"))) {
        char *equals = strchr(pair, '=');

        if (!equals)
            continue;
        *equals = '\0';
        if (strcmp(pair, name) == 0)
            (void)snprintf(found, sizeof(found), "%s", equals + 1);
    }
    unescape(found);
    free(body);
    assert_string_equal(found, value);
}

bool situation_says(const char *part)
{
    return now.ask.reason && strstr(now.ask.reason, part);
}
