/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "number.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/*
 * A double is m * 2^e with m below 2^53. For values of 1e-4 to 1e17 its first 17 digits are those of m * 5^k * 2^(e+k)
 * with 0 <= k <= 20: m * 5^k has at most 100 bits, so that 128 hold it exactly, and what is shifted out says how to round.
 */
enum { DIGITS = 17, EXPONENT_LEAST = -4 };

__extension__ typedef unsigned __int128 wide;

static const double least = 1e-4, beyond = 1e17; /* "%.17g" has an exponent below and above */
static const uint64_t ten_to_17 = UINT64_C(100000000000000000);

static size_t write_whole(char *out, uint64_t value) {
    char digits[20];
    size_t count = 0;

    do
        digits[count++] = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    for (size_t i = 0; i < count; i++)
        out[i] = digits[count - 1 - i];
    return count;
}

/* The nearest whole number to value * 10^power, the even one of two (as the C library rounds). */
static uint64_t scaled(double value, int power) {
    int exponent;
    uint64_t five_to_power = 1;
    wide whole = (wide)(uint64_t)ldexp(frexp(value, &exponent), 53), half, rest;

    for (int i = 0; i < power; i++)
        five_to_power *= 5;
    whole *= five_to_power;
    exponent += power - 53;
    if (exponent >= 0)
        return (uint64_t)(whole << exponent);
    half = (wide)1 << (-exponent - 1);
    rest = whole & (2 * half - 1);
    whole >>= -exponent;
    return (uint64_t)whole + (rest > half || (rest == half && (whole & 1)));
}

/* 17 digits of @p value and the power of ten of the first. */
static uint64_t first_digits(double value, int *exponent) {
    uint64_t digits;

    *exponent = (int)floor(log10(value)); /* may be one too much or too little */
    if (*exponent < EXPONENT_LEAST)
        *exponent = EXPONENT_LEAST;
    digits = scaled(value, DIGITS - 1 - *exponent);
    if (digits < ten_to_17 / 10)
        digits = scaled(value, DIGITS - 1 - --*exponent);
    else if (digits >= ten_to_17)
        digits = scaled(value, DIGITS - 1 - ++*exponent);
    return digits;
}

/* Of a value within the limits that is not whole. */
static size_t write_fraction(char *out, double value) {
    char digits[DIGITS];
    size_t count = 0, used = DIGITS;
    int exponent;
    uint64_t left = first_digits(value, &exponent);

    for (int i = DIGITS - 1; i >= 0; i--, left /= 10)
        digits[i] = (char)('0' + left % 10);
    while (digits[used - 1] == '0')
        used--;
    if (exponent < 0) {
        memcpy(out, "0.000", 5);
        count = (size_t)(1 - exponent);
        memcpy(out + count, digits, used);
        return count + used;
    }
    count = (size_t)exponent + 1;
    memcpy(out, digits, count);
    if (used <= count)
        return count;
    out[count] = '.';
    memcpy(out + count + 1, digits + count, used - count);
    return used + 1;
}

size_t number_write(char out[NUMBER_BYTES], double value) {
    double size = fabs(value);
    size_t sign = signbit(value) ? 1 : 0, count;

    if (!(size < beyond) || (size < least && size > 0))
        return (size_t)snprintf(out, NUMBER_BYTES, "%.17g", value);
    out[0] = '-';
    count = size == floor(size) ? write_whole(out + sign, (uint64_t)size) : write_fraction(out + sign, size);
    out[sign + count] = 0;
    return sign + count;
}

void number_print(FILE *out, double value) {
    char text[NUMBER_BYTES];

    fwrite(text, 1, number_write(text, value), out);
}
