/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_hash.h: chained hash table of intrusive nodes; grows by doubling, keeps working when it cannot grow. */
#ifndef MPT_HASH_H
#define MPT_HASH_H

#include "mpt.h"

typedef struct mpt_hash_node {
    struct mpt_hash_node *next;
    uint64_t hash;
} mpt_hash_node;

typedef struct mpt_hash {
    mpt_hash_node **buckets;
    uint32_t bucket_count; /**< a power of two */
    uint32_t count;
} mpt_hash;

/** @return MPT_OK or MPT_ERR_MEMORY */
mpt_status mpt_hash_init(mpt_hash *h, const mpt_mem *mem);
void mpt_hash_free(mpt_hash *h, const mpt_mem *mem);
void mpt_hash_insert(mpt_hash *h, mpt_hash_node *n, uint64_t hash, const mpt_mem *mem);
void mpt_hash_remove(mpt_hash *h, mpt_hash_node *n);
/** @return first node with this hash; go on with n->next while n->hash differs or the key does not match. */
mpt_hash_node *mpt_hash_first(const mpt_hash *h, uint64_t hash);
/** Mix 64 bits (finaliser of splitmix64). */
uint64_t mpt_hash_mix(uint64_t x);

#endif
