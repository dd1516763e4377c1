/*
 * A script of the AWS CLI, for bash: the path step by step, for who wants to
 * see or to run each.  It stops at the first failure and does not know what is
 * there already: that is what apply is for.
 */
#include "provision/export/cli.h"

#include <stdarg.h>
#include <string.h>

#include "cli/text.h"

static const char head[] =
    "#\n"
    "# Makes each part once and stops at the first failure; linkprobe "
    "provision\n"
    "# apply goes on where a run ended. Needs bash, the AWS CLI and getent.\n"
    "#\n"
    "# Every id is kept in a variable, used or not.\n"
    "# shellcheck disable=SC1003,SC2016,SC2034\n"
    "set -euo pipefail\n";

static const char functions[] =
    "\n"
    "# wait_for WORD COMMAND...: until the command prints the word\n"
    "wait_for() {\n"
    "    local want=$1 tries=300\n"
    "    shift\n"
    "    until [ \"$(\"$@\" 2>/dev/null)\" = \"$want\" ]; do\n"
    "        if ((tries-- == 0)); then\n"
    "            echo \"waited in vain for $want: $*\" >&2\n"
    "            return 1\n"
    "        fi\n"
    "        sleep 2\n"
    "    done\n"
    "}\n"
    "\n"
    "# first_of_zones: of lines ZONE SUBNET RANGE the first of each zone\n"
    "first_of_zones() {\n"
    "    sort | awk '!seen[$1]++'\n"
    "}\n"
    "\n"
    "# own_account FUNCTION NUMBER: it must be that account's\n"
    "own_account() {\n"
    "    local found\n"
    "    found=$(\"$1\" sts get-caller-identity --query Account)\n"
    "    if [ \"$found\" != \"$2\" ]; then\n"
    "        echo \"these are credentials of $found, not of $2\" >&2\n"
    "        exit 3\n"
    "    fi\n"
    "}\n";

void script_say(struct script *s, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vfprintf(s->out, format, arguments);
    va_end(arguments);
}

const char *script_quote(struct script *s, const char *text)
{
    char *quoted = world_alloc(&s->e.world, strlen(text) * 4 + 3), *at = quoted;

    if (!quoted) {
        s->failed = true;
        return "''";
    }
    *at++ = '\'';
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            memcpy(at, "'\\''", 4);
            at += 4;
        } else {
            *at++ = *text;
        }
    }
    *at++ = '\'';
    *at = '\0';
    return quoted;
}

const char *script_words(struct script *s, const struct spec_texts *texts)
{
    const char *words = "";

    for (size_t i = 0; i < texts->n; i++)
        words = world_format(&s->e.world, "%s%s%s", words, i ? " " : "",
                             script_quote(s, texts->texts[i]));
    return words;
}

struct tagging {
    struct script *script;
    const char *list;
};

/* No tag has a quotation mark or a backslash: AWS takes none. */
static void add_tag(void *data, const char *key, const char *value)
{
    struct tagging *tagging = data;

    tagging->list = world_format(
        &tagging->script->e.world, "%s%s{\"Key\":\"%s\",\"Value\":\"%s\"}",
        tagging->list, *tagging->list != '\0' ? "," : "", key, value);
}

static const char *list_tags(struct script *s, const struct spec_tags *tags)
{
    struct tagging tagging = { s, "" };

    export_tags(&s->e, tags, add_tag, &tagging);
    return tagging.list;
}

const char *script_tags(struct script *s, const struct spec_tags *tags)
{
    return script_quote(s,
                        world_format(&s->e.world, "[%s]", list_tags(s, tags)));
}

const char *script_tags_of(struct script *s, const struct spec_tags *tags,
                           const char *type)
{
    return script_quote(
        s,
        world_format(&s->e.world, "[{\"ResourceType\":\"%s\",\"Tags\":[%s]}]",
                     type, list_tags(s, tags)));
}

/* --- who acts --- */

static void put_caller(struct script *s, const struct spec_account *account)
{
    script_say(s, "aws");
    if (account->profile)
        script_say(s, " --profile %s", script_quote(s, account->profile));
    if (account->region)
        script_say(s, " --region %s", script_quote(s, account->region));
    script_say(s, " --output text");
}

/* A role is assumed once; its keys stay in this shell. */
static void put_role(struct script *s, const char *name,
                     const struct spec_account *account)
{
    script_say(s, "\n%s_keys=$(", name);
    put_caller(s, account);
    script_say(s,
               " sts assume-role \\\n"
               "    --role-session-name linkprobe --role-arn %s",
               script_quote(s, account->role_arn));
    if (account->external_id)
        script_say(s, " \\\n    --external-id %s",
                   script_quote(s, account->external_id));
    script_say(s,
               " \\\n    --query 'Credentials.[AccessKeyId, SecretAccessKey, "
               "SessionToken]')\n"
               "%s() (\n"
               "    unset AWS_PROFILE\n"
               "    read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY \\\n"
               "        AWS_SESSION_TOKEN <<<\"$%s_keys\"\n"
               "    export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY "
               "AWS_SESSION_TOKEN\n"
               "    aws%s%s --output text \"$@\"\n"
               ")\n",
               name, name, account->region ? " --region " : "",
               account->region ? script_quote(s, account->region) : "");
}

static void put_account(struct script *s, const char *name,
                        const struct spec_account *account)
{
    if (account->role_arn) {
        put_role(s, name, account);
    } else {
        script_say(s, "\n%s() {\n    ", name);
        put_caller(s, account);
        script_say(s, " \"$@\"\n}\n");
    }
    if (account->account)
        script_say(s, "own_account %s %s\n", name,
                   script_quote(s, account->account));
}

static void put_accounts(struct script *s)
{
    char name[32];

    if (s->e.provider)
        put_account(s, "provider", &s->e.spec->provider.account);
    for (size_t i = 0; i < s->e.spec->nconsumers; i++) {
        const struct spec_consumer *at = &s->e.spec->consumers[i];

        if (!export_has(&s->e, at))
            continue;
        (void)snprintf(name, sizeof(name), "consumer_%zu", i + 1);
        put_account(s, name, &at->account);
    }
}

bool export_cli(const struct export_options *options, char *error, size_t size)
{
    struct script s = { .out = options->out };
    bool fine;

    if (!export_begin(&s.e, options, error, size))
        return false;
    script_say(&s,
               "#!/bin/bash\n"
               "# The path %s, by linkprobe provision export --as cli.\n%s%s",
               s.e.spec->name, head, functions);
    put_accounts(&s);
    if (s.e.provider)
        script_provider(&s);
    script_consumers(&s);
    fine = !s.failed && !s.e.world.no_memory;
    export_end(&s.e);
    return fine || error_set(error, size, "out of memory");
}
