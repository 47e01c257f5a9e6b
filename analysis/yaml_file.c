/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "yaml_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "memory.h"
#include "report.h"

static const char *scalar(const char *path, yaml_document_t *document, int id) {
    const yaml_node_t *node = yaml_document_get_node(document, id);
    if (node->type != YAML_SCALAR_NODE)
        report_fatal(EXIT_FILE, "%s:%zu: expected a single value", path, node->start_mark.line + 1);
    const char *text = (const char *)node->data.scalar.value;
    if (strlen(text) != node->data.scalar.length || strpbrk(text, "\n\t\r") != NULL)
        report_fatal(EXIT_FILE, "%s:%zu: expected a text on one line", path, node->start_mark.line + 1);
    return text;
}

static void add_value(yaml_file_entry *entry, const char *name, const char *value) {
    entry->name = memory_grow(entry->name, entry->count, sizeof *entry->name);
    entry->value = memory_grow(entry->value, entry->count, sizeof *entry->value);
    entry->name[entry->count] = memory_text(name);
    entry->value[entry->count++] = memory_text(value);
}

static yaml_file_entry read_entry(const char *path, yaml_document_t *document, const yaml_node_pair_t *pair) {
    const yaml_node_t *value = yaml_document_get_node(document, pair->value);
    yaml_file_entry entry = {.key = memory_text(scalar(path, document, pair->key)), .line = value->start_mark.line + 1};
    switch (value->type) {
    case YAML_SEQUENCE_NODE:
        entry.kind = YAML_FILE_LIST;
        for (const yaml_node_item_t *i = value->data.sequence.items.start; i < value->data.sequence.items.top; i++)
            add_value(&entry, "", scalar(path, document, *i));
        break;
    case YAML_MAPPING_NODE:
        entry.kind = YAML_FILE_MAPPING;
        for (const yaml_node_pair_t *i = value->data.mapping.pairs.start; i < value->data.mapping.pairs.top; i++)
            add_value(&entry, scalar(path, document, i->key), scalar(path, document, i->value));
        break;
    case YAML_SCALAR_NODE:
    case YAML_NO_NODE: entry.text = memory_text(scalar(path, document, pair->value)); break;
    }
    return entry;
}

static void load(const char *path, yaml_document_t *document) {
    yaml_parser_t parser;
    FILE *stream = fopen(path, "r");
    if (stream == NULL)
        report_fatal(EXIT_FILE, "%s: %s", path, strerror(errno));
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_file(&parser, stream);
    if (!yaml_parser_load(&parser, document))
        report_fatal(EXIT_FILE, "%s:%zu: %s", path, parser.problem_mark.line + 1,
                     parser.problem != NULL ? parser.problem : "can't be read");
    yaml_parser_delete(&parser);
    fclose(stream);
}

yaml_file yaml_file_read(const char *path) {
    yaml_file file = {.path = memory_text(path)};
    yaml_document_t document;
    load(path, &document);
    const yaml_node_t *root = yaml_document_get_root_node(&document);
    if (root == NULL || root->type != YAML_MAPPING_NODE)
        report_fatal(EXIT_FILE, "%s:1: expected lines of KEY: VALUE", path);
    for (const yaml_node_pair_t *i = root->data.mapping.pairs.start; i < root->data.mapping.pairs.top; i++) {
        file.entry = memory_grow(file.entry, file.n, sizeof *file.entry);
        file.entry[file.n++] = read_entry(path, &document, i);
        for (size_t k = 0; k + 1 < file.n; k++)
            if (strcmp(file.entry[k].key, file.entry[file.n - 1].key) == 0)
                yaml_file_fail(&file, &file.entry[file.n - 1], "is there twice");
    }
    yaml_document_delete(&document);
    return file;
}

void yaml_file_free(yaml_file *file) {
    for (size_t i = 0; i < file->n; i++) {
        yaml_file_entry *entry = &file->entry[i];
        for (size_t k = 0; k < entry->count; k++) {
            free(entry->name[k]);
            free(entry->value[k]);
        }
        free(entry->name);
        free(entry->value);
        free(entry->key);
        free(entry->text);
    }
    free(file->entry);
    free(file->path);
    *file = (yaml_file){0};
}

void yaml_file_fail(const yaml_file *file, const yaml_file_entry *entry, const char *message) {
    report_fatal(EXIT_FILE, "%s:%zu: %s: %s", file->path, entry->line, entry->key, message);
}
