/* SPDX-License-Identifier: GPL-2.0-or-later */
/** unit_support.h: what the unit tests of the core share: cmocka, an allocator that can fail, checks that name a row.
 */
#ifndef UNIT_SUPPORT_H
#define UNIT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mpt.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/** An allocator on malloc that counts, and refuses when told to. */
typedef struct unit_memory {
    mpt_mem mem;
    uint64_t live;     /**< allocations not freed */
    bool is_exhausted; /**< refuse everything */
} unit_memory;

void unit_memory_init(unit_memory *m);

/** Like assert_int_equal(), with the name of the row of a table. */
#define EXPECT_U64(row, actual, expected)                                                                              \
    unit_expect_u64((row), #actual, (uint64_t)(actual), (uint64_t)(expected), __FILE__, __LINE__)
#define EXPECT_BYTES(row, actual, expected, bytes)                                                                     \
    unit_expect_bytes((row), #actual, (actual), (expected), (bytes), __FILE__, __LINE__)

void unit_expect_u64(const char *row, const char *what, uint64_t actual, uint64_t expected, const char *file, int line);
void unit_expect_bytes(const char *row, const char *what, const uint8_t *actual, const uint8_t *expected, size_t bytes,
                       const char *file, int line);

/** Bytes of a string of hexadecimal digits; blanks are skipped. @return how many */
size_t unit_hex(const char *hex, uint8_t *out, size_t out_bytes);

/** A copy that ends exactly where its allocation ends, so that AddressSanitizer sees a read past it. free() it. */
uint8_t *unit_exact_copy(const uint8_t *bytes, size_t byte_count);

#endif
