/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include <argp.h>
#include <stdlib.h>

#include "choice.h"
#include "command.h"
#include "table.h"

typedef struct {
    choice choice;
    table_options table;
} arguments;

enum { OPTION_OUT = 256, OPTION_METRIC, OPTION_ENTITY, OPTION_BASELINE };

static const struct argp_option options[] = {
    {"out", OPTION_OUT, "DIR", 0, "Write it as CSV and LaTeX there, too", 0},
    {"metric", OPTION_METRIC, "NAME,...", 0, "Only these metrics", 0},
    {"entity", OPTION_ENTITY, "NAME", 0, "Only of this entity, such as flow:download", 0},
    {"baseline", OPTION_BASELINE, "KEY=VALUE", 0, "Add the difference, paired by seed, from the point with this value",
     0},
    {0}};

static error_t parse_option(int key, char *text, struct argp_state *state) {
    arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &a->choice; return 0;
    case OPTION_OUT: a->table.folder = text; return 0;
    case OPTION_METRIC: a->table.metrics = text; return 0;
    case OPTION_ENTITY: a->table.entity = text; return 0;
    case OPTION_BASELINE: choice_parse_filter(state, "--baseline", text, &a->table.baseline); return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&choice_argp, 0, NULL, 0}, {0}};

static const struct argp parser = {
    .options = options,
    .parser = parse_option,
    .args_doc = "--db FILE [--out DIR]",
    .doc = "Prints means with 95 % intervals and medians, one line for each metric and point.\v"
           "Example:\n  mptcp-figures table --db results.db --metric goodput --baseline transport=tcp-lte",
    .children = children,
};

int command_table(int argc, char **argv) {
    arguments a = {0};
    argp_parse(&parser, argc, argv, 0, NULL, &a);
    store s = choice_open(&a.choice, "table");
    store_choose(&s, a.choice.campaign, a.choice.where, a.choice.wheres);
    table_print(&s, &a.table);
    store_close(&s);
    choice_free(&a.choice);
    free(a.table.baseline.key);
    free(a.table.baseline.value);
    return EXIT_SUCCESS;
}
