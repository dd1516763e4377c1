#include "bench/run.h"
#include "report/bench_report.h"

#include <stdio.h>

__attribute__((weak)) bool bench_run(const struct bench_plan *plan,
                                     const struct bench_hooks *hooks,
                                     struct bench_result *result, char *error,
                                     size_t size)
{
    (void)plan;
    (void)hooks;
    (void)result;
    snprintf(error, size, "bench is not whole yet");
    return false;
}
__attribute__((weak)) void bench_result_free(struct bench_result *result)
{
    (void)result;
}
__attribute__((weak)) const char *
bench_command_token(enum bench_command command)
{
    static const char names[][8] = { "ping", "set", "get" };
    return names[command];
}
__attribute__((weak)) void bench_report_html(const struct bench_plan *plan,
                                             const struct bench_result *result,
                                             struct report_buffer *out)
{
    (void)plan;
    (void)result;
    (void)out;
}
