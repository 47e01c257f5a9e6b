/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scn_block {
    struct scn_block *next;
    max_align_t memory[];
};

void *scn_alloc(struct scn_arena *arena, size_t bytes) {
    struct scn_block *block = calloc(1, sizeof *block + bytes);

    if (!block) {
        fputs("out of memory\n", stderr);
        exit(EXIT_FAILURE);
    }
    block->next = arena->blocks;
    arena->blocks = block;
    return block->memory;
}

char *scn_copy(struct scn_arena *arena, const char *text, size_t bytes) {
    char *copy = scn_alloc(arena, bytes + 1);

    memcpy(copy, text, bytes);
    return copy;
}

void scn_arena_free(struct scn_arena *arena) {
    while (arena->blocks) {
        struct scn_block *block = arena->blocks;

        arena->blocks = block->next;
        free(block);
    }
}
