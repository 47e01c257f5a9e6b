/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runner.h"

#include "capture.h"
#include "command/serve.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MS 200
#define ARGUMENT_BYTES_MAX 5000 /* of a run, with the path of its captures */
#define COMMIT_EVERY_S 0.25     /* what is lost when the runner is killed */

/* One run under way. */
typedef struct {
    const plan_task *task;
    const grid_point *point;
    pool *pool;
    char *argv_text;
    char *pcap_folder; /* of this run, until it has a number */
    result parsed;
} job;

static void job_free(job *j) {
    result_free(&j->parsed);
    free(j->argv_text);
    free(j->pcap_folder);
    free(j);
}

/* Nothing that follows wrong output can make it right: the run need not go on to its end, or its time limit. */
static void feed(void *user, const char *bytes, size_t count) {
    job *j = user;
    result_feed(&j->parsed, bytes, count);
    if (j->parsed.error) {
        pool_cancel(j->pool, j);
    }
}

/* ns3 is a program of its own, with limits of its own; what is too long for a request takes long to simulate, too. */
static bool is_served(const runner *r, const plan_task *task) {
    const char *json = r->points->points[task->point].config_json;
    return r->prog->serves && strlen(json) < SERVE_BYTES_MAX - ARGUMENT_BYTES_MAX &&
           program_build_of(json) == PROGRAM_ALONE;
}

static bool start(const runner *r, pool *p, const plan_task *task, job **out) {
    const sweep_file *file = r->points->file;
    job *j = text_alloc(sizeof *j);
    j->task = task;
    j->point = &r->points->points[task->point];
    result_init(&j->parsed, j->point->config_json);
    j->pool = p;
    char **shown = grid_argv_run(r->points, j->point, r->prog->path, r->scenario, task->seed);
    j->argv_text = argv_quoted(shown);
    argv_free(shown);
    /* From the stored configuration: the scenario may be edited while the sweep runs. */
    char *seed = text_format("%" PRIu64, task->seed);
    if (r->pcap_folder) {
        j->pcap_folder = text_format("%s/%.12s-seed-%" PRIu64, r->pcap_folder, j->point->config_hash.hex, task->seed);
    }
    char *argv[] = {r->prog->path, "-", "--seed", seed, j->pcap_folder ? "--pcap" : NULL, j->pcap_folder, NULL};
    pool_job started = {.argv = argv,
                        .stdin_text = j->point->config_json,
                        .is_served = is_served(r, task),
                        .timeout_s = file->timeout_s,
                        .memory_bytes_max = file->memory_mib << 20,
                        .on_stdout = feed,
                        .user = j};
    bool is_started = pool_start(p, &started);
    if (!is_started) {
        progress_clear(r->shown);
        fprintf(stderr, "mptcp-lab: cannot start a process: %s\n", strerror(errno));
        job_free(j);
        j = NULL;
    }
    free(seed);
    *out = j;
    return is_started;
}

static const char *status_name(const pool_outcome *outcome, bool is_complete) {
    switch (outcome->end) {
    case POOL_SIGNALLED: return "signal";
    case POOL_TIMEOUT: return "timeout";
    case POOL_OOM: return "oom";
    case POOL_CANCELLED: return "bad-output";
    case POOL_EXITED: break;
    }
    return outcome->code != 0 ? "exit" : is_complete ? "ok" : "bad-output";
}

/* What the runner itself knows of a failure; it becomes the last line of the run's standard error. */
static char *failure_note(const runner *r, const char *status, const job *j) {
    const sweep_file *file = r->points->file;
    if (strcmp(status, "timeout") == 0) {
        return text_format("mptcp-lab: killed after timeout_s = %g", file->timeout_s);
    }
    if (strcmp(status, "oom") == 0) {
        return text_format("mptcp-lab: more memory than memory_mib = %" PRIu64, file->memory_mib);
    }
    if (strcmp(status, "bad-output") == 0) {
        return text_format("mptcp-lab: %s", j->parsed.error);
    }
    return text_copy("");
}

static char *stderr_with_note(const char *stderr_end, const char *note) {
    size_t count = strlen(stderr_end);
    const char *gap = note[0] && count && stderr_end[count - 1] != '\n' ? "\n" : "";
    char *all = text_format("%s%s%s%s", stderr_end, gap, note, note[0] ? "\n" : "");
    size_t total = strlen(all);
    if (total > POOL_STDERR_BYTES) {
        memmove(all, all + total - POOL_STDERR_BYTES, POOL_STDERR_BYTES + 1);
    }
    return all;
}

static void tell_failure(const runner *r, const job *j, const store_run_row *row, int64_t run_id) {
    char *last = text_last_line(row->stderr_end);
    progress_clear(r->shown);
    fprintf(stderr, "%s: run %" PRId64 " failed (%s %d): %s%sseed %" PRIu64 "%s%s\n", r->points->file->name, run_id,
            row->status, row->exit_code, j->point->label, j->point->label[0] ? " " : "", row->seed, last[0] ? ": " : "",
            last);
    free(last);
}

/* Captures get the number of their run. */
static bool keep_captures(const runner *r, const job *j, int64_t run_id) {
    char *folder = text_format("%s/run-%" PRId64, r->pcap_folder, run_id);
    bool is_good =
        rename(j->pcap_folder, folder) == 0 || errno == ENOENT; /* it may have failed before there were any */
    if (!is_good) {
        progress_clear(r->shown);
        fprintf(stderr, "mptcp-lab: %s cannot be renamed to %s: %s\n", j->pcap_folder, folder, strerror(errno));
    }
    free(folder);
    return is_good;
}

/* Runs of a program that was replaced in the meantime are nobody's. */
static bool commit(const runner *r) {
    if (!program_is_unchanged(r->prog, r->tasks->build_ids[PROGRAM_WITH_NS3] ? PROGRAM_WITH_NS3 : PROGRAM_ALONE)) {
        progress_clear(r->shown);
        fprintf(stderr, "mptcp-lab: %s or its library was replaced while the sweep was running\n", r->prog->path);
        store_drop_runs(r->results);
        return false;
    }
    return store_commit_runs(r->results);
}

static bool record(const runner *r, const pool_outcome *outcome) {
    job *j = outcome->user;
    hash_text hash;
    bool is_complete = result_finish(&j->parsed, &hash);
    const char *status = status_name(outcome, is_complete);
    bool is_ok = strcmp(status, "ok") == 0;
    char *note = failure_note(r, status, j);
    char *stderr_end = stderr_with_note(outcome->stderr_end, note);
    char started_at[STORE_TIME_BYTES];
    store_run_row row = {
        .point_id = j->point->point_id,
        .build_id = j->point->build_id,
        .seed = j->task->seed,
        .status = status,
        .exit_code = outcome->code,
        .argv = j->argv_text,
        .started_at = started_at,
        .host = r->host,
        .wall_s = outcome->wall_s,
        .cpu_s = outcome->cpu_s,
        .memory_kib = outcome->memory_kib,
        .stderr_end = stderr_end,
        .result_hash = hash.hex,
    };
    store_time(outcome->started_us, started_at);
    int64_t run_id = 0;
    bool is_stored = store_put_run(r->results, &row, is_ok ? &j->parsed : NULL, &run_id);
    if (is_stored && (!is_ok || j->pcap_folder)) { /* what is told, or kept beside, is there */
        is_stored = commit(r);
    }
    is_stored = is_stored && (!j->pcap_folder || keep_captures(r, j, run_id));
    if (is_stored) {
        progress_finished(r->shown, j->task->point, outcome->wall_s, is_ok);
        if (!is_ok) {
            tell_failure(r, j, &row, run_id);
            is_stored = !r->stop_at_first_failure;
        }
    }
    free(stderr_end);
    free(note);
    return is_stored;
}

/*
 * By somebody, a batch system that ends its job perhaps, who sends the same signal to the runner a moment later: that says nothing of the scenario,
 * and nothing is recorded.
 */
static bool is_stopped_from_outside(const pool_outcome *outcome) {
    bool is_polite = outcome->code == SIGTERM || outcome->code == SIGINT || outcome->code == SIGHUP;
    return outcome->end == POOL_SIGNALLED && is_polite;
}

static void tell_stopped(const runner *r, const pool_outcome *outcome) {
    const job *j = outcome->user;
    progress_clear(r->shown);
    fprintf(stderr, "%s: stopped from outside by signal %d, not recorded: %s%sseed %" PRIu64 "\n",
            r->points->file->name, outcome->code, j->point->label, j->point->label[0] ? " " : "", j->task->seed);
}

/* The jobs under way, kept so that they can be freed when the sweep stops before they end. */
static void forget(job **jobs, size_t *count, job *ended) {
    for (size_t i = 0; i < *count; i++) {
        if (jobs[i] == ended) {
            jobs[i] = jobs[--*count];
        }
    }
    job_free(ended);
}

bool runner_run(const runner *r) {
    pool *p = pool_new(r->jobs);
    job **jobs = NULL;
    size_t job_count = 0, next = 0;
    double committed_s = pool_clock_s();
    bool is_good = store_check_references(r->results, false), is_any_stopped = false;
    while (is_good && !pool_stop_signal() && (next < r->tasks->count || !pool_is_idle(p))) {
        while (is_good && next < r->tasks->count && pool_has_room(p, is_served(r, &r->tasks->tasks[next]))) {
            jobs = text_grow(jobs, job_count, sizeof *jobs);
            is_good = start(r, p, &r->tasks->tasks[next++], &jobs[job_count]);
            job_count += is_good;
        }
        pool_outcome outcome;
        if (is_good && pool_wait(p, WAIT_MS, &outcome)) {
            bool is_stopped = is_stopped_from_outside(&outcome);
            is_any_stopped |= is_stopped;
            if (is_stopped) {
                tell_stopped(r, &outcome);
            } else {
                is_good = record(r, &outcome);
            }
            forget(jobs, &job_count, outcome.user);
        }
        if (is_good && pool_clock_s() - committed_s >= COMMIT_EVERY_S) {
            is_good = commit(r);
            committed_s = pool_clock_s();
        }
        progress_show(r->shown, pool_running(p));
    }
    is_good = (r->results->has_open_runs ? commit(r) : true) && is_good;
    is_good = store_check_references(r->results, true) && is_good;
    pool_free(p);
    while (job_count) {
        forget(jobs, &job_count, jobs[0]);
    }
    free(jobs);
    progress_clear(r->shown);
    return is_good && !is_any_stopped && !pool_stop_signal();
}
