/*
 * perfdata.h -- the performance data of a plugin (Monitoring Plugins
 * guidelines, "Performance data"): the same labels in every state.
 */
#ifndef REPORT_PERFDATA_H
#define REPORT_PERFDATA_H

#include "report/report.h"

/* Append "total=0.001900s;;;0 dns=U;;;0 ... addresses_ok=2;;;0;2". */
void perfdata_add(struct report_buffer *buffer, const struct report_item *item);

#endif /* REPORT_PERFDATA_H */
