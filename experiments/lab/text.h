/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory and text helpers of the sweep runner. Running out of memory ends the program with one line. */
#ifndef LAB_TEXT_H
#define LAB_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A growing run of bytes, always followed by a NUL that is not counted. Zero-initialised is empty. */
typedef struct {
    char *bytes;
    size_t count;
    size_t capacity;
} text_buf;

void *text_alloc(size_t bytes);                                /* zeroed */
void *text_grow(void *array, size_t count, size_t item_bytes); /* room for one more item behind `count` items */
char *text_copy(const char *s);
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

void text_append(text_buf *b, const char *bytes, size_t count);
void text_append_string(text_buf *b, const char *s);
void text_free(text_buf *b);

/* Appends `word` so that a POSIX shell reads it back as one word; a blank is put between two words. */
void text_append_shell_word(text_buf *b, const char *word);

/* Reads a whole file. On failure returns false with errno set. */
bool text_read_file(const char *path, text_buf *out);

/* Last line of `s` that is not blank, without its newline, as a new string. */
char *text_last_line(const char *s);

#endif
