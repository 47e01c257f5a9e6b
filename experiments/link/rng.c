/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rng.h"

#include <string.h>

enum { STREAM_EXPONENT = 127, SUBSTREAM_EXPONENT = 76 }; /* streams are 2^127 numbers apart, substreams 2^76 */

static const uint64_t modulus_first = UINT64_C(4294967087), modulus_second = UINT64_C(4294944443);

typedef uint64_t matrix[3][3];

/* One step of each component, as a matrix on its last three values; -a is modulus - a. */
static const matrix step_first = {{0, 1, 0}, {0, 0, 1}, {UINT64_C(4294967087) - 810728, 1403580, 0}};
static const matrix step_second = {{0, 1, 0}, {0, 0, 1}, {UINT64_C(4294944443) - 1370589, 0, 527612}};

static void apply(matrix m, uint64_t v[3], uint64_t modulus) {
    uint64_t out[3];

    for (int i = 0; i < 3; i++) {
        out[i] = 0;
        for (int j = 0; j < 3; j++)
            out[i] = (out[i] + m[i][j] * v[j]) % modulus; /* of factors below 2^32: the sum is below 2^64 */
    }
    memcpy(v, out, sizeof out);
}

static void square(matrix m, uint64_t modulus) {
    matrix out;

    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            out[i][j] = 0;
            for (int k = 0; k < 3; k++)
                out[i][j] = (out[i][j] + m[i][k] * m[k][j] % modulus) % modulus;
        }
    }
    memcpy(m, out, sizeof out);
}

/* The powers 2^0 .. 2^190 of a component's step, worked out once. */
struct powers {
    matrix at[STREAM_EXPONENT + 64];
};

static const struct powers *powers_of(const matrix step, uint64_t modulus, struct powers *p) {
    if (p->at[0][0][1] == 0) {
        memcpy(p->at[0], step, sizeof p->at[0]);
        for (int i = 1; i < STREAM_EXPONENT + 64; i++) {
            memcpy(p->at[i], p->at[i - 1], sizeof p->at[i]);
            square(p->at[i], modulus);
        }
    }
    return p;
}

/* Go count * 2^exponent numbers on. */
static void skip(struct rng *r, uint64_t count, int exponent) {
    static struct powers first, second;

    powers_of(step_first, modulus_first, &first);
    powers_of(step_second, modulus_second, &second);
    for (int bit = 63; bit >= 0; bit--) {
        if (count >> bit & 1) {
            apply(first.at[exponent + bit], r->first, modulus_first);
            apply(second.at[exponent + bit], r->second, modulus_second);
        }
    }
}

void rng_init(struct rng *r, uint64_t stream, uint64_t seed) {
    *r = (struct rng){{1, 1, 1}, {1, 1, 1}};
    skip(r, (UINT64_C(1) << 63) + stream, STREAM_EXPONENT); /* the lower half is for streams given out by ns-3 itself */
    skip(r, seed, SUBSTREAM_EXPONENT);
}

static double next(struct rng *r) {
    /* Of two products the one is taken off, for the sum of both with -a as modulus - a does not always fit 64 bits. */
    uint64_t a = (1403580 * r->first[1] + modulus_first - 810728 * r->first[0] % modulus_first) % modulus_first;
    uint64_t b = (527612 * r->second[2] + modulus_second - 1370589 * r->second[0] % modulus_second) % modulus_second;

    r->first[0] = r->first[1];
    r->first[1] = r->first[2];
    r->first[2] = a;
    r->second[0] = r->second[1];
    r->second[1] = r->second[2];
    r->second[2] = b;
    return (double)(a > b ? a - b : a + modulus_first - b) * (1.0 / ((double)modulus_first + 1));
}

double rng_between(struct rng *r, double low, double high) {
    return low + next(r) * (high - low);
}

uint32_t rng_whole(struct rng *r, uint32_t low, uint32_t high) {
    return (uint32_t)rng_between(r, low, (double)high + 1);
}
