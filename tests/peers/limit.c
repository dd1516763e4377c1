/*
 * limit.c -- the least that a check can cost: nothing but what it must do.
 *
 *     limit ADDRESS PORT
 *
 * Connects to an IPv4 literal, sends PING, SET NX PX, GET and DEL in one write,
 * compares every byte of the answer, prints a line.  It has no options, no
 * time limits and no idea of what is wrong: 0, or 2 when anything is.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    KEY_SIZE = 34,
};

#define KEY "$34\r\n%s\r\n"

static int connect_to(const char *host, const char *port)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    to.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
    if (inet_pton(AF_INET, host, &to.sin_addr) != 1 ||
        connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        exit(2);
    return fd;
}

/* "linkprobe:{check}:" and 64 random bits */
static void make_key(char key[KEY_SIZE + 1])
{
    uint64_t bits;

    if (getrandom(&bits, sizeof(bits), 0) != sizeof(bits))
        exit(2);
    (void)snprintf(key, KEY_SIZE + 1, "linkprobe:{check}:%016llx",
                   (unsigned long long)bits);
}

static void expect(int fd, const char *answer)
{
    size_t size = strlen(answer), got = 0;
    char bytes[512];

    while (got < size) {
        ssize_t n = read(fd, bytes + got, sizeof(bytes) - got);

        if (n <= 0)
            exit(2);
        got += (size_t)n;
    }
    if (got != size || memcmp(bytes, answer, size) != 0)
        exit(2);
}

int main(int argc, char **argv)
{
    char key[KEY_SIZE + 1], question[512], answer[512];
    int n, fd;

    if (argc != 3)
        return 2;
    make_key(key);
    n = snprintf(question, sizeof(question),
                 "*1\r\n$4\r\nPING\r\n"
                 "*6\r\n$3\r\nSET\r\n" KEY KEY
                 "$2\r\nNX\r\n$2\r\nPX\r\n$5\r\n60000\r\n"
                 "*2\r\n$3\r\nGET\r\n" KEY "*2\r\n$3\r\nDEL\r\n" KEY,
                 key, key, key, key);
    (void)snprintf(answer, sizeof(answer), "+PONG\r\n+OK\r\n" KEY ":1\r\n",
                   key);
    fd = connect_to(argv[1], argv[2]);
    if (send(fd, question, (size_t)n, MSG_NOSIGNAL) != n)
        return 2;
    expect(fd, answer);
    return write(1, "OK\n", 3) == 3 ? 0 : 2;
}
