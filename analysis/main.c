/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-figures: from the result database to figures, tables and a comparison with what they must show. */
#define _GNU_SOURCE 1
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "memory.h"
#include "report.h"

#ifndef MPTCP_VERSION
#define MPTCP_VERSION "of an unknown version"
#endif

const char *argp_program_version = "mptcp-figures " MPTCP_VERSION;

static const struct {
    const char *name, *about;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"plot", "one figure: any metric over any axis of the sweep", command_plot},
    {"all", "every stored figure whose campaign the database holds", command_draw},
    {"timeline", "what happened in one run, as text and figure", command_timeline},
    {"table", "means with intervals, as text, CSV and LaTeX", command_table},
    {"report", "one HTML page of all that a database holds", command_report},
    {"bundle", "an archive of everything, for a paper's artifact", command_bundle},
    {"export", "the metrics of every run as CSV, long or wide", command_export},
    {"verify", "measured against what the figures must show", command_verify},
};

enum { COMMANDS = sizeof commands / sizeof *commands, OPTION_LIST = 256, OPTION_DB };

static const struct argp_option options[] = {{"list", OPTION_LIST, NULL, 0, "Name the stored figures and end", 0},
                                             {"db", OPTION_DB, "FILE", OPTION_HIDDEN, NULL, 0},
                                             {0}};

static error_t parse_option(int key, char *text, struct argp_state *state) {
    if (key == OPTION_DB)
        argp_error(state, "the command comes first: mptcp-figures COMMAND --db %s", text);
    if (key != OPTION_LIST)
        return ARGP_ERR_UNKNOWN;
    command_list();
    exit(fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FILE);
}

/* The commands, behind the options of --help. */
static char *help_text(void) {
    char *text = memory_text("Figures and tables of the results of mptcp-lab.\v");
    for (size_t i = 0; i < COMMANDS; i++)
        memory_append(&text, "%-9s %s\n", commands[i].name, commands[i].about);
    memory_append(&text,
                  "NAME      a stored figure, or a file of one's own: FILE.yaml\n\n"
                  "Example:\n"
                  "  mptcp-figures plot --db results.db --x receive_buffer_bytes --y goodput --series scheduler\n"
                  "'mptcp-figures COMMAND --help' tells more.");
    return text;
}

static int run_command(int (*run)(int, char **), const char *name, int argc, char **argv) {
    argv[0] = memory_format("mptcp-figures%s%s", name[0] != '\0' ? " " : "", name);
    int status = run(argc, argv);
    free(argv[0]);
    return fflush(stdout) == 0 ? status : EXIT_FILE;
}

int main(int argc, char **argv) {
    argp_err_exit_status = EXIT_USAGE;
    for (size_t i = 0; argc > 1 && i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name) != 0)
            continue;
        bool keeps_name = commands[i].run == command_draw;
        return keeps_name ? run_command(command_draw, "", argc, argv)
                          : run_command(commands[i].run, commands[i].name, argc - 1, argv + 1);
    }
    if (argc > 1 && argv[1][0] != '-')
        return run_command(command_draw, "", argc, argv);
    char *help = help_text();
    const struct argp parser = {options, parse_option, "COMMAND --db FILE ...", help, NULL, NULL, NULL};
    argp_parse(&parser, argc, argv, 0, NULL, NULL);
    free(help);
    report_fatal(EXIT_USAGE,
                 "expected a command or the NAME of a figure; --help names the commands, --list the figures");
}
