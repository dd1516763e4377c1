/*
 * tcpinfo.h -- what the kernel knows of a TCP socket (tcp(7), TCP_INFO).
 */
#ifndef NET_TCPINFO_H
#define NET_TCPINFO_H

#include <stdint.h>

struct net_tcpinfo {
    uint32_t rtt_us;
    uint32_t min_rtt_us; /* the least of the last minutes; 0: not known */
    uint32_t snd_mss;
    uint32_t retransmits; /* of the whole life: tcpi_total_retrans */
    uint32_t unacked;     /* segments sent and not acknowledged */
    uint8_t state;        /* TCP_ESTABLISHED ...; 0: unknown */
};

/* Ask the kernel; all zero when it does not tell. */
struct net_tcpinfo net_tcpinfo_of(int fd);

#endif /* NET_TCPINFO_H */
