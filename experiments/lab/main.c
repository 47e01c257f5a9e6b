/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-lab: sweeps of mptcp-run into one result store. */
#include "child.h"
#include "command.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef MPTCP_VERSION
#define MPTCP_VERSION "of an unknown version"
#endif

const char *argp_program_version = "mptcp-lab " MPTCP_VERSION;

typedef struct {
    const char *name;
    char *title; /* the program's name in messages of the sub-command */
    int (*run)(int argc, char **argv);
} command;

static const command commands[] = {
    {"sweep", "mptcp-lab sweep", command_sweep},    {"status", "mptcp-lab status", command_status},
    {"repro", "mptcp-lab repro", command_repro},    {"export", "mptcp-lab export", command_export},
    {"merge", "mptcp-lab merge", command_merge},    {"migrate", "mptcp-lab migrate", command_migrate},
    {"forget", "mptcp-lab forget", command_forget}, {"ignore", "mptcp-lab ignore", command_ignore},
    {"fluid", "mptcp-lab fluid", command_fluid},    {"predict", "mptcp-lab predict", command_predict},
    {"slurm", "mptcp-lab slurm", command_slurm},    {"new", "mptcp-lab new", command_new},
};

static const char doc[] = "Runs sweeps of mptcp-run and keeps the results in one SQLite file.\n"
                          "\v"
                          "Commands:\n"
                          "  new NAME           a scenario and a sweep to start from\n"
                          "  sweep FILE.yaml    run what is not done yet of a sweep\n"
                          "  status             what a result file holds, and which runs failed\n"
                          "  repro RUN          the command line of one run, or run it again and compare\n"
                          "  export             a table as CSV on standard output\n"
                          "  slurm FILE.yaml    submit a sweep to a cluster, as an array of jobs\n"
                          "  merge FILE...      put other result files (shards) into one\n"
                          "  forget             delete runs, a campaign, or what a sweep no longer has\n"
                          "  ignore RUN...      leave runs out of tables and figures\n"
                          "  migrate            bring a result file of an older version up to date\n"
                          "  fluid FILE.yaml    what theory expects of a scenario\n"
                          "  predict            store that beside the runs of a result file\n\n"
                          "Example:\n"
                          "  mptcp-lab new my-study && mptcp-lab sweep my-study-sweep.yaml --db my-study.db\n\n"
                          "`mptcp-lab COMMAND --help' shows a command's options. Exit status: 0 done, 1 a run failed "
                          "or the work could not be finished, 2 wrong command line or input, 128 + N stopped by "
                          "signal N.";

uint64_t command_number(struct argp_state *state, const char *option, const char *text, uint64_t min, uint64_t max) {
    char *end = NULL;
    errno = 0;
    uint64_t number = text[0] >= '0' && text[0] <= '9' ? strtoull(text, &end, 10) : 0;
    if (!end || *end || errno || number < min || number > max) {
        argp_error(state, "%s: expected a whole number from %llu to %llu, got '%s'", option, (unsigned long long)min,
                   (unsigned long long)max, text);
    }
    return number;
}

static const struct argp_option options[] = {{"db", 'd', "FILE", OPTION_HIDDEN, NULL, 0}, {0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
    if (key == 'd') {
        argp_error(state, "the command comes first: mptcp-lab COMMAND --db %s", arg);
    } else if (key == ARGP_KEY_ARG) {
        argp_error(state, "unknown command '%s'; --help lists what there is", arg);
    } else if (key == ARGP_KEY_NO_ARGS) {
        argp_error(state, "expected a command, such as `mptcp-lab new NAME' or `mptcp-lab sweep FILE.yaml --db FILE'; "
                          "--help lists them");
    }
    return key == ARGP_KEY_ARG ? 0 : ARGP_ERR_UNKNOWN;
}

int main(int argc, char **argv) {
    argp_err_exit_status = EXIT_USAGE;
    if (argc > 1 && strcmp(argv[1], CHILD_ARGUMENT) == 0) {
        return child_main(argc, argv);
    }
    /* One thread, and nobody asks how much memory SQLite has: a seventh of what a row costs. */
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (argc > 1 && strcmp(argv[1], commands[i].name) == 0) {
            argv[1] = commands[i].title;
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    const struct argp argp = {.options = options, .parser = parse, .args_doc = "COMMAND [OPTION...]", .doc = doc};
    argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, NULL);
    return EXIT_USAGE;
}
