/*
 * delay.c -- a link between two network namespaces that is slow.
 *
 *     delay NAME MEAN-MS JITTER-MS NAMESPACE-FD NAMESPACE-FD
 *
 *     TUN device NAME  --->  packets, each with its time  --->  TUN device NAME
 *     of one namespace <---  packets, each with its time  <---  of the other
 *
 * Every packet that one device is given is written to the other one MEAN
 * milliseconds later, give or take JITTER; packets of a direction keep their
 * order.  "ready" is printed when both devices are there.  They vanish with
 * the process.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum {
    PACKET_MAX = 65535,
    QUEUE_MAX = 1024, /* what does not fit is lost, as on any link */
    ARGUMENTS = 6,
};

#define MS     1000000L /* in nanoseconds */
#define SECOND (1000L * MS)

struct packet {
    uint64_t due_ns;
    size_t size;
    unsigned char *bytes; /* owned by the queue */
};

/* One direction: what waits to be written to `to`, a ring. */
struct queue {
    int from, to;
    unsigned first, count;
    uint64_t last_ns; /* when the youngest is due */
    struct packet packets[QUEUE_MAX];
};

static uint64_t mean_ns, jitter_ns;

static void die(const char *what)
{
    (void)fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * (uint64_t)SECOND + (uint64_t)now.tv_nsec;
}

/* A TUN device in the namespace behind `space`. */
static int device_open(const char *name, int space)
{
    struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
    int device;

    if (setns(space, CLONE_NEWNET) != 0)
        die("setns");
    device = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    if (device < 0)
        die("/dev/net/tun");
    strncpy(request.ifr_name, name, sizeof(request.ifr_name) - 1);
    if (ioctl(device, TUNSETIFF, &request) != 0)
        die("TUNSETIFF");
    return device;
}

/* From mean - jitter to mean + jitter. */
static uint64_t delay_ns(void)
{
    uint64_t spread = 2 * jitter_ns;

    if (spread == 0)
        return mean_ns;
    return mean_ns - jitter_ns + (uint64_t)random() % spread;
}

static void queue_take(struct queue *queue)
{
    static unsigned char bytes[PACKET_MAX];
    ssize_t size = read(queue->from, bytes, sizeof(bytes));
    struct packet *packet;

    if (size <= 0 || queue->count == QUEUE_MAX)
        return;
    packet = &queue->packets[(queue->first + queue->count) % QUEUE_MAX];
    packet->bytes = malloc((size_t)size);
    if (!packet->bytes)
        return;
    memcpy(packet->bytes, bytes, (size_t)size);
    packet->size = (size_t)size;
    packet->due_ns = now_ns() + delay_ns();
    if (packet->due_ns < queue->last_ns)
        packet->due_ns = queue->last_ns;
    queue->last_ns = packet->due_ns;
    queue->count++;
}

/* Write what is due; a device that is full loses it. */
static void queue_give(struct queue *queue)
{
    while (queue->count > 0 &&
           queue->packets[queue->first].due_ns <= now_ns()) {
        struct packet *packet = &queue->packets[queue->first];

        if (write(queue->to, packet->bytes, packet->size) < 0 &&
            errno != EAGAIN && errno != EIO && errno != EINVAL)
            die("write");
        free(packet->bytes);
        packet->bytes = NULL;
        queue->first = (queue->first + 1) % QUEUE_MAX;
        queue->count--;
    }
}

/* How long nothing is due; -1: nothing waits. */
static int64_t queue_rest_ns(const struct queue *queue)
{
    uint64_t now = now_ns();
    uint64_t due = queue->packets[queue->first].due_ns;

    if (queue->count == 0)
        return -1;
    return due > now ? (int64_t)(due - now) : 0;
}

/* Until a packet comes or is due. */
static void wait_for_packets(struct queue *there, struct queue *back)
{
    struct pollfd devices[] = { { .fd = there->from, .events = POLLIN },
                                { .fd = back->from, .events = POLLIN } };
    int64_t rest = queue_rest_ns(there), other = queue_rest_ns(back);
    struct timespec timeout;

    if (rest < 0 || (other >= 0 && other < rest))
        rest = other;
    timeout =
        (struct timespec){ .tv_sec = rest / SECOND, .tv_nsec = rest % SECOND };
    if (ppoll(devices, 2, rest < 0 ? NULL : &timeout, NULL) < 0)
        die("ppoll");
    if (devices[0].revents != 0)
        queue_take(there);
    if (devices[1].revents != 0)
        queue_take(back);
}

static uint64_t ns_of(const char *milliseconds)
{
    return (uint64_t)(strtod(milliseconds, NULL) * (double)MS);
}

int main(int argc, char **argv)
{
    static struct queue there, back;

    if (argc != ARGUMENTS) {
        (void)fputs("delay NAME MEAN-MS JITTER-MS FD FD\n", stderr);
        return 2;
    }
    mean_ns = ns_of(argv[2]);
    jitter_ns = ns_of(argv[3]);
    there.from = back.to = device_open(argv[1], (int)strtol(argv[4], NULL, 10));
    back.from = there.to = device_open(argv[1], (int)strtol(argv[5], NULL, 10));
    (void)puts("ready");
    (void)fflush(stdout);
    while (true) {
        wait_for_packets(&there, &back);
        queue_give(&there);
        queue_give(&back);
    }
}
