/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include <argp.h>
#include <stdlib.h>

#include "choice.h"
#include "command.h"
#include "report.h"
#include "timeline.h"

typedef struct {
    choice choice;
    const char *folder;
    int64_t run;
} arguments;

enum { OPTION_OUT = 256 };

static const struct argp_option options[] = {
    {"out", OPTION_OUT, "DIR", 0, "Draw it, too: timeline-RUN.* in this folder", 0}, {0}};

static error_t parse_option(int key, char *text, struct argp_state *state) {
    arguments *a = state->input;
    char *end;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &a->choice; return 0;
    case OPTION_OUT: a->folder = text; return 0;
    case ARGP_KEY_ARG:
        a->run = strtoll(text, &end, 10);
        if (*end != '\0' || a->run <= 0 || state->arg_num > 0)
            argp_error(state, "'%s': expected the number of one run; the result database is given as --db FILE", text);
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&choice_db_argp, 0, NULL, 0}, {0}};

static const struct argp parser = {
    .options = options,
    .parser = parse_option,
    .args_doc = "RUN --db FILE [--out DIR]",
    .doc =
        "What happened in one run: subflows up and down, stalls, paths out of range, and what else the run recorded.\v"
        "Example:\n  mptcp-figures timeline 17 --db results.db --out figures\n"
        "The number of a run is in tables, in the CSV files of figures, and in mptcp-lab export --table run.",
    .children = children,
};

int command_timeline(int argc, char **argv) {
    arguments a = {0};
    argp_parse(&parser, argc, argv, 0, NULL, &a);
    if (a.run == 0)
        report_fatal(EXIT_USAGE, "timeline: expected the number of a run");
    store s = choice_open(&a.choice, "timeline");
    timeline_show(&s, a.run, a.folder);
    store_close(&s);
    return EXIT_SUCCESS;
}
