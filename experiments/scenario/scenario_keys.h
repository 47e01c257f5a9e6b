/* SPDX-License-Identifier: GPL-2.0-or-later */
/** scenario_keys.h: the table of all keys; loading, checking, printing and the documentation are driven by it. */
#ifndef EXP_SCENARIO_KEYS_H
#define EXP_SCENARIO_KEYS_H

#include "scenario.h"

enum key_type {
    KEY_NUMBER,  /**< double */
    KEY_INTEGER, /**< int64_t */
    KEY_BOOL,    /**< bool: true or false */
    KEY_TEXT,    /**< const char * */
    KEY_CHOICE,  /**< int64_t: index into choices */
    KEY_TEXTS,   /**< struct scn_texts: a list */
    KEY_GROUP,   /**< a struct of section */
    KEY_SEQUENCE /**< SCN_SEQUENCE of structs of section */
};

struct key {
    const char *name;
    enum key_type type;
    size_t offset;
    const char *fallback;          /**< the default, written as in a file; NULL = must be given */
    double lowest, highest;        /**< of numbers and integers */
    const char *choices;           /**< of KEY_CHOICE and KEY_TEXTS: words allowed, separated by one space */
    const char *names_of;          /**< of KEY_TEXT and KEY_TEXTS: must be names of elements of this sequence ... */
    const char *or_of;             /**< ... or of this one; NULL: there is none */
    const char *only_for;          /**< words of the group's key "type" that have this key; NULL = all */
    const struct section *section; /**< of KEY_GROUP and KEY_SEQUENCE */
    const char *help;
};

struct section {
    const char *name;
    const struct key *keys;
    size_t key_count;
    size_t struct_bytes; /**< the struct starts with its struct doc_mark */
};

extern const struct section scenario_section;

/** @return how many words @p choices has. */
size_t choice_count(const char *choices);
/** @return the length of word @p index of @p choices, which starts at *word. */
size_t choice_word(const char *choices, size_t index, const char **word);
/** @return the index of @p text in @p choices, or -1. */
int64_t choice_index(const char *choices, const char *text);
/** @return whether a text may be missing; it is not printed then. */
bool key_may_be_empty(const struct key *key);
/** @return whether @p group, a struct of @p section, has the key (see only_for). */
bool key_applies(const struct section *section, const struct key *key, const void *group);

#endif
