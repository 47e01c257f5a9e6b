/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scenario_json.c: the canonical form of a scenario, and the table of keys for the documentation. */
#include "number.h"
#include "scenario_keys.h"

#include <stdlib.h>
#include <string.h>

/* The keys of a section by name: sorted once for all groups of a list. */
struct sorted {
    const struct section *section;
    const struct key *at[64];
};

static void print_group(const struct sorted *keys, const void *group, FILE *out);

static void print_text(const char *text, FILE *out) {
    fputc('"', out);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            fprintf(out, "\\%c", *c);
        else if (*c < 0x20)
            fprintf(out, "\\u%04x", *c);
        else
            fputc(*c, out);
    }
    fputc('"', out);
}

static void print_texts(const struct scn_texts *texts, FILE *out) {
    fputc('[', out);
    for (size_t i = 0; i < texts->count; i++) {
        if (i)
            fputc(',', out);
        print_text(texts->at[i], out);
    }
    fputc(']', out);
}

static int compare_keys(const void *a, const void *b) {
    return strcmp((*(const struct key *const *)a)->name, (*(const struct key *const *)b)->name);
}

static struct sorted sort_keys(const struct section *section) {
    struct sorted keys = {.section = section};

    for (size_t i = 0; i < section->key_count; i++)
        keys.at[i] = &section->keys[i];
    qsort(keys.at, section->key_count, sizeof keys.at[0], compare_keys);
    return keys;
}

static void print_sequence(const struct section *section, const void *value, FILE *out) {
    const struct sorted keys = sort_keys(section);
    const SCN_SEQUENCE(scn_host) *sequence = value; /* all sequences have this layout */
    const char *element = (const char *)sequence->at;

    fputc('[', out);
    for (size_t i = 0; i < sequence->count; i++, element += section->struct_bytes) {
        if (i)
            fputc(',', out);
        print_group(&keys, element, out);
    }
    fputc(']', out);
}

static void print_one_group(const struct section *section, const void *group, FILE *out) {
    const struct sorted keys = sort_keys(section);

    print_group(&keys, group, out);
}

static void print_value(const struct key *key, const void *value, FILE *out) {
    const char *word;

    switch (key->type) {
    case KEY_NUMBER: number_print(out, *(const double *)value); break;
    case KEY_INTEGER: fprintf(out, "%lld", (long long)*(const int64_t *)value); break;
    case KEY_BOOL: fputs(*(const bool *)value ? "true" : "false", out); break;
    case KEY_TEXT: print_text(*(const char *const *)value, out); break;
    case KEY_CHOICE: {
        size_t length = choice_word(key->choices, (size_t) * (const int64_t *)value, &word);

        fputc('"', out);
        fwrite(word, 1, length, out);
        fputc('"', out);
        break;
    }
    case KEY_TEXTS: print_texts(value, out); break;
    case KEY_GROUP: print_one_group(key->section, value, out); break;
    case KEY_SEQUENCE: print_sequence(key->section, value, out); break;
    }
}

static bool is_printed(const struct section *section, const struct key *key, const void *group) {
    const void *value = (const char *)group + key->offset;

    return key_applies(section, key, group) && !(key_may_be_empty(key) && !**(const char *const *)value);
}

static void print_group(const struct sorted *keys, const void *group, FILE *out) {
    bool is_first = true;

    fputc('{', out);
    for (size_t i = 0; i < keys->section->key_count; i++) {
        const struct key *key = keys->at[i];

        if (!is_printed(keys->section, key, group))
            continue;
        fputs(is_first ? "\"" : ",\"", out);
        fputs(key->name, out);
        fputs("\":", out);
        print_value(key, (const char *)group + key->offset, out);
        is_first = false;
    }
    fputc('}', out);
}

void scenario_print_json(const struct scenario *s, FILE *out) {
    print_one_group(&scenario_section, s, out);
}

/* ---- Documentation -------------------------------------------------------------------------------------- */

static void print_allowed(const struct key *key, FILE *out) {
    switch (key->type) {
    case KEY_NUMBER: fprintf(out, "%g to %g", key->lowest, key->highest); break;
    case KEY_INTEGER: fprintf(out, "whole, %.10g to %.10g", key->lowest, key->highest); break;
    case KEY_BOOL: fputs("true, false", out); break;
    case KEY_TEXT:
        fprintf(out, "%s%s%s%s", key->names_of ? "one of the " : "text", key->names_of ? key->names_of : "",
                key->or_of ? " or " : "", key->or_of ? key->or_of : "");
        break;
    case KEY_CHOICE: fprintf(out, "%s", key->choices); break;
    case KEY_TEXTS: fprintf(out, "list%s%s", key->names_of ? " of " : "", key->names_of ? key->names_of : ""); break;
    case KEY_GROUP:
    case KEY_SEQUENCE: fputs(key->type == KEY_GROUP ? "group" : "list of groups", out); break;
    }
}

static void print_section_keys(const char *prefix, const struct section *section, FILE *out) {
    for (size_t i = 0; i < section->key_count; i++) {
        const struct key *key = &section->keys[i];

        fprintf(out, "| `%s%s` | ", prefix, key->name);
        print_allowed(key, out);
        fprintf(out, " | %s%s | %s%s%s |\n", key->fallback ? key->fallback : "*must be given*",
                key->fallback && !key->fallback[0] ? "none" : "", key->only_for ? key->only_for : "",
                key->only_for ? ": " : "", key->help);
        if (key->section) {
            char inner[128];

            snprintf(inner, sizeof inner, "%s%s.", prefix, key->name);
            print_section_keys(inner, key->section, out);
        }
    }
}

void scenario_print_keys(FILE *out) {
    fputs("| key | allowed | default | meaning |\n| --- | --- | --- | --- |\n", out);
    print_section_keys("", &scenario_section, out);
}
