/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sweep_design.h"

#include "text.h"

#include <gsl/gsl_qrng.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdlib.h>

static void fill_sobol(double *parts, size_t count, size_t dimensions) {
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)dimensions);
    for (size_t i = 0; i < count; i++) {
        gsl_qrng_get(sequence, parts + i * dimensions);
    }
    gsl_qrng_free(sequence);
}

/* Each dimension has one point in each of `count` equal slices, at a random place of it. */
static void fill_latin_hypercube(double *parts, size_t count, size_t dimensions, uint64_t seed) {
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    size_t *slice = text_alloc(count * sizeof *slice);
    gsl_rng_set(rng, (unsigned long)seed);
    for (size_t d = 0; d < dimensions; d++) {
        for (size_t i = 0; i < count; i++) {
            slice[i] = i;
        }
        gsl_ran_shuffle(rng, slice, count, sizeof *slice);
        for (size_t i = 0; i < count; i++) {
            parts[i * dimensions + d] = ((double)slice[i] + gsl_rng_uniform(rng)) / (double)count;
        }
    }
    free(slice);
    gsl_rng_free(rng);
}

double *sweep_design_make(const sweep_design *design, size_t dimensions) {
    size_t count = design->count;
    double *parts = text_alloc(count * dimensions * sizeof *parts);
    if (design->kind == SWEEP_SOBOL) {
        fill_sobol(parts, count, dimensions);
    } else {
        fill_latin_hypercube(parts, count, dimensions, design->seed);
    }
    return parts;
}
