/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run again: from the stored configuration, whatever became of the scenario file since. */
#define _GNU_SOURCE 1

#include "command.h"
#include "db_option.h"
#include "grid.h"
#include "pool.h"
#include "store.h"
#include "traces.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NO_TIME_LIMIT_S 1e9
#define DIFFERENCES_SHOWN 10

typedef struct {
    const char *db;
    const char *run_binary;
    const char *traces; /* where to write them; NULL: nowhere */
    int64_t run_id;
    bool is_exec;
    bool is_config;
} options;

typedef struct {
    int64_t run_id;
    int64_t build_id;
    uint64_t seed;
    char *argv_text;
    char *program_path; /* first word of it, or what --run-binary says */
    char *status;
    char *result_hash;
    char *config_json;
    char *binary_hash;
} stored_run;

static const struct argp_option option_list[] = {
    {"exec", 'x', NULL, 0, "run it again and compare: build, result, and each metric where they differ", 0},
    {"config", 'c', NULL, 0, "print the stored configuration alone, which is a scenario", 0},
    {"traces", 't', "FOLDER", 0, "write the traces that the configuration names there, for $MPTCP_TRACES", 0},
    {"run-binary", 'b', "PATH", 0,
     "the mptcp-run to use (default: the one that the run was done with; where it is not, the one beside this program)",
     0},
    {0},
};

static const char doc[] =
    "Prints a command that does the run number RUN again, ready for a shell, from the stored configuration.\v"
    "With --exec the exit status is 0 when the result is the stored one to the byte, 1 when it differs.";

static error_t parse(int key, char *arg, struct argp_state *state) {
    options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &o->db; return 0;
    case 'x': o->is_exec = true; return 0;
    case 'c': o->is_config = true; return 0;
    case 't': o->traces = arg; return 0;
    case 'b': o->run_binary = arg; return 0;
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

/* ---- what is stored ---- */

static char *column_copy(sqlite3_stmt *row, int i) {
    return text_copy((const char *)sqlite3_column_text(row, i));
}

/* The first word of a line that argv_quoted() made. */
static char *first_word(const char *line) {
    text_buf word = {0};
    text_append(&word, "", 0);
    for (bool is_quoted = false; *line && (is_quoted || *line != ' '); line++) {
        if (*line == '\'') {
            is_quoted = !is_quoted;
        } else {
            line += !is_quoted && *line == '\\' && line[1];
            text_append(&word, line, 1);
        }
    }
    return word.bytes;
}

/* The mptcp-run that did it; on another machine, where that is not there, this build's. */
static char *program_of_run(const char *argv_text) {
    char *then = first_word(argv_text);
    if (access(then, X_OK) == 0) {
        return then;
    }
    char *now = program_default_path();
    fprintf(stderr, "mptcp-lab: %s is not here, %s is taken (--run-binary PATH names another mptcp-run)\n", then, now);
    free(then);
    return now;
}

static bool load_run(store *s, const options *o, stored_run *out) {
    sqlite3_stmt *row =
        store_prepare(s, "SELECT run_id, build_id, seed, argv, status, result_hash, json, binary_hash FROM run_named"
                         " JOIN config USING (config_id) WHERE run_id = ?1");
    if (!row) {
        return false;
    }
    sqlite3_bind_int64(row, 1, o->run_id);
    bool is_found = sqlite3_step(row) == SQLITE_ROW;
    if (is_found) {
        *out = (stored_run){.run_id = sqlite3_column_int64(row, 0),
                            .build_id = sqlite3_column_int64(row, 1),
                            .seed = (uint64_t)sqlite3_column_int64(row, 2),
                            .argv_text = column_copy(row, 3),
                            .status = column_copy(row, 4),
                            .result_hash = column_copy(row, 5),
                            .config_json = column_copy(row, 6),
                            .binary_hash = column_copy(row, 7)};
        out->program_path = o->run_binary ? text_copy(o->run_binary) : program_of_run(out->argv_text);
    } else {
        fprintf(stderr, "mptcp-lab: %s: there is no run %" PRId64 "\n", s->path, o->run_id);
    }
    sqlite3_finalize(row);
    return is_found;
}

static void free_run(stored_run *run) {
    free(run->argv_text);
    free(run->program_path);
    free(run->status);
    free(run->result_hash);
    free(run->config_json);
    free(run->binary_hash);
}

/* ---- what differs ---- */

/* Lines for files of the program that are other ones than then; migrated results do not know theirs. */
static bool tell_build(store *s, const stored_run *run, const program *prog) {
    program_build build = program_build_of(run->config_json);
    if (strcmp(prog->hash[build].hex, run->binary_hash) == 0) {
        return true;
    }
    printf("another build: %.12s now, %.12s then\n", prog->hash[build].hex, run->binary_hash);
    size_t differences = 0;
    sqlite3_stmt *row = store_prepare(s, "SELECT hash FROM build_file WHERE build_id = ?1 AND name = ?2");
    for (size_t i = 0; row && i < prog->file_count; i++) {
        if (!program_build_has(build, &prog->files[i])) {
            continue;
        }
        sqlite3_bind_int64(row, 1, run->build_id);
        sqlite3_bind_text(row, 2, prog->files[i].name, -1, SQLITE_STATIC);
        bool is_known = sqlite3_step(row) == SQLITE_ROW;
        const char *hash = is_known ? (const char *)sqlite3_column_text(row, 0) : "";
        if (strcmp(hash, prog->files[i].hash.hex) != 0) {
            printf("  %s: %.12s now, %.12s then\n", prog->files[i].name, prog->files[i].hash.hex,
                   is_known ? hash : "not known");
            differences++;
        }
        sqlite3_reset(row);
    }
    if (row && !differences) { /* mptcp-run-ns3, say, once counted to the builds of all runs */
        puts("  every file that such a run loads is the same");
    }
    sqlite3_finalize(row);
    return row != NULL;
}

static const result_metric *find_metric(const result *r, sqlite3_stmt *row) {
    for (size_t i = 0; i < r->metric_count; i++) {
        const result_metric *m = &r->metrics[i];
        if (strcmp(m->name, (const char *)sqlite3_column_text(row, 0)) == 0 &&
            strcmp(m->entity, (const char *)sqlite3_column_text(row, 1)) == 0) {
            return m;
        }
    }
    return NULL;
}

static bool tell_metrics(store *s, int64_t run_id, const result *now) {
    size_t differences = 0, count = 0;
    sqlite3_stmt *row =
        store_prepare(s, "SELECT name, entity, unit, value FROM metric WHERE run_id = ?1 ORDER BY 1, 2");
    if (!row) {
        return false;
    }
    sqlite3_bind_int64(row, 1, run_id);
    for (; sqlite3_step(row) == SQLITE_ROW; count++) {
        const result_metric *m = find_metric(now, row);
        double then = sqlite3_column_double(row, 3);
        if ((m && m->value == then) || differences++ >= DIFFERENCES_SHOWN) {
            continue;
        }
        printf("  %s %s: %.17g %s now, %.17g then\n", sqlite3_column_text(row, 0), sqlite3_column_text(row, 1),
               m ? m->value : (double)NAN, sqlite3_column_text(row, 2), then);
    }
    sqlite3_finalize(row);
    printf("%zu of %zu metrics differ, %zu are there now\n", differences, count, now->metric_count);
    return true;
}

/* ---- again ---- */

static bool run_again(const stored_run *run, const program *prog, result *r, pool_outcome *outcome) {
    char *seed = text_format("%" PRIu64, run->seed);
    char *argv[] = {prog->path, "-", "--seed", seed, NULL};
    pool *p = pool_new(1);
    const pool_job job = {.argv = argv,
                          .stdin_text = run->config_json,
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
    free(seed);
    return has_ended;
}

static bool compare_again(store *s, const stored_run *run, const program *prog) {
    result r;
    hash_text hash;
    pool_outcome outcome;
    result_init(&r, run->config_json);
    bool has_ended = run_again(run, prog, &r, &outcome);
    bool is_complete = result_finish(&r, &hash);
    bool is_same = has_ended && strcmp(hash.hex, run->result_hash) == 0;
    if (has_ended) {
        fputs(outcome.stderr_end, stderr);
        printf("%s result: %s now, %s in the file (status %s then)\n", is_same ? "same" : "different", hash.hex,
               run->result_hash, run->status);
        if (!is_same && !is_complete) {
            fprintf(stderr, "mptcp-lab: %s\n", r.error);
        } else if (!is_same) {
            tell_metrics(s, run->run_id, &r);
        }
    }
    result_free(&r);
    return is_same;
}

static int exec_run(store *s, const stored_run *run) {
    program prog;
    pool_catch_stop_signals();
    if (!program_load(&prog, run->program_path)) {
        return EXIT_USAGE;
    }
    bool is_same = tell_build(s, run, &prog) && traces_lay_out(s) && compare_again(s, run, &prog);
    traces_clear();
    program_free(&prog);
    return pool_stop_signal() ? 128 + pool_stop_signal() : is_same ? EXIT_DONE : EXIT_FAILED;
}

static void print_command(const options *o, const stored_run *run) {
    char self[PATH_MAX] = "mptcp-lab";
    ssize_t count = readlink("/proc/self/exe", self, sizeof self - 1);
    self[count > 0 ? (size_t)count : strlen(self)] = '\0';
    char *db = realpath(o->db, NULL);
    char *run_id = text_format("%" PRId64, run->run_id), *seed = text_format("%" PRIu64, run->seed);
    char *config[] = {self, "repro", run_id, "--db", db ? db : text_copy(o->db), "--config", NULL};
    char *again[] = {run->program_path, "-", "--seed", seed, NULL};
    char *left = argv_quoted(config), *right = argv_quoted(again);
    if (traces_are_named(run->config_json)) {
        printf("(t=$(mktemp -d) && trap 'rm -r \"$t\"' EXIT && %s --traces \"$t\" | MPTCP_TRACES=\"$t\" %s)\n", left,
               right);
    } else {
        printf("%s | %s\n", left, right);
    }
    fprintf(stderr, "from the scenario file as it was then: %s\n", run->argv_text);
    free(left);
    free(right);
    free(config[4]);
    free(run_id);
    free(seed);
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
    int status = EXIT_USAGE;
    if (load_run(&s, &o, &run)) {
        status = EXIT_DONE;
        if (o.traces && !traces_write(&s, run.config_json, o.traces)) {
            status = EXIT_FAILED;
        } else if (o.is_config) {
            puts(run.config_json); /* after its traces: who reads it on a pipe goes on from there */
        } else if (o.is_exec) {
            status = exec_run(&s, &run);
        } else if (!o.traces) {
            print_command(&o, &run);
        }
    }
    free_run(&run);
    store_close(&s);
    return fflush(stdout) == 0 ? status : EXIT_FAILED;
}
