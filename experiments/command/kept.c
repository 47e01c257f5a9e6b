/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "kept.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BYTES_MAX = 1 << 16, /* of one configuration; a larger one takes long to simulate */
    KEPT_MAX = 256       /* they are a part of the memory that each run is said to take: some 30 kB each */
};

struct kept {
    char *text;
    size_t bytes;
    struct scenario scenario;
    struct scn_arena arena;
};

static struct kept keeps[KEPT_MAX];
static size_t keep_count;

/* @return all of standard input without moving in it, or NULL when it is no file or too long. */
static char *input_text(size_t *bytes) {
    struct stat about;
    char *text;

    if (fstat(STDIN_FILENO, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size <= 0 || about.st_size > BYTES_MAX)
        return NULL;
    *bytes = (size_t)about.st_size;
    text = malloc(*bytes);
    if (text && pread(STDIN_FILENO, text, *bytes, 0) != (ssize_t)*bytes) {
        free(text);
        return NULL;
    }
    return text;
}

static void forget_all(void) {
    for (size_t i = 0; i < keep_count; i++) {
        scn_arena_free(&keeps[i].arena);
        free(keeps[i].text);
    }
    keep_count = 0;
}

/* What a trace holds may change, and is looked at each time. */
static bool has_trace(const struct scenario *s) {
    for (size_t i = 0; i < s->paths.count; i++)
        if (s->paths.at[i].type == SCN_TRACE)
            return true;
    return false;
}

static const struct kept *find(const char *text, size_t bytes) {
    for (size_t i = 0; i < keep_count; i++)
        if (keeps[i].bytes == bytes && memcmp(keeps[i].text, text, bytes) == 0)
            return &keeps[i];
    return NULL;
}

static const struct kept *add(const char *text, size_t bytes, const char *file) {
    char error[512];
    struct kept *k;

    if (keep_count == KEPT_MAX)
        forget_all();
    k = &keeps[keep_count];
    *k = (struct kept){.bytes = bytes};
    if (!scenario_load(&k->scenario, file, NULL, 0, &k->arena, error, sizeof error) ||
        k->scenario.engine != SCN_ENGINE_LINK || has_trace(&k->scenario) || !(k->text = malloc(bytes))) {
        scn_arena_free(&k->arena);
        return NULL;
    }
    memcpy(k->text, text, bytes);
    keep_count++;
    return k;
}

const struct scenario *kept_scenario(const struct command *c) {
    size_t bytes = 0;
    char *text = c->file && strcmp(c->file, "-") == 0 && c->set_count == 0 ? input_text(&bytes) : NULL;
    const struct kept *k = text ? find(text, bytes) : NULL;

    if (text && !k)
        k = add(text, bytes, c->file);
    free(text);
    return k ? &k->scenario : NULL;
}
