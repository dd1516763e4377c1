/*
 * process.c -- /proc/self and getrusage(), read when they are asked for.
 */
#include "serve/process.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static uint64_t count_fds(void)
{
    DIR *folder = opendir("/proc/self/fd");
    uint64_t n = 0;

    if (!folder)
        return 0;
    while (readdir(folder))
        n++;
    (void)closedir(folder);
    return n > 3 ? n - 3 : 0; /* ".", ".." and its own */
}

static void read_memory(struct serve_process *process)
{
    FILE *file = fopen("/proc/self/statm", "re");
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    char line[128], *rest;

    if (!file)
        return;
    if (fgets(line, sizeof(line), file)) {
        process->virtual_bytes = strtoull(line, &rest, 10) * page;
        process->resident = strtoull(rest, NULL, 10) * page;
    }
    (void)fclose(file);
}

/* The 22nd field of stat: clock ticks since the machine started. */
static double start_ticks(void)
{
    FILE *file = fopen("/proc/self/stat", "re");
    char line[1024], *rest = NULL;
    double ticks = 0;

    if (!file)
        return 0;
    /* The name of the program may hold anything; it ends in the last ")". */
    if (fgets(line, sizeof(line), file))
        rest = strrchr(line, ')');
    for (int i = 2; rest && i < 22; i++)
        rest = strchr(rest + 1, ' ');
    if (rest)
        ticks = strtod(rest, NULL);
    (void)fclose(file);
    return ticks;
}

static double start_time(void)
{
    static double start;
    struct timespec now, since;

    if (start > 0)
        return start;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)clock_gettime(CLOCK_BOOTTIME, &since);
    start = (double)now.tv_sec - (double)since.tv_sec +
            start_ticks() / (double)sysconf(_SC_CLK_TCK);
    return start;
}

void serve_process_read(struct serve_process *process)
{
    struct rusage usage;
    struct rlimit files;

    *process = (struct serve_process){ .start_s = start_time() };
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        process->cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0)
        process->max_fds = files.rlim_cur;
    process->open_fds = count_fds();
    read_memory(process);
}
