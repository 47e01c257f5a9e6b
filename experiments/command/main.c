/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mptcp-run: simulates one point of an experiment in one process. What it prints is said in doc/contracts.md.
 *
 * The link engine is in this program, which can do many runs of it (serve.h); for a scenario of engine ns3 it becomes mptcp-run-ns3, which lies beside it, so
 * that runs of the link engine do not pay for loading ns-3, and machines without ns-3 have this one.
 */
#define _GNU_SOURCE 1

#include "command.h"
#include "kept.h"
#include "link.h"
#include "serve.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* @return whether there is a program for engine ns3, to be written to @p path. */
static bool find_ns3(char path[static PATH_MAX + sizeof "-ns3"]) {
    ssize_t bytes = readlink("/proc/self/exe", path, PATH_MAX);

    if (bytes <= 0)
        return false;
    memcpy(path + bytes, "-ns3", sizeof "-ns3");
    return access(path, X_OK) == 0;
}

static bool is_serving;

/* A signal that ended the process ends this one, too. */
static int status_of(pid_t pid) {
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return COMMAND_BROKEN_RUN;
    if (WIFSIGNALED(status))
        raise(WTERMSIG(status));
    return WIFEXITED(status) ? WEXITSTATUS(status) : COMMAND_BROKEN_RUN;
}

static int become_ns3(const struct scenario *s, char **argv) {
    char path[PATH_MAX + sizeof "-ns3"];

    if (find_ns3(path)) {
        pid_t pid = is_serving ? fork() : 0;

        if (pid > 0)
            return status_of(pid);
        if (pid == 0)
            execv(path, argv);
        if (pid == 0 && is_serving)
            _exit(COMMAND_BAD_INPUT);
    }
    fprintf(stderr, "%s:%d:%d: engine: ns3 is not in this build (mptcp-run-ns3: %s); expected link\n", s->mark.file,
            s->mark.line, s->mark.column, strerror(errno));
    return COMMAND_BAD_INPUT;
}

static int print_config(const struct scenario *s, const struct command *c, bool needs_ns3, char **argv) {
    char path[PATH_MAX + sizeof "-ns3"];

    if (needs_ns3 && find_ns3(path)) /* where it is not there, nothing will be simulated with it either */
        return become_ns3(s, argv);
    command_print_config(s, c, stdout);
    return fflush(stdout) == 0 ? COMMAND_DONE : COMMAND_BROKEN_RUN;
}

static int run(const struct scenario *s, const struct command *c, char **argv) {
    bool needs_ns3;

    if (!link_settings_are_known(s, &needs_ns3))
        return COMMAND_BAD_INPUT;
    if (strcmp(c->file, "-") != 0) /* a stored configuration was told of when it was made */
        scenario_tell_unused(s, stderr);
    if (c->is_config_only)
        return print_config(s, c, needs_ns3, argv);
    if (s->engine == SCN_ENGINE_LINK && c->record_folder) {
        fprintf(stderr, "%s:%d:%d: engine: expected ns3 with --record, which records radio paths\n", s->mark.file,
                s->mark.line, s->mark.column);
        return COMMAND_BAD_INPUT;
    }
    return s->engine == SCN_ENGINE_LINK ? command_run(s, c, link_simulate) : become_ns3(s, argv);
}

/* A scenario that is read for this run alone. */
static int read_and_run(const struct command *c, char **argv) {
    struct scn_arena arena = {0};
    struct scenario s;
    char error[512];
    int status = COMMAND_BAD_INPUT;

    if (scenario_load(&s, c->file, c->sets, c->set_count, &arena, error, sizeof error))
        status = run(&s, c, argv);
    else
        fprintf(stderr, "%s\n", error);
    scn_arena_free(&arena);
    return status;
}

static bool is_for_link(const struct scenario *s) {
    bool needs_ns3;

    return s->engine == SCN_ENGINE_LINK && link_settings_are_known(s, &needs_ns3) && !needs_ns3;
}

static int do_one(int argc, char **argv) {
    struct command c;
    const struct scenario *kept;
    int status;

    command_parse(&c, argc, argv);
    if (command_print_info(&c))
        status = COMMAND_DONE;
    else if (is_serving && (kept = kept_scenario(&c, is_for_link)) != NULL)
        status = command_run(kept, &c, link_simulate);
    else if (is_serving && !serve_input_to_stdin())
        status = COMMAND_BROKEN_RUN;
    else
        status = read_and_run(&c, argv);
    command_free(&c);
    return status;
}

int main(int argc, char **argv) {
    is_serving = argc == 2 && strcmp(argv[1], "--serve") == 0;
    return is_serving ? serve(do_one) : do_one(argc, argv);
}
