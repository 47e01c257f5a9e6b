/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * rng.h: streams of random numbers by MRG32k3a (L'Ecuyer, Good parameters and implementations for combined multiple
 * recursive random number generators, 1999; L'Ecuyer et al., An object-oriented random-number package with many long
 * streams and substreams, 2002), numbered as ns-3 numbers them: the same stream and seed give the same numbers as its
 * UniformRandomVariable.
 */
#ifndef LINK_RNG_H
#define LINK_RNG_H

#include <stdint.h>

struct rng {
    uint64_t first[3], second[3]; /**< the last three values of each component, oldest first */
};

/** @param stream as in SetStream() @param seed the run's: ns-3's substream */
void rng_init(struct rng *r, uint64_t stream, uint64_t seed);
/** @return a number from @p low on, below @p high. */
double rng_between(struct rng *r, double low, double high);
/** @return a whole number of @p low .. @p high. */
uint32_t rng_whole(struct rng *r, uint32_t low, uint32_t high);

#endif
