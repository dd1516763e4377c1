/*
 * docgen man VERSION < linkprobe.1.in > linkprobe.1
 * docgen bash|zsh|fish > a completion
 */
#include "docs/docgen.h"

#include <stdlib.h>
#include <string.h>

#include "commands/bench/merge_options.h"
#include "commands/bench/options.h"
#include "commands/provision/options.h"
#include "commands/serve/options.h"

#define X(id, word, text) " " word
static const char provision_words[] = "help" PROVISION_COMMAND_MAP(X);
#undef X

const struct docgen_command docgen_commands[] = {
    { "check", "Check every address behind a name", &check_spec, NULL },
    { "watch", "Check again and again, and tell what changed", &watch_spec,
      NULL },
    { "serve", "Be an exporter for Prometheus, with a status page", &serve_spec,
      NULL },
    { "bench", "Measure how fast it is, and what a path adds", &bench_spec,
      NULL },
    { "merge", "Add up the logs of many clients", &merge_spec, NULL },
    { "explain", "What a verdict means, and what mends it", NULL, NULL },
    { "provision", "Build the path, prove it, keep it right",
      &provision_all_spec, provision_words },
    { "help", "Help on a command", NULL, NULL },
};

const size_t docgen_ncommands =
    sizeof(docgen_commands) / sizeof(docgen_commands[0]);

enum docgen_value docgen_value(const struct option_row *row)
{
    if (!option_takes_value(row))
        return DOCGEN_NONE;
    if (row->choices[0] != '\0')
        return DOCGEN_CHOICE;
    if (strcmp(row->metavar, "FILE") == 0)
        return DOCGEN_FILE;
    return strcmp(row->metavar, "DIR") == 0 ? DOCGEN_FOLDER : DOCGEN_WORD;
}

size_t docgen_sentence(const struct option_row *row)
{
    const char *end = strstr(row->help, ". ");
    size_t n = end ? (size_t)(end - row->help) : strlen(row->help);

    return n > 0 && row->help[n - 1] == '.' ? n - 1 : n;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    int status = EXIT_SUCCESS;

    if (strcmp(what, "man") == 0 && argc > 2)
        status = docgen_man(stdin, stdout, argv[2]);
    else if (strcmp(what, "bash") == 0)
        docgen_bash(stdout);
    else if (strcmp(what, "zsh") == 0)
        docgen_zsh(stdout);
    else if (strcmp(what, "fish") == 0)
        docgen_fish(stdout);
    else
        status = EXIT_FAILURE;
    return fflush(stdout) == 0 && !ferror(stdout) ? status : EXIT_FAILURE;
}
