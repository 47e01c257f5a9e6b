/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "kept.h"

#include "serve.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEPT_MAX = 1024 /* they are a part of the memory that each run is said to take */
};

struct kept {
    char *text;
    size_t bytes;
    uint64_t hash;
    char *config_line;
    struct scenario scenario;
    struct scn_arena arena;
};

static struct kept keeps[KEPT_MAX];
static size_t keep_count;

/* A sweep asks for one after the other and begins again with the first: the one before last is what it asks for latest. */
static void forget_last(void) {
    struct kept *last = &keeps[--keep_count];

    scn_arena_free(&last->arena);
    free(last->text);
    free(last->config_line);
}

/* What a trace holds may change, and is looked at each time. */
static bool has_trace(const struct scenario *s) {
    for (size_t i = 0; i < s->paths.count; i++)
        if (s->paths.at[i].type == SCN_TRACE)
            return true;
    return false;
}

/* Eight bytes at a time: it only has to tell most of them apart. */
static uint64_t hash_of(const char *text, size_t bytes) {
    uint64_t hash = bytes, eight;

    for (size_t i = 0; i + sizeof eight <= bytes; i += sizeof eight) {
        memcpy(&eight, text + i, sizeof eight);
        hash = (hash ^ eight) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return hash;
}

static const struct kept *find(const char *text, size_t bytes, uint64_t hash) {
    for (size_t i = 0; i < keep_count; i++)
        if (keeps[i].hash == hash && keeps[i].bytes == bytes && memcmp(keeps[i].text, text, bytes) == 0)
            return &keeps[i];
    return NULL;
}

/* @return the configuration line, which takes as long to print as all else around a small run. */
static char *config_line(const struct scenario *s) {
    char *line = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&line, &bytes);

    if (!out)
        return NULL;
    command_print_config(s, &(struct command){0}, out);
    return fclose(out) == 0 ? line : NULL;
}

static const struct kept *add(const char *text, size_t bytes, uint64_t hash, const char *file, kept_check *is_fit) {
    char error[512];
    struct kept *k;

    if (keep_count == KEPT_MAX)
        forget_last();
    k = &keeps[keep_count];
    *k = (struct kept){.bytes = bytes, .hash = hash};
    if (!serve_input_to_stdin() || !scenario_load(&k->scenario, file, NULL, 0, &k->arena, error, sizeof error) ||
        has_trace(&k->scenario) || !is_fit(&k->scenario) || !(k->text = malloc(bytes))) {
        scn_arena_free(&k->arena);
        return NULL;
    }
    memcpy(k->text, text, bytes);
    k->config_line = config_line(&k->scenario);
    keep_count++;
    return k;
}

const struct scenario *kept_scenario(struct command *c, kept_check *is_fit) {
    size_t bytes = 0;
    const char *text =
        c->file && strcmp(c->file, "-") == 0 && c->set_count == 0 && !c->is_config_only && !c->record_folder
            ? serve_input(&bytes)
            : NULL;
    uint64_t hash = text ? hash_of(text, bytes) : 0;
    const struct kept *k = text ? find(text, bytes, hash) : NULL;

    if (text && !k)
        k = add(text, bytes, hash, c->file, is_fit);
    c->config_line = k ? k->config_line : NULL;
    return k ? &k->scenario : NULL;
}
