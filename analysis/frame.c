/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "frame.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frame_values.h"
#include "memory.h"
#include "report.h"

#define KEYS_MAX 8 /* of one direction */

/* Where the text of a direction comes from. */
typedef struct {
    enum { FROM_AXIS, FROM_METRIC, FROM_ENTITY, FROM_FLOW, FROM_PATH, FROM_HOST } from;
    size_t axis;
} source;

typedef struct {
    source key[KEYS_MAX];
    size_t n;
} direction;

typedef struct {
    const store *s;
    const plot_request *r;
    axes a;
    direction panel, series, x;
    double bin_s; /* time: width of a place along x; else 0 */
    frame *f;
} loader;

/* ---- directions ---- */

static source find_source(const loader *l, const char *name) {
    static const char *const names[] = {[FROM_METRIC] = "metric",
                                        [FROM_ENTITY] = "entity",
                                        [FROM_FLOW] = "flow",
                                        [FROM_PATH] = "path",
                                        [FROM_HOST] = "host"};
    source found = {.from = FROM_AXIS, .axis = axes_find(&l->a, name)};
    if (found.axis < l->a.keys)
        return found;
    for (int i = FROM_METRIC; i <= FROM_HOST; i++)
        if (strcmp(name, names[i]) == 0)
            return (source){.from = (unsigned)i};
    char *all = axes_names(&l->a);
    report_fatal(EXIT_DATA, "%s: campaign %s has no axis '%s'; it has %s (and there are flow, path, host, entity)",
                 l->s->file, l->s->campaign, name, all);
}

static direction find_direction(const loader *l, levels *to, const char *list) {
    direction d = {0};
    char *copy = memory_text(list != NULL ? list : ""), *rest = copy;
    for (char *name; list != NULL && (name = strsep(&rest, ",")) != NULL;) {
        if (d.n == KEYS_MAX)
            report_fatal(EXIT_USAGE, "'%s': at most %d keys", list, KEYS_MAX);
        source from = find_source(l, name);
        memory_append(&to->key, "%s%s", d.n > 0 ? LEVEL_JOIN : "", from.from == FROM_AXIS ? l->a.key[from.axis] : name);
        d.key[d.n++] = from;
    }
    if (to->key == NULL)
        to->key = memory_text("");
    to->is_metric = d.n == 1 && d.key[0].from == FROM_METRIC;
    free(copy);
    return d;
}

static bool uses(const direction *d, int from) {
    for (size_t i = 0; i < d->n; i++)
        if ((int)d->key[i].from == from)
            return true;
    return false;
}

static bool any_uses(const loader *l, int from) {
    return uses(&l->panel, from) || uses(&l->series, from) || uses(&l->x, from);
}

/* 'flow:a path:b' has the flow 'a' and the path 'b'; what isn't there is 'total'. The caller frees it. */
static char *part_of_entity(const char *entity, const char *kind) {
    const char *at = strstr(entity, kind);
    if (at == NULL)
        return memory_text("total");
    at += strlen(kind);
    return strndup(at, strcspn(at, " "));
}

static char *source_text(const loader *l, source from, int64_t point, const char *metric, const char *entity) {
    switch (from.from) {
    case FROM_AXIS: return memory_text(axes_value(&l->a, point, from.axis));
    case FROM_METRIC: return memory_text(metric);
    case FROM_ENTITY: return memory_text(entity);
    case FROM_FLOW: return part_of_entity(entity, "flow:");
    case FROM_PATH: return part_of_entity(entity, "path:");
    case FROM_HOST: return part_of_entity(entity, "host:");
    }
    abort();
}

/* Level of a direction; texts of several keys are joined. */
static size_t level_at(const loader *l, const direction *d, levels *to, int64_t point, const char *metric,
                       const char *entity, bool adds) {
    char *text = NULL;
    for (size_t i = 0; i < d->n; i++) {
        char *one = source_text(l, d->key[i], point, metric, entity);
        memory_append(&text, "%s%s", i > 0 ? LEVEL_JOIN : "", one);
        free(one);
    }
    if (text == NULL)
        text = memory_text("");
    size_t index = adds ? level_add(to, text) : level_find(to, text);
    free(text);
    return index;
}

/* ---- rows ---- */

static values load_metric(const loader *l, const char *metric) {
    values_request wanted = {.metric = metric,
                             .entity = l->r->text[PLOT_ENTITY],
                             .combine = l->r->text[PLOT_COMBINE],
                             .shows_parts = any_uses(l, FROM_ENTITY) || any_uses(l, FROM_PATH),
                             .shows_entities = any_uses(l, FROM_ENTITY) || any_uses(l, FROM_FLOW) ||
                                               any_uses(l, FROM_PATH) || any_uses(l, FROM_HOST),
                             .bin_s = l->bin_s};
    return values_load(l->s, &l->a, &wanted);
}

static size_t level_of_time(levels *to, double time_s) {
    char text[32];
    snprintf(text, sizeof text, "%.9g", time_s);
    return level_add(to, text);
}

/* By its name, or the end of its name from any dot on. */
static bool is_pooled(const loader *l, const char *key) {
    const char *end = key, *dot;
    while (!plot_request_has(l->r, PLOT_POOL, end)) {
        if ((dot = strchr(end, '.')) == NULL)
            return false;
        end = dot + 1;
    }
    return true;
}

static bool is_end_of_an_axis(const axes *a, const char *word) {
    bool is = false;
    for (size_t i = 0; i < a->keys && !is; i++) {
        size_t length = strlen(a->key[i]), end = strlen(word);
        is = length >= end && strcmp(a->key[i] + length - end, word) == 0 &&
             (length == end || a->key[i][length - end - 1] == '.');
    }
    return is;
}

static void refuse_unknown_pool(const loader *l) {
    char *copy = memory_text(l->r->text[PLOT_POOL] != NULL ? l->r->text[PLOT_POOL] : ""), *rest = NULL;
    for (char *word = strtok_r(copy, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest))
        if (!is_end_of_an_axis(&l->a, word))
            report_fatal(EXIT_DATA, "%s: campaign %s has no axis '%s' to pool; its axes are %s", l->s->file,
                         l->s->campaign, word, axes_names(&l->a));
    free(copy);
}

static uint64_t pooled_values(const loader *l, int64_t point) {
    char *text = memory_text("");
    for (size_t i = 0; i < l->a.keys && l->r->text[PLOT_POOL] != NULL; i++)
        if (is_pooled(l, l->a.key[i]))
            memory_append(&text, "%s\n", axes_value(&l->a, point, i));
    uint64_t hash = memory_hash(text);
    free(text);
    return hash;
}

/*
 * Scatter: the other metric of the same run and the same flow, path or host; or of the run, where it has one value. Both lists have their runs in the
 * same order: `from' is where to go on. NAN when there is none.
 */
static double x_value(const values *x, bool is_of_one, size_t *from, const value_of_run *y) {
    while (*from < x->n && x->item[*from].run < y->run)
        ++*from;
    for (size_t i = *from; i < x->n && x->item[i].run == y->run; i++)
        if (is_of_one || strcmp(x->item[i].entity, y->entity) == 0)
            return x->item[i].is_censored ? (double)NAN : x->item[i].value;
    return NAN;
}

static void add_rows(loader *l, const char *metric, const values *list, const values *x) {
    frame *f = l->f;
    bool is_of_one = x != NULL && values_are_of_one(x);
    size_t x_from = 0;
    for (size_t i = 0; i < list->n; i++) {
        const value_of_run *from = &list->item[i];
        frame_row row = {.run = from->run->run,
                         .seed = from->run->seed,
                         .point = from->run->point,
                         .result = from->run->result,
                         .pooled = pooled_values(l, from->run->point),
                         .value = from->value,
                         .is_censored = from->is_censored,
                         .x_value = x != NULL ? x_value(x, is_of_one, &x_from, from) : (double)NAN};
        if (x != NULL && isnan(row.x_value))
            continue;
        row.panel = level_at(l, &l->panel, &f->panel, row.point, metric, from->entity, true);
        row.series = level_at(l, &l->series, &f->series, row.point, metric, from->entity, true);
        row.x = l->bin_s > 0.0 ? level_of_time(&f->x, from->time_s)
                               : level_at(l, &l->x, &f->x, row.point, metric, from->entity, true);
        f->row = memory_grow(f->row, f->n, sizeof *f->row);
        f->row[f->n++] = row;
    }
}

static int compare_rows(const void *a_, const void *b_) {
    const frame_row *a = a_, *b = b_;
    const int64_t keys[][2] = {{(int64_t)a->panel, (int64_t)b->panel},
                               {(int64_t)a->series, (int64_t)b->series},
                               {(int64_t)a->x, (int64_t)b->x},
                               {a->seed, b->seed},
                               {a->point, b->point},
                               {a->run, b->run}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

static void sort_all(frame *f, const style *look) {
    size_t *panel = levels_sort(&f->panel, look), *series = levels_sort(&f->series, look),
           *x = levels_sort(&f->x, look);
    for (size_t i = 0; i < f->n; i++) {
        f->row[i].panel = panel[f->row[i].panel];
        f->row[i].series = series[f->row[i].series];
        f->row[i].x = x[f->row[i].x];
    }
    free(panel);
    free(series);
    free(x);
    qsort(f->row, f->n, sizeof *f->row, compare_rows);
}

static bool is_same_cell(const frame_row *a, const frame_row *b) {
    return a->panel == b->panel && a->series == b->series && a->x == b->x;
}

/* Axes on which two points differ, besides those that may be pooled; "" when there is none. */
static char *difference(const loader *l, int64_t a, int64_t b) {
    char *text = memory_text("");
    for (size_t i = 0; i < l->a.keys; i++) {
        if (is_pooled(l, l->a.key[i]) || strcmp(axes_value(&l->a, a, i), axes_value(&l->a, b, i)) == 0)
            continue;
        memory_append(&text, "%s%s (%s, %s ...)", text[0] != '\0' ? ", " : "", l->a.key[i], axes_value(&l->a, a, i),
                      axes_value(&l->a, b, i));
    }
    return text;
}

/* Two points in one cell, or a run twice, would be a mean over something that the figure doesn't show. */
static void check_cells(const loader *l) {
    for (size_t i = 1; i < l->f->n; i++) {
        const frame_row *a = &l->f->row[i - 1], *b = &l->f->row[i];
        if (!is_same_cell(a, b))
            continue;
        if (a->run == b->run)
            report_fatal(EXIT_DATA,
                         "%s: campaign %s: run %lld has several values at one place; choose with --entity or take "
                         "them together with --combine",
                         l->s->file, l->s->campaign, (long long)a->run);
        char *axis = a->point != b->point ? difference(l, a->point, b->point) : memory_text("");
        if (axis[0] != '\0')
            report_fatal(
                EXIT_DATA,
                "%s: campaign %s varies more than the figure shows: %s; show it with --series or --panel, choose "
                "with --where, or take all together with --pool",
                l->s->file, l->s->campaign, axis);
        free(axis);
    }
}

/* The runs of a point come after each other. */
static bool is_first_of_point(const axes *a, size_t run) {
    return run == 0 || a->run[run - 1].point != a->run[run].point;
}

static void count_runs(loader *l) {
    frame *f = l->f;
    f->knows_runs_at =
        !any_uses(l, FROM_ENTITY) && !any_uses(l, FROM_FLOW) && !any_uses(l, FROM_PATH) && !any_uses(l, FROM_HOST);
    f->knows_runs_at &= l->bin_s == 0.0; /* runs may end at different times */
    f->runs_at = memory_new(f->panel.n * f->series.n * f->x.n, sizeof *f->runs_at);
    for (size_t i = 0; f->knows_runs_at && i < l->a.runs; i++) {
        int64_t point = l->a.run[i].point;
        size_t series = level_at(l, &l->series, &f->series, point, "", "", false);
        size_t x = level_at(l, &l->x, &f->x, point, "", "", false);
        for (size_t k = 0; k < f->panel.n; k++) {
            size_t panel = f->panel.is_metric ? k : level_at(l, &l->panel, &f->panel, point, "", "", false);
            if (panel < f->panel.n && series < f->series.n && x < f->x.n)
                f->runs_at[(panel * f->series.n + series) * f->x.n + x]++;
            else if (k == 0 && is_first_of_point(&l->a, i))
                f->points_unshown++;
            if (!f->panel.is_metric)
                break;
        }
    }
}

/* The metrics and units of panels: each its own, or one for all. */
static void set_metrics(frame *f, char *const *metric, char *const *unit, size_t n) {
    f->metric = memory_new(f->panel.n, sizeof *f->metric);
    f->unit = memory_new(f->panel.n, sizeof *f->unit);
    for (size_t i = 0; i < f->panel.n; i++) {
        size_t k = 0;
        while (f->panel.is_metric && k + 1 < n && strcmp(metric[k], f->panel.text[i]) != 0)
            k++;
        f->metric[i] = memory_text(metric[k]);
        f->unit[i] = memory_text(unit[k]);
    }
}

static void load_metrics(loader *l) {
    bool is_scatter = plot_request_kind(l->r) == KIND_SCATTER;
    values x = {0};
    if (is_scatter) {
        x = load_metric(l, l->r->text[PLOT_X]);
        l->f->x_unit = memory_text(x.unit);
    }
    char *copy = memory_text(l->r->text[PLOT_Y]), *rest = copy, **metric = NULL, **unit = NULL;
    size_t n = 0;
    l->f->entity = memory_text("");
    for (char *name; (name = strsep(&rest, ",")) != NULL; n++) {
        values list = load_metric(l, name);
        if (values_are_of_one(&list) && (n == 0 || strcmp(l->f->entity, list.item[0].entity) == 0)) {
            free(l->f->entity);
            l->f->entity = memory_text(list.item[0].entity);
        } else {
            l->f->entity[0] = '\0';
        }
        add_rows(l, name, &list, is_scatter ? &x : NULL);
        metric = memory_grow(metric, n, sizeof *metric);
        unit = memory_grow(unit, n, sizeof *unit);
        metric[n] = memory_text(name);
        unit[n] = memory_text(list.unit);
        values_free(&list);
    }
    set_metrics(l->f, metric, unit, n);
    for (size_t i = 0; i < n; i++) {
        free(metric[i]);
        free(unit[i]);
    }
    free(metric);
    free(unit);
    free(copy);
    values_free(&x);
}

/* The width of the bins that is asked for, or a good one; *interval_s is how far apart samples are. */
static double choose_bin_s(const store *s, const plot_request *r, double *interval_s) {
    static const double leads[] = {1.0, 2.0, 5.0, 10.0};
    sqlite3_stmt *query = store_prepare(s, "frame-time");
    store_bind_text(query, ":name", r->text[PLOT_Y]);
    store_step(s, query);
    double end_s = sqlite3_column_double(query, 0);
    *interval_s = sqlite3_column_double(query, 1);
    sqlite3_finalize(query);
    double asked = plot_request_number(r, PLOT_BIN, 0.0), wanted = fmax(end_s / 120.0, *interval_s);
    if (asked > 0.0 && asked < *interval_s * (1.0 - 1e-9))
        report_note("%s: campaign %s: samples are up to %g s apart: at places %g s wide some have none", s->file,
                    s->campaign, *interval_s, asked);
    if (asked > 0.0)
        return asked;
    if (!(wanted > 0.0))
        return 1.0;
    double power = pow(10.0, floor(log10(wanted)));
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (leads[i] * power >= wanted * (1.0 - 1e-9))
            return leads[i] * power;
    return wanted;
}

static void find_directions(loader *l, const plot_request *r) {
    bool is_scatter = plot_request_kind(r) == KIND_SCATTER, is_several = strchr(r->text[PLOT_Y], ',') != NULL;
    const char *panel = r->text[PLOT_PANEL] != NULL ? r->text[PLOT_PANEL] : is_several ? "metric" : NULL;
    l->series = find_direction(l, &l->f->series, r->text[PLOT_SERIES]);
    l->x = find_direction(l, &l->f->x, is_scatter ? NULL : r->text[PLOT_X]);
    l->panel = find_direction(l, &l->f->panel, panel);
    if (is_several && !l->f->panel.is_metric)
        report_fatal(EXIT_USAGE, "several metrics make the panels; leave --panel away, or name one metric");
}

frame frame_load(const store *s, const plot_request *r, const style *look) {
    frame f = {0};
    loader l = {.s = s, .r = r, .a = axes_load(s), .f = &f};
    axes_refuse_twins(&l.a, s);
    refuse_unknown_pool(&l);
    plot_kind kind = plot_request_kind(r);
    if (kind == KIND_TIME) {
        double interval_s;
        l.bin_s = f.bin_s = choose_bin_s(s, r, &interval_s);
        f.gap_s = 1.5 * fmax(f.bin_s, interval_s);
    }
    find_directions(&l, r);
    load_metrics(&l);
    sort_all(&f, look);
    check_cells(&l);
    count_runs(&l);
    axes_count_alike(&l.a, &f.points_alike, &f.points_several);
    axes_free(&l.a);
    return f;
}

frame frame_load_shade(const store *s, const plot_request *r, const style *look, double bin_s) {
    frame f = {0};
    loader l = {.s = s, .r = r, .a = axes_load(s), .bin_s = bin_s, .f = &f};
    char *name = memory_text(r->text[PLOT_SHADE]), *blank = strchr(name, ' ');
    if (blank != NULL)
        *blank = '\0';
    l.series = find_direction(&l, &f.series, NULL);
    l.x = find_direction(&l, &f.x, NULL);
    l.panel = find_direction(&l, &f.panel, r->text[PLOT_PANEL]);
    values_request wanted = {
        .metric = name, .entity = blank != NULL ? blank + 1 : NULL, .shows_entities = true, .bin_s = bin_s};
    values list = values_load(s, &l.a, &wanted);
    add_rows(&l, name, &list, NULL);
    values_free(&list);
    sort_all(&f, look);
    axes_free(&l.a);
    free(name);
    return f;
}

void frame_free(frame *f) {
    for (size_t i = 0; f->metric != NULL && i < f->panel.n; i++) {
        free(f->metric[i]);
        free(f->unit[i]);
    }
    levels_free(&f->panel);
    levels_free(&f->series);
    levels_free(&f->x);
    free(f->metric);
    free(f->unit);
    free(f->row);
    free(f->runs_at);
    free(f->x_unit);
    free(f->entity);
    *f = (frame){0};
}

size_t frame_cell(const frame *f, size_t panel, size_t series, size_t x, const frame_row **first) {
    frame_row wanted = {.panel = panel, .series = series, .x = x};
    size_t low = 0, high = f->n, end;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const frame_row *row = &f->row[middle];
        const size_t keys[][2] = {{row->panel, panel}, {row->series, series}, {row->x, x}};
        bool is_less = false;
        for (size_t i = 0; i < 3; i++) {
            if (keys[i][0] == keys[i][1])
                continue;
            is_less = keys[i][0] < keys[i][1];
            break;
        }
        if (is_less)
            low = middle + 1;
        else
            high = middle;
    }
    for (end = low; end < f->n && is_same_cell(&f->row[end], &wanted);)
        end++;
    *first = f->row + low;
    return end - low;
}

size_t frame_runs_at(const frame *f, size_t panel, size_t series, size_t x) {
    return f->knows_runs_at ? f->runs_at[(panel * f->series.n + series) * f->x.n + x] : 0;
}
