/* SPDX-License-Identifier: GPL-2.0-or-later */
/** sim_rng.h: the simulator's random numbers: splitmix64. Independent of the cores' own generators. */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <stdbool.h>
#include <stdint.h>

typedef struct sim_rng {
    uint64_t state;
} sim_rng;

static inline uint64_t sim_rng_u64(sim_rng *r) {
    uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/** @return a number of 0 .. n-1; 0 when n is 0. */
static inline uint64_t sim_rng_below(sim_rng *r, uint64_t n) {
    return n == 0 ? 0 : sim_rng_u64(r) % n;
}

/** @return a number of lowest .. highest. */
static inline int64_t sim_rng_between(sim_rng *r, int64_t lowest, int64_t highest) {
    return lowest + (int64_t)sim_rng_below(r, (uint64_t)(highest - lowest) + 1);
}

/** @return true @p ppm times in a million. Takes no number from the generator when @p ppm is 0. */
static inline bool sim_rng_chance(sim_rng *r, uint32_t ppm) {
    return ppm != 0 && sim_rng_below(r, 1000000) < ppm;
}

#endif
