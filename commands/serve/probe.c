/*
 * probe.c -- GET /probe?target=T&module=M: one check, while the scraper
 * waits.
 *
 *     parameters > job > page
 *
 * The check ends half a second before the scraper's own patience does, so that
 * a target that is down is told and not lost.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/serve/app.h"
#include "net/url.h"
#include "report/format.h"
#include "serve/exposition.h"
#include "serve/log.h"
#include "serve/negotiate.h"

enum {
    SPARE_MS = 500, /* of the scraper's timeout */
    NAME_MAX_BYTES = NET_HOST_MAX + 16,
};

struct serve_probe {
    struct serve_probe *next, *prev;
    struct serve_app *app;
    struct http_request *request; /* NULL: nobody waits any more */
    struct serve_job *job;
    struct net_url url;
    char name[NAME_MAX_BYTES];
    bool open, debug, withheld;
    const char *module; /* of the plan's configuration; NULL: none */
};

static void unlink_probe(struct serve_probe *probe)
{
    struct serve_app *app = probe->app;

    if (probe->next)
        probe->next->prev = probe->prev;
    if (probe->prev)
        probe->prev->next = probe->next;
    else
        app->probes = probe->next;
    app->nprobes--;
}

static void probe_free(struct serve_probe *probe)
{
    net_url_free(&probe->url);
    free(probe);
}

/* What --format text -v says of it. */
static void add_text(struct report_buffer *out, const struct report_item *item)
{
    const struct report_style style = { .verbosity = 1,
                                        .columns = 100,
                                        .targets = 1 };
    struct report report;

    report_begin(&report, report_find("text"), &style, -1);
    report.held = true;
    report_item(&report, item);
    report_add(out, report.out.bytes, report.out.length);
    /* There is nowhere to write to: it only releases. */
    report.out.length = 0;
    (void)report_end(&report);
}

static void add_debug(struct report_buffer *out,
                      const struct serve_probe *probe,
                      const struct report_item *item, const char *error)
{
    report_string(out, "Logs for the probe:\n");
    if (probe->withheld)
        report_string(out, "The module's credentials were not used: the "
                           "target is not among its targets.\n");
    if (item)
        add_text(out, item);
    else
        report_print(out, "%s\n", error);
    report_print(out, "\nModule: %s\n", probe->module ? probe->module : "none");
    report_string(out, "\nMetrics that would have been returned:\n");
}

/* It could not be checked: no evidence, and a verdict that says so. */
static void add_error(struct report_buffer *out,
                      const struct serve_probe *probe)
{
    const struct probe_target target = { .name = probe->name,
                                         .host = probe->url.host,
                                         .port = probe->url.port };
    const struct evidence_target evidence = { .host = probe->url.host,
                                              .port = probe->url.port,
                                              .literal = true };
    const struct outcome outcome = { .verdict = { .id = VERDICT_UNKNOWN_ERROR,
                                                  .stage = STAGE_COUNT,
                                                  .status = CHECK_UNKNOWN } };
    const struct report_item item = { .target = &target,
                                      .evidence = &evidence,
                                      .outcome = &outcome };

    serve_item(out, &item, probe->open);
}

static void reply(struct serve_probe *probe, const struct report_item *item,
                  const char *error)
{
    const struct http_answer answer = {
        .status = 200,
        .type = probe->debug  ? "text/plain; charset=utf-8"
                : probe->open ? SERVE_TYPE_OPEN
                              : SERVE_TYPE_TEXT,
    };
    struct report_buffer out = { 0 };

    if (probe->debug)
        add_debug(&out, probe, item, error);
    if (item)
        serve_item(&out, item, probe->open);
    else
        add_error(&out, probe);
    serve_tail(&out, probe->open);
    if (out.failed)
        http_reply_line(probe->request, 503, "out of memory");
    else
        http_reply(probe->request, &answer, out.bytes, out.length);
    report_buffer_free(&out);
}

static void on_done(struct serve_job *job, const struct report_item *item,
                    const char *error)
{
    struct serve_probe *probe = job->data;
    struct serve_checks *checks = &probe->app->checks;

    checks->other_checks++;
    checks->other_failed +=
        !item || item->outcome->verdict.status >= CHECK_CRITICAL;
    if (error)
        serve_log(SERVE_WARNING, "probe", "target", probe->name, "error", error,
                  NULL);
    if (probe->request)
        reply(probe, item, error);
    unlink_probe(probe);
    probe_free(probe);
}

/* The client has left, or the server ends: the check goes on to its end. */
static void on_gone(struct http_request *request)
{
    struct serve_probe *probe = request->data;

    probe->request = NULL;
}

static bool bad(struct http_request *request, const char *text)
{
    http_reply_line(request, 400, text);
    return false;
}

/* The time that the scraper grants, less what the answer needs. */
static bool read_limit(struct http_request *request, unsigned *limit_ms)
{
    const char *value =
        http_header(request, "X-Prometheus-Scrape-Timeout-Seconds");
    uint64_t ms = 0;

    *limit_ms = 0;
    if (!value)
        return true;
    if (!serve_scrape_timeout(value, &ms))
        return bad(request, "X-Prometheus-Scrape-Timeout-Seconds: expected a "
                            "number of seconds");
    *limit_ms = (unsigned)(ms / 2 > SPARE_MS ? ms - SPARE_MS : (ms + 1) / 2);
    return true;
}

/* "T" without its credentials, as it is printed. */
static void set_name(struct serve_probe *probe)
{
    bool v6 = strchr(probe->url.host, ':') != NULL;

    (void)snprintf(probe->name, sizeof(probe->name), v6 ? "[%s]:%u" : "%s:%u",
                   probe->url.host, (unsigned)probe->url.port);
}

static bool read_target(struct serve_probe *probe,
                        const struct serve_module *module,
                        struct http_request *request)
{
    char error[SERVE_ERROR_MAX];
    unsigned n = 0;
    const char *text = http_query(request, "target", &n);

    if (n == 0 || *text == '\0')
        return bad(request, "target: the parameter is missing");
    if (n > 1)
        return bad(request, "target: the parameter is given twice");
    if (!net_url_parse(text, &probe->url, error, sizeof(error))) {
        (void)error_prefix(error, sizeof(error), "target");
        return bad(request, error);
    }
    if (!probe->url.port_given)
        probe->url.port = (uint16_t)module->options.port;
    set_name(probe);
    return true;
}

static struct serve_module *read_module(struct serve_app *app,
                                        struct http_request *request)
{
    const char *name = http_query(request, "module", NULL);
    char error[SERVE_ERROR_MAX];
    struct serve_module *module = serve_plan_module(
        serve_app_plan(app), name && *name ? name : NULL, error, sizeof(error));

    if (!module) {
        (void)error_prefix(error, sizeof(error), "module");
        (void)bad(request, error);
    }
    return module;
}

/* Literals that -4 or -6 shuts out are the asker's mistake. */
static void fill_target(struct serve_probe *probe,
                        const struct serve_module *module)
{
    const struct check_options *options = &module->options;
    const struct net_url *url = &probe->url;
    struct serve_job *job = probe->job;
    const char *user = job->trusted ? options->user : NULL;

    job->target = (struct probe_target){
        .name = probe->name,
        .host = url->host,
        .port = url->port,
        .tls = url->tls || options->tls,
        .tls_name = options->tls_name,
        .db = url->db == NET_DB_NONE ? options->db : url->db,
        .login = { .user = url->user ? url->user : user },
    };
}

static void start(struct serve_probe *probe, struct serve_module *module,
                  unsigned limit_ms)
{
    struct serve_app *app = probe->app;
    struct serve_job *job = probe->job;

    probe->next = app->probes;
    if (app->probes)
        app->probes->prev = probe;
    app->probes = probe;
    app->nprobes++;
    job->data = probe;
    job->plan = serve_app_plan(app);
    job->module = module;
    job->limit_ms = limit_ms;
    job->trusted =
        serve_module_trusts(module, probe->url.host, probe->url.port);
    probe->withheld = !job->trusted && module->config &&
                      serve_module_credentials(module->config) != NULL;
    job->url_password = probe->url.password;
    fill_target(probe, module);
    serve_job_start(job, &app->checks.world, on_done);
}

static struct serve_probe *probe_new(struct serve_app *app,
                                     struct http_request *request)
{
    struct serve_probe *probe = calloc(1, sizeof(*probe));
    struct serve_job *job = serve_job_new();
    const char *debug = http_query(request, "debug", NULL);

    if (!probe || !job) {
        free(probe);
        free(job);
        return NULL;
    }
    probe->app = app;
    probe->request = request;
    probe->job = job;
    probe->debug = debug && strcmp(debug, "true") == 0;
    probe->open =
        !probe->debug && serve_wants_open(http_header(request, "Accept"));
    return probe;
}

void serve_probe(struct serve_app *app, struct http_request *request)
{
    struct serve_module *module = read_module(app, request);
    struct serve_probe *probe;
    unsigned limit_ms;

    if (!module || !read_limit(request, &limit_ms))
        return;
    if (app->nprobes >= app->checks.most || app->stopping) {
        http_reply_line(request, 503, "too many probes are under way");
        return;
    }
    probe = probe_new(app, request);
    if (!probe) {
        http_reply_line(request, 503, "out of memory");
        return;
    }
    if (!read_target(probe, module, request)) {
        free(probe->job);
        probe_free(probe);
        return;
    }
    probe->module = module->config ? module->config->name : NULL;
    request->data = probe;
    request->gone = on_gone;
    start(probe, module, limit_ms);
}

void serve_probes_stop(struct serve_app *app)
{
    for (struct serve_probe *probe = app->probes, *next; probe; probe = next) {
        next = probe->next;
        serve_job_cancel(probe->job);
    }
}
