/*
 * docgen.h -- the manual and the completions, printed from the rows of the
 * options while the program is built.
 */
#ifndef DOCS_DOCGEN_H
#define DOCS_DOCGEN_H

#include <stdio.h>

#include "cli/help.h"

/* A word that may stand first, and what it does. */
struct docgen_command {
    const char *name, *text;
    const struct option_spec *spec; /* NULL: it has no rows */
    const char *words; /* its own commands: "plan apply"; NULL: none */
};

extern const struct docgen_command docgen_commands[];
extern const size_t docgen_ncommands;

/* Is the value of `row` a file, a folder, or one of its choices? */
enum docgen_value {
    DOCGEN_NONE, /* a flag */
    DOCGEN_WORD,
    DOCGEN_FILE,
    DOCGEN_FOLDER,
    DOCGEN_CHOICE,
};

enum docgen_value docgen_value(const struct option_row *row);

/* The first sentence of a row's help, without its stop. */
size_t docgen_sentence(const struct option_row *row);

/* Copy `template` to `out`; "@OPTIONS check@" and the like become what they
 * name.  Returns 0, or an exit status. */
int docgen_man(FILE *template, FILE *out, const char *version);

void docgen_bash(FILE *out);
void docgen_zsh(FILE *out);
void docgen_fish(FILE *out);

#endif /* DOCS_DOCGEN_H */
