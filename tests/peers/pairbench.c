/*
 * pairbench.c -- what commands cost, one beside the other.
 *
 *     pairbench [-n ROUNDS] [-w WARMUP] + NAME COMMAND [ARG...] + NAME ...
 *
 * Each round runs every command once, in order (A B C, A B C, ...), so that
 * whatever else the machine does falls on all of them.  Of each command it
 * prints the medians of CPU time (user + system) and wall time in milliseconds
 * and of the page faults, the largest peak of resident memory in KiB, and how
 * often it ended with another status than 0; then how the first command
 * compares with each other one: the medians of the ratios round by round.
 *
 * Link it statically: a child counts the memory of what it was forked from, so
 * no peak below pairbench's own can be seen.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    CONTESTANTS_MAX = 16,
    ROUNDS_MAX = 10000,
};

enum measure {
    CPU,
    WALL,
    FAULTS,
    PEAK,
    MEASURES,
};

struct contestant {
    const char *name;
    char **argv;
    unsigned failures;
    double *values[MEASURES]; /* one a round */
};

static struct contestant contestants[CONTESTANTS_MAX];
static unsigned ncontestants;
static long rounds = 50, warmup = 3;

static void die(const char *what)
{
    (void)fprintf(stderr, "pairbench: %s\n", what);
    exit(2);
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static pid_t start(char **argv)
{
    posix_spawn_file_actions_t silence;
    pid_t pid;

    posix_spawn_file_actions_init(&silence);
    posix_spawn_file_actions_addopen(&silence, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&silence, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&silence, 2, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&pid, argv[0], &silence, NULL, argv, environ) != 0)
        die(argv[0]);
    posix_spawn_file_actions_destroy(&silence);
    return pid;
}

/* Run `one` and note what it took; a negative round is not noted. */
static void run(struct contestant *one, long round)
{
    double begin = now();
    pid_t pid = start(one->argv);
    struct rusage usage;
    int status;

    if (wait4(pid, &status, 0, &usage) != pid)
        die("wait4");
    if (round < 0)
        return;
    one->values[WALL][round] = (now() - begin) * 1e3;
    one->values[CPU][round] =
        (seconds(usage.ru_utime) + seconds(usage.ru_stime)) * 1e3;
    one->values[FAULTS][round] = (double)usage.ru_minflt;
    one->values[PEAK][round] = (double)usage.ru_maxrss;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        one->failures++;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The value that `share` of the rounds do not exceed, `values` divided by
 * `base` unless that is NULL. */
static double quantile(const double *values, const double *base, double share)
{
    static double sorted[ROUNDS_MAX];

    for (long i = 0; i < rounds; i++)
        sorted[i] = base ? values[i] / base[i] : values[i];
    qsort(sorted, (size_t)rounds, sizeof(sorted[0]), compare);
    return sorted[(long)(share * (double)(rounds - 1) + 0.5)];
}

static void print_values(const struct contestant *one)
{
    printf("%-22s %9.3f %9.3f %7.0f %9.0f", one->name,
           quantile(one->values[CPU], NULL, 0.5),
           quantile(one->values[WALL], NULL, 0.5),
           quantile(one->values[FAULTS], NULL, 0.5),
           quantile(one->values[PEAK], NULL, 1));
    if (one->failures)
        printf("  failed %u times", one->failures);
    putchar('\n');
}

/* `a` compared with `b`: medians, and the middle half of the CPU ratios. */
static void print_ratios(const struct contestant *a, const struct contestant *b)
{
    char name[64];

    (void)snprintf(name, sizeof(name), "%s / %s", a->name, b->name);
    printf(
        "%-32s cpu %5.2f (%.2f-%.2f)  wall %5.2f  faults %5.2f  peak %5.2f\n",
        name, quantile(a->values[CPU], b->values[CPU], 0.5),
        quantile(a->values[CPU], b->values[CPU], 0.25),
        quantile(a->values[CPU], b->values[CPU], 0.75),
        quantile(a->values[WALL], b->values[WALL], 0.5),
        quantile(a->values[FAULTS], b->values[FAULTS], 0.5),
        quantile(a->values[PEAK], b->values[PEAK], 0.5));
}

/* "+ NAME COMMAND..." from argv[i] on; returns where the next one begins. */
static int read_contestant(int argc, char **argv, int i)
{
    struct contestant *one = &contestants[ncontestants++];
    int end = i + 1;

    if (ncontestants > CONTESTANTS_MAX)
        die("too many commands");
    while (end < argc && strcmp(argv[end], "+") != 0)
        end++;
    if (end - i < 3)
        die("+ NAME COMMAND [ARG...]");
    argv[end] = NULL; /* the "+" of the next one, or what is NULL already */
    one->name = argv[i + 1];
    one->argv = argv + i + 2;
    for (unsigned m = 0; m < MEASURES; m++) {
        one->values[m] = calloc((size_t)rounds, sizeof(double));
        if (!one->values[m])
            die("out of memory");
    }
    return end;
}

static void read_arguments(int argc, char **argv)
{
    int option;

    while ((option = getopt(argc, argv, "+n:w:")) != -1) {
        switch (option) {
        case 'n': rounds = strtol(optarg, NULL, 10); break;
        case 'w': warmup = strtol(optarg, NULL, 10); break;
        default: die("[-n ROUNDS] [-w WARMUP] + NAME COMMAND [ARG...] ...");
        }
    }
    if (rounds < 1 || rounds > ROUNDS_MAX || optind >= argc ||
        strcmp(argv[optind], "+") != 0)
        die("[-n ROUNDS] [-w WARMUP] + NAME COMMAND [ARG...] ...");
    for (int i = optind; i < argc;)
        i = read_contestant(argc, argv, i);
}

int main(int argc, char **argv)
{
    read_arguments(argc, argv);
    for (long round = -warmup; round < rounds; round++)
        for (unsigned i = 0; i < ncontestants; i++)
            run(&contestants[i], round);
    printf("%-22s %9s %9s %7s %9s\n", "", "cpu ms", "wall ms", "faults",
           "peak KiB");
    for (unsigned i = 0; i < ncontestants; i++)
        print_values(&contestants[i]);
    for (unsigned i = 1; i < ncontestants; i++)
        print_ratios(&contestants[0], &contestants[i]);
    return 0;
}
