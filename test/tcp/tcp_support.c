/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp_support.c: see tcp_support.h. */
#include <stdio.h>
#include <stdlib.h>

#include "tcp_support.h"

static void *get(void *where, size_t bytes) {
    (void)where;
    return calloc(1, bytes);
}

static void put(void *where, void *p) {
    (void)where;
    free(p);
}

const mpt_mem tcp_test_mem = {NULL, get, put};

void mpt_assert_failed(const char *expression, const char *file, int line) {
    fprintf(stderr, "%s:%d: %s\n", file, line, expression);
    abort();
}
