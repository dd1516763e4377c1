/*
 * folder.c -- the kernel knows which file this process is.
 */
#include "commands/folder.h"

#include <string.h>
#include <unistd.h>

bool folder_own(char folder[PATH_MAX])
{
    ssize_t n = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    char *slash;

    if (n <= 0)
        return false;
    folder[n] = '\0';
    slash = strrchr(folder, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return true;
}
