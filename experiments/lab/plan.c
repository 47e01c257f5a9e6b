/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan.h"

#include <stdlib.h>

#define POINTS_PER_SHARD_MIN 8 /* with fewer, shards of whole points would be too unlike */

static bool is_dealt_by_point(const grid *g, const plan_options *options) {
    return g->count / POINTS_PER_SHARD_MIN >= options->shard_count;
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

bool plan_register(plan *p, store *s, grid *g, const program *prog, const plan_texts *texts) {
    if (!store_exec(s, "BEGIN IMMEDIATE")) {
        return false;
    }
    bool is_same = false;
    bool is_good = store_is_campaign(s, g->file->name, texts->sweep, texts->scenario, &is_same) &&
                   store_put_campaign(s, g->file->name, texts->file, texts->sweep, texts->scenario, &p->campaign_id) &&
                   store_put_build(s, prog, &p->build_id) &&
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
    bool is_good =
        store_campaign_id(s, g->file->name, &p->campaign_id) && store_build_id(s, prog->hash.hex, &p->build_id);
    for (size_t i = 0; i < g->count && is_good; i++) {
        is_good = !g->points[i].is_wanted ||
                  store_point_id(s, p->campaign_id, g->points[i].config_hash.hex, &g->points[i].point_id);
    }
    return is_good;
}

bool plan_tasks(plan *p, store *s, const grid *g, const plan_options *options) {
    bool is_by_point = is_dealt_by_point(g, options);
    size_t index = 0;
    for (uint64_t k = 0; k < g->file->seed_count; k++) {
        for (size_t i = 0; i < g->count; i++, index++) {
            if (!g->points[i].is_wanted || (!is_by_point && index % options->shard_count != options->shard)) {
                continue;
            }
            store_run_row key = {
                .point_id = g->points[i].point_id, .build_id = p->build_id, .seed = g->file->seed_first + k};
            store_run_state state = STORE_RUN_NONE;
            if (s && !store_run_lookup(s, &key, &state)) {
                return false;
            }
            if (state == STORE_RUN_OK) {
                p->ok_before++;
            } else if (state == STORE_RUN_FAILED && !options->retry_failed) {
                p->failed_before++;
            } else {
                p->tasks = text_grow(p->tasks, p->count, sizeof *p->tasks);
                p->tasks[p->count++] = (plan_task){.point = i, .seed = key.seed};
            }
        }
    }
    return true;
}

void plan_free(plan *p) {
    free(p->tasks);
    *p = (plan){0};
}
