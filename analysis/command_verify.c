/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include <argp.h>

#include "choice.h"
#include "command.h"
#include "verify.h"

static error_t parse_option(int key, char *text, struct argp_state *state) {
    (void)text;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = state->input;
    return 0;
}

static const struct argp_child children[] = {{&choice_argp, 0, NULL, 0}, {0}};

static const struct argp parser = {
    .parser = parse_option,
    .args_doc = "--db FILE",
    .doc = "Compares the database with what the figures must show (reference/): a line PASS or FAIL for each.\v"
           "Example:\n  mptcp-figures verify --db results.db --campaign fairness",
    .children = children,
};

int command_verify(int argc, char **argv) {
    choice c = {0};
    argp_parse(&parser, argc, argv, 0, NULL, &c);
    store s = choice_open(&c, "verify");
    int status = verify_run(&s, c.campaign, c.where, c.wheres);
    store_close(&s);
    choice_free(&c);
    return status;
}
