/*
 * A folder is listed first and read by name, so that every machine does the
 * same in the same order.
 */
#include "commands/provision/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/file.h"
#include "cli/text.h"

enum {
    FILE_SIZE_MAX = 1 << 20,
    PATH_SIZE = 4096,
};

/* Where to and how, for all of the functions below. */
struct loading {
    struct provision_files *files;
    spec_warn_cb warn;
    void *data;
    char *error;
    size_t size;
};

static bool append(const struct loading *l, struct spec *spec)
{
    struct provision_files *files = l->files;

    if (files->n == files->room) {
        size_t room = files->room ? files->room * 2 : 8;
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): they are pointers */
        struct spec **more =
            realloc((void *)files->specs, room * sizeof(struct spec *));

        if (!more)
            return error_set(l->error, l->size, "out of memory");
        files->specs = more;
        files->room = room;
    }
    files->specs[files->n++] = spec;
    return true;
}

static bool check_name(const struct loading *l, const struct spec *spec)
{
    for (size_t i = 0; i < l->files->n; i++) {
        const struct spec *other = l->files->specs[i];

        if (strcmp(other->name, spec->name) == 0)
            return error_set(l->error, l->size,
                             "%s: name: %s is the path of %s, too; two paths "
                             "of one name would take each other's parts",
                             spec->file, spec->name, other->file);
    }
    return l->files->n < PROVISION_PATHS_MAX ||
           error_set(l->error, l->size, "more than %d paths",
                     PROVISION_PATHS_MAX);
}

static bool add_file(const struct loading *l, const char *path)
{
    bool from_stdin = strcmp(path, "-") == 0;
    struct file file = { 0 };
    struct spec *spec;

    if (!file_read(path, FILE_SIZE_MAX, &file, l->error, l->size))
        return false;
    spec = spec_read(from_stdin ? "standard input" : path, file.bytes,
                     file.length, l->warn, l->data, l->error, l->size);
    file_free(&file);
    if (!spec)
        return false;
    if (check_name(l, spec) && append(l, spec))
        return true;
    spec_free(spec);
    return false;
}

static int is_path(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return entry->d_name[0] != '.' && dot &&
           (strcmp(dot, ".yml") == 0 || strcmp(dot, ".yaml") == 0);
}

/* By bytes: alphasort() goes by the locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool add_folder(const struct loading *l, const char *folder)
{
    char path[PATH_SIZE], quoted[QUOTE_MAX];
    struct dirent **entries;
    int n = scandir(folder, &entries, is_path, by_name);
    bool fine = true;

    if (n < 0)
        return error_set(l->error, l->size, "%s: %s",
                         text_quote_path(folder, quoted), strerror(errno));
    if (n == 0)
        fine = error_set(l->error, l->size, "%s: no .yml or .yaml is in it",
                         text_quote_path(folder, quoted));
    for (int i = 0; i < n; i++) {
        const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
        int length = snprintf(path, sizeof(path), "%s%s%s", folder, slash,
                              entries[i]->d_name);

        if (fine && (length < 0 || (size_t)length >= sizeof(path)))
            fine = error_set(l->error, l->size, "%s: %s",
                             text_quote_path(folder, quoted),
                             strerror(ENAMETOOLONG));
        fine = fine && add_file(l, path);
        free(entries[i]);
    }
    free((void *)entries);
    return fine;
}

bool provision_files_add(struct provision_files *files, const char *path,
                         spec_warn_cb warn, void *data, char *error,
                         size_t size)
{
    struct loading l = { .files = files, .warn = warn, .data = data };
    struct stat status;

    l.error = error;
    l.size = size;
    if (strcmp(path, "-") != 0 && stat(path, &status) == 0 &&
        S_ISDIR(status.st_mode))
        return add_folder(&l, path);
    return add_file(&l, path);
}

void provision_files_free(struct provision_files *files)
{
    for (size_t i = 0; i < files->n; i++)
        spec_free(files->specs[i]);
    free((void *)files->specs);
    *files = (struct provision_files){ 0 };
}
