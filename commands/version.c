/*
 * version.c -- linkprobe --version: ours, and what it stands on.
 */
#include <stdio.h>

#include "cli/yaml_reader.h"
#include "commands/commands.h"
#include "net/libraries.h"
#include "net/tls.h"
#include "resp/library.h"

void print_version(void)
{
    const char *tls = net_tls_library();

    printf("linkprobe " LINKPROBE_VERSION "\n"
           "libuv %s\nc-ares %s\nhiredis %s\nlibyaml %s\n%s\n",
           net_libuv_version(), net_cares_version(), resp_hiredis_version(),
           yaml_library_version(), tls ? tls : "no TLS module");
}
