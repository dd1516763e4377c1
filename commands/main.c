/*
 * main.c -- linkprobe: the name it is called by, or the first word, says what
 * is wanted; a word that is no command is a target to check.
 */
#include <stdio.h>
#include <string.h>

#include "cli/exit.h"
#include "cli/text.h"
#include "commands/commands.h"
#include "commands/companion.h"
#include "commands/start.h"

static const char usage[] =
    "usage: linkprobe [check] [options] TARGET...\n"
    "       linkprobe bench [options] TARGET\n"
    "       linkprobe merge [options] FILE.hlog...\n"
    "       linkprobe watch [options] TARGET...\n"
    "       linkprobe serve [options]\n"
    "       linkprobe explain [ID]\n"
    "       linkprobe provision COMMAND ...\n"
    "       linkprobe help [COMMAND]\n"
    "\n"
    "Does a Redis or Valkey cache answer over AWS PrivateLink, and if not,\n"
    "which hop is broken and what mends it?\n"
    "\n"
    "  check      every address behind a name: DNS, TCP, TLS, AUTH, PING, "
    "role,\n"
    "             SET, GET, clean-up; `linkprobe TARGET` means this\n"
    "  bench      how fast it is, and what a path adds: an honest benchmark\n"
    "  merge      the logs of many clients of bench, added up\n"
    "  watch      check again and again, and tell what changes\n"
    "  serve      an exporter for Prometheus, with a status page\n"
    "  explain    what a verdict means, and what mends it\n"
    "  provision  build the path: linkprobe-provision, where it is installed\n"
    "\n"
    "A target is HOST, HOST:PORT, [V6]:PORT or redis://, rediss://, "
    "valkey://,\n"
    "valkeys://[[USER]:PASSWORD@]HOST[:PORT][/DB].\n"
    "See `linkprobe check --help`; exit status 0 OK, 1 WARNING, 2 CRITICAL,\n"
    "3 UNKNOWN.\n";

static int unknown_command(const char *word)
{
    char quoted[QUOTE_MAX];

    (void)fprintf(
        stderr,
        "linkprobe help: no command is called %s; linkprobe help lists "
        "them\n",
        text_quote(word, quoted));
    return EXIT_STATUS_UNKNOWN;
}

/* The program that the command `word` is handed to; NULL: none. */
static const char *companion_of(const char *word)
{
    static const struct {
        char word[8];
        const char *program;
    } rows[] = {
        { "bench", COMPANION_BENCH },
        { "merge", COMPANION_BENCH },
        { "watch", COMPANION_MONITOR },
        { "serve", COMPANION_MONITOR },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(word, rows[i].word) == 0)
            return rows[i].program;
    }
    return NULL;
}

int command_help(int argc, char **argv)
{
    char help[] = "--help";

    if (argc > 1 && strcmp(argv[1], "check") == 0) {
        char *words[] = { argv[1], help, argc > 2 ? argv[2] : NULL, NULL };
        return command_check(argc > 2 ? 3 : 2, words, false);
    }
    if (argc > 1 && companion_of(argv[1])) {
        char *words[] = { argv[1], help, argc > 2 ? argv[2] : NULL, NULL };
        return companion_run(companion_of(argv[1]), words);
    }
    if (argc > 1 && strcmp(argv[1], "explain") == 0) {
        char *words[] = { argv[1], help, NULL };
        return command_explain(2, words);
    }
    if (argc > 1 && strcmp(argv[1], "provision") == 0) {
        char *words[] = { argv[1], argc > 2 ? argv[2] : help,
                          argc > 2 ? help : NULL, NULL };
        return companion_run(COMPANION_PROVISION, words);
    }
    if (argc > 1 && strcmp(argv[1], "help") != 0)
        return unknown_command(argv[1]);
    (void)fputs(usage, stdout);
    return fflush(stdout) == 0 ? EXIT_STATUS_OK : EXIT_STATUS_UNKNOWN;
}

static int no_target(void)
{
    (void)fputs(
        "linkprobe: no target; expected HOST, HOST:PORT or a redis:// URL "
        "(see linkprobe --help)\n",
        stderr);
    return EXIT_STATUS_UNKNOWN;
}

static int run_word(int argc, char **argv)
{
    const char *word = argv[1];

    if (strcmp(word, "check") == 0)
        return command_check(argc - 1, argv + 1, false);
    if (companion_of(word))
        return companion_run(companion_of(word), argv + 1);
    if (strcmp(word, "explain") == 0)
        return command_explain(argc - 1, argv + 1);
    if (strcmp(word, "provision") == 0)
        return companion_run(COMPANION_PROVISION, argv + 1);
    if (strcmp(word, "help") == 0)
        return command_help(argc - 1, argv + 1);
    if (argc == 2 && strcmp(word, "--help") == 0)
        return command_help(1, argv);
    return command_check(argc, argv, false);
}

int main(int argc, char **argv)
{
    const char *name = argc > 0 ? strrchr(argv[0], '/') : NULL;

    start();
    name = name ? name + 1 : argc > 0 ? argv[0] : "";
    if (strcmp(name, "check_linkprobe") == 0)
        return command_check(argc, argv, true);
    if (argc < 2)
        return no_target();
    return run_word(argc, argv);
}
