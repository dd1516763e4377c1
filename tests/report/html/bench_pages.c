/*
 * bench_pages FOLDER: the pages of the benchmarks made by hand, for a browser
 * to look at.  Exit status 77: this build makes no page.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench_scene.h"
#include "report/bench_report.h"
#include "support/unit.h"

enum { SKIPPED = 77 };

static const struct {
    const char *name;
    void (*make)(struct bench_scene *scene);
} pages[] = {
    { "closed", bench_scene_closed }, { "stall", bench_scene_stall },
    { "zones", bench_scene_zones },   { "pair", bench_scene_pair },
    { "three", bench_scene_three },   { "nothing", bench_scene_nothing },
};

static bool write_page(const char *folder, size_t i)
{
    struct bench_scene *scene = calloc(1, sizeof(*scene));
    struct report_buffer out = { 0 };
    char path[512];
    bool written = false;
    int fd = -1;

    snprintf(path, sizeof(path), "%s/%s.html", folder, pages[i].name);
    fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
    if (!scene || fd < 0) {
        perror(path);
        free(scene);
        return false;
    }
    pages[i].make(scene);
    bench_report_html(&scene->plan, &scene->result, &out);
    written = bench_report_write(&out, fd);
    bench_scene_free(scene);
    free(scene);
    close(fd);
    return written;
}

int main(int argc, char **argv)
{
    const char *missing = bench_report_html_missing();

    if (missing) {
        fprintf(stderr, "%s\n", missing);
        return SKIPPED;
    }
    if (argc != 2) {
        fprintf(stderr, "bench_pages FOLDER\n");
        return 2;
    }
    for (size_t i = 0; i < ARRAY_SIZE(pages); i++)
        if (!write_page(argv[1], i))
            return 1;
    return 0;
}
