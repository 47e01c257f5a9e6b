/* SPDX-License-Identifier: GPL-2.0-or-later */
/* document_set.c: changes of a tree by "path.key=value". */
#include "document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct doc_node *element_of_name(const struct doc_node *sequence, const char *name) {
    struct doc_node *node;

    for (node = sequence->child; node; node = node->next) {
        const struct doc_node *member = doc_member(node, "name");

        if (member && member->kind == DOC_SCALAR && strcmp(member->text, name) == 0)
            break;
    }
    return node;
}

/* @return NULL when @p text is no number, or the list is shorter. */
static struct doc_node *element_at(const struct doc_node *sequence, const char *text) {
    struct doc_node *node = sequence->child;
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 6 || text[digits] != 0)
        return NULL;
    for (long i = strtol(text, NULL, 10); node && i > 0; i--)
        node = node->next;
    return node;
}

/* What there is instead of a name that is not. */
static void fail_element(const struct doc_node *sequence, const char *name, struct doc_mark mark,
                         struct doc_error *error) {
    char names[160] = "";
    size_t count = 0, used = 0;

    for (const struct doc_node *node = sequence->child; node; node = node->next, count++) {
        const struct doc_node *member = doc_member(node, "name");

        if (member && member->kind == DOC_SCALAR && used < sizeof names)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "", member->text);
    }
    if (used >= sizeof names)
        memcpy(names + sizeof names - 4, "...", 4);
    doc_fail(error, mark, "%s: expected the name of an element of %s, or its number from 0; it has %zu%s%s%s", name,
             sequence->key ? sequence->key : "the list", count, used ? " (" : "", names, used ? ")" : "");
}

static struct doc_node *add_member(struct doc_node *mapping, const char *key, struct doc_mark mark,
                                   struct scn_arena *arena) {
    struct doc_node **end = &mapping->child;
    struct doc_node *node = scn_alloc(arena, sizeof *node);

    while (*end)
        end = &(*end)->next;
    *node = (struct doc_node){.kind = DOC_MAPPING, .mark = mark, .key = key, .key_mark = mark};
    *end = node;
    return node;
}

/* The child of @p node that @p name names; a mapping gets a new member when it has none of that name. */
static struct doc_node *descend(struct doc_node *node, const char *name, struct doc_mark mark, struct scn_arena *arena,
                                struct doc_error *error) {
    struct doc_node *child;

    if (node->kind == DOC_SCALAR) {
        doc_fail(error, mark, "%s: there is only a single value above it", name);
        return NULL;
    }
    if (node->kind == DOC_SEQUENCE) {
        child = element_of_name(node, name);
        child = child ? child : element_at(node, name);
        if (!child)
            fail_element(node, name, mark, error);
        return child;
    }
    child = doc_member(node, name);
    return child ? child : add_member(node, name, mark, arena);
}

static void replace(struct doc_node *old, const struct doc_node *value, struct doc_mark key_mark) {
    old->kind = value->kind;
    old->mark = value->mark;
    old->key_mark = key_mark;
    old->text = value->text;
    old->is_quoted = value->is_quoted;
    old->child = value->child;
}

bool doc_set(struct doc_node *root, const char *assignment, struct scn_arena *arena, struct doc_error *error) {
    struct doc_mark mark = {"--set", 1, 1};
    const char *equals = strchr(assignment, '=');
    const char *from = assignment;
    struct doc_node *node = root, *value;

    if (!equals || equals == assignment)
        return doc_fail(error, mark, "%s: expected path.key=value", assignment);
    while (node && from <= equals) {
        size_t length = strcspn(from, ".=");

        mark.column = (int)(from - assignment) + 1;
        node = descend(node, scn_copy(arena, from, length), mark, arena, error);
        from += length + 1;
    }
    if (!node)
        return false;
    value = doc_parse((struct doc_text){"--set", equals + 1, strlen(equals + 1), (int)(equals + 1 - assignment)}, arena,
                      error);
    if (!value) {
        mark.column = (int)(equals + 1 - assignment) + 1;
        return doc_fail(error, mark, "%.*s: expected a value", (int)(equals - assignment), assignment);
    }
    replace(node, value, mark);
    return true;
}
