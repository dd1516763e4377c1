/*
 * silent.c -- a server that accepts and never says a word.
 *
 *     silent PORT
 *
 * Listens on every address (run it where there is nothing but loopback) and
 * ends when it is killed.
 */
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
    struct sockaddr_in any = { .sin_family = AF_INET };
    int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;

    if (argc != 2)
        return 2;
    any.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, (struct sockaddr *)&any, sizeof(any)) != 0 ||
        listen(fd, 16384) != 0) {
        perror("silent");
        return 2;
    }
    for (;;)
        accept(fd, NULL, NULL); /* kept open by not being closed */
}
