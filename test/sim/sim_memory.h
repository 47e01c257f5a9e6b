/* SPDX-License-Identifier: GPL-2.0-or-later */
/** sim_memory.h: an allocator that counts what is out, and refuses when told to. */
#ifndef SIM_MEMORY_H
#define SIM_MEMORY_H

#include "mpt.h"
#include "sim_rng.h"

typedef struct sim_memory {
    uint64_t blocks, bytes, bytes_max; /**< out now; most at once */
    uint64_t allocations;              /**< since fail_nth was set */
    uint64_t fail_nth;                 /**< this one fails; 0 = none */
    uint32_t fail_ppm;                 /**< this many of a million fail */
    uint64_t failures;
    sim_rng rng;
} sim_memory;

/** @return the allocator in the shape of the core. @p m must outlive it. */
mpt_mem sim_memory_mem(sim_memory *m);

#endif
