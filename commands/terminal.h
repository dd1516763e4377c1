/*
 * terminal.h -- what the reader of standard output can see.
 */
#ifndef COMMANDS_TERMINAL_H
#define COMMANDS_TERMINAL_H

#include <stdbool.h>

/* `color` (enum check_color) and NO_COLOR, decided. */
bool terminal_color(unsigned color);

/* Does the locale say UTF-8? */
bool terminal_utf8(void);

/* Its width; 80 when unknown. */
unsigned terminal_columns(void);

#endif /* COMMANDS_TERMINAL_H */
