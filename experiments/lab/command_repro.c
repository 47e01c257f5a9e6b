/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "command.h"
#include "db_option.h"
#include "pool.h"
#include "store.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_TIME_LIMIT_S 1e9

typedef struct {
    const char *db;
    int64_t run_id;
    bool is_exec;
} options;

typedef struct {
    char *argv_text;
    char *status;
    char *result_hash;
    char *config_json;
} stored_run;

static const struct argp_option option_list[] = {
    {"exec", 'x', NULL, 0, "run it again and compare the result's hash; its standard error is shown at the end", 0},
    {0},
};

static const char doc[] = "Prints the exact command line of the run number RUN, ready for a shell.\v"
                          "With --exec the exit status is 0 when the result is the stored one, 1 when it differs.";

static error_t parse(int key, char *arg, struct argp_state *state) {
    options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &o->db; return 0;
    case 'x': o->is_exec = true; return 0;
    case ARGP_KEY_ARG:
        if (o->run_id) {
            argp_error(state, "one RUN expected, got '%s' too", arg);
        }
        o->run_id = (int64_t)command_number(state, "RUN", arg, 1, INT64_MAX);
        return 0;
    case ARGP_KEY_END:
        if (!o->run_id) {
            argp_error(state, "RUN, the number of a run, expected");
        }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static bool load_run(store *s, int64_t run_id, stored_run *out) {
    sqlite3_stmt *row = store_prepare(
        s, "SELECT argv, status, result_hash, json FROM run_named JOIN config USING (config_id) WHERE run_id = ?1");
    if (!row) {
        return false;
    }
    sqlite3_bind_int64(row, 1, run_id);
    bool is_found = sqlite3_step(row) == SQLITE_ROW;
    if (is_found) {
        *out = (stored_run){
            text_copy((const char *)sqlite3_column_text(row, 0)), text_copy((const char *)sqlite3_column_text(row, 1)),
            text_copy((const char *)sqlite3_column_text(row, 2)), text_copy((const char *)sqlite3_column_text(row, 3))};
    } else {
        fprintf(stderr, "mptcp-lab: %s: there is no run %" PRId64 "\n", s->path, run_id);
    }
    sqlite3_finalize(row);
    return is_found;
}

/* The stored text is made for a shell, so a shell runs it; `exec` leaves no shell between the limits and the run. */
static bool run_again(const char *argv_text, result *r, pool_outcome *outcome) {
    char *script = text_format("exec %s", argv_text);
    char *argv[] = {"/bin/sh", "-c", script, NULL};
    pool *p = pool_new(1);
    const pool_job job = {.argv = argv,
                          .timeout_s = NO_TIME_LIMIT_S,
                          .memory_bytes_max = UINT64_MAX,
                          .on_stdout = result_feed,
                          .user = r};
    bool has_ended = false;
    if (!pool_start(p, &job)) {
        fprintf(stderr, "mptcp-lab: cannot start a process: %s\n", strerror(errno));
    } else {
        while (!has_ended && !pool_stop_signal()) {
            has_ended = pool_wait(p, 1000, outcome);
        }
    }
    pool_free(p);
    free(script);
    return has_ended;
}

static int compare_again(const stored_run *run) {
    result r;
    hash_text hash;
    pool_outcome outcome;
    pool_catch_stop_signals();
    result_init(&r, run->config_json);
    bool has_ended = run_again(run->argv_text, &r, &outcome);
    bool is_complete = result_finish(&r, &hash);
    bool is_same = has_ended && strcmp(hash.hex, run->result_hash) == 0;
    if (has_ended) {
        fputs(outcome.stderr_end, stderr);
        printf("%s result: %s now, %s in the file (status %s then)\n", is_same ? "same" : "different", hash.hex,
               run->result_hash, run->status);
        if (!is_same && !is_complete) {
            fprintf(stderr, "mptcp-lab: %s\n", r.error);
        }
    }
    result_free(&r);
    return pool_stop_signal() ? 128 + pool_stop_signal() : is_same ? EXIT_DONE : EXIT_FAILED;
}

int command_repro(int argc, char **argv) {
    options o = {0};
    const struct argp_child children[] = {{&db_option, 0, NULL, 0}, {0}};
    const struct argp argp = {option_list, parse, "RUN", doc, children, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &o);

    store s;
    stored_run run = {0};
    if (!store_open(&s, o.db, STORE_READ)) {
        return EXIT_USAGE;
    }
    bool is_found = load_run(&s, o.run_id, &run);
    store_close(&s);
    int status = EXIT_USAGE;
    if (is_found) {
        puts(run.argv_text);
        fflush(stdout);
        status = o.is_exec ? compare_again(&run) : EXIT_DONE;
    }
    free(run.argv_text);
    free(run.status);
    free(run.result_hash);
    free(run.config_json);
    return status;
}
