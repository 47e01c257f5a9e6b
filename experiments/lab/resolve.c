/* SPDX-License-Identifier: GPL-2.0-only */
#include "resolve.h"

#include "capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONFIG_PREFIX "config\t"

typedef struct {
    grid_point *point;
    text_buf out;
} question;

static bool take_answer(question *q, const pool_outcome *outcome)
{
    const size_t prefix = strlen(CONFIG_PREFIX);
    if (outcome->end != POOL_EXITED || outcome->code != 0) {
        char *end = capture_end_text(outcome);
        char *last = text_last_line(outcome->stderr_end);
        fprintf(stderr, "mptcp-lab: point '%s': mptcp-run --print-config failed (%s): %s\n", q->point->label, end, last);
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
    q->out.bytes[count] = '\0';
    q->point->config_json = text_copy(q->out.bytes + prefix);
    q->point->config_hash = hash_bytes(q->point->config_json, strlen(q->point->config_json));
    return true;
}

static void question_append(void *user, const char *bytes, size_t count)
{
    text_append(&((question *)user)->out, bytes, count);
}

static bool ask(pool *p, const grid *g, question *q, const char *program, const char *scenario)
{
    char **argv = grid_argv_config(g, q->point, program, scenario);
    pool_job job = {.argv = argv,
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

static int compare_hashes(const void *a, const void *b)
{
    const grid_point *x = *(grid_point *const *)a;
    const grid_point *y = *(grid_point *const *)b;
    int order = strcmp(x->config_hash.hex, y->config_hash.hex);
    return order ? order : (x > y) - (x < y);
}

/* Two points with one configuration would be the same run twice under two names. */
static bool are_distinct(grid *g)
{
    bool is_good = true;
    grid_point **sorted = text_alloc(g->count * sizeof *sorted);
    for (size_t i = 0; i < g->count; i++) {
        sorted[i] = &g->points[i];
    }
    qsort(sorted, g->count, sizeof *sorted, compare_hashes);
    for (size_t i = 1; i < g->count && is_good; i++) {
        if (strcmp(sorted[i - 1]->config_hash.hex, sorted[i]->config_hash.hex) == 0) {
            fprintf(stderr, "mptcp-lab: points '%s' and '%s' have the same configuration, expected different ones\n",
                    sorted[i - 1]->label, sorted[i]->label);
            is_good = false;
        }
    }
    free(sorted);
    return is_good;
}

bool resolve_points(grid *g, const char *program, const char *scenario, size_t jobs)
{
    pool *p = pool_new(jobs);
    question *questions = text_alloc(g->count * sizeof *questions);
    size_t asked = 0, answered = 0;
    bool is_good = true;
    while (is_good && answered < g->count && !pool_stop_signal()) {
        while (is_good && asked < g->count && pool_has_room(p)) {
            questions[asked].point = &g->points[asked];
            is_good = ask(p, g, &questions[asked], program, scenario);
            asked++;
        }
        pool_outcome outcome;
        if (is_good && pool_wait(p, 1000, &outcome)) {
            is_good = take_answer(outcome.user, &outcome);
            answered++;
        }
    }
    pool_free(p);
    for (size_t i = 0; i < g->count; i++) {
        text_free(&questions[i].out);
    }
    free(questions);
    return is_good && !pool_stop_signal() && are_distinct(g);
}
