/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "choice.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "report.h"
#include "resource.h"

enum { OPTION_DB = 3000, OPTION_CAMPAIGN, OPTION_BUILD, OPTION_WHERE, OPTION_DATA };

#define DB_OPTIONS                                                                                                     \
    {"db", OPTION_DB, "FILE", 0, "Result database of mptcp-lab", 0},                                                   \
        {"build",                                                                                                      \
         OPTION_BUILD,                                                                                                 \
         "HASH",                                                                                                       \
         0,                                                                                                            \
         "Runs of the build whose commit or hash begins so, in place of the one that was run last",                    \
         0},                                                                                                           \
    {                                                                                                                  \
        "data", OPTION_DATA, "DIR", 0,                                                                                 \
            "Folder with sql/, gp/, style/... (default: analysis/ of the build or as installed)", 0                    \
    }

static const struct argp_option db_options[] = {DB_OPTIONS, {0}};

static const struct argp_option options[] = {
    DB_OPTIONS,
    {"campaign", OPTION_CAMPAIGN, "NAME", 0, "Campaign to read, if the database holds several", 0},
    {"where", OPTION_WHERE, "KEY=VALUE", 0,
     "Only runs with this value on this axis; @min and @max: the least and the greatest number; may be repeated", 0},
    {0}};

void choice_parse_filter(struct argp_state *state, const char *option, const char *text, store_filter *filter) {
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text)
        argp_error(state, "%s '%s': expected KEY=VALUE", option, text);
    filter->key = strndup(text, (size_t)(equals - text));
    filter->value = memory_text(equals + 1);
}

static error_t parse_option(int key, char *text, struct argp_state *state) {
    choice *c = state->input;
    switch (key) {
    case OPTION_DB: c->db = text; return 0;
    case OPTION_BUILD: c->build = text; return 0;
    case OPTION_DATA: c->data = text; return 0;
    case OPTION_CAMPAIGN: c->campaign = text; return 0;
    case OPTION_WHERE:
        if (c->wheres == STORE_FILTERS_MAX)
            argp_error(state, "--where: at most %d", STORE_FILTERS_MAX);
        choice_parse_filter(state, "--where", text, &c->where[c->wheres++]);
        return 0;
    case ARGP_KEY_ARG: /* of a command that takes none */
        argp_error(state, "'%s': expected options only; the result database is given as --db FILE", text);
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

const struct argp choice_argp = {.options = options, .parser = parse_option};
const struct argp choice_db_argp = {.options = db_options, .parser = parse_option};

void choice_free(choice *c) {
    for (size_t i = 0; i < c->wheres; i++) {
        free(c->where[i].key);
        free(c->where[i].value);
    }
}

store choice_open(const choice *c, const char *command) {
    store s;
    if (c->db == NULL)
        report_fatal(EXIT_USAGE, "%s: --db FILE is missing, the result database of mptcp-lab", command);
    resource_find(c->data);
    store_open(&s, c->db);
    s.build_wanted = c->build;
    return s;
}
