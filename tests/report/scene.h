/*
 * scene.h -- results made by hand: what a report is given, without a probe.
 *
 * A scene owns all that its item points to.  The words of a verdict come from
 * the scene too (scene_words.c stands in for verdict/describe.c), so that what
 * is tested here is how a report looks and not what a verdict says.
 */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include "report/report.h"

enum {
    SCENE_ADDRESSES_MAX = 5,
    SCENE_WORDS_MAX = 4,
};

struct scene_words {
    const char *summary;
    const char *evidence[SCENE_WORDS_MAX];
    const char *cause;
    struct catalogue_fix fixes[SCENE_WORDS_MAX];
};

struct scene {
    struct probe_options options;
    struct probe_target target;
    struct probe_label labels[3];
    struct evidence_target evidence;
    struct net_answer answer;
    struct evidence_address addresses[SCENE_ADDRESSES_MAX];
    const struct evidence_address *pointers[SCENE_ADDRESSES_MAX];
    struct net_tls_info tls;
    struct evidence_server server;
    struct evidence_idle idle;
    struct evidence_fault fault;
    char master[32];
    struct outcome outcome;
    struct verdict verdicts[SCENE_ADDRESSES_MAX];
    struct report_item item;
    struct scene_words words;
};

/* Two addresses in two zones, all well. */
void scene_healthy(struct scene *scene);

/* The second of two addresses does not answer. */
void scene_one_dead(struct scene *scene);

/* The same, but one is enough: OK, and the id stays as information. */
void scene_tolerated(struct scene *scene);

/* TLS with a certificate for another name. */
void scene_tls(struct scene *scene);

/* A name that does not exist behind an alias. */
void scene_dns_failure(struct scene *scene);

/* An address literal, read only, slower than -w wants it. */
void scene_literal(struct scene *scene);

/* Everything a server or a file can say says something hostile. */
void scene_hostile(struct scene *scene);

/* Five addresses, two of them silent: more than a screen has room for. */
void scene_crowd(struct scene *scene);

/* What is rare: a name of the hosts file, a replica, --idle, --payload, the
 * same address twice, marks that TAP and YAML would trip over. */
void scene_rare(struct scene *scene);

/* The time limit of the program ended it. */
void scene_watchdog(struct scene *scene);

#endif /* TESTS_SCENE_H */
