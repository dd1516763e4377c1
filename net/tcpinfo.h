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
    uint32_t silent_ms;   /* since data came last, a tick less or more */
    uint8_t state;        /* TCP_ESTABLISHED ...; 0: unknown */
    uint8_t doubled; /* of the retransmits, those that were for nothing: the
                        peer had the segment (RFC 2883); 255: or more */
};

/* Ask the kernel; all zero when it does not tell. */
struct net_tcpinfo net_tcpinfo_of(int fd);

/*
 * How long the peer took, by the kernel's own clock: from the last segment with
 * data that left to the last that came.  In milliseconds, a tick less or more;
 * 0: not known, or what came last was sent unasked.
 */
uint32_t net_tcpinfo_waited_ms(int fd);

#endif /* NET_TCPINFO_H */
