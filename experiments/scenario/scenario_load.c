/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_load.c: from a document to a struct scenario, driven by the table of keys. Every complaint names the place
 * where the value was written, be it in the file or in a --set.
 */
#include "document.h"
#include "scenario_check.h"
#include "scenario_keys.h"

#include <errno.h>
#include <math.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct loader {
    const struct doc_node *root;
    struct scn_arena *arena, *nodes; /* what is kept, and what is of no use later */
    struct doc_error *error;
};

static bool load_group(struct loader *l, const struct section *section, const struct doc_node *node, void *group);

/* ---- One value ------------------------------------------------------------------------------------------ */

static bool load_number(struct loader *l, const struct key *key, const struct doc_node *node, double *out) {
    if (doc_number(node, out) && *out >= key->lowest && *out <= key->highest)
        return true;
    return doc_fail(l->error, node->mark, "%s: expected a number from %g to %g", key->name, key->lowest, key->highest);
}

static bool load_integer(struct loader *l, const struct key *key, const struct doc_node *node, int64_t *out) {
    if (doc_whole(node, out) && (double)*out >= key->lowest && (double)*out <= key->highest)
        return true;
    return doc_fail(l->error, node->mark, "%s: expected a whole number from %.15g to %.15g", key->name, key->lowest,
                    key->highest);
}

static bool load_bool(struct loader *l, const struct key *key, const struct doc_node *node, bool *out) {
    return doc_bool(node, out) || doc_fail(l->error, node->mark, "%s: expected true or false", key->name);
}

static bool fail_choice(struct loader *l, const struct key *key, const struct doc_node *node) {
    char words[256];
    size_t used = 0;

    for (size_t i = 0; i < choice_count(key->choices); i++) {
        const char *word;
        int length = (int)choice_word(key->choices, i, &word);

        used += (size_t)snprintf(words + used, sizeof words - used, "%s%.*s", i ? ", " : "", length, word);
    }
    return doc_fail(l->error, node->mark, "%s: expected one of %s", key->name, words);
}

static bool load_choice(struct loader *l, const struct key *key, const struct doc_node *node, int64_t *out) {
    *out = node->kind == DOC_SCALAR ? choice_index(key->choices, node->text) : -1;
    return *out >= 0 || fail_choice(l, key, node);
}

static bool name_exists(const struct loader *l, const char *sequence, const char *name) {
    const struct doc_node *node = doc_member(l->root, sequence);

    for (node = node && node->kind == DOC_SEQUENCE ? node->child : NULL; node; node = node->next) {
        const struct doc_node *member = doc_member(node, "name");

        if (member && member->kind == DOC_SCALAR && strcmp(member->text, name) == 0)
            return true;
    }
    return false;
}

enum { NAME_BYTES_MAX = 100 }; /* names of series have room for a flow and a path */

/* Names appear in the names of series and files: letters, digits, '-' and '_' only. */
static bool is_name(const char *text) {
    return text[0] && !text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")];
}

static bool load_text(struct loader *l, const struct key *key, const struct doc_node *node, const char **out) {
    if (key_may_be_empty(key) && node->kind == DOC_SCALAR && !node->text[0]) {
        *out = "";
        return true;
    }
    if (node->kind != DOC_SCALAR || !node->text[0])
        return doc_fail(l->error, node->mark, "%s: expected text", key->name);
    if (strcmp(key->name, "name") == 0 && !is_name(node->text))
        return doc_fail(l->error, node->mark, "%s: expected a name of letters, digits, '-' and '_'", key->name);
    if (strcmp(key->name, "name") == 0 && strlen(node->text) > NAME_BYTES_MAX)
        return doc_fail(l->error, node->mark, "name: expected at most %d characters", NAME_BYTES_MAX);
    if (key->names_of && !name_exists(l, key->names_of, node->text) &&
        !(key->or_of && name_exists(l, key->or_of, node->text)))
        return doc_fail(l->error, node->mark, "%s: expected the name of one of the %s%s%s, not \"%s\"", key->name,
                        key->names_of, key->or_of ? " or " : "", key->or_of ? key->or_of : "", node->text);
    if (key->choices && choice_index(key->choices, node->text) < 0)
        return fail_choice(l, key, node);
    *out = node->text;
    return true;
}

static size_t child_count(const struct doc_node *node) {
    size_t count = 0;

    for (node = node->child; node; node = node->next)
        count++;
    return count;
}

static bool load_texts(struct loader *l, const struct key *key, const struct doc_node *node, struct scn_texts *out) {
    if (node->kind != DOC_SEQUENCE)
        return doc_fail(l->error, node->mark, "%s: expected a list, as in [first, second]", key->name);
    out->at = scn_alloc(l->arena, (child_count(node) + 1) * sizeof *out->at);
    for (const struct doc_node *child = node->child; child; child = child->next)
        if (!load_text(l, key, child, &out->at[out->count++]))
            return false;
    return true;
}

/* ---- Groups --------------------------------------------------------------------------------------------- */

/* The names of a list so far, by their hash: to look through all of them takes minutes where there are many thousands. */
struct names {
    const char **at; /* NULL: free */
    size_t room;     /* a power of two, at least twice as many as there may be names */
};

static struct names names_for(size_t count, struct scn_arena *arena) {
    struct names n = {.room = 2};

    while (n.room < 2 * count)
        n.room *= 2;
    n.at = scn_alloc(arena, n.room * sizeof *n.at);
    return n;
}

/* @return false when the name is there already */
static bool add_name(struct names *n, const char *name) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    size_t i;

    for (const char *c = name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    for (i = hash & (n->room - 1); n->at[i]; i = (i + 1) & (n->room - 1))
        if (strcmp(n->at[i], name) == 0)
            return false;
    n->at[i] = name;
    return true;
}

static bool name_is_new(struct loader *l, struct names *names, const struct doc_node *element) {
    const struct doc_node *name = doc_member(element, "name");

    if (!name || name->kind != DOC_SCALAR || !name->text[0] || add_name(names, name->text))
        return true;
    return doc_fail(l->error, name->mark, "name: expected a name that is not used above, not \"%s\"", name->text);
}

static bool load_sequence(struct loader *l, const struct key *key, const struct doc_node *node, void *out) {
    SCN_SEQUENCE(scn_host) *sequence = out; /* all sequences have this layout */
    size_t bytes = key->section->struct_bytes, count = child_count(node);
    struct names names;
    char *element;

    if (node->kind != DOC_SEQUENCE)
        return doc_fail(l->error, node->mark, "%s: expected a list of groups of keys", key->name);
    names = names_for(count, l->nodes);
    element = scn_alloc(l->arena, (count + 1) * bytes);
    sequence->at = (struct scn_host *)element;
    for (const struct doc_node *child = node->child; child; child = child->next, element += bytes) {
        if (!load_group(l, key->section, child, element) || !name_is_new(l, &names, child))
            return false;
        sequence->count++;
    }
    return true;
}

static bool load_value(struct loader *l, const struct key *key, const struct doc_node *node, void *group) {
    void *out = (char *)group + key->offset;

    switch (key->type) {
    case KEY_NUMBER: return load_number(l, key, node, out);
    case KEY_INTEGER: return load_integer(l, key, node, out);
    case KEY_BOOL: return load_bool(l, key, node, out);
    case KEY_TEXT: return load_text(l, key, node, out);
    case KEY_CHOICE: return load_choice(l, key, node, out);
    case KEY_TEXTS: return load_texts(l, key, node, out);
    case KEY_GROUP: return load_group(l, key->section, node, out);
    case KEY_SEQUENCE: return load_sequence(l, key, node, out);
    }
    return false;
}

/* A default is read like a value that was written in the file. */
static bool load_fallback(struct loader *l, const struct key *key, struct doc_mark mark, void *group) {
    struct doc_node node = {.kind = DOC_SCALAR, .mark = mark, .text = key->fallback};
    struct doc_node *parsed;

    if (key->type == KEY_GROUP)
        node.kind = DOC_MAPPING;
    else if (key->type == KEY_SEQUENCE || key->type == KEY_TEXTS)
        node.kind = DOC_SEQUENCE;
    if (node.kind == DOC_SEQUENCE && key->fallback[0]) {
        parsed = doc_parse((struct doc_text){"default", key->fallback, strlen(key->fallback), 0}, l->arena, l->error);
        return parsed && load_value(l, key, parsed, group);
    }
    return load_value(l, key, &node, group);
}

static bool load_key(struct loader *l, const struct section *section, const struct key *key,
                     const struct doc_node *group_node, void *group) {
    const struct doc_node *node = doc_member(group_node, key->name);

    if (!key_applies(section, key, group))
        return !node || doc_fail(l->error, node->key_mark, "%s: is a key of %s %s only", key->name, key->only_for,
                                 section->name);
    if (node)
        return load_value(l, key, node, group);
    if (!key->fallback)
        return doc_fail(l->error, group_node->mark, "%s: is missing", key->name);
    return load_fallback(l, key, group_node->mark, group);
}

static bool all_known(struct loader *l, const struct section *section, const struct doc_node *node) {
    for (const struct doc_node *member = node->child; member; member = member->next) {
        size_t i = 0;

        while (i < section->key_count && strcmp(section->keys[i].name, member->key) != 0)
            i++;
        if (i == section->key_count)
            return doc_fail(l->error, member->key_mark, "%s: expected a key of %s", member->key,
                            section->name[0] ? section->name : "a scenario");
    }
    return true;
}

static bool load_group(struct loader *l, const struct section *section, const struct doc_node *node, void *group) {
    if (node->kind != DOC_MAPPING)
        return doc_fail(l->error, node->mark, "%s: expected keys with values",
                        section->name[0] ? section->name : "scenario");
    if (!all_known(l, section, node))
        return false;
    *(struct doc_mark *)group = node->mark;
    for (size_t i = 0; i < section->key_count; i++)
        if (!load_key(l, section, &section->keys[i], node, group))
            return false;
    return true;
}

/* ---- Files ------------------------------------------------------------------------------------------------- */

const char *scenario_file(const struct doc_mark *mark, const char *name, struct scn_arena *arena) {
    const char *slash = strrchr(mark->file, '/');
    size_t folder = slash && name[0] != '/' ? (size_t)(slash - mark->file) + 1 : 0;
    char *path = scn_alloc(arena, folder + strlen(name) + 1);

    memcpy(path, mark->file, folder);
    memcpy(path + folder, name, strlen(name));
    return path;
}

const char *scenario_trace(const struct scn_path *path, const char *name, const char *sha256, struct scn_arena *arena) {
    const char *own = scenario_file(&path->mark, name, arena), *folder = getenv("MPTCP_TRACES");
    size_t bytes = folder ? strlen(folder) + strlen(sha256) + 2 : 0;
    char *kept;

    if (!folder || strcmp(sha256, "none") == 0)
        return own;
    kept = scn_alloc(arena, bytes);
    snprintf(kept, bytes, "%s/%s", folder, sha256);
    return access(kept, R_OK) == 0 ? kept : own;
}

/* The content of a trace is part of the configuration: its hash is filled in, or compared with the one that is given. */
static bool hash_trace(const struct scn_path *path, const char *key, const char *name, const char **hash,
                       struct scn_arena *arena, struct doc_error *error) {
    struct sha256_ctx sha;
    uint8_t buffer[4096], digest[SHA256_DIGEST_SIZE];
    char *hex = scn_alloc(arena, 2 * sizeof digest + 1);
    FILE *in;
    size_t bytes;

    if (strcmp(name, "none") == 0)
        return true;
    in = fopen(scenario_trace(path, name, *hash, arena), "rb");
    if (!in)
        return doc_fail(error, path->mark, "%s: cannot be opened: %s", key, strerror(errno));
    sha256_init(&sha);
    while ((bytes = fread(buffer, 1, sizeof buffer, in)) > 0)
        sha256_update(&sha, bytes, buffer);
    fclose(in);
    sha256_digest(&sha, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    if (strcmp(*hash, "none") != 0 && strcmp(*hash, hex) != 0)
        return doc_fail(error, path->mark, "%s_sha256: expected %s, the hash of %s", key, hex, name);
    *hash = hex;
    return true;
}

static bool hash_traces(struct scenario *s, struct scn_arena *arena, struct doc_error *error) {
    for (size_t i = 0; i < s->paths.count; i++) {
        struct scn_path *path = &s->paths.at[i];

        if (path->type == SCN_TRACE &&
            (!hash_trace(path, "trace_down", path->trace_down, &path->trace_down_sha256, arena, error) ||
             !hash_trace(path, "trace_up", path->trace_up, &path->trace_up_sha256, arena, error)))
            return false;
    }
    return true;
}

bool scenario_load(struct scenario *out, const char *file, const char *const *sets, size_t set_count,
                   struct scn_arena *arena, char *error, size_t error_bytes) {
    struct doc_error e = {error, error_bytes};
    struct scn_arena nodes = {0}; /* most of the memory, and of no use later */
    struct doc_node *root = doc_load_apart(file, arena, &nodes, &e);
    struct loader l = {root, arena, &nodes, &e};
    bool is_good = root != NULL;

    for (size_t i = 0; is_good && i < set_count; i++)
        is_good = doc_set(root, sets[i], arena, &e);
    memset(out, 0, sizeof *out);
    is_good = is_good && load_group(&l, &scenario_section, root, out) && scenario_check(out, &e) &&
              hash_traces(out, arena, &e);
    scn_arena_free(&nodes);
    return is_good;
}
