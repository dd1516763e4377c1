/*
 * memory.h -- what a run leaves in tags for the next one, to spare it calls.
 *
 * The service remembers by which name each listener's cache is reached, the
 * endpoint which subnets were chosen for it and their ranges.  Neither changes
 * while the file says the same: a cache's name is its own for life, a subnet's
 * range too.  What is remembered of something else (the file names another
 * cache now) does not count, nor does a name that DNS no longer knows; then AWS
 * is asked.  No tag, no memory: it is asked as well.
 */
#ifndef PROVISION_MEMORY_H
#define PROVISION_MEMORY_H

#include <stdbool.h>

#include "provision/world/world.h"

#define MEMORY_TAG_CACHE   "linkprobe:cache"
#define MEMORY_TAG_CLIENTS "linkprobe:clients"

enum {
    MEMORY_SIZE = 257, /* a tag's value has at most 256 characters */
};

/* The value of the tag; false: it does not fit, or not all is known. */
bool memory_of_caches(const struct world *world, char out[MEMORY_SIZE]);
bool memory_of_clients(const struct world_consumer *consumer,
                       char out[MEMORY_SIZE]);

/* Fill what the tags that were read say, if it is of what is wanted. */
bool memory_recall_caches(struct world *world);
bool memory_recall_clients(struct world *world,
                           struct world_consumer *consumer);

#endif /* PROVISION_MEMORY_H */
