/*
 * explain.c -- linkprobe explain [ID | --markdown]: the catalogue.
 */
#include "verdict/explain.h"

#include <stdio.h>
#include <string.h>

#include "cli/exit.h"
#include "cli/text.h"
#include "commands/commands.h"

static void put(void *data, const char *bytes, size_t n)
{
    (void)fwrite(bytes, 1, n, data);
}

static int unknown(const char *word)
{
    char quoted[QUOTE_MAX];

    (void)fprintf(stderr,
                  "linkprobe explain: no verdict is called %s; "
                  "linkprobe explain lists them\n",
                  text_quote(word, quoted));
    return EXIT_STATUS_UNKNOWN;
}

static int explain_ids(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        enum verdict_id id = catalogue_find(argv[i]);
        if (id == VERDICT_COUNT)
            return unknown(argv[i]);
        if (i > 1)
            putchar('\n');
        explain_entry(id, put, stdout);
    }
    return EXIT_STATUS_OK;
}

int command_explain(int argc, char **argv)
{
    int status = EXIT_STATUS_OK;

    if (argc > 1 && strcmp(argv[1], "--help") == 0)
        (void)fputs("usage: linkprobe explain [ID... | --markdown]\n\n"
                    "Without an ID, every verdict in a line.\n",
                    stdout);
    else if (argc > 1 && strcmp(argv[1], "--markdown") == 0)
        explain_markdown(put, stdout);
    else if (argc > 1)
        status = explain_ids(argc, argv);
    else
        explain_list(put, stdout);
    return fflush(stdout) == 0 ? status : EXIT_STATUS_UNKNOWN;
}
