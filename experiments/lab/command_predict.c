/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command.h"
#include "db_option.h"
#include "pool.h"
#include "predict.h"

#include <stddef.h>

enum { KEY_CAMPAIGN = 'c', KEY_JOBS = 'j', JOBS_MAX = 1024 };

typedef struct {
    const char *db, *campaign;
    size_t jobs;
} options;

static const struct argp_option option_list[] = {
    {"campaign", KEY_CAMPAIGN, "NAME", 0, "of this campaign only", 0},
    {"jobs", KEY_JOBS, "N", 0, "at a time [1]", 0},
    {0},
};

static const char doc[] =
    "Stores what theory expects of the runs in a result file as metrics predicted_fluid, predicted_fluid_ode and "
    "predicted_packets beside what they measured (see `mptcp-lab fluid').\v"
    "Runs that have a prediction of the same mptcp-oracle are left as they are. A sweep file with `predict: true' does "
    "this at the end of its sweep.";

static error_t parse(int key, char *arg, struct argp_state *state) {
    options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &o->db; return 0;
    case KEY_CAMPAIGN: o->campaign = arg; return 0;
    case KEY_JOBS: o->jobs = command_number(state, "--jobs", arg, 1, JOBS_MAX); return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

int command_predict(int argc, char **argv) {
    options o = {.jobs = 1};
    const struct argp_child children[] = {{&db_option, 0, NULL, 0}, {0}};
    const struct argp argp = {option_list, parse, NULL, doc, children, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    store s;
    pool_catch_stop_signals();
    if (!store_open(&s, o.db, STORE_CHANGE)) {
        return EXIT_USAGE;
    }
    int status = predict_runs(&s, o.campaign, o.jobs) ? EXIT_DONE : EXIT_FAILED;
    store_close(&s);
    return pool_stop_signal() ? 128 + pool_stop_signal() : status;
}
