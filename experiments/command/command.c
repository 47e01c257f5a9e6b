/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command.h"

#include "mptcp_build_info.h"

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPTION_SEED = 's',
    OPTION_SET = 'S',
    OPTION_PCAP = 'p',
    OPTION_ENGINE = 'e',
    OPTION_CONFIG = 256,
    OPTION_RECORD,
    OPTION_VERSION,
    OPTION_KEYS
};

const char *argp_program_version = "mptcp-run " MPTCP_VERSION;

static const struct argp_option options[] = {
    {"seed", OPTION_SEED, "N", 0, "Seed of all randomness, 1 or more", 0},
    {"set", OPTION_SET, "path.key=value", 0, "Change the scenario; may be given several times", 0},
    {"engine", OPTION_ENGINE, "NAME", 0, "The same as --set engine=NAME: ns3 or link", 0},
    {"pcap", OPTION_PCAP, "DIR", 0, "Write a pcap file for each interface of each host into DIR", 0},
    {"record", OPTION_RECORD, "DIR", 0,
     "Instead of the flows, record what the radio paths can carry: traces in DIR, and DIR/scenario.yaml, the same over "
     "them",
     0},
    {"print-config", OPTION_CONFIG, NULL, 0, "Print all resolved parameters and do not simulate", 0},
    {"version-json", OPTION_VERSION, NULL, 0, "Print what this program was built from", 0},
    {"print-keys", OPTION_KEYS, NULL, 0, "Print the table of all keys of a scenario", 0},
    {0},
};

static void add_set(struct command *c, const char *text) {
    c->sets = realloc(c->sets, (c->set_count + 1) * sizeof *c->sets);
    if (!c->sets)
        abort();
    c->sets[c->set_count++] = text;
}

static void add_engine(struct command *c, const char *name, const struct argp_state *state) {
    size_t bytes = strlen(name) + sizeof "engine=";

    if (c->engine_set)
        argp_error(state, "--engine: expected once");
    c->engine_set = malloc(bytes);
    if (!c->engine_set)
        abort();
    snprintf(c->engine_set, bytes, "engine=%s", name);
    add_set(c, c->engine_set);
}

static void parse_seed(struct command *c, const char *text, struct argp_state *state) {
    char *end = NULL;

    errno = 0;
    c->seed = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != 0 || errno != 0 || c->seed == 0)
        argp_error(state, "--seed: expected a whole number from 1, not '%s'", text);
}

static void check_whole(const struct command *c, const struct argp_state *state) {
    if (!c->is_version_only && !c->is_keys_only && !c->file)
        argp_error(state, "expected a scenario file");
    if (c->file && !c->is_config_only && c->seed == 0)
        argp_error(state, "expected --seed");
    if (c->record_folder && c->pcap_folder)
        argp_error(state, "--pcap: expected no --record");
}

static error_t parse_option(int key, char *text, struct argp_state *state) {
    struct command *c = state->input;

    switch (key) {
    case OPTION_SEED: parse_seed(c, text, state); return 0;
    case OPTION_SET: add_set(c, text); return 0;
    case OPTION_ENGINE: add_engine(c, text, state); return 0;
    case OPTION_PCAP: c->pcap_folder = text; return 0;
    case OPTION_RECORD: c->record_folder = text; return 0;
    case OPTION_CONFIG: c->is_config_only = true; return 0;
    case OPTION_VERSION: c->is_version_only = true; return 0;
    case OPTION_KEYS: c->is_keys_only = true; return 0;
    case ARGP_KEY_ARG:
        if (c->file)
            argp_error(state, "expected one scenario file, not '%s' too", text);
        c->file = text;
        return 0;
    case ARGP_KEY_END: check_whole(c, state); return 0;
    }
    return ARGP_ERR_UNKNOWN;
}

void command_parse(struct command *c, int argc, char **argv) {
    static const struct argp parser = {
        options,
        parse_option,
        "FILE.yaml",
        "Simulate one point of an experiment and print its results. The file \"-\" is standard input; a configuration "
        "that --print-config printed is a scenario, too."
        "\v"
        "Example:\n"
        "  mptcp-run two-paths.yaml --seed 1 --set flows.download.scheduler=minrtt\n\n"
        "Exit status: 0 done, 1 content that arrived differs from what was sent, 2 the command line or the scenario is "
        "wrong.",
        0,
        0,
        0};

    argp_err_exit_status = COMMAND_BAD_INPUT;
    *c = (struct command){0};
    argp_parse(&parser, argc, argv, 0, NULL, c);
}

void command_free(struct command *c) {
    free(c->sets);
    free(c->engine_set);
    *c = (struct command){0};
}

bool command_print_info(const struct command *c) {
    if (c->is_version_only)
        printf("{\"commit\":\"%s\",\"dirty\":%s,\"ns3_version\":\"%s\",\"compiler\":\"%s\",\"serves\":true}\n",
               MPTCP_BUILD_COMMIT, MPTCP_BUILD_DIRTY ? "true" : "false", MPTCP_NS3_VERSION_STRING,
               MPTCP_BUILD_COMPILER);
    else if (c->is_keys_only)
        scenario_print_keys(stdout);
    return c->is_version_only || c->is_keys_only;
}

void command_print_config(const struct scenario *s, const struct command *c, FILE *out) {
    if (c->config_line) {
        fputs(c->config_line, out);
        return;
    }
    fprintf(out, "config\t");
    scenario_print_json(s, out);
    fprintf(out, "\n");
}

static bool is_intact(const struct measure *m) {
    for (size_t i = 0; i < m->flow_count; i++)
        if (m->flows[i].is_damaged)
            return false;
    return true;
}

int command_run(const struct scenario *s, const struct command *c, command_engine *engine) {
    struct measure *m = measure_new(s, stdout);
    int status = COMMAND_BAD_INPUT;

    if (engine(s, c, m)) {
        status = is_intact(m) ? COMMAND_DONE : COMMAND_BROKEN_RUN;
        if (status == COMMAND_DONE && !c->record_folder)
            printf("end\tok\n");
    }
    measure_free(m);
    return fflush(stdout) == 0 ? status : COMMAND_BROKEN_RUN;
}
