/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "levels.h"
#include "memory.h"
#include "output.h"
#include "report.h"
#include "resource.h"
#include "style.h"
#include "timeline_load.h"

#define PANELS_MAX 6
#define BINS 400 /* more points than these a line of 8 cm can't show */

/* ---- text ---- */

static char *to_text(const timeline *t) {
    char *text = memory_format("%s\n", t->head);
    size_t derived = 0;
    for (size_t i = 0; i < t->events; i++) {
        const timeline_event *e = &t->event[i];
        char *when =
            isnan(e->end_s) ? memory_format("%.3f", e->time_s) : memory_format("%.3f to %.3f", e->time_s, e->end_s);
        memory_append(&text, "%20s s  %-16s %-28s %s%s\n", when, e->name, e->entity, e->detail,
                      e->is_derived ? " *" : "");
        derived += e->is_derived;
        free(when);
    }
    if (t->events == 0)
        memory_append(&text, "nothing was recorded: no events, no path out of range, no stall of 0.5 s\n");
    if (derived > 0)
        memory_append(&text, "* from samples, and only as exact as their interval\n");
    return text;
}

/* ---- figure ---- */

/* What tells curves of one panel apart: the path, 'total' for a whole flow, or the host; with several flows the flow, too. */
static char *curve_name(const timeline *t, const char *entity) {
    const char *flow = NULL, *path = strstr(entity, "path:");
    bool has_several = false;
    for (size_t i = 0; i < t->series_count; i++) {
        if (strncmp(t->series[i].entity, "flow:", 5) != 0)
            continue;
        size_t length = strcspn(t->series[i].entity, " ");
        has_several |= flow != NULL && (strlen(flow) < length || strncmp(flow, t->series[i].entity, length) != 0 ||
                                        (flow[length] != '\0' && flow[length] != ' '));
        flow = flow == NULL ? t->series[i].entity : flow;
    }
    const char *part = path != NULL ? path + 5 : strncmp(entity, "flow:", 5) == 0 ? "total" : entity;
    if (has_several && strncmp(entity, "flow:", 5) == 0)
        return memory_format("%.*s %s", (int)strcspn(entity + 5, " "), entity + 5, part);
    return memory_text(part);
}

static bool is_drawn(const char *name) {
    return strncmp(name, "position", 8) != 0 && strcmp(name, "in_range") != 0;
}

/* Averages of so many samples that no more than BINS points are left. */
static void add_samples(chart_layer *layer, const timeline_series *series, double scale) {
    size_t each = (series->n + BINS - 1) / BINS;
    for (size_t i = 0; i < series->n; i += each) {
        size_t end = i + each < series->n ? i + each : series->n;
        double sum = 0.0;
        for (size_t k = i; k < end; k++)
            sum += series->sample[k].value;
        chart_add_point(layer, (chart_point){(series->sample[i].time_s + series->sample[end - 1].time_s) / 2.0,
                                             sum / (double)(end - i) / scale, NAN, NAN, NAN, NAN});
    }
}

static void set_time_axis(const timeline *t, chart_axis *x) {
    x->title = memory_text("Time [s]");
    x->is_fixed_low = x->is_fixed_high = true;
    x->low = 0.0;
    x->high = t->end_s > 0.0 ? t->end_s : 1.0;
}

static void add_shades(const timeline *t, chart_panel *panel) {
    chart_layer *layer = chart_add_layer(panel, LAYER_SHADE, 1);
    for (size_t i = 0; i < t->events; i++)
        if (t->event[i].is_derived && strcmp(t->event[i].name, "out of range") == 0)
            chart_add_point(layer, (chart_point){t->event[i].time_s, t->event[i].end_s, 1.0, NAN, NAN, NAN});
}

/* Bytes are written in kB or MB where they are many. */
static void set_value_axis(const timeline *t, const style *look, chart_axis *y, size_t first) {
    double greatest = 0.0;
    const timeline_series *series = &t->series[first];
    for (size_t i = first; i < t->series_count && strcmp(t->series[i].name, series->name) == 0; i++)
        for (size_t k = 0; k < t->series[i].n; k++)
            greatest = fmax(greatest, t->series[i].sample[k].value);
    bool is_bytes = strcmp(series->unit, "bytes") == 0;
    y->scale = is_bytes && greatest >= 2e6 ? 1e6 : is_bytes && greatest >= 2e3 ? 1e3 : 1.0;
    y->title = style_title(look, series->name, y->scale == 1e6 ? "MB" : y->scale == 1e3 ? "kB" : series->unit);
    y->wants_zero = true;
}

static void add_value_panels(const timeline *t, const style *look, chart *c, const levels *names, const int *looks) {
    for (size_t i = 0; i < t->series_count && c->n < PANELS_MAX; i++) {
        bool is_first = i == 0 || strcmp(t->series[i].name, t->series[i - 1].name) != 0;
        if (!is_drawn(t->series[i].name))
            continue;
        if (is_first) {
            chart_panel *panel = chart_add_panel(c, "");
            set_time_axis(t, &panel->x);
            set_value_axis(t, look, &panel->y, i);
            add_shades(t, panel);
        }
        chart_panel *panel = &c->panel[c->n - 1];
        char *name = curve_name(t, t->series[i].entity);
        add_samples(chart_add_layer(panel, LAYER_LINE, looks[level_find(names, name)]), &t->series[i], panel->y.scale);
        free(name);
    }
}

/* A row for each kind of event, the points in the looks of their paths; a span is a line. */
static void add_event_panel(const timeline *t, chart *c, const levels *names, const int *looks) {
    levels rows = {0};
    for (size_t i = 0; i < t->events; i++)
        level_add(&rows, t->event[i].name);
    if (rows.n == 0)
        return;
    chart_panel *panel = chart_add_panel(c, "");
    set_time_axis(t, &panel->x);
    panel->y.title = memory_text("");
    panel->y.is_category = true;
    for (size_t i = 0; i < rows.n; i++)
        chart_add_tick(&panel->y, (double)(rows.n - i), rows.text[i]);
    add_shades(t, panel);
    for (size_t i = 0; i < t->events; i++) {
        const timeline_event *e = &t->event[i];
        double row = (double)(rows.n - level_find(&rows, e->name));
        char *name = curve_name(t, e->entity);
        size_t at = level_find(names, name);
        chart_layer *layer =
            chart_add_layer(panel, isnan(e->end_s) ? LAYER_POINTS : LAYER_CURVE, at < names->n ? looks[at] : 7);
        chart_add_point(layer, (chart_point){e->time_s, row, NAN, NAN, NAN, NAN});
        if (!isnan(e->end_s))
            chart_add_point(layer, (chart_point){e->end_s, row, NAN, NAN, NAN, NAN});
        free(name);
    }
    levels_free(&rows);
}

static levels curve_names(const timeline *t) {
    levels names = {0};
    for (size_t i = 0; i < t->series_count; i++) {
        char *name = curve_name(t, t->series[i].entity);
        if (is_drawn(t->series[i].name))
            level_add(&names, name);
        free(name);
    }
    return names;
}

static void write_csv(const timeline *t) {
    FILE *file = output_open(".csv");
    fputs("kind,name,entity,unit,time_s,end_s,value,detail\n", file);
    for (size_t i = 0; i < t->events; i++) {
        const timeline_event *e = &t->event[i];
        fprintf(file, "%s,", e->is_derived ? "derived" : "event");
        output_text(file, e->name);
        fputc(',', file);
        output_text(file, e->entity);
        fputc(',', file);
        output_number(file, e->time_s);
        output_number(file, e->end_s);
        fputs(",,", file);
        output_text(file, e->detail);
        fputc('\n', file);
    }
    for (size_t i = 0; i < t->series_count; i++) {
        for (size_t k = 0; k < t->series[i].n; k++) {
            fputs("sample,", file);
            output_text(file, t->series[i].name);
            fputc(',', file);
            output_text(file, t->series[i].entity);
            fputc(',', file);
            output_text(file, t->series[i].unit);
            output_number(file, t->series[i].sample[k].time_s);
            fputc(',', file);
            output_number(file, t->series[i].sample[k].value);
            fputs(",\n", file);
        }
    }
    output_close(file);
}

static void write_script(const chart *c) {
    char *path = resource_path("gp", "chart", ".gp"), *common = resource_text(path);
    FILE *file = output_open(".gp");
    chart_script(c, file, common);
    output_close(file);
    free(common);
    free(path);
}

static void draw(const timeline *t, int64_t run, const char *folder, const char *text) {
    style look = style_read(NULL);
    levels names = curve_names(t);
    free(levels_sort(&names, &look));
    int *looks = memory_new(names.n, sizeof *looks);
    style_looks(&look, names.text, names.n, looks);
    chart c = {.name = memory_format("timeline-%lld", (long long)run),
               .columns = 1,
               .note = memory_format("run %lld", (long long)run)};
    add_value_panels(t, &look, &c, &names, looks);
    add_event_panel(t, &c, &names, looks);
    if (c.n == 0)
        report_fatal(EXIT_DATA, "run %lld has neither samples nor events to draw", (long long)run);
    for (size_t i = 0; i < names.n && names.n > 1; i++)
        chart_add_key(&c, style_label(&look, names.text[i]), looks[i], SAMPLE_LINE);
    output_begin(folder, c.name);
    write_csv(t);
    chart_fit(&c);
    write_script(&c);
    static const char *const formats[] = {"pdf", "svg", "png"};
    for (size_t i = 0; i < 3; i++)
        output_draw(formats[i]);
    FILE *file = output_open(".txt");
    fputs(text, file);
    output_close(file);
    output_commit();
    chart_free(&c);
    levels_free(&names);
    free(looks);
    style_free(&look);
}

void timeline_show(const store *s, int64_t run, const char *folder) {
    timeline t = timeline_load(s, run);
    char *text = to_text(&t);
    fputs(text, stdout);
    if (folder != NULL)
        draw(&t, run, folder, text);
    free(text);
    timeline_free(&t);
}
