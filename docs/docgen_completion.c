/*
 * Completions: what may stand where, for three shells.  Hidden rows are left
 * out; a value is a file, a folder, a choice, or up to the user.
 */
#include <string.h>

#include "docs/docgen.h"

static const char programs[] = "linkprobe check_linkprobe";

/* "-p|--port", as a pattern of sh. */
static void put_pattern(FILE *out, const struct option_row *row)
{
    if (row->letter != '\0')
        (void)fprintf(out, "-%c|", row->letter);
    (void)fprintf(out, "--%s)", row->name);
}

static void put_choices(FILE *out, const struct option_row *row)
{
    for (const char *at = row->choices; *at != '\0'; at++)
        (void)fputc(*at == '|' ? ' ' : *at, out);
}

static void bash_value(FILE *out, const struct option_row *row)
{
    enum docgen_value value = docgen_value(row);

    if (value == DOCGEN_NONE)
        return;
    (void)fputs("    ", out);
    put_pattern(out, row);
    if (value == DOCGEN_CHOICE) {
        (void)fputs(" words=\"", out);
        put_choices(out, row);
        (void)fputs("\" ;;\n", out);
    } else if (value == DOCGEN_FILE) {
        (void)fputs(" kind=-f ;;\n", out);
    } else if (value == DOCGEN_FOLDER) {
        (void)fputs(" kind=-d ;;\n", out);
    } else {
        (void)fputs(" return ;;\n", out);
    }
}

/* Are the words of this command files, not targets? */
static bool takes_files(const struct docgen_command *command)
{
    return strstr(command->spec->usage, "FILE") != NULL;
}

static void bash_command(FILE *out, const struct docgen_command *command)
{
    const struct option_set *set;
    const struct option_row *row = NULL;

    (void)fprintf(out, "_linkprobe_%s() {\n    case $1 in\n", command->name);
    while ((row = help_next(command->spec, &set, row)) != NULL)
        bash_value(out, row);
    (void)fputs("    *) words=\"", out);
    while ((row = help_next(command->spec, &set, row)) != NULL)
        (void)fprintf(out, "--%s ", row->name);
    (void)fputs("\" ;;\n    esac\n", out);
    if (command->words)
        (void)fprintf(out,
                      "    [[ $words != --* || $cur == -* ]] || words=\"%s\"\n",
                      command->words);
    else if (takes_files(command))
        (void)fputs("    [[ $words != --* || $cur == -* ]] || kind=-f\n", out);
    (void)fputs("}\n\n", out);
}

void docgen_bash(FILE *out)
{
    (void)fputs("# bash completion for linkprobe; made from its options\n\n",
                out);
    for (size_t i = 0; i < docgen_ncommands; i++) {
        if (docgen_commands[i].spec)
            bash_command(out, &docgen_commands[i]);
    }
    (void)fputs("_linkprobe() {\n"
                "    local cur=${COMP_WORDS[COMP_CWORD]} kind= words= at\n"
                "    local prev=${COMP_WORDS[COMP_CWORD - 1]} command=check\n"
                "    COMPREPLY=()\n"
                "    # --name=value comes as three words\n"
                "    if [[ $cur == = ]]; then\n"
                "        cur=\n"
                "    elif [[ $prev == = ]]; then\n"
                "        prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
                "    fi\n"
                "    for at in \"${COMP_WORDS[@]:1:1}\"; do\n"
                "        case $at in\n"
                "        ",
                out);
    for (size_t i = 0; i < docgen_ncommands; i++)
        (void)fprintf(out, "%s%s", i ? "|" : "", docgen_commands[i].name);
    (void)fputs(") command=$at ;;\n        esac\n    done\n"
                "    declare -F \"_linkprobe_$command\" > /dev/null &&\n"
                "        \"_linkprobe_$command\" \"$prev\"\n"
                "    if [[ $COMP_CWORD == 1 && $cur != -* ]]; then\n"
                "        words=\"",
                out);
    for (size_t i = 0; i < docgen_ncommands; i++)
        (void)fprintf(out, "%s%s", i ? " " : "", docgen_commands[i].name);
    (void)fprintf(out,
                  "\"\n    fi\n"
                  "    if [[ -n $kind ]]; then\n"
                  "        compopt -o filenames\n"
                  "        mapfile -t COMPREPLY < <(compgen \"$kind\" -- "
                  "\"$cur\")\n"
                  "    else\n"
                  "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- "
                  "\"$cur\")\n"
                  "    fi\n"
                  "}\n\n"
                  "complete -F _linkprobe %s\n",
                  programs);
}

/* Help inside '...[HELP]...' of zsh, or '...' of fish. */
static void put_quoted(FILE *out, const struct option_row *row,
                       const char *special)
{
    size_t n = docgen_sentence(row);

    for (size_t i = 0; i < n; i++) {
        if (row->help[i] == '\'') {
            (void)fputs("'\\''", out);
            continue;
        }
        if (strchr(special, row->help[i]))
            (void)fputc('\\', out);
        (void)fputc(row->help[i], out);
    }
}

static void zsh_value(FILE *out, const struct option_row *row)
{
    switch (docgen_value(row)) {
    case DOCGEN_NONE: break;
    case DOCGEN_WORD: (void)fputs(":value: ", out); break;
    case DOCGEN_FILE: (void)fputs(":file:_files", out); break;
    case DOCGEN_FOLDER: (void)fputs(":folder:_files -/", out); break;
    case DOCGEN_CHOICE:
        (void)fputs(":value:(", out);
        put_choices(out, row);
        (void)fputc(')', out);
        break;
    }
}

static void zsh_row(FILE *out, const struct option_row *row)
{
    const char *equals = option_takes_value(row) ? "=" : "";
    const char *star = (row->flags & OPTION_REPEATS) != 0 ? "'*'" : "";

    if (row->letter != '\0' && row->letter != '?')
        (void)fprintf(out, "        %s{-%c%s,--%s%s}'[", star, row->letter,
                      *equals ? "+" : "", row->name, equals);
    else
        (void)fprintf(out, "        %s'--%s%s[", star, row->name, equals);
    put_quoted(out, row, "[]:\\");
    (void)fputc(']', out);
    zsh_value(out, row);
    (void)fputs("' \\\n", out);
}

/* What stands beside the options. */
static void zsh_words(FILE *out, const struct docgen_command *command)
{
    if (command->words)
        (void)fprintf(out, "        '1:command:(%s)'\n}\n\n", command->words);
    else
        (void)fprintf(out, "        '%s'\n}\n\n",
                      takes_files(command) ? "*:log:_files"
                                           : "*:target:_hosts");
}

void docgen_zsh(FILE *out)
{
    (void)fprintf(out, "#compdef %s\n# made from the options\n\n", programs);
    for (size_t i = 0; i < docgen_ncommands; i++) {
        const struct option_set *set;
        const struct option_row *row = NULL;

        if (!docgen_commands[i].spec)
            continue;
        (void)fprintf(out, "_linkprobe_%s() {\n    _arguments -s -S \\\n",
                      docgen_commands[i].name);
        while ((row = help_next(docgen_commands[i].spec, &set, row)) != NULL)
            zsh_row(out, row);
        zsh_words(out, &docgen_commands[i]);
    }
    (void)fputs("_linkprobe() {\n    local -a commands=(\n", out);
    for (size_t i = 0; i < docgen_ncommands; i++)
        (void)fprintf(out, "        '%s:%s'\n", docgen_commands[i].name,
                      docgen_commands[i].text);
    (void)fputs("    )\n"
                "    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
                "        _describe command commands\n"
                "        _hosts\n"
                "    elif (( $+functions[_linkprobe_$words[2]] )); then\n"
                "        shift words\n"
                "        (( CURRENT-- ))\n"
                "        _linkprobe_$words[1]\n"
                "    else\n"
                "        _linkprobe_check\n"
                "    fi\n"
                "}\n\n"
                "_linkprobe \"$@\"\n",
                out);
}

static void fish_row(FILE *out, const char *program, const char *when,
                     const struct option_row *row)
{
    enum docgen_value value = docgen_value(row);

    (void)fprintf(out, "complete -c %s%s -l %s", program, when, row->name);
    if (row->letter != '\0' && row->letter != '?')
        (void)fprintf(out, " -s %c", row->letter);
    if (value == DOCGEN_CHOICE) {
        (void)fputs(" -xa '", out);
        put_choices(out, row);
        (void)fputc('\'', out);
    } else if (value == DOCGEN_FILE) {
        (void)fputs(" -rF", out);
    } else if (value == DOCGEN_FOLDER) {
        (void)fputs(" -xa '(__fish_complete_directories)'", out);
    } else if (value == DOCGEN_WORD) {
        (void)fputs(" -x", out);
    }
    (void)fputs(" -d '", out);
    put_quoted(out, row, "\\");
    (void)fputs("'\n", out);
}

/* Check is what no command means; it is the plugin, too. */
static void fish_when(const struct docgen_command *command, char *when,
                      size_t size)
{
    when[0] = '\0';
    if (command != docgen_commands)
        (void)snprintf(when, size, " -n '__fish_seen_subcommand_from %s'",
                       command->name);
}

void docgen_fish(FILE *out)
{
    (void)fputs("# fish completion for linkprobe; made from its options\n"
                "complete -c linkprobe -f\n"
                "complete -c check_linkprobe -f\n",
                out);
    for (size_t i = 0; i < docgen_ncommands; i++) {
        const struct docgen_command *command = &docgen_commands[i];
        const struct option_set *set;
        const struct option_row *row = NULL;
        char when[80];

        (void)fprintf(out,
                      "complete -c linkprobe -n __fish_use_subcommand -a %s "
                      "-d '%s'\n",
                      command->name, command->text);
        if (!command->spec)
            continue;
        fish_when(command, when, sizeof(when));
        if (command->words)
            (void)fprintf(out, "complete -c linkprobe%s -a '%s'\n", when,
                          command->words);
        else if (takes_files(command))
            (void)fprintf(out, "complete -c linkprobe%s -F\n", when);
        while ((row = help_next(command->spec, &set, row)) != NULL) {
            fish_row(out, "linkprobe", when, row);
            if (when[0] == '\0')
                fish_row(out, "check_linkprobe", "", row);
        }
    }
}
