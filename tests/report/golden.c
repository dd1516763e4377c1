/*
 * The report writes to a memory file; the clock, the host's name and our
 * version are of the moment and are replaced.
 */
#include "golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "support/unit.h"

int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_gethostname(char *name, size_t n);

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    (void)clock;
    *now = (struct timespec){ .tv_sec = 1795402800, .tv_nsec = 123456789 };
    return 0;
}

int __wrap_gethostname(char *name, size_t n)
{
    snprintf(name, n, "monitor.example");
    return 0;
}

static char *read_all(int fd, size_t *n)
{
    off_t end = lseek(fd, 0, SEEK_END);
    char *bytes = calloc(1, (size_t)end + 1);

    assert_non_null(bytes);
    assert_int_equal(pread(fd, bytes, (size_t)end, 0), end);
    *n = (size_t)end;
    return bytes;
}

char *golden_run(const struct golden *golden, size_t *n)
{
    int fd = memfd_create("report", MFD_CLOEXEC);
    struct report report;
    char *bytes = NULL;

    assert_true(fd >= 0);
    report_begin(&report, report_find(golden->format), &golden->style, fd);
    report.warnings = golden->warnings;
    report.nwarnings = golden->nwarnings;
    for (size_t i = 0; i < ARRAY_SIZE(golden->scenes) && golden->scenes[i];
         i++) {
        struct scene *scene = malloc(sizeof(*scene));

        assert_non_null(scene);
        golden->scenes[i](scene);
        report_item(&report, &scene->item);
        free(scene);
    }
    if (golden->error)
        report_error(&report, golden->error);
    assert_true(report_end(&report));
    bytes = read_all(fd, n);
    close(fd);
    return bytes;
}

static void path_of(const char *name, char *path, size_t size)
{
    snprintf(path, size, "%s/%s.txt", LINKPROBE_GOLDEN_FOLDER, name);
}

static void write_golden(const char *name, const char *bytes, size_t n)
{
    char path[512];
    FILE *file = NULL;

    path_of(name, path, sizeof(path));
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static char *read_golden(const char *name, size_t *n)
{
    char path[512];
    char *bytes = calloc(1, 65536);
    FILE *file = NULL;

    path_of(name, path, sizeof(path));
    file = fopen(path, "rb");
    if (!file)
        fail_msg("%s is not there", path);
    assert_non_null(bytes);
    *n = fread(bytes, 1, 65535, file);
    fclose(file);
    return bytes;
}

/* version="0.1.0" becomes version="VERSION". */
static void hide_version(char *bytes, size_t *n)
{
    char *at = strstr(bytes, "build_info{version=\"");
    char *end = at ? strchr(at + 20, '"') : NULL;

    if (!end)
        return;
    memmove(at + 21, end, *n - (size_t)(end - bytes) + 1);
    at[20] = 'V';
    *n -= (size_t)(end - at) - 21;
}

void golden_check(const char *name, const struct golden *golden)
{
    size_t n = 0, expected_n = 0;
    char *bytes = golden_run(golden, &n), *expected = NULL;
    const char *mode = getenv("LINKPROBE_GOLDEN");

    hide_version(bytes, &n);
    if (mode && strcmp(mode, "write") == 0)
        write_golden(name, bytes, n);
    expected = read_golden(name, &expected_n);
    if (n != expected_n || memcmp(bytes, expected, n) != 0)
        print_message("--- %s expected\n%s--- got\n%s", name, expected, bytes);
    assert_int_equal(n, expected_n);
    assert_memory_equal(bytes, expected, n);
    free(expected);
    free(bytes);
}
