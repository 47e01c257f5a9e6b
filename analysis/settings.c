/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "settings.h"

#include "report.h"

const struct doc_node *settings_read(const char *path, struct scn_arena *arena) {
    char message[1024];
    struct doc_error error = {message, sizeof message};
    const struct doc_node *root = doc_load(path, arena, &error);
    if (root == NULL)
        report_fatal(EXIT_FILE, "%s", message);
    if (root->kind != DOC_MAPPING)
        report_fatal(EXIT_FILE, "%s:%d:%d: expected lines of KEY: VALUE", path, root->mark.line, root->mark.column);
    return root;
}

void settings_fail(const struct doc_node *member, const char *message) {
    report_fatal(EXIT_FILE, "%s:%d:%d: %s%s%s", member->mark.file, member->mark.line, member->mark.column,
                 member->key != NULL ? member->key : "", member->key != NULL ? ": " : "", message);
}

const char *settings_text(const struct doc_node *node) {
    const char *text;
    if (node->kind != DOC_SCALAR)
        settings_fail(node, "expected a single value");
    if (!doc_line(node, &text))
        settings_fail(node, "expected a text on one line");
    return text;
}
