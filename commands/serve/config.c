/*
 * config.c -- GET /config: the configuration in use, secrets masked.
 *
 * There is no password in a configuration; a command that prints one may hold
 * one, though.
 */
#include <string.h>

#include "cli/json.h"
#include "commands/serve/app.h"
#include "report/format.h"

static void add_bytes(void *data, const char *bytes, size_t n)
{
    report_add(data, bytes, n);
}

/* A text as YAML takes it from JSON. */
static void add_text(struct report_buffer *out, const char *text)
{
    struct json json = { .write = add_bytes, .data = out };

    json_string(&json, text);
}

static bool is_secret(const struct option_row *row)
{
    return strcmp(row->name, "password-command") == 0;
}

static void add_value(struct report_buffer *out, const struct option_row *row,
                      const char *text)
{
    if (is_secret(row))
        report_string(out, "<secret>");
    else
        add_text(out, text ? text : "true");
}

/* "key: value", or a list where a key has several. */
static void add_values(struct report_buffer *out,
                       const struct option_values *values, const char *indent)
{
    for (size_t i = 0; i < values->nvalues; i++) {
        const struct option_value *value = &values->values[i];
        bool list = i + 1 < values->nvalues && value[1].row == value->row;

        if (i > 0 && value[-1].row == value->row)
            continue;
        report_print(out, "%s%s: ", indent, value->row->name);
        if (!list)
            add_value(out, value->row, value->text);
        for (size_t k = i;
             list && k < values->nvalues && values->values[k].row == value->row;
             k++) {
            report_print(out, "\n%s  - ", indent);
            add_value(out, value->row, values->values[k].text);
        }
        report_string(out, "\n");
    }
}

static void add_module(struct report_buffer *out,
                       const struct config_module *module)
{
    report_string(out, "  ");
    add_text(out, module->name);
    report_string(
        out, module->values.nvalues + module->ntargets > 0 ? ":\n" : ": {}\n");
    add_values(out, &module->values, "    ");
    if (module->ntargets == 0)
        return;
    report_string(out, "    targets:\n");
    for (size_t i = 0; i < module->ntargets; i++) {
        report_string(out, "      - ");
        add_text(out, module->targets[i]);
        report_string(out, "\n");
    }
}

static void add_config(struct report_buffer *out, const struct config *config)
{
    if (!config->file) {
        report_string(out, "# no configuration file\n{}\n");
        return;
    }
    report_string(out,
                  config->defaults.nvalues ? "defaults:\n" : "defaults: {}\n");
    add_values(out, &config->defaults, "  ");
    report_string(out, config->nmodules ? "modules:\n" : "modules: {}\n");
    for (size_t i = 0; i < config->nmodules; i++)
        add_module(out, &config->modules[i]);
}

void serve_config(struct serve_app *app, struct http_request *request)
{
    static const struct http_answer answer = {
        .status = 200, .type = "text/plain; charset=utf-8"
    };
    struct report_buffer out = { 0 };

    add_config(&out, &serve_app_plan(app)->config);
    if (out.failed)
        http_reply_line(request, 503, "out of memory");
    else
        http_reply(request, &answer, out.bytes, out.length);
    report_buffer_free(&out);
}
