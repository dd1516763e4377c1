/*
 * files.h -- the paths of -f: files, and the files of folders.
 */
#ifndef COMMANDS_PROVISION_FILES_H
#define COMMANDS_PROVISION_FILES_H

#include "provision/spec/spec.h"

enum {
    PROVISION_PATHS_MAX = 1000,
};

struct provision_files {
    struct spec **specs; /* owned: provision_files_free() */
    size_t n, room;
};

/*
 * Read what is called `path`: a file, - for standard input, or a folder, of
 * which every .yml and .yaml is a path, by name.  Two paths of one name are an
 * error.  false: one line in `error`; what was read so far stays.
 */
bool provision_files_add(struct provision_files *files, const char *path,
                         spec_warn_cb warn, void *data, char *error,
                         size_t size);
void provision_files_free(struct provision_files *files);

#endif /* COMMANDS_PROVISION_FILES_H */
