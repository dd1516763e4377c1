/*
 * Environment first, then the terminal itself.
 */
#include "commands/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "commands/check/options.h"

enum {
    COLUMNS_DEFAULT = 80,
};

static const char *environment(const char *name)
{
    const char *value = getenv(name);

    return value && value[0] ? value : NULL;
}

bool terminal_color(unsigned color)
{
    const char *term = getenv("TERM");

    if (color != CHECK_COLOR_AUTO)
        return color == CHECK_COLOR_ALWAYS;
    return isatty(STDOUT_FILENO) && !environment("NO_COLOR") && term &&
           strcmp(term, "dumb") != 0;
}

/* By the names of the locale: setlocale() itself would read files. */
bool terminal_utf8(void)
{
    static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = environment(names[i]);
        if (value)
            return strcasestr(value, "UTF-8") || strcasestr(value, "UTF8");
    }
    return false;
}

unsigned terminal_columns(void)
{
    struct winsize window;
    const char *columns = environment("COLUMNS");
    long n = columns ? strtol(columns, NULL, 10) : 0;

    if (n >= 20 && n <= 1000)
        return (unsigned)n;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col >= 20)
        return window.ws_col;
    return COLUMNS_DEFAULT;
}
