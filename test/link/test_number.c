/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_number: numbers are written as printf writes them, to the byte: those at every edge, and many at random. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "number.h"

#include <math.h>

static void same(double value) {
    char expected[64], written[NUMBER_BYTES];
    int length = snprintf(expected, sizeof expected, "%.17g", value);

    assert_int_equal(number_write(written, value), length);
    assert_string_equal(written, expected);
}

/* And its neighbours, which round the other way. */
static void same_around(double value) {
    for (double sign = -1; sign <= 1; sign += 2) {
        same(sign * value);
        same(sign * nextafter(value, INFINITY));
        same(sign * nextafter(value, 0));
    }
}

static void edges(void **state) {
    static const double values[] = {0,    5e-324,  1e-300,   1e-5, 1e-4, 0.1,  0.5,
                                    1,    9.5,     1e15,     1e16, 1e17, 1e18, 9007199254740992.0,
                                    1e22, 1.5e300, INFINITY, 2.5};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        same_around(values[i]);
    for (int power = -330; power <= 308; power++)
        same_around(pow(10, power));
    for (int power = -20; power <= 70; power++)
        same_around(ldexp(1, power));
    same(NAN);
}

/* Half between two numbers of 17 digits: such doubles are few. */
static void ties(void **state) {
    (void)state;
    for (uint64_t odd = 1; odd < 20000; odd += 2)
        for (int power = -60; power <= 0; power++)
            same(ldexp((double)(UINT64_C(9007199254720992) - odd), power));
}

static uint64_t next(uint64_t *state) { /* xorshift64* (Vigna, 2016) */
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

static void random_numbers(void **state) {
    uint64_t seed = 1;

    (void)state;
    for (int i = 0; i < 300000; i++) {
        double whole = (double)(next(&seed) >> (next(&seed) % 64)), any;
        uint64_t bits = next(&seed);

        memcpy(&any, &bits, sizeof any);
        same(any);
        same(whole);
        same(whole / 1e6);
        same((double)(next(&seed) >> 11) * 0x1p-53 * pow(10, (int)(next(&seed) % 24) - 5));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges),
        cmocka_unit_test(ties),
        cmocka_unit_test(random_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
