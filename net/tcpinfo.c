/*
 * tcpinfo.c -- the few fields of struct tcp_info that are evidence.
 */
#include "net/tcpinfo.h"

#include <linux/tcp.h> /* all of tcp_info: libc's has only its beginning */
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

static bool ask(int fd, struct tcp_info *info)
{
    socklen_t size = sizeof(*info);

    memset(info, 0, sizeof(*info)); /* older kernels know less */
    return fd >= 0 && getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &size) == 0;
}

struct net_tcpinfo net_tcpinfo_of(int fd)
{
    struct tcp_info info;

    if (!ask(fd, &info))
        return (struct net_tcpinfo){ .state = 0 };
    return (struct net_tcpinfo){
        .rtt_us = info.tcpi_rtt,
        .min_rtt_us = info.tcpi_min_rtt,
        .snd_mss = info.tcpi_snd_mss,
        .retransmits = info.tcpi_total_retrans,
        .unacked = info.tcpi_unacked,
        .silent_ms = info.tcpi_last_data_recv,
        .state = info.tcpi_state,
        .doubled = info.tcpi_dsack_dups < UINT8_MAX
                       ? (uint8_t)info.tcpi_dsack_dups
                       : UINT8_MAX,
    };
}

uint32_t net_tcpinfo_waited_ms(int fd)
{
    struct tcp_info info;

    if (!ask(fd, &info) || info.tcpi_last_data_sent < info.tcpi_last_data_recv)
        return 0;
    return info.tcpi_last_data_sent - info.tcpi_last_data_recv;
}
