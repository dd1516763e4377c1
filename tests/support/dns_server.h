/*
 * dns_server.h -- a scripted name server on 127.0.0.1, UDP and TCP, in a thread
 * of its own.
 *
 *     static const struct dns_rule rules[] = {
 *         { .name = "a.example", .type = DNS_A,
 *           .records = { { "a.example", DNS_A, 60, "10.0.0.1" } } },
 *         { .rcode = 3 },
 *     };
 *     struct dns_server *server = dns_server_start(rules, 2, DNS_TCP_ANSWERS);
 *     ... ask dns_server_address(server) ...
 *     dns_server_stop(server);
 *
 * A query is answered by the first rule that is about it and not used up; one
 * that no rule is about is not answered.
 */
#ifndef TESTS_DNS_SERVER_H
#define TESTS_DNS_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "support/dns_message.h"

enum {
    DNS_RECORDS_MAX = 8,
};

/* How an answer differs from a good one. */
enum dns_fault {
    DNS_SOUND,
    DNS_SILENT,         /* no answer */
    DNS_WRONG_ID,       /* then the good one never comes */
    DNS_WRONG_QUESTION, /* likewise: for another name */
    DNS_GARBAGE,        /* the id and question, then nonsense records */
    DNS_SHORT,          /* fewer bytes than a header has */
    DNS_CUT_OVER_UDP,   /* TC and no records over UDP, sound over TCP */
    DNS_NO_EDNS,        /* FORMERR to a query with OPT, else sound */
    DNS_DROPS_EDNS,     /* silent to a query with OPT, else sound */
};

struct dns_rule {
    const char *name; /* NULL: any */
    unsigned type;    /* 0: any */
    unsigned times;   /* after so many answers it is used up; 0: never */
    unsigned rcode;
    enum dns_fault fault;
    unsigned delay_ms;
    struct dns_record records[DNS_RECORDS_MAX]; /* up to one without name */
};

enum dns_tcp {
    DNS_TCP_ANSWERS,
    DNS_TCP_REFUSED, /* nobody listens */
    DNS_TCP_SILENT,  /* accepts and says nothing */
    DNS_TCP_RESETS,  /* accepts, and resets when it is asked */
};

struct dns_server;

/* Serve `rules`, which must outlive it.  A failure fails the test. */
struct dns_server *dns_server_start(const struct dns_rule *rules, size_t n,
                                    enum dns_tcp tcp);

/* "127.0.0.1:PORT", for as long as it lives. */
const char *dns_server_address(const struct dns_server *server);

/* How many queries have come over UDP, or over TCP? */
unsigned dns_server_udp_queries(struct dns_server *server);
unsigned dns_server_tcp_queries(struct dns_server *server);

/* Wait until `n` queries have come over UDP. */
void dns_server_wait(struct dns_server *server, unsigned n);

/* ... until `n` answers have been sent over UDP. */
void dns_server_wait_answered(struct dns_server *server, unsigned n);

void dns_server_stop(struct dns_server *server); /* takes NULL */

/* An address that refuses (ICMP port unreachable): a port that is taken, but
 * not for us. */
struct dns_refusal {
    int fd;
    char address[32];
};
void dns_refusal_open(struct dns_refusal *refusal);
void dns_refusal_close(struct dns_refusal *refusal);

#endif /* TESTS_DNS_SERVER_H */
