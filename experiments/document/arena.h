/* SPDX-License-Identifier: GPL-2.0-or-later */
/** arena.h: memory that is freed all at once, for what lives as long as a scenario. */
#ifndef EXP_ARENA_H
#define EXP_ARENA_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct scn_arena {
    struct scn_block *blocks;
};

/** @return @p bytes zeroed bytes; ends the program when there is no memory. */
void *scn_alloc(struct scn_arena *arena, size_t bytes);
/** @return a copy of @p bytes bytes of @p text with a terminating 0. */
char *scn_copy(struct scn_arena *arena, const char *text, size_t bytes);
void scn_arena_free(struct scn_arena *arena);

#ifdef __cplusplus
}
#endif
#endif
