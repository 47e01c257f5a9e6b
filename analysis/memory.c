/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *memory) {
    if (memory == NULL)
        abort();
    return memory;
}

void *memory_grow(void *items, size_t n, size_t item_size) {
    if ((n & (n - 1)) != 0)
        return items;
    return checked(realloc(items, (n == 0 ? 1 : 2 * n) * item_size));
}

void *memory_new(size_t n, size_t item_size) {
    return checked(calloc(n > 0 ? n : 1, item_size));
}

char *memory_text(const char *text) {
    return checked(strdup(text));
}

char *memory_format(const char *format, ...) {
    va_list args;
    char *text;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        abort();
    va_end(args);
    return text;
}

void memory_append(char **text, const char *format, ...) {
    va_list args;
    char *more, *whole;
    va_start(args, format);
    if (vasprintf(&more, format, args) < 0)
        abort();
    va_end(args);
    if (asprintf(&whole, "%s%s", *text != NULL ? *text : "", more) < 0)
        abort();
    free(more);
    free(*text);
    *text = whole;
}

void memory_append_quoted(char **text, const char *word) {
    memory_append(text, "%s", *text != NULL ? " " : "");
    if (word[0] != '\0' && word[strcspn(word, " \t\n'\"*?[]{}()<>|&;$`\\#~!")] == '\0') {
        memory_append(text, "%s", word);
        return;
    }
    memory_append(text, "'");
    for (; *word != '\0'; word++)
        memory_append(text, *word == '\'' ? "'\\''" : "%c", *word);
    memory_append(text, "'");
}

uint64_t memory_hash(const char *text) {
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}
