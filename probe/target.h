/*
 * target.h -- what is checked, and how: the input of a probe.
 *
 * Plain data made by commands/; it outlives every check of it.  Options are
 * shared by all targets that have the same ones.
 */
#ifndef PROBE_TARGET_H
#define PROBE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"
#include "net/resolve.h"
#include "net/tls.h"
#include "verdict/evidence.h"
#include "verdict/policy.h"

/* A label of a targets file; carried into every output. */
struct probe_label {
    const char *name;
    const char *value;
};

/* Credentials of a target; the texts are wiped by who made them. */
struct probe_login {
    const char *user;     /* NULL: the default user */
    const char *password; /* NULL: no AUTH is sent */
};

struct probe_options {
    int family;                       /* AF_UNSPEC, AF_INET, AF_INET6 */
    const struct net_addr *addresses; /* --address; port 0: the target's */
    size_t naddresses;                /* 0: resolve the name */
    const struct net_addr *source;    /* --source; NULL: any */
    struct net_resolver *resolver;    /* NULL when no name is to be resolved */
    unsigned timeout_ms;              /* a stage's budget */
    unsigned deadline_ms;        /* one target's whole check, with --idle */
    struct net_tls_context *tls; /* for targets with `tls` */
    const char *key_prefix;
    const size_t *payloads; /* --payload sizes in bytes */
    size_t npayloads;
    unsigned idle_ms;                   /* --idle; 0: off */
    bool server_info;                   /* ask INFO server as well */
    bool diagnose;                      /* second probes after a failure */
    const struct evidence_again *again; /* for advice; NULL: none */
    struct policy policy;
};

struct probe_target {
    const char *name; /* as printed: HOST:PORT, never a password */
    const char *host; /* for DNS, or an address literal */
    uint16_t port;
    bool tls;
    const char *tls_name; /* SNI and the name verified; NULL: the host */
    const char *endpoint; /* an endpoint's own name at this port, which may be
                             what `host` stands for; NULL: not known */
    int db;               /* to SELECT; 0 or less: none */
    struct probe_login login;
    const struct probe_label *labels;
    size_t nlabels;
    const struct probe_options *options;
};

#endif /* PROBE_TARGET_H */
