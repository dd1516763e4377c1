/*
 * tls_load_dlopen.c -- opens linkprobe-tls.so, which lies where the program
 * says and nowhere else.
 *
 * Looked for beside the program (the build tree, an unpacked archive), then in
 * the library folder of the prefix that the program is installed under.  Never
 * in the working directory, by an environment variable or by the loader's
 * search path: whoever may write there must not run code in a monitoring
 * agent.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "net/tls_module.h"

enum {
    PATH_SIZE = 4096,
};

/* LINKPROBE_MODULE_DIR is set by CMake: ../lib/x86_64-linux-gnu/linkprobe, or
 * an absolute path where the installation wants one. */
static const char *const folders[] = {
    ".",
    "../lib/linkprobe",
    LINKPROBE_MODULE_DIR,
    /* from libexec/linkprobe */
    "../../lib/linkprobe",
    ("../" LINKPROBE_MODULE_DIR),
};

/* The folder of the running program, without a final slash. */
static bool program_folder(char folder[PATH_SIZE])
{
    const ssize_t n = readlink("/proc/self/exe", folder, PATH_SIZE - 1);
    char *slash;

    if (n <= 0)
        return false;
    folder[n] = '\0';
    slash = strrchr(folder, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    return true;
}

/* Write the first place that has the file to `path`. */
static bool module_find(const char *program, char *path, size_t size)
{
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        const bool absolute = folders[i][0] == '/';
        const int n =
            snprintf(path, size, "%s%s%s/%s", absolute ? "" : program,
                     absolute ? "" : "/", folders[i], NET_TLS_MODULE_FILE);

        if (n > 0 && (size_t)n < size && access(path, F_OK) == 0)
            return true;
    }
    return false;
}

/* The table of the module at `path`, when it is one for this program. */
static const struct net_tls_module *module_open(const char *path, char *error,
                                                size_t size)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct net_tls_module *table;

    if (handle == NULL) {
        (void)snprintf(error, size, "TLS cannot be used: %s", dlerror());
        return NULL;
    }
    table = dlsym(handle, NET_TLS_MODULE_SYMBOL);
    if (table != NULL && table->abi == NET_TLS_MODULE_ABI &&
        table->info_size == sizeof(struct net_tls_info))
        return table;
    (void)snprintf(
        error, size,
        "TLS cannot be used: %s belongs to another version of linkprobe; "
        "install both from one package",
        path);
    dlclose(handle);
    return NULL;
}

const struct net_tls_module *net_tls_load(char *error, size_t size)
{
    char program[PATH_SIZE];
    char path[2 * PATH_SIZE];

    if (!program_folder(program)) {
        (void)snprintf(
            error, size,
            "TLS cannot be used: /proc/self/exe does not tell where the "
            "program lies, and so where its %s",
            NET_TLS_MODULE_FILE);
        return NULL;
    }
    if (!module_find(program, path, sizeof(path))) {
        (void)snprintf(error, size,
                       "TLS cannot be used: %s is neither in %s nor in "
                       "../lib/linkprobe or %s from there",
                       NET_TLS_MODULE_FILE, program, LINKPROBE_MODULE_DIR);
        return NULL;
    }
    return module_open(path, error, size);
}
