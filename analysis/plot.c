/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "caption.h"
#include "memory.h"
#include "output.h"
#include "reference.h"
#include "report.h"
#include "resource.h"
#include "text_width.h"

#define LEVELS_MAX 200 /* more curves or panels than anyone could read */

/* ---- axes ---- */

static bool all_divide_by(const levels *l, double by) {
    for (size_t i = 0; i < l->n; i++)
        if (fmod(level_number(l, i), by) != 0.0)
            return false;
    return l->n > 0;
}

/* Bytes in binary units, as buffers are given. */
static void scale_x(const levels *l, chart_axis *axis, char **title) {
    static const struct {
        double by;
        const char *unit;
    } scales[] = {{1048576.0, "[MiB]"}, {1024.0, "[KiB]"}};
    char *at = strstr(*title, "[bytes]");
    for (size_t i = 0; at != NULL && i < 2; i++) {
        if (!all_divide_by(l, scales[i].by))
            continue;
        *at = '\0';
        memory_append(title, "%s", scales[i].unit);
        axis->scale = scales[i].by;
        return;
    }
}

/* Values that grow by factors rather than by steps. */
static bool is_geometric(const levels *l) {
    double least = INFINITY, greatest = 0.0, least_factor = INFINITY, greatest_factor = 0.0;
    for (size_t i = 0; i + 1 < l->n; i++) {
        double a = level_number(l, i), b = level_number(l, i + 1);
        if (a <= 0.0 || b <= a)
            return false;
        least = fmin(least, b - a);
        greatest = fmax(greatest, b - a);
        least_factor = fmin(least_factor, log(b / a));
        greatest_factor = fmax(greatest_factor, log(b / a));
    }
    return l->n > 2 && level_number(l, l->n - 1) / level_number(l, 0) >= 8.0 &&
           greatest_factor / least_factor < greatest / least;
}

static double panel_width_guess(const plot *p) {
    size_t columns = plot_request_number(p->r, PLOT_COLUMNS, 0) > 0 ? (size_t)plot_request_number(p->r, PLOT_COLUMNS, 0)
                     : p->c.is_wide                                 ? (p->f.panel.n < 4 ? p->f.panel.n : 4)
                                                                    : (p->f.panel.n < 2 ? 1 : 2);
    return (p->c.is_wide ? 16.4 : 7.4) / (double)columns - 0.5;
}

/* A tick at each value, where their labels fit side by side. */
static void tick_levels(const plot *p, chart_axis *axis) {
    const levels *l = &p->f.x;
    double first = level_number(l, 0), last = level_number(l, l->n - 1), width = panel_width_guess(p), end = -1.0;
    for (size_t i = 0; i < l->n; i++) {
        double x = level_number(l, i), place = !(last > first) ? 0.0
                                               : axis->is_log  ? log(x / first) / log(last / first)
                                                               : (x - first) / (last - first);
        char *label = memory_format("%.10g", x / axis->scale);
        double half = text_width_cm(label, TEXT_PT) / 2.0 + 0.06;
        bool fits = place * width * 0.88 - half >= end;
        end = place * width * 0.88 + half;
        if (fits)
            chart_add_tick(axis, x / axis->scale, label);
        free(label);
        if (!fits) { /* nice numbers instead */
            for (size_t k = 0; k < axis->ticks; k++)
                free(axis->tick_label[k]);
            axis->ticks = 0;
            free(axis->tick);
            free(axis->tick_label);
            axis->tick = NULL;
            axis->tick_label = NULL;
            return;
        }
    }
}

void plot_set_range(const plot *p, chart_axis *axis, plot_key key) {
    double low, high;
    plot_request_range(p->r, key, &low, &high);
    axis->is_fixed_low = !isnan(low);
    axis->is_fixed_high = !isnan(high);
    axis->low = low / axis->scale;
    axis->high = high / axis->scale;
    if (axis->is_log && low <= 0.0)
        report_fatal(EXIT_USAGE, "a logarithmic axis can't begin at %g", low);
}

void plot_set_x(plot *p, chart_axis *axis, bool is_category) {
    const levels *l = &p->f.x;
    const char *given = p->r->text[PLOT_X_TITLE];
    axis->title = given != NULL       ? memory_text(given)
                  : l->key[0] == '\0' ? memory_text("")
                                      : style_title(p->look, l->key, NULL);
    /* At one place several series need room side by side, which an axis of no length hasn't. */
    axis->is_category = is_category || !l->is_numeric || (l->n == 1 && p->f.series.n > 1);
    if (!given && (!axis->is_category || l->is_numeric))
        scale_x(l, axis, &axis->title);
    if (axis->is_category) {
        char *bracket = l->is_numeric ? NULL : strstr(axis->title, " [");
        if (bracket != NULL && given == NULL)
            *bracket = '\0';
        for (size_t i = 0; i < l->n; i++) {
            char *label =
                l->is_numeric ? memory_format("%.10g", level_number(l, i) / axis->scale) : level_label(l, p->look, i);
            chart_add_tick(axis, (double)i + 1.0, label);
            free(label);
        }
        return;
    }
    axis->is_log = plot_request_has(p->r, PLOT_LOG, "x") || (p->r->text[PLOT_LOG] == NULL && is_geometric(l));
    if (axis->is_log && level_number(l, 0) <= 0.0)
        report_fatal(EXIT_DATA, "%s: %s=%s has no place on a logarithmic axis; leave it out or draw without --log x",
                     p->s->file, l->key, l->text[0]);
    plot_set_range(p, axis, PLOT_X_RANGE);
    tick_levels(p, axis);
}

double plot_x(const plot *p, const chart_axis *axis, size_t x) {
    return axis->is_category ? (double)x + 1.0 : level_number(&p->f.x, x) / axis->scale;
}

/* Title with the unit, and bytes in decimal units as rates are. */
void plot_scale(const plot *p, chart_axis *axis, const char *given, const char *metric, const char *unit,
                double greatest) {
    static const char *const prefixes[] = {"", "k", "M", "G", "T"};
    size_t prefix = 0;
    while (given == NULL && strcmp(unit, "bytes") == 0 && prefix < 4 && greatest / axis->scale >= 2000.0) {
        axis->scale *= 1000.0;
        prefix++;
    }
    char *scaled = prefix > 0                  ? memory_format("%sB", prefixes[prefix])
                   : strcmp(unit, "bool") == 0 ? memory_text("")
                                               : memory_text(unit);
    axis->title = given != NULL ? memory_text(given) : style_title(p->look, metric, scaled);
    free(scaled);
}

/* Logarithmic or not, from 0 or not, and the ends that were asked for. */
static void set_metric_scale(const plot *p, chart_axis *axis, bool is_x) {
    axis->is_log = plot_request_has(p->r, PLOT_LOG, is_x ? "x" : "y");
    axis->wants_zero = !axis->is_log && (p->r->text[PLOT_ZERO] == NULL || plot_request_is(p->r, PLOT_ZERO));
    plot_set_range(p, axis, is_x ? PLOT_X_RANGE : PLOT_Y_RANGE);
}

static double greatest_value(const plot *p, size_t panel) {
    double greatest = 0.0;
    for (size_t i = 0; i < p->f.n; i++)
        if (p->f.row[i].panel == panel || !p->f.panel.is_metric)
            greatest = fmax(greatest, fabs(p->f.row[i].value));
    return greatest;
}

void plot_set_y(plot *p, chart_axis *axis, size_t panel) {
    plot_scale(p, axis, p->r->text[PLOT_Y_TITLE], p->f.metric[panel], p->f.unit[panel], greatest_value(p, panel));
    set_metric_scale(p, axis, false);
}

void plot_set_x_metric(plot *p, chart_axis *axis, size_t panel) {
    if (plot_request_kind(p->r) == KIND_SCATTER)
        plot_scale(p, axis, p->r->text[PLOT_X_TITLE], p->r->text[PLOT_X], p->f.x_unit, 0.0);
    else
        plot_scale(p, axis, p->r->text[PLOT_X_TITLE], p->f.metric[panel], p->f.unit[panel], greatest_value(p, panel));
    set_metric_scale(p, axis, true);
}

/* ---- panels and key ---- */

chart_panel *plot_new_panel(plot *p, size_t panel) {
    char *title = NULL;
    if (p->f.panel.n > 1)
        memory_append(&title, "(%c) ", (char)('a' + panel % 26));
    if (p->f.panel.is_metric && p->r->text[PLOT_Y_TITLE] != NULL) {
        char *name = style_title(p->look, p->f.metric[panel], "");
        memory_append(&title, "%s", name);
        free(name);
    } else if (!p->f.panel.is_metric && p->f.panel.key[0] != '\0') {
        char *label = level_phrase(&p->f.panel, p->look, panel);
        memory_append(&title, "%s", label);
        free(label);
    }
    chart_panel *added = chart_add_panel(&p->c, title != NULL ? title : "");
    free(title);
    return added;
}

void plot_add_keys_but(plot *p, size_t left_out, sample_kind sample) {
    if (p->f.series.key[0] == '\0')
        return;
    for (size_t i = 0; i < p->f.series.n; i++) {
        char *label = i == 0 || (i == 1 && left_out == 0) ? level_phrase(&p->f.series, p->look, i)
                                                          : level_label(&p->f.series, p->look, i);
        if (i != left_out)
            chart_add_key(&p->c, label, p->looks[i], sample);
        free(label);
    }
}

void plot_add_keys(plot *p, sample_kind sample) {
    plot_add_keys_but(p, p->f.series.n, sample);
}

void plot_count(plot *p, const summary *sum) {
    p->cells++;
    p->empty += sum->mean.n == 0;
    p->runs_max = sum->runs > p->runs_max ? sum->runs : p->runs_max;
    if (sum->mean.n == 0)
        return;
    p->n_min = sum->mean.n < p->n_min || p->n_max == 0 ? sum->mean.n : p->n_min;
    p->n_max = sum->mean.n > p->n_max ? sum->mean.n : p->n_max;
    p->incomplete += sum->runs > sum->values;
    p->is_used[sum->used] |= isfinite(sum->mean.low);
}

/* ---- CSV ---- */

static void put_names(plot *p, const char *joined) {
    char name[256];
    while (level_keys_next(&joined, name, sizeof name)) {
        output_text(p->csv, name);
        fputc(',', p->csv);
    }
}

static void put_axes(plot *p, const char *joined, const char *columns) {
    char key[256];
    while (level_keys_next(&joined, key, sizeof key)) {
        output_axis(p->csv, key, columns);
        fputc(',', p->csv);
    }
}

static bool has_key(const char *joined, const char *wanted) {
    char key[256];
    while (level_keys_next(&joined, key, sizeof key))
        if (strcmp(key, wanted) == 0)
            return true;
    return false;
}

/* An axis that is shown has its column already. */
static bool is_shown(const plot *p, const char *key) {
    return has_key(p->f.panel.key, key) || has_key(p->f.series.key, key) || has_key(p->f.x.key, key);
}

void plot_csv_head(plot *p, const char *columns) {
    char *own = memory_format("metric,unit,%s", columns); /* `entity' may be what a series is of */
    if (p->f.panel.key[0] != '\0' && !p->f.panel.is_metric)
        put_axes(p, p->f.panel.key, own);
    if (p->f.series.key[0] != '\0')
        put_axes(p, p->f.series.key, own);
    if (p->f.x.key[0] != '\0')
        put_axes(p, p->f.x.key, own);
    for (size_t i = 0; i < p->r->wheres; i++)
        if (!is_shown(p, p->s->where[i].key))
            put_axes(p, p->s->where[i].key, own);
    free(own);
    fprintf(p->csv, "metric,entity,unit,%s\n", columns);
}

void plot_csv_place(plot *p, size_t panel, size_t series, size_t x) {
    if (p->f.panel.key[0] != '\0' && !p->f.panel.is_metric)
        put_names(p, p->f.panel.text[panel]);
    if (p->f.series.key[0] != '\0')
        put_names(p, p->f.series.text[series]);
    if (p->f.x.key[0] != '\0')
        put_names(p, p->f.x.text[x]);
    for (size_t i = 0; i < p->r->wheres; i++)
        if (!is_shown(p, p->s->where[i].key))
            put_names(p, p->s->where[i].value);
    const char *texts[] = {p->f.metric[panel], p->f.entity, p->f.unit[panel]};
    for (size_t i = 0; i < 3; i++) {
        fputs(i > 0 ? "," : "", p->csv);
        output_text(p->csv, texts[i]);
    }
}

/* ---- the whole ---- */

static char *file_name(const plot_request *r) {
    static const plot_key parts[] = {PLOT_Y, PLOT_X, PLOT_SERIES, PLOT_PANEL};
    if (r->text[PLOT_NAME] != NULL)
        return memory_text(r->text[PLOT_NAME]);
    char *name = memory_text(r->text[PLOT_KIND] != NULL ? r->text[PLOT_KIND] : "lines");
    for (size_t i = 0; i < 4; i++)
        if (r->text[parts[i]] != NULL)
            memory_append(&name, "-%s", r->text[parts[i]]);
    for (char *at = name; *at != '\0'; at++)
        if (strchr(" /,.:*", *at) != NULL)
            *at = '-';
    return name;
}

static void build(plot *p) {
    switch (plot_request_kind(p->r)) {
    case KIND_LINES:
    case KIND_DOTS:
    case KIND_BARS:
    case KIND_DIFFERENCE: plot_points(p); break;
    case KIND_BOX: plot_box(p); break;
    case KIND_CDF: plot_cdf(p); break;
    case KIND_HEAT: plot_heat(p); break;
    case KIND_SCATTER: plot_scatter(p); break;
    case KIND_TIME: plot_time(p); break;
    case KINDS: break;
    }
}

static void need_readable(const plot *p) {
    bool is_heat = plot_request_kind(p->r) == KIND_HEAT;
    if (!is_heat && p->f.series.n > LEVELS_MAX)
        report_fatal(EXIT_DATA, "%zu curves are more than a figure can hold; choose with --where", p->f.series.n);
    if (p->f.panel.n > 26)
        report_fatal(EXIT_DATA, "%zu panels are more than a figure can hold; choose with --where", p->f.panel.n);
    if (!is_heat && p->f.series.n > STYLE_LOOKS)
        report_note("%zu curves share %d looks: some look alike", p->f.series.n, STYLE_LOOKS);
}

/* Wilson's interval is of a share: of anything else the mean itself would be the share of what is not 0. */
static void need_fit_interval(const plot *p) {
    const char *how = p->r->text[PLOT_INTERVAL];
    bool is_difference = plot_request_kind(p->r) == KIND_DIFFERENCE;
    for (size_t i = 0; how != NULL && strcmp(how, "wilson") == 0 && i < p->f.panel.n; i++)
        if (is_difference || strcmp(p->f.unit[i], "bool") != 0)
            report_fatal(EXIT_USAGE, "--interval wilson: expected a metric of unit bool, not %s%s [%s]",
                         is_difference ? "a difference of " : "", p->f.metric[i], p->f.unit[i]);
}

/* What a layer wants to draw that a logarithmic axis has no place for. */
static size_t count_off_scale(const chart_panel *panel, const chart_layer *layer) {
    static const bool has_values[] = {
        [LAYER_CURVE] = true, [LAYER_POINTS] = true, [LAYER_HOLLOW] = true, [LAYER_LINE] = true, [LAYER_STEPS] = true,
        [LAYER_THIN] = true,  [LAYER_BARS] = true,   [LAYER_BOX] = true,    [LAYER_DOTS] = true, [LAYER_MARK] = false};
    size_t count = 0;
    for (size_t i = 0; i < layer->n && has_values[layer->kind]; i++)
        count += (panel->x.is_log && layer->point[i].x <= 0.0) ||
                 (panel->y.is_log && layer->kind != LAYER_STEPS && layer->point[i].y <= 0.0);
    return count;
}

static void tell_off_scale(plot *p) {
    size_t count = 0;
    for (size_t i = 0; i < p->c.n; i++)
        for (size_t k = 0; k < p->c.panel[i].n; k++)
            count += count_off_scale(&p->c.panel[i], &p->c.panel[i].layer[k]);
    if (count == 0)
        return;
    report_note("%s: %zu values are not above 0 and have no place on a logarithmic axis", p->c.name, count);
    memory_append(&p->caption, " Not shown: %zu values that are not above 0, on a logarithmic axis.", count);
}

static void draw_all(plot *p) {
    chart_fit(&p->c);
    FILE *file = output_open(".gp");
    char *path = resource_path("gp", "chart", ".gp"), *common = resource_text(path);
    chart_script(&p->c, file, common);
    output_close(file);
    free(common);
    free(path);
    char *formats = memory_text(p->r->text[PLOT_FORMAT] != NULL ? p->r->text[PLOT_FORMAT] : "pdf,svg,png"),
         *rest = formats;
    for (char *format; (format = strsep(&rest, ",")) != NULL;)
        output_draw(format);
    free(formats);
}

void plot_draw(store *s, const plot_request *r, const char *folder) {
    if (!plot_request_is_whole(r))
        store_tell_names(s, r->text[PLOT_CAMPAIGN]); /* what it could be, before the end */
    plot_request_check(r);
    store_choose(s, r->text[PLOT_CAMPAIGN], r->where, r->wheres);
    if (r->text[PLOT_SEED] != NULL)
        store_keep_seed(s, (int64_t)plot_request_number(r, PLOT_SEED, 0));
    style look = style_read(r->text[PLOT_STYLE]);
    char *name = file_name(r);
    plot p = {.s = s, .r = r, .look = &look};
    p.c.name = memory_text(name);
    p.c.is_wide = r->text[PLOT_WIDTH] != NULL && strcmp(r->text[PLOT_WIDTH], "two") == 0;
    p.c.columns = (size_t)plot_request_number(r, PLOT_COLUMNS, 0);
    p.caption = memory_text("");
    p.f = frame_load(s, r, &look);
    need_readable(&p);
    need_fit_interval(&p);
    p.looks = memory_new(p.f.series.n, sizeof *p.looks);
    style_looks(&look, p.f.series.text, p.f.series.n, p.looks);
    output_begin(folder, name);
    p.csv = output_open(".csv");
    build(&p);
    tell_off_scale(&p);
    output_close(p.csv);
    p.c.note = caption_note(&p);
    draw_all(&p);
    caption_write(&p);
    output_commit();
    chart_free(&p.c);
    frame_free(&p.f);
    free(p.looks);
    free(p.caption);
    free(name);
    style_free(&look);
}
