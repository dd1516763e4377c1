#include "report/bench_report.h"
const char *bench_report_html_missing(void)
{
    return "--html is not there";
}
