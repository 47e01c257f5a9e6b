/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "resolve.h"

#include "capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONFIG_PREFIX "config\t"
#define REPORT_EVERY_S 10.0

/* What was told of points whose configuration was found, once each. */
typedef struct {
    char **items;
    size_t count;
} told_lines;

typedef struct {
    const grid *of;
    grid_point *point;
    const char *sweep_path;
    told_lines *told;
    text_buf out;
} question;

static void set_config(grid_point *p, char *json) {
    p->config_json = json;
    p->config_hash = hash_bytes(json, strlen(json));
}

static hash_text known_key(const program *prog, const hash_text *scenario, char *const *argv) {
    struct sha256_ctx sha;
    sha256_init(&sha);
    const hash_text *all = &prog->hash[PROGRAM_WITH_NS3]; /* which engine it is for is not known before it is asked */
    sha256_update(&sha, sizeof all->hex, (const uint8_t *)all->hex);
    sha256_update(&sha, sizeof scenario->hex, (const uint8_t *)scenario->hex);
    for (char *const *word = argv + 2; *word; word++) { /* behind the paths of the program and the scenario */
        sha256_update(&sha, strlen(*word) + 1, (const uint8_t *)*word);
    }
    return hash_finish(&sha);
}

/* Fills in the points that are known, and every point's key. */
static bool recall_points(grid *g, const program *prog, const char *scenario, store *known) {
    struct sha256_ctx sha;
    sha256_init(&sha);
    if (!hash_add_file(&sha, scenario)) {
        fprintf(stderr, "mptcp-lab: cannot read %s: %s\n", scenario, strerror(errno));
        return false;
    }
    hash_text scenario_hash = hash_finish(&sha);
    for (size_t i = 0; i < g->count; i++) {
        grid_point *p = &g->points[i];
        if (!p->is_wanted) {
            continue;
        }
        char **argv = grid_argv_config(g, p, prog->path, scenario);
        char *json = NULL;
        p->known_key = known_key(prog, &scenario_hash, argv);
        argv_free(argv);
        if (known && !store_known_config(known, p->known_key.hex, &json)) {
            return false;
        }
        if (json) {
            set_config(p, json);
        }
    }
    return true;
}

/* Whether the message is of this key of 'path.key=value' and, where it has a place ("--set:1:7: key: "), of that one. */
static bool is_about_key(const char *message, const char *set, size_t from, size_t length) {
    size_t column = 0, equals = strcspn(set, "=");
    bool is_last = from + length == equals;
    const char *place = strstr(message, "--set:1:");
    char *said = text_format(": %.*s: ", (int)length, set + from);
    bool is = strstr(message, said) != NULL;
    free(said);
    if (!place || sscanf(place, "--set:1:%zu:", &column) != 1) {
        return is && is_last;
    }
    return is && (column == from + 1 || (is_last && column > equals));
}

static bool is_about(const char *message, const char *set) {
    size_t equals = strcspn(set, "="), length;
    for (size_t from = 0; from < equals; from += length + 1) {
        length = strcspn(set + from, ".=");
        if (is_about_key(message, set, from, length)) {
            return true;
        }
    }
    return false;
}

static void find_line(const sweep_strings *sets, const char *message, size_t otherwise, size_t *line) {
    for (size_t i = 0; i < sets->count; i++) {
        if (is_about(message, sets->items[i])) {
            *line = sets->lines ? sets->lines[i] : otherwise;
        }
    }
}

/* The line of the sweep file that made the change which the message is about, as far as its key tells. */
static size_t line_at_fault(const grid *g, const grid_point *p, const char *message) {
    size_t line = 1;
    find_line(&g->file->sets, message, 1, &line);
    find_line(&p->of->sets, message, 1, &line);
    for (size_t a = 0; a < p->of->axis_count; a++) {
        if (p->choices[a]) {
            find_line(&p->choices[a]->sets, message, p->choices[a]->line, &line);
        }
    }
    return line;
}

/* Such as a value that has no effect beside another one. */
static void tell_once(const question *q, const char *line, size_t length) {
    char *text = text_format("%.*s", (int)length, line);
    for (size_t i = 0; i < q->told->count; i++) {
        if (strcmp(q->told->items[i], text) == 0) {
            free(text);
            return;
        }
    }
    fprintf(stderr, "%s: point '%s': %s\n", q->sweep_path, q->point->label, text);
    q->told->items = text_grow(q->told->items, q->told->count, sizeof *q->told->items);
    q->told->items[q->told->count++] = text;
}

static void tell_remarks(const question *q, const char *lines) {
    for (const char *line = lines; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        if (*line != '\n') {
            tell_once(q, line, strcspn(line, "\n"));
        }
    }
}

static bool take_answer(question *q, const pool_outcome *outcome) {
    const size_t prefix = strlen(CONFIG_PREFIX);
    if (outcome->end != POOL_EXITED || outcome->code != 0) {
        char *end = capture_end_text(outcome);
        char *last = text_last_line(outcome->stderr_end);
        fprintf(stderr, "%s:%zu: point '%s': mptcp-run --print-config failed (%s): %s\n", q->sweep_path,
                line_at_fault(q->of, q->point, last), q->point->label, end, last);
        free(end);
        free(last);
        return false;
    }
    size_t count = strcspn(q->out.bytes, "\n");
    if (strncmp(q->out.bytes, CONFIG_PREFIX "{", prefix + 1) != 0 || count + 1 != q->out.count) {
        fprintf(stderr, "mptcp-lab: point '%s': mptcp-run --print-config: expected one line 'config', TAB, JSON\n",
                q->point->label);
        return false;
    }
    tell_remarks(q, outcome->stderr_end);
    q->out.bytes[count] = '\0';
    set_config(q->point, text_copy(q->out.bytes + prefix));
    return true;
}

static void question_append(void *user, const char *bytes, size_t count) {
    text_append(&((question *)user)->out, bytes, count);
}

static bool ask(pool *p, const grid *g, question *q, const program *prog, const char *scenario) {
    char **argv = grid_argv_config(g, q->point, prog->path, scenario);
    pool_job job = {.argv = argv,
                    .is_served = prog->serves,
                    .timeout_s = CAPTURE_TIMEOUT_S,
                    .memory_bytes_max = CAPTURE_MEMORY_BYTES,
                    .on_stdout = question_append,
                    .user = q};
    text_append(&q->out, "", 0);
    bool is_started = pool_start(p, &job);
    if (!is_started) {
        fprintf(stderr, "mptcp-lab: cannot start a process: %s\n", strerror(errno));
    }
    argv_free(argv);
    return is_started;
}

static int compare_hashes(const void *a, const void *b) {
    const grid_point *x = *(grid_point *const *)a;
    const grid_point *y = *(grid_point *const *)b;
    int order = strcmp(x->config_hash.hex, y->config_hash.hex);
    return order ? order : (x > y) - (x < y);
}

/*
 * Two points of a grid with one configuration would be the same run twice under two names. A point of a later grid that
 * an earlier one has is no further point of their union.
 */
static bool drop_doubles(grid *g) {
    size_t count = 0, doubles = 0;
    bool is_good = true;
    grid_point **sorted = text_alloc(g->count * sizeof *sorted);
    for (size_t i = 0; i < g->count; i++) {
        if (g->points[i].is_wanted) {
            sorted[count++] = &g->points[i];
        }
    }
    qsort(sorted, count, sizeof *sorted, compare_hashes);
    for (size_t i = 1, kept = 0; i < count && is_good; i++) {
        if (strcmp(sorted[kept]->config_hash.hex, sorted[i]->config_hash.hex) != 0) {
            kept = i;
        } else if (sorted[kept]->of == sorted[i]->of) {
            fprintf(stderr, "mptcp-lab: points '%s' and '%s' have the same configuration, expected different ones\n",
                    sorted[kept]->label, sorted[i]->label);
            is_good = false;
        } else {
            sorted[i]->is_wanted = false;
            doubles++;
        }
    }
    free(sorted);
    if (doubles && is_good) {
        fprintf(stderr, "%s: %zu points of later grids are points of earlier ones, too, and count once\n",
                g->file->name, doubles);
    }
    return is_good;
}

static int compare_labels(const void *a, const void *b) {
    return strcmp((*(grid_point *const *)a)->label, (*(grid_point *const *)b)->label);
}

/* Points of different grids that only their configurations tell apart: tables and figures know them by their axes. */
static void tell_same_labels(const grid *g) {
    size_t count = 0, alike = 0;
    const char *label = NULL;
    const grid_point **sorted = text_alloc(g->count * sizeof *sorted);
    for (size_t i = 0; i < g->count; i++) {
        if (g->points[i].is_wanted) {
            sorted[count++] = &g->points[i];
        }
    }
    qsort(sorted, count, sizeof *sorted, compare_labels);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(sorted[i - 1]->label, sorted[i]->label) == 0) {
            label = sorted[i]->label;
            alike++;
        }
    }
    if (alike) {
        fprintf(stderr,
                "%s: %zu points have the label of another one, such as '%s': figures cannot tell them apart; give the "
                "grids an axis that does\n",
                g->file->name, alike, label);
    }
    free(sorted);
}

/* Says how far it is, and keeps what was found, every ten seconds. */
static bool report(grid *g, const resolve_options *options, size_t found, double *shown_s) {
    double now_s = pool_clock_s();
    if (now_s - *shown_s < REPORT_EVERY_S) {
        return true;
    }
    *shown_s = now_s;
    fprintf(stderr, "%s: %zu of %zu configurations found\n", g->file->name, found, g->count);
    return !options->keep || options->keep(options->user, g);
}

/* Asks for the points that have no configuration yet. */
static bool ask_points(grid *g, question *questions, const resolve_options *options) {
    pool *p = pool_new(options->jobs);
    size_t next = 0, found = 0;
    double begun_s = pool_clock_s(), shown_s = begun_s;
    bool is_good = true;
    while (is_good && !pool_stop_signal() && (next < g->count || !pool_is_idle(p))) {
        for (; is_good && next < g->count && pool_has_room(p, options->prog->serves); next++) {
            grid_point *point = &g->points[next];
            bool is_open = point->is_wanted && !point->config_json;
            questions[next].of = g;
            questions[next].point = point;
            questions[next].sweep_path = options->sweep_path;
            found += !is_open;
            is_good = !is_open || ask(p, g, &questions[next], options->prog, options->scenario);
        }
        pool_outcome outcome;
        if (is_good && pool_wait(p, 1000, &outcome)) {
            is_good = take_answer(outcome.user, &outcome);
            found += is_good;
        }
        is_good = is_good && report(g, options, found, &shown_s);
    }
    pool_free(p);
    if (pool_stop_signal() && options->keep && pool_clock_s() - begun_s > 1.0) {
        options->keep(options->user, g);
    }
    return is_good && !pool_stop_signal();
}

bool resolve_points(grid *g, const resolve_options *options) {
    if (!recall_points(g, options->prog, options->scenario, options->known)) {
        return false;
    }
    told_lines told = {0};
    question *questions = text_alloc(g->count * sizeof *questions);
    for (size_t i = 0; i < g->count; i++) {
        questions[i].told = &told;
    }
    bool is_good = ask_points(g, questions, options);
    for (size_t i = 0; i < g->count; i++) {
        text_free(&questions[i].out);
    }
    for (size_t i = 0; i < told.count; i++) {
        free(told.items[i]);
    }
    free(told.items);
    free(questions);
    is_good = is_good && drop_doubles(g);
    if (is_good) {
        tell_same_labels(g);
    }
    return is_good;
}
