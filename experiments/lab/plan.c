/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#define POINTS_PER_SHARD_MIN 8 /* with fewer, shards of whole points would be too unlike */

static bool is_dealt_by_point(const grid *g, const plan_options *options) {
    /* A shard can tell how many runs a point needs only if it has all of them. */
    return g->file->until.half_width > 0.0 || g->count / POINTS_PER_SHARD_MIN >= options->shard_count;
}

void plan_mark_points(grid *g, const plan_options *options) {
    for (size_t i = 0; i < g->count && is_dealt_by_point(g, options); i++) {
        g->points[i].is_wanted = i % options->shard_count == options->shard;
    }
}

static bool is_partial(const grid *g) {
    for (size_t i = 0; i < g->count; i++) {
        if (!g->points[i].is_wanted) {
            return true;
        }
    }
    return false;
}

static bool register_point(store *s, const grid *g, grid_point *p, int64_t campaign_id) {
    store_point_row row = {.campaign_id = campaign_id, .position = p - g->points, .label = p->label};
    if (!store_put_config(s, p->config_hash.hex, p->label, p->config_json, &row.config_id) ||
        !store_put_known_config(s, p->known_key.hex, row.config_id) || !store_put_point(s, &row, &p->point_id)) {
        return false;
    }
    for (size_t a = 0; a < p->of->axis_count; a++) {
        if (p->choices[a] && !store_put_axis(s, p->point_id, (int64_t)a, p->of->axes[a].key, p->choices[a]->value)) {
            return false;
        }
    }
    return true;
}

/* Finds the build of each point's runs in the store; `prog' is put there when it is to be changed. */
static bool find_builds(plan *p, store *s, grid *g, const program *prog, bool is_put) {
    for (size_t i = 0; i < g->count; i++) {
        grid_point *point = &g->points[i];
        if (!point->is_wanted) {
            continue;
        }
        program_build build = program_build_of(point->config_json);
        int64_t *id = &p->build_ids[build];
        if (*id == 0 &&
            !(is_put ? store_put_build(s, prog, build, id) : store_build_id(s, prog->hash[build].hex, id))) {
            return false;
        }
        point->build_id = *id;
    }
    return true;
}

bool plan_register(plan *p, store *s, grid *g, const program *prog, const plan_texts *texts) {
    if (!store_exec(s, "BEGIN IMMEDIATE")) {
        return false;
    }
    bool is_same = false;
    bool is_good = store_is_campaign(s, g->file->name, texts->sweep, texts->scenario, &is_same) &&
                   store_put_campaign(s, g->file->name, texts->file, texts->sweep, texts->scenario, &p->campaign_id) &&
                   find_builds(p, s, g, prog, true) &&
                   ((is_same && is_partial(g)) || store_outdate_points(s, p->campaign_id));
    for (size_t i = 0; i < g->count && is_good; i++) {
        is_good = !g->points[i].is_wanted || register_point(s, g, &g->points[i], p->campaign_id);
    }
    is_good = is_good && store_drop_empty_points(s, p->campaign_id) && store_exec(s, "COMMIT");
    if (!is_good) {
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    }
    return is_good;
}

bool plan_look_up(plan *p, store *s, grid *g, const program *prog) {
    bool is_good = store_campaign_id(s, g->file->name, &p->campaign_id) && find_builds(p, s, g, prog, false);
    for (size_t i = 0; i < g->count && is_good; i++) {
        is_good = !g->points[i].is_wanted ||
                  store_point_id(s, p->campaign_id, g->points[i].config_hash.hex, &g->points[i].point_id);
    }
    return is_good;
}

typedef struct {
    size_t point;
    double wall_s; /* of a run, as far as is known */
} expected;

static int compare_expected(const void *a, const void *b) {
    const expected *x = a;
    const expected *y = b;
    int order = (x->wall_s < y->wall_s) - (x->wall_s > y->wall_s);
    return order ? order : (x->point > y->point) - (x->point < y->point);
}

/* All points, those that took longest first; NULL after an error. */
static expected *points_by_wall_time(store *s, const grid *g) {
    expected *order = text_alloc(g->count * sizeof *order);
    for (size_t i = 0; i < g->count; i++) {
        double sum_s = 0.0;
        size_t count = 0;
        if (s && g->points[i].is_wanted && !store_wall_times(s, g->points[i].point_id, &sum_s, &count)) {
            free(order);
            return NULL;
        }
        order[i] = (expected){.point = i, .wall_s = count ? sum_s / (double)count : 0.0};
    }
    qsort(order, g->count, sizeof *order, compare_expected);
    return order;
}

static bool add_task(plan *p, store *s, const grid *g, size_t point, uint64_t seed, bool retry_failed) {
    store_run_row key = {.point_id = g->points[point].point_id, .build_id = g->points[point].build_id, .seed = seed};
    store_run_state state = STORE_RUN_NONE;
    if (s && !store_run_lookup(s, &key, &state)) {
        return false;
    }
    if (state == STORE_RUN_OK) {
        p->ok_before++;
    } else if (state == STORE_RUN_FAILED && !retry_failed) {
        p->failed_before++;
    } else {
        p->tasks = text_grow(p->tasks, p->count, sizeof *p->tasks);
        p->tasks[p->count++] = (plan_task){.point = point, .seed = seed};
    }
    return true;
}

bool plan_tasks(plan *p, store *s, const grid *g, const plan_options *options) {
    bool is_by_point = is_dealt_by_point(g, options);
    expected *order = points_by_wall_time(s, g);
    bool is_good = order != NULL;
    for (uint64_t k = 0; k < g->file->seed_count; k++) {
        for (size_t i = 0; i < g->count && is_good; i++) {
            size_t point = order[i].point, index = k * g->count + point;
            if (g->points[point].is_wanted && (is_by_point || index % options->shard_count == options->shard)) {
                is_good = add_task(p, s, g, point, g->file->seed_first + k, options->retry_failed);
            }
        }
    }
    free(order);
    return is_good;
}

/* ---- until the interval is narrow ---- */

static bool is_narrow_enough(const sweep_until *until, const double *values, size_t count) {
    if (count < 2) {
        return false;
    }
    double mean = gsl_stats_mean(values, 1, count);
    double deviation = gsl_stats_sd_m(values, 1, count, mean);
    double half_width = gsl_cdf_tdist_Pinv(0.975, (double)(count - 1)) * deviation / sqrt((double)count);
    return half_width <= until->half_width * (until->is_relative ? fabs(mean) : 1.0);
}

/* Raises the point's target until its interval is narrow, runs are missing, or the most are done. */
static bool extend_point(plan *p, store *s, grid *g, size_t index) {
    const sweep_file *file = g->file;
    grid_point *point = &g->points[index];
    for (size_t count_before = p->count; p->count == count_before && !point->is_narrow;) {
        double *values = NULL;
        size_t count = 0;
        const store_values_key key = {.point_id = point->point_id,
                                      .build_id = point->build_id,
                                      .metric = file->until.metric,
                                      .entity = file->until.entity ? file->until.entity : "",
                                      .seed_first = file->seed_first,
                                      .seed_count = point->seed_target};
        if (!store_values(s, &key, &values, &count)) {
            return false;
        }
        point->is_narrow = is_narrow_enough(&file->until, values, count);
        point->is_without = count == 0;
        free(values);
        if (point->is_narrow || point->is_without || point->seed_target >= file->until.max) {
            return true;
        }
        uint64_t next = point->seed_target + file->until.step;
        next = next < file->until.max ? next : file->until.max;
        for (uint64_t k = point->seed_target; k < next; k++) {
            if (!add_task(p, s, g, index, file->seed_first + k, false)) {
                return false;
            }
        }
        point->seed_target = next;
    }
    return true;
}

bool plan_extend(plan *p, store *s, grid *g) {
    bool is_good = true;
    free(p->tasks);
    p->tasks = NULL;
    p->count = 0;
    for (size_t i = 0; i < g->count && is_good && g->file->until.half_width > 0.0; i++) {
        is_good = !g->points[i].is_wanted || extend_point(p, s, g, i);
    }
    return is_good;
}

void plan_free(plan *p) {
    free(p->tasks);
    *p = (plan){0};
}
