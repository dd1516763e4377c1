/*
 * tcpinfo.c -- the few fields of struct tcp_info that are evidence.
 */
#include "net/tcpinfo.h"

#include <linux/tcp.h> /* all of tcp_info: libc's has only its beginning */
#include <netinet/in.h>
#include <sys/socket.h>

struct net_tcpinfo net_tcpinfo_of(int fd)
{
    struct tcp_info info = { .tcpi_state = 0 };
    socklen_t size = sizeof(info);

    if (fd < 0 || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return (struct net_tcpinfo){ .state = 0 };
    return (struct net_tcpinfo){
        .rtt_us = info.tcpi_rtt,
        .min_rtt_us = info.tcpi_min_rtt,
        .snd_mss = info.tcpi_snd_mss,
        .retransmits = info.tcpi_total_retrans,
        .unacked = info.tcpi_unacked,
        .state = info.tcpi_state,
    };
}
