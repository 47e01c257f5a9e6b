/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void out_of_memory(void) {
    fputs("mptcp-lab: out of memory\n", stderr);
    exit(1);
}

void *text_alloc(size_t bytes) {
    void *p = calloc(1, bytes ? bytes : 1);
    if (!p) {
        out_of_memory();
    }
    return p;
}

void *text_grow(void *array, size_t count, size_t item_bytes) {
    /* Doubling at powers of two needs no stored capacity: a full array is one whose count is a power of two. */
    if (count != 0 && (count & (count - 1)) != 0) {
        return array;
    }
    size_t capacity = count ? 2 * count : 1;
    void *p = reallocarray(array, capacity, item_bytes);
    if (!p) {
        out_of_memory();
    }
    return p;
}

char *text_copy(const char *s) {
    char *copy = strdup(s);
    if (!copy) {
        out_of_memory();
    }
    return copy;
}

char *text_format(const char *format, ...) {
    char *s = NULL;
    va_list args;
    va_start(args, format);
    int count = vasprintf(&s, format, args);
    va_end(args);
    if (count < 0) {
        out_of_memory();
    }
    return s;
}

void text_append(text_buf *b, const char *bytes, size_t count) {
    if (b->count + count + 1 > b->capacity) {
        size_t capacity = 2 * (b->count + count + 1);
        char *grown = realloc(b->bytes, capacity);
        if (!grown) {
            out_of_memory();
        }
        b->bytes = grown;
        b->capacity = capacity;
    }
    memcpy(b->bytes + b->count, bytes, count);
    b->count += count;
    b->bytes[b->count] = '\0';
}

void text_append_string(text_buf *b, const char *s) {
    text_append(b, s, strlen(s));
}

void text_free(text_buf *b) {
    free(b->bytes);
    *b = (text_buf){0};
}

void text_append_shell_word(text_buf *b, const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
    if (b->count) {
        text_append_string(b, " ");
    }
    if (word[0] && word[strspn(word, plain)] == '\0') {
        text_append_string(b, word);
        return;
    }
    text_append_string(b, "'");
    for (const char *c = word; *c; c++) {
        if (*c == '\'') {
            text_append_string(b, "'\\''");
        } else {
            text_append(b, c, 1);
        }
    }
    text_append_string(b, "'");
}

bool text_read_file(const char *path, text_buf *out) {
    FILE *file = fopen(path, "rbe");
    if (!file) {
        return false;
    }
    char chunk[65536];
    size_t count;
    *out = (text_buf){0};
    text_append(out, "", 0);
    while ((count = fread(chunk, 1, sizeof chunk, file)) > 0) {
        text_append(out, chunk, count);
    }
    int error = ferror(file) ? (errno ? errno : EIO) : 0;
    fclose(file);
    if (error) {
        text_free(out);
        errno = error;
    }
    return error == 0;
}

char *text_last_line(const char *s) {
    const char *end = s + strlen(s);
    while (end > s && (end[-1] == '\n' || end[-1] == ' ')) {
        end--;
    }
    const char *start = end;
    while (start > s && start[-1] != '\n') {
        start--;
    }
    char *line = text_alloc((size_t)(end - start) + 1);
    memcpy(line, start, (size_t)(end - start));
    return line;
}
