/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mptcp-run: simulates one point of an experiment in one process. What it prints is said in doc/contracts.md.
 *
 * The link engine is in this program; for a scenario of engine ns3 it becomes mptcp-run-ns3, which lies beside it, so
 * that runs of the link engine do not pay for loading ns-3, and machines without ns-3 have this one.
 */
#define _GNU_SOURCE 1

#include "command.h"
#include "link.h"
#include "net.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static int become_ns3(const struct scenario *s, char **argv) {
    char path[PATH_MAX + sizeof "-ns3"];
    ssize_t bytes = readlink("/proc/self/exe", path, PATH_MAX);

    if (bytes > 0) {
        memcpy(path + bytes, "-ns3", sizeof "-ns3");
        execv(path, argv);
    }
    fprintf(stderr, "%s:%d:%d: engine: ns3 is not in this build (mptcp-run-ns3: %s); expected link\n", s->mark.file,
            s->mark.line, s->mark.column, strerror(errno));
    return COMMAND_BAD_INPUT;
}

/* Before any run: ns-3 would end the program with a message of its own. */
static bool names_are_known(const struct scenario *s) {
    mpt_conn_settings unused;

    for (size_t i = 0; i < s->flows.count; i++)
        if (s->flows.at[i].protocol != SCN_NS3_TCP && !settings_names_of_flow(&unused, &s->flows.at[i]))
            return false;
    return true;
}

static int run(const struct scenario *s, const struct command *c, char **argv) {
    if (!names_are_known(s))
        return COMMAND_BAD_INPUT;
    if (c->is_config_only) {
        command_print_config(s, stdout);
        return fflush(stdout) == 0 ? COMMAND_DONE : COMMAND_BROKEN_RUN;
    }
    return s->engine == SCN_ENGINE_LINK ? command_run(s, c, link_simulate) : become_ns3(s, argv);
}

int main(int argc, char **argv) {
    struct scn_arena arena = {0};
    struct scenario s;
    struct command c;
    char error[512];
    int status = COMMAND_BAD_INPUT;

    command_parse(&c, argc, argv);
    if (command_print_info(&c))
        status = COMMAND_DONE;
    else if (scenario_load(&s, c.file, c.sets, c.set_count, &arena, error, sizeof error))
        status = run(&s, &c, argv);
    else
        fprintf(stderr, "%s\n", error);
    scn_arena_free(&arena);
    command_free(&c);
    return status;
}
