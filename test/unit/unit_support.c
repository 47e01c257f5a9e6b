/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unit_support.c: see unit_support.h. */
#include "unit_support.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mpt_assert_failed(const char *expression, const char *file, int line) {
    mock_assert(0, expression, file, line); /* for expect_assert_failure(); else the test fails here */
    abort();
}

static void *memory_alloc(void *user, size_t bytes) {
    unit_memory *m = user;
    if (m->is_exhausted)
        return NULL;
    void *p = calloc(1, bytes);
    assert_non_null(p);
    m->live++;
    return p;
}

static void memory_free(void *user, void *p) {
    unit_memory *m = user;
    if (p != NULL)
        m->live--;
    free(p);
}

void unit_memory_init(unit_memory *m) {
    *m = (unit_memory){.mem = {.user = m, .alloc = memory_alloc, .free = memory_free}};
}

void unit_expect_u64(const char *row, const char *what, uint64_t actual, uint64_t expected, const char *file,
                     int line) {
    if (actual == expected)
        return;
    print_error("%s: %s is %" PRIu64 " (0x%" PRIx64 "), expected %" PRIu64 " (0x%" PRIx64 ")\n", row, what, actual,
                actual, expected, expected);
    _fail(file, line);
}

void unit_expect_bytes(const char *row, const char *what, const uint8_t *actual, const uint8_t *expected, size_t bytes,
                       const char *file, int line) {
    for (size_t i = 0; i < bytes; i++) {
        if (actual[i] == expected[i])
            continue;
        print_error("%s: byte %zu of %s is %02x, expected %02x\n", row, i, what, actual[i], expected[i]);
        _fail(file, line);
    }
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t unit_hex(const char *hex, uint8_t *out, size_t out_bytes) {
    size_t written = 0;
    for (; *hex != '\0'; hex++) {
        if (*hex == ' ')
            continue;
        assert_true(hex_digit(hex[0]) >= 0 && hex_digit(hex[1]) >= 0 && written < out_bytes);
        out[written++] = (uint8_t)(hex_digit(hex[0]) * 16 + hex_digit(hex[1]));
        hex++;
    }
    return written;
}

uint8_t *unit_exact_copy(const uint8_t *bytes, size_t byte_count) {
    uint8_t *copy = malloc(byte_count > 0 ? byte_count : 1);
    assert_non_null(copy);
    if (byte_count > 0)
        memcpy(copy, bytes, byte_count);
    return copy;
}
