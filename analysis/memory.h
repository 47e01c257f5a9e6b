/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory and texts for programs that end when there is none left. */
#ifndef ANALYSIS_MEMORY_H
#define ANALYSIS_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Room for one more item behind n: memory grows at powers of two. Use: list = memory_grow(list, n, sizeof *list). */
void *memory_grow(void *items, size_t n, size_t item_size);
void *memory_new(size_t n, size_t item_size); /* zeroed; never NULL, even for n = 0 */
char *memory_text(const char *text);
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Appends to a text that the caller frees; *text may be NULL at first. */
void memory_append(char **text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends a blank, unless it is the first, and a word as a shell must be given it. */
void memory_append_quoted(char **text, const char *word);

uint64_t memory_hash(const char *text);

#endif
