/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "command.h"
#include "pool.h"
#include "predict.h"
#include "resolve.h"
#include "runner.h"
#include "traces.h"

#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define JOBS_MAX 1024
#define SHARDS_MAX 1000000

enum {
    KEY_DB = 'd',
    KEY_JOBS = 'j',
    KEY_DRY_RUN = 'n',
    KEY_SHARD = 's',
    KEY_BINARY = 'b',
    KEY_RETRY = 'r',
    KEY_STOP = 'f',
    KEY_PCAP = 'p'
};

typedef struct {
    const char *file;
    const char *db;
    const char *run_binary;
    size_t jobs;
    bool is_dry_run;
    bool is_stopping_at_failure;
    char *pcap_folder; /* NULL: no captures */
    plan_options planned;
} options;

/* Everything a sweep holds while it runs. */
typedef struct {
    const options *given;
    text_buf text;
    sweep_file file;
    char *scenario;
    text_buf scenario_text;
    program prog;
    grid points;
    store results;
    bool has_results;
    plan tasks;
} sweep;

static const struct argp_option option_list[] = {
    {"db", KEY_DB, "FILE", 0, "the result file (SQLite); made when it is not there", 0},
    {"jobs", KEY_JOBS, "N", 0, "runs at a time (default: the processors it may use)", 0},
    {"dry-run", KEY_DRY_RUN, NULL, 0,
     "print the command lines of the open runs and how long they may take, run nothing", 0},
    {"shard", KEY_SHARD, "I/N", 0, "only part I of N (1 to N), for many machines; `merge' joins the files", 0},
    {"retry-failed", KEY_RETRY, NULL, 0, "run failed runs again; their rows are replaced", 0},
    {"stop-at-first-failure", KEY_STOP, NULL, 0, "when a run fails, drop those under way and end", 0},
    {"pcap", KEY_PCAP, "DIR", 0, "keep captures of the runs that are done now, of run 17 in DIR/run-17", 0},
    {"run-binary", KEY_BINARY, "PATH", 0, "the mptcp-run to use (default: the one beside this program)", 0},
    {0},
};

static const char doc[] =
    "Runs every combination of a sweep file's grid with every seed, one process each.\n"
    "\v"
    "What is in the result file already, with the same configuration, seed and build, is not run again: killed at any "
    "moment, the same command continues. Failed runs stay as rows with their command line and the end of their "
    "standard error. Exit status 0: all runs are ok; 1: some failed, or it could not go on; 2: wrong input.";

static void parse_shard(struct argp_state *state, const char *text, plan_options *out) {
    char *copy = text_copy(text);
    char *slash = strchr(copy, '/');
    if (!slash) {
        argp_error(state, "--shard: expected I/N, such as 1/4, got '%s'", text);
        return;
    }
    *slash = '\0';
    out->shard_count = command_number(state, "--shard N", slash + 1, 1, SHARDS_MAX);
    out->shard = command_number(state, "--shard I", copy, 1, out->shard_count) - 1;
    free(copy);
}

static error_t parse(int key, char *arg, struct argp_state *state) {
    options *o = state->input;
    switch (key) {
    case KEY_DB: o->db = arg; return 0;
    case KEY_JOBS: o->jobs = command_number(state, "--jobs", arg, 1, JOBS_MAX); return 0;
    case KEY_DRY_RUN: o->is_dry_run = true; return 0;
    case KEY_SHARD: parse_shard(state, arg, &o->planned); return 0;
    case KEY_RETRY: o->planned.retry_failed = true; return 0;
    case KEY_STOP: o->is_stopping_at_failure = true; return 0;
    case KEY_PCAP:
        if ((mkdir(arg, 0777) != 0 && errno != EEXIST) || !(o->pcap_folder = realpath(arg, NULL))) {
            argp_error(state, "--pcap: cannot make %s: %s", arg, strerror(errno));
        }
        return 0;
    case KEY_BINARY: o->run_binary = arg; return 0;
    case ARGP_KEY_ARG:
        if (o->file) {
            argp_error(state, "one FILE.yaml expected, got '%s' too; the result file is given as --db FILE", arg);
        }
        o->file = arg;
        return 0;
    case ARGP_KEY_END:
        if (!o->file || !o->db) {
            argp_error(state, "%s expected", o->file ? "--db FILE" : "FILE.yaml");
        }
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

/* ---- inputs ---- */

static bool find_scenario(sweep *s) {
    const char *slash = strrchr(s->given->file, '/');
    int folder = slash && s->file.scenario[0] != '/' ? (int)(slash - s->given->file) + 1 : 0;
    char *path = text_format("%.*s%s", folder, s->given->file, s->file.scenario);
    s->scenario = access(path, R_OK) == 0 ? realpath(path, NULL) : NULL; /* a run is repeatable from any folder */
    if (!s->scenario) {
        fprintf(stderr, "%s:%zu:%zu: scenario: expected a file that can be read, %s: %s\n", s->given->file,
                s->file.scenario_line, s->file.scenario_column, path, strerror(errno));
    }
    free(path);
    if (s->scenario && !text_read_file(s->scenario, &s->scenario_text)) {
        fprintf(stderr, "mptcp-lab: cannot read %s: %s\n", s->scenario, strerror(errno));
        return false;
    }
    return s->scenario != NULL;
}

static bool read_inputs(sweep *s) {
    if (!text_read_file(s->given->file, &s->text)) {
        fprintf(stderr, "%s: cannot be read: %s\n", s->given->file, strerror(errno));
        return false;
    }
    return sweep_file_parse(s->given->file, s->text.bytes, s->text.count, &s->file) && find_scenario(s) &&
           program_load(&s->prog, s->given->run_binary);
}

static bool open_results(sweep *s) {
    s->has_results = store_open(&s->results, s->given->db, s->given->is_dry_run ? STORE_READ : STORE_WRITE);
    return s->has_results;
}

/* Before the work: a folder that is not there would be told after it only. */
static bool can_make_results(const options *o) {
    char *copy = text_copy(o->db);
    bool is_good = o->is_dry_run || access(o->db, F_OK) == 0 || access(dirname(copy), W_OK) == 0;
    if (!is_good) {
        fprintf(stderr, "mptcp-lab: cannot write %s: %s\n", o->db, strerror(errno));
    }
    free(copy);
    return is_good;
}

/* Configurations that took long to find are kept although the sweep has not begun. */
static bool keep_known(void *user, grid *g) {
    sweep *s = user;
    bool is_good = (s->has_results || open_results(s)) && store_exec(&s->results, "BEGIN IMMEDIATE");
    for (size_t i = 0; i < g->count && is_good; i++) {
        const grid_point *p = &g->points[i];
        int64_t config_id = 0;
        is_good = !p->config_json ||
                  (store_put_config(&s->results, p->config_hash.hex, p->label, p->config_json, &config_id) &&
                   store_put_known_config(&s->results, p->known_key.hex, config_id));
    }
    return is_good && store_exec(&s->results, "COMMIT");
}

/* A result file that is there is opened first, for what it knows; a new one is made when all inputs are good. */
static bool make_plan(sweep *s) {
    const options *o = s->given;
    if ((access(o->db, F_OK) == 0 && !open_results(s)) || !can_make_results(o)) {
        return false;
    }
    grid_expand(&s->file, &s->points);
    plan_mark_points(&s->points, &o->planned);
    store *results = s->has_results ? &s->results : NULL;
    const resolve_options how = {.prog = &s->prog,
                                 .scenario = s->scenario,
                                 .sweep_path = o->file,
                                 .jobs = o->jobs,
                                 .known = results,
                                 .keep = o->is_dry_run ? NULL : keep_known,
                                 .user = s};
    if (!resolve_points(&s->points, &how)) {
        return false;
    }
    if (o->is_dry_run) {
        return (!results || plan_look_up(&s->tasks, results, &s->points, &s->prog)) &&
               plan_tasks(&s->tasks, results, &s->points, &o->planned);
    }
    const plan_texts texts = {.file = o->file, .sweep = s->text.bytes, .scenario = s->scenario_text.bytes};
    return (s->has_results || open_results(s)) && plan_register(&s->tasks, &s->results, &s->points, &s->prog, &texts) &&
           traces_keep(&s->results, &s->points, s->scenario) && traces_lay_out(&s->results) &&
           plan_tasks(&s->tasks, &s->results, &s->points, &o->planned);
}

/* ---- what it does ---- */

static void count_open_runs(const sweep *s, progress *p) {
    for (size_t i = 0; i < s->tasks.count; i++) {
        p->points[s->tasks.tasks[i].point].open++;
    }
}

static bool fill_progress(sweep *s, progress *p) {
    p->total = s->tasks.count + s->tasks.ok_before + s->tasks.failed_before;
    p->done = s->tasks.ok_before + s->tasks.failed_before;
    p->failed = s->tasks.failed_before;
    count_open_runs(s, p);
    for (size_t i = 0; i < s->points.count && s->has_results; i++) {
        progress_point *of = &p->points[i];
        if (!store_wall_times(&s->results, s->points.points[i].point_id, &of->wall_sum_s, &of->wall_count)) {
            return false;
        }
    }
    return true;
}

static int print_open_runs(sweep *s) {
    for (size_t i = 0; i < s->tasks.count; i++) {
        const plan_task *task = &s->tasks.tasks[i];
        char **argv = grid_argv_run(&s->points, &s->points.points[task->point], s->prog.path, s->scenario, task->seed);
        char *line = argv_quoted(argv);
        puts(line);
        free(line);
        argv_free(argv);
    }
    progress expected;
    progress_init(&expected, s->file.name, s->points.count, s->given->jobs);
    char *left = fill_progress(s, &expected) ? progress_left_text(&expected) : text_copy("unknown");
    fprintf(stderr, "%s: %zu runs to do, %zu ok and %zu failed already; time they take, %zu at a time: %s\n",
            s->file.name, s->tasks.count, s->tasks.ok_before, s->tasks.failed_before, s->given->jobs, left);
    free(left);
    progress_free(&expected);
    return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}

static int tell_end(const sweep *s, const progress *p, bool is_finished) {
    const char *name = s->file.name;
    if (pool_stop_signal()) {
        fprintf(stderr, "%s: stopped by signal %d with %zu of %zu runs done; the same command continues from there\n",
                name, pool_stop_signal(), p->done, p->total);
        return 128 + pool_stop_signal();
    }
    if (!is_finished) {
        fprintf(stderr, "%s: stopped with %zu of %zu runs done; the same command continues from there\n", name, p->done,
                p->total);
        return EXIT_FAILED;
    }
    fprintf(stderr, "%s: all %zu runs are done%s, %zu ok, %zu failed%s: %s\n", name, p->total,
            s->tasks.count ? "" : " already", p->total - p->failed, p->failed,
            p->failed ? " (see `mptcp-lab status', repeat with --retry-failed)" : "", s->given->db);
    return p->failed ? EXIT_FAILED : EXIT_DONE;
}

/* False where `until' names what no run has. */
static bool tell_intervals(const sweep *s) {
    size_t narrow = 0, wanted = 0, without = 0;
    for (size_t i = 0; i < s->points.count; i++) {
        wanted += s->points.points[i].is_wanted;
        narrow += s->points.points[i].is_narrow;
        without += s->points.points[i].is_wanted && s->points.points[i].is_without;
    }
    if (s->file.until.half_width <= 0.0) {
        return true;
    }
    fprintf(stderr, "%s: the interval is narrow enough at %zu of %zu points%s\n", s->file.name, narrow, wanted,
            narrow + without < wanted ? "; the others stopped at the most runs" : "");
    if (without > 0) {
        const sweep_until *until = &s->file.until;
        fprintf(stderr, "%s: until: no run has a value of the metric '%s' of '%s' at %zu of %zu points\n", s->file.name,
                until->metric, until->entity ? until->entity : "", without, wanted);
    }
    return without == 0 || without < wanted;
}

static int run_open_runs(sweep *s) {
    progress shown;
    char host[HOST_NAME_MAX + 1] = "";
    gethostname(host, sizeof host - 1);
    progress_init(&shown, s->file.name, s->points.count, s->given->jobs);
    const runner r = {.points = &s->points,
                      .tasks = &s->tasks,
                      .prog = &s->prog,
                      .scenario = s->scenario,
                      .host = host,
                      .jobs = s->given->jobs,
                      .stop_at_first_failure = s->given->is_stopping_at_failure,
                      .pcap_folder = s->given->pcap_folder,
                      .results = &s->results,
                      .shown = &shown};
    bool is_finished = fill_progress(s, &shown) && runner_run(&r);
    while (is_finished && s->file.until.half_width > 0.0) {
        size_t known = s->tasks.ok_before + s->tasks.failed_before, failed = s->tasks.failed_before;
        is_finished = plan_extend(&s->tasks, &s->results, &s->points);
        known = s->tasks.ok_before + s->tasks.failed_before - known;
        shown.total += known + s->tasks.count;
        shown.done += known;
        shown.failed += s->tasks.failed_before - failed;
        count_open_runs(s, &shown);
        if (!is_finished || !s->tasks.count) {
            break;
        }
        is_finished = runner_run(&r);
    }
    bool is_judged = true;
    if (is_finished) {
        is_judged = tell_intervals(s);
        store_tell_other_seeds(
            &s->results, s->tasks.campaign_id, s->tasks.build_ids,
            (store_seeds){s->file.seed_first, s->file.until.half_width > 0.0 ? s->file.until.max : s->file.seed_count},
            s->file.name);
        store_tell_same_results(&s->results, s->tasks.campaign_id, s->tasks.build_ids, s->file.name);
        is_finished = !s->file.is_predicted || predict_runs(&s->results, s->file.name, s->given->jobs);
    }
    int status = tell_end(s, &shown, is_finished);
    progress_free(&shown);
    return status == EXIT_DONE && !is_judged ? EXIT_FAILED : status;
}

static bool tell_predictions(const sweep *s) {
    return !s->file.is_predicted || !s->tasks.count || predict_tell_refused(&s->points, s->given->jobs);
}

/* Those that this process may use: taskset and batch systems give fewer than the machine has. */
static size_t usable_processors(void) {
    cpu_set_t usable;
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    if (sched_getaffinity(0, sizeof usable, &usable) == 0) {
        return (size_t)CPU_COUNT(&usable);
    }
    return online > 0 ? (size_t)online : 1; /* more than a cpu_set_t can tell */
}

int command_sweep(int argc, char **argv) {
    options o = {.jobs = usable_processors(), .planned = {.shard_count = 1}};
    const struct argp argp = {option_list, parse, "FILE.yaml", doc, NULL, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &o);

    signal(SIGPIPE, SIG_IGN); /* a closed terminal must not end the sweep half-way through a message */
    pool_catch_stop_signals();
    sweep s = {.given = &o, .results = {.lock_fd = -1}};
    int status = EXIT_USAGE;
    if (read_inputs(&s) && make_plan(&s) && tell_predictions(&s)) {
        status = o.is_dry_run ? print_open_runs(&s) : run_open_runs(&s);
    } else if (pool_stop_signal()) {
        fprintf(stderr, "%s: stopped by signal %d before the first run\n", o.file, pool_stop_signal());
        status = 128 + pool_stop_signal();
    }
    traces_clear();
    plan_free(&s.tasks);
    if (s.has_results) {
        store_close(&s.results);
    }
    grid_free(&s.points);
    program_free(&s.prog);
    free(s.scenario);
    text_free(&s.scenario_text);
    sweep_file_free(&s.file);
    text_free(&s.text);
    free(o.pcap_folder);
    return status;
}
