/*
 * scene_parts.h -- what scenes are put together of.  The clock begins at
 * BEGIN.
 */
#ifndef TESTS_SCENE_PARTS_H
#define TESTS_SCENE_PARTS_H

#include "scene.h"

#define BEGIN     UINT64_C(5000000000)
#define US(n)     (UINT64_C(1000) * (n))
#define MS(n)     (UINT64_C(1000000) * (n))
#define WHEN_MS   INT64_C(1795402800123) /* 2026-11-23T03:00:00.123Z */
#define NOT_AFTER INT64_C(1798761599)    /* 2026-12-31T23:59:59Z */

/* A stage that passed; that failed; all from `first` on that were not
 * reached. */
void scene_pass(struct evidence_stage *stage, uint64_t start_ns,
                uint64_t end_ns);
void scene_fail(struct evidence_stage *stage, uint64_t start_ns,
                uint64_t end_ns, enum cause cause);
void scene_not_reached(struct evidence_address *address, enum stage first);

/* All that a scene has but for addresses; everything is well. */
void scene_prepare(struct scene *scene);

/* An address that passes; its commands go out together after the connect. */
void scene_add_address(struct scene *scene, const char *text, uint64_t at_ns);

/* Address `i` does not answer a SYN. */
void scene_silence(struct scene *scene, unsigned i, enum verdict_id id);

/* Count the addresses that pass; call it last. */
void scene_count(struct scene *scene);

#endif /* TESTS_SCENE_PARTS_H */
