/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "db_option.h"

static const struct argp_option option_list[] = {
    {"db", 'd', "FILE", 0, "the result file (SQLite)", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state) {
    const char **db = state->input;
    switch (key) {
    case 'd': *db = arg; return 0;
    case ARGP_KEY_ARG: /* of a command that takes none */
        argp_error(state, "'%s': expected options only; the result file is given as --db FILE", arg);
        return 0;
    case ARGP_KEY_END:
        if (!*db) {
            argp_error(state, "--db FILE expected");
        }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

const struct argp db_option = {.options = option_list, .parser = parse};
