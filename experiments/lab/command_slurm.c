/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sweep as a job array of Slurm: each task runs a shard of the sweep into a result file of its own, which `merge' puts
 * together. A task that was killed goes on where it was when the array is submitted again; one that is started twice
 * finds its file locked.
 */
#define _GNU_SOURCE 1

#include "capture.h"
#include "command.h"
#include "sweep_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TASKS_MAX 1000000
#define PROCESSORS_MAX 1024

enum { KEY_DB = 'd', KEY_ARRAY = 'a', KEY_JOBS = 'j', KEY_SBATCH = 's', KEY_WRITE_ONLY = 'w', KEY_BINARY = 'b' };

typedef struct {
    const char *file;
    const char *db;
    const char *run_binary;
    size_t tasks;
    size_t jobs;
    bool is_write_only;
    char **sbatch; /* options for sbatch */
    size_t sbatch_count;
} options;

static const struct argp_option option_list[] = {
    {"db", KEY_DB, "FILE", 0, "the result file that the shards are merged into in the end; they lie in FILE.shards/",
     0},
    {"array", KEY_ARRAY, "N", 0, "number of tasks", 0},
    {"jobs", KEY_JOBS, "N", 0, "runs at a time of each task, and the processors it asks for (default 1)", 0},
    {"sbatch", KEY_SBATCH, "OPTION", 0,
     "an option for sbatch, such as --sbatch=--time=2:00:00 or --sbatch=--array=1-100%10; may be given several times",
     0},
    {"write-only", KEY_WRITE_ONLY, NULL, 0, "write the job's script, submit nothing", 0},
    {"run-binary", KEY_BINARY, "PATH", 0, "the mptcp-run to use (default: the one beside this program)", 0},
    {0},
};

static const char doc[] =
    "Submits a sweep to Slurm as an array of N tasks, and prints the command that merges their results.\n"
    "\v"
    "The folder of the result file must be the same on all machines. Each task resolves and runs its own points into "
    "FILE.shards/shard-I-of-N.db. Submitted again, what is done is not run again. Example:\n\n"
    "  mptcp-lab slurm sweep.yaml --db results.db --array 100 --sbatch=--time=2:00:00\n"
    "  mptcp-lab merge --db results.db results.db.shards/*.db";

static error_t parse(int key, char *arg, struct argp_state *state) {
    options *o = state->input;
    switch (key) {
    case KEY_DB: o->db = arg; return 0;
    case KEY_ARRAY: o->tasks = command_number(state, "--array", arg, 1, TASKS_MAX); return 0;
    case KEY_JOBS: o->jobs = command_number(state, "--jobs", arg, 1, PROCESSORS_MAX); return 0;
    case KEY_SBATCH:
        if (strchr(arg, '\n') || strncmp(arg, "--", 2) != 0) {
            argp_error(state, "--sbatch: expected an option such as --time=10, got '%s'", arg);
        }
        o->sbatch = text_grow(o->sbatch, o->sbatch_count, sizeof *o->sbatch);
        o->sbatch[o->sbatch_count++] = arg;
        return 0;
    case KEY_WRITE_ONLY: o->is_write_only = true; return 0;
    case KEY_BINARY: o->run_binary = arg; return 0;
    case ARGP_KEY_ARG:
        if (o->file) {
            argp_error(state, "one FILE.yaml expected, got '%s' too", arg);
        }
        o->file = arg;
        return 0;
    case ARGP_KEY_END:
        if (!o->file || !o->db || !o->tasks) {
            argp_error(state, "%s expected", !o->file ? "FILE.yaml" : !o->db ? "--db FILE" : "--array N");
        }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

/* ---- the script ---- */

/* The whole path, as a word for a shell. */
static bool append_path(text_buf *b, const char *path) {
    char *whole = realpath(path, NULL);
    if (!whole) {
        fprintf(stderr, "mptcp-lab: %s: %s\n", path, strerror(errno));
        return false;
    }
    text_append_shell_word(b, whole);
    free(whole);
    return true;
}

/* What #SBATCH lines can't hold: their words are no shell's. */
static bool is_plain(const char *path) {
    bool is_good = !strpbrk(path, " \t\n\"'\\%#");
    if (!is_good) {
        fprintf(stderr, "mptcp-lab: %s: expected a path without blanks, quotes, %%, # and \\, for Slurm's sake\n",
                path);
    }
    return is_good;
}

static bool append_command(text_buf *b, const options *o, const char *folder) {
    char *count = text_format("/%zu", o->tasks);
    text_append_string(b, "exec");
    bool is_good = append_path(b, "/proc/self/exe");
    text_append_shell_word(b, "sweep");
    is_good = is_good && append_path(b, o->file);
    text_append_shell_word(b, "--db");
    text_append_string(b, " ");
    text_append_string(b, folder);
    text_append_string(b, "/shard-\"$SLURM_ARRAY_TASK_ID\"-of-");
    text_append_string(b, count + 1);
    text_append_string(b, ".db --shard \"$SLURM_ARRAY_TASK_ID\"");
    text_append_string(b, count);
    text_append_string(b, " --jobs \"$SLURM_CPUS_PER_TASK\"");
    if (o->run_binary) {
        text_append_shell_word(b, "--run-binary");
        is_good = is_good && append_path(b, o->run_binary);
    }
    text_append_string(b, "\n");
    free(count);
    return is_good;
}

/* What is given with --sbatch comes last, and counts. */
static void append_directives(text_buf *b, const options *o, const char *name, const char *folder) {
    char *lines = text_format("#!/bin/sh\n#SBATCH --job-name=%s\n#SBATCH --array=1-%zu\n#SBATCH --cpus-per-task=%zu\n"
                              "#SBATCH --output=%s/task-%%a.log\n#SBATCH --open-mode=append\n",
                              name, o->tasks, o->jobs, folder);
    text_append_string(b, lines);
    free(lines);
    for (size_t i = 0; i < o->sbatch_count; i++) {
        char *line = text_format("#SBATCH %s\n", o->sbatch[i]);
        text_append_string(b, line);
        free(line);
    }
}

static bool write_file(const char *path, const text_buf *b) {
    FILE *out = fopen(path, "w");
    bool is_good = out && fwrite(b->bytes, 1, b->count, out) == b->count;
    is_good = (!out || fclose(out) == 0) && is_good;
    if (!is_good) {
        fprintf(stderr, "mptcp-lab: cannot write %s: %s\n", path, strerror(errno));
    }
    return is_good;
}

/* ---- submitting ---- */

static bool submit(const char *script) {
    char *const argv[] = {"sbatch", "--parsable", (char *)script, NULL};
    text_buf out = {0};
    pool_outcome outcome;
    bool has_ended = capture(argv, &out, &outcome);
    bool is_good = has_ended && outcome.end == POOL_EXITED && outcome.code == 0;
    if (is_good) {
        fprintf(stderr, "submitted as job %.*s: %s\n", (int)strcspn(out.bytes, ";\n"), out.bytes, script);
    } else {
        const char *said = has_ended && outcome.stderr_end[0] ? outcome.stderr_end : "cannot be run";
        fprintf(stderr, "mptcp-lab: %.*s\n", (int)strcspn(said, "\n"), said);
    }
    text_free(&out);
    return is_good;
}

static void print_merge(const options *o, const char *folder) {
    text_buf line = {0};
    text_append_shell_word(&line, "mptcp-lab");
    text_append_shell_word(&line, "merge");
    text_append_shell_word(&line, "--db");
    text_append_shell_word(&line, o->db);
    printf("%s %s/shard-*-of-%zu.db\n", line.bytes, folder, o->tasks);
    text_free(&line);
}

/* The folder of the shards, made if it is not there; NULL after a line on standard error. */
static char *make_folder(const options *o) {
    char *given = text_format("%s.shards", o->db);
    char *folder = mkdir(given, 0777) == 0 || errno == EEXIST ? realpath(given, NULL) : NULL;
    if (!folder) {
        fprintf(stderr, "mptcp-lab: cannot make %s: %s\n", given, strerror(errno));
    }
    free(given);
    if (folder && !is_plain(folder)) {
        free(folder);
        folder = NULL;
    }
    return folder;
}

static int write_and_submit(const options *o, const char *name) {
    char *folder = make_folder(o);
    if (!folder) {
        return EXIT_USAGE;
    }
    char *script = text_format("%s/job.sh", folder);
    text_buf text = {0};
    append_directives(&text, o, name, folder);
    int status = append_command(&text, o, folder) && write_file(script, &text) ? EXIT_DONE : EXIT_USAGE;
    if (status == EXIT_DONE && !o->is_write_only && !submit(script)) {
        status = EXIT_FAILED;
    }
    if (status == EXIT_DONE) {
        print_merge(o, folder);
    }
    text_free(&text);
    free(script);
    free(folder);
    return status;
}

int command_slurm(int argc, char **argv) {
    options o = {.jobs = 1};
    const struct argp argp = {option_list, parse, "FILE.yaml", doc, NULL, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &o);

    text_buf text = {0};
    sweep_file file = {0};
    int status = EXIT_USAGE;
    pool_catch_stop_signals();
    if (!text_read_file(o.file, &text)) {
        fprintf(stderr, "%s: cannot be read: %s\n", o.file, strerror(errno));
    } else if (sweep_file_parse(o.file, text.bytes, text.count, &file)) {
        status = write_and_submit(&o, file.name);
    }
    sweep_file_free(&file);
    text_free(&text);
    free(o.sbatch);
    return status;
}
