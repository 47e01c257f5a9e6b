/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options that every command has: which database, and which runs of it. */
#ifndef ANALYSIS_CHOICE_H
#define ANALYSIS_CHOICE_H

#include <argp.h>
#include <stddef.h>

#include "store.h"

typedef struct {
    const char *db, *campaign, *build, *data;
    store_filter where[STORE_FILTERS_MAX];
    size_t wheres;
} choice;

/* For argp_child: its input is a choice. choice_db_argp has --db and --build only, for commands that have the rest themselves. */
extern const struct argp choice_argp;
extern const struct argp choice_db_argp;

void choice_free(choice *c);

/* KEY=VALUE into a filter; ends the program through argp when it isn't like that. */
void choice_parse_filter(struct argp_state *state, const char *option, const char *text, store_filter *filter);

/* Opens the database, whose --db must be given; command is named in the message if it is not. */
store choice_open(const choice *c, const char *command);

#endif
