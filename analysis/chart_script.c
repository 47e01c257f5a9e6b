/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A chart as a gnuplot script. Texts are never read as words or markup: data go by the number of their block. */
#define _GNU_SOURCE 1
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart_layout.h"
#include "fonts.h"
#include "memory.h"
#include "tex.h"
#include "text_width.h"

typedef struct {
    const chart *c;
    const chart_layout *l;
    FILE *file;
    size_t block; /* number of the next data block */
} writer;

/* ---- texts ---- */

static void put_quoted(FILE *file, const char *text) {
    fputc('\'', file);
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputc('\'', file);
        fputc(*text, file);
    }
    fputc('\'', file);
}

/* Labels of ticks go through printf() once more. */
static char *format_escaped(const char *text) {
    char *escaped = memory_text("");
    for (; *text != '\0'; text++)
        memory_append(&escaped, *text == '%' ? "%%%%" : "%c", *text);
    return escaped;
}

/* T(text, text for TeX), or the text alone where they are the same. */
static void put_either(FILE *file, const char *text, const char *tex) {
    if (strcmp(tex, text) == 0) {
        put_quoted(file, text);
        return;
    }
    fputs("T(", file);
    put_quoted(file, text);
    fputs(", ", file);
    put_quoted(file, tex);
    fputc(')', file);
}

static void put_text(FILE *file, const char *text) {
    fonts_tell_missing(text);
    char *tex = tex_escaped(text);
    put_either(file, text, tex);
    free(tex);
}

static void put_tick_text(FILE *file, const char *text) {
    fonts_tell_missing(text);
    char *tex = tex_escaped(text), *format = format_escaped(text), *tex_format = format_escaped(tex);
    put_either(file, format, tex_format);
    free(tex);
    free(format);
    free(tex_format);
}

static double across(const writer *w, double cm) {
    return cm / w->l->width;
}

static double up(const writer *w, double cm) {
    return cm / w->l->height;
}

/* ---- data ---- */

static void put_value(FILE *file, double value) {
    if (isfinite(value))
        fprintf(file, " %.9g", value);
    else
        fputs(" NaN", file);
}

static bool is_hole(const chart_layer *layer, const chart_point *p) {
    return !isfinite(p->y) && (layer->kind == LAYER_CURVE || layer->kind == LAYER_LINE || layer->kind == LAYER_BAND ||
                               layer->kind == LAYER_THIN);
}

/* On a logarithmic axis an interval that reaches 0 ends at the axis. */
static double from_axis(const chart_axis *y, double value) {
    return y->is_log && value < y->low ? y->low : value;
}

static void put_block(writer *w, const chart_panel *p, const chart_layer *layer) {
    fprintf(w->file, "$data%zu << END\n", w->block++);
    for (size_t i = 0; i < layer->n; i++) {
        const chart_point *at = &layer->point[i];
        if (is_hole(layer, at)) {
            fputc('\n', w->file); /* breaks the line */
            continue;
        }
        if (layer->kind == LAYER_LEVEL) { /* where it begins, and how far it goes */
            bool is_slanted = isfinite(at->q1);
            fprintf(w->file, " %.9g %.9g %.9g %.9g\n", at->low, is_slanted ? at->q1 : at->y, at->high - at->low,
                    is_slanted ? at->q3 - at->q1 : 0.0);
            continue;
        }
        put_value(w->file, at->x);
        put_value(w->file, at->y);
        put_value(w->file, from_axis(&p->y, at->low));
        put_value(w->file, at->high);
        put_value(w->file, at->q1);
        put_value(w->file, at->q3);
        fputc('\n', w->file);
    }
    fputs("END\n", w->file);
}

/* ---- decoration ---- */

static void put_key(writer *w) {
    for (size_t i = 0; i < w->c->keys; i++) {
        const chart_key *key = &w->c->key[i];
        const key_place *at = &w->l->key[i];
        bool is_long = key->sample == SAMPLE_LINE || key->sample == SAMPLE_BOTH;
        double sample = is_long ? SAMPLE_CM : SAMPLE_BAR_CM, x = across(w, at->x), y = up(w, at->y);
        if (key->sample == SAMPLE_BAR)
            fprintf(w->file,
                    "set object %zu rectangle from screen %.5f, screen %.5f to screen %.5f, screen %.5f front @bar%d\n",
                    100 + i, x, up(w, at->y - 0.09), across(w, at->x + sample), up(w, at->y + 0.09), key->look);
        if (is_long)
            fprintf(w->file,
                    "set arrow %zu from screen %.5f, screen %.5f to screen %.5f, screen %.5f nohead linestyle %d\n",
                    100 + i, x, y, across(w, at->x + sample), y, key->look);
        if (key->sample == SAMPLE_POINT || key->sample == SAMPLE_BOTH)
            fprintf(w->file, "set label %zu '' at screen %.5f, screen %.5f point linestyle %d\n", 200 + i,
                    across(w, at->x + sample / 2.0), y, key->look);
        fprintf(w->file, "set label %zu ", 100 + i);
        put_text(w->file, at->label);
        fprintf(w->file, " at screen %.5f, screen %.5f left\n", across(w, at->x + sample + 0.12), y);
    }
}

/* Where a text is centred, and how long it may be: a longer one is cut, before its unit. */
typedef struct {
    double x_cm, y_cm, room_cm;
} text_place;

static char *title_fitted(const char *text, double room_cm) {
    const char *unit = strrchr(text, '[');
    if (unit == NULL)
        return text_fitted(text, TEXT_PT, room_cm);
    char *name = strndup(text, (size_t)(unit - text));
    char *head = text_fitted(name, TEXT_PT, room_cm - text_width_cm(unit, TEXT_PT));
    char *fitted = memory_format("%s%s", head, unit);
    free(head);
    free(name);
    return fitted;
}

static void put_title(writer *w, size_t tag, const char *text, text_place at, const char *how) {
    if (text[0] == '\0')
        return;
    char *fitted = title_fitted(text, at.room_cm);
    fprintf(w->file, "set label %zu ", tag);
    put_text(w->file, fitted);
    fprintf(w->file, " at screen %.5f, screen %.5f %s\n", across(w, at.x_cm), up(w, at.y_cm), how);
    free(fitted);
}

/* The middle of a text that would be at `wanted', if it did not reach beyond 0 or the end there. */
static double middle_of(const char *text, double wanted, double end) {
    double half = text_width_cm(text, TEXT_PT) / 2.0 + 0.05;
    return half >= end / 2.0 ? end / 2.0 : fmin(fmax(wanted, half), end - half);
}

/* Below the key. */
static double top_of(const writer *w) {
    double top = w->l->height;
    for (size_t i = 0; i < w->c->keys; i++)
        top = fmin(top, w->l->key[i].y - 0.14);
    return top;
}

static char *axis_title(const chart_axis *axis) {
    return memory_format(axis->is_log && axis->title[0] != '\0' ? "%s, log scale" : "%s", axis->title);
}

/* Titles that hold for all panels, the key and the note: drawn with the first panel. */
static void put_common(writer *w) {
    const chart_layout *l = w->l;
    const panel_place *first = &l->panel[0], *last = &l->panel[w->c->n - 1];
    double left = first->left, right = 0.0;
    for (size_t i = 0; i < w->c->n; i++)
        right = fmax(right, l->panel[i].right);
    put_key(w);
    char *x_title = axis_title(&w->c->panel[0].x), *y_title = axis_title(&w->c->panel[0].y);
    double x = middle_of(x_title, (left + right) / 2.0, l->width), top = top_of(w);
    double y = middle_of(y_title, (first->top + last->bottom) / 2.0, top);
    if (l->shares_x)
        put_title(w, 10, x_title, (text_place){x, l->x_title_y, l->width - 0.1}, "center");
    if (l->shares_y)
        put_title(w, 11, y_title, (text_place){l->y_title_x, y, top - 0.1}, "center rotate by 90");
    char *note = text_fitted(w->c->note, NOTE_PT, l->width - 0.4);
    put_title(w, 12, note, (text_place){l->width - 0.2, 0.2, 2.0 * l->width},
              "right font note_font textcolor rgb note_colour");
    free(note);
    free(x_title);
    free(y_title);
}

/* A slanted label ends below its tick at `x_cm` and begins on the paper. */
static double slanted_label_room(double x_cm, double angle) {
    return (x_cm - MARGIN_CM) / cos(angle * M_PI / 180.0);
}

static void put_ticks(writer *w, const chart_axis *axis, char name, bool has_labels, double angle,
                      const panel_place *at) {
    if (angle > 0.0 && has_labels)
        fprintf(w->file, "set %ctics rotate by %g right offset 0, -0.15\n", name, angle);
    fprintf(w->file, "set %ctics (", name);
    for (size_t i = 0; i < axis->ticks; i++) {
        double room = TICK_LABEL_MAX_CM;
        if (angle > 0.0) {
            double part = (axis->tick[i] - axis->low) / (axis->high - axis->low);
            room = fmin(room, slanted_label_room(at->left + part * (at->right - at->left), angle));
        }
        char *label = text_fitted(axis->tick_label[i], TEXT_PT, room);
        fputs(i > 0 ? ", " : "", w->file);
        put_tick_text(w->file, has_labels ? label : "");
        fprintf(w->file, " %.10g", axis->tick[i]);
        free(label);
    }
    fputs(")\n", w->file);
}

static void put_axes(writer *w, const chart_panel *p, const panel_place *at) {
    fprintf(w->file,
            "set lmargin at screen %.5f\nset rmargin at screen %.5f\nset bmargin at screen %.5f\nset tmargin at screen "
            "%.5f\n",
            across(w, at->left), across(w, at->right), up(w, at->bottom), up(w, at->top));
    fprintf(w->file, "set xrange [%.10g : %.10g]\nset yrange [%.10g : %.10g]\n", p->x.low, p->x.high, p->y.low,
            p->y.high);
    fputs(p->x.is_log ? "set logscale x 10\n" : "unset logscale x\n", w->file);
    fputs(p->y.is_log ? "set logscale y 10\n" : "unset logscale y\n", w->file);
    put_ticks(w, &p->x, 'x', at->has_x_labels, w->l->tick_angle, at);
    put_ticks(w, &p->y, 'y', at->has_y_labels, 0.0, at);
    if (p->x.is_category)
        fputs("set xtics scale 0\n", w->file);
    if (p->y.is_category)
        fputs("set ytics scale 0\nunset grid\n", w->file);
    char *x_title = axis_title(&p->x), *y_title = axis_title(&p->y);
    double x = (at->left + at->right) / 2.0, y = (at->top + at->bottom) / 2.0, width = at->right - at->left;
    if (at->has_x_title)
        put_title(w, 13, x_title, (text_place){x, at->bottom - LINE_CM - 0.36, width + 0.9}, "center");
    if (at->has_y_title)
        put_title(w, 14, y_title, (text_place){at->y_title_x, y, at->top - at->bottom + 1.0}, "center rotate by 90");
    put_title(w, 15, p->title, (text_place){x, at->top + 0.2, width + 0.2}, "center");
    free(x_title);
    free(y_title);
}

static void put_colour_box(writer *w) {
    const chart *c = w->c;
    const panel_place *last = &w->l->panel[c->n - 1], *first = &w->l->panel[0];
    if (c->colour_title == NULL)
        return;
    fprintf(w->file, "set cbrange [%.9g : %.9g]\nset cbtics format '%%g' scale 0.4\n", c->colour_low, c->colour_high);
    fprintf(w->file,
            "set colorbox vertical user origin screen %.5f, screen %.5f size screen %.5f, screen %.5f noborder\n",
            across(w, w->l->colour_x), up(w, last->bottom), across(w, 0.22), up(w, first->top - last->bottom));
    double y = middle_of(c->colour_title, (first->top + last->bottom) / 2.0, w->l->height);
    put_title(w, 16, c->colour_title, (text_place){w->l->width - 0.22, y, w->l->height - 0.1}, "center rotate by 90");
}

/* ---- layers ---- */

static void put_interval(writer *w, size_t block, const char *colour) {
    fprintf(w->file, "  $data%zu using 1:3:(0):($4-$3) with vectors @interval %s @thin, \\\n", block, colour);
}

/* A fragment of the plot command; each ends with ", \". */
static void put_layer(writer *w, const chart_layer *layer, size_t block) {
    FILE *file = w->file;
    char look[32];
    snprintf(look, sizeof look, "linestyle %d", layer->look);
    switch (layer->kind) {
    case LAYER_CURVE:
        put_interval(w, block, look);
        fprintf(file, "  $data%zu using 1:2 with linespoints %s, \\\n", block, look);
        break;
    case LAYER_POINTS:
    case LAYER_HOLLOW:
        put_interval(w, block, look);
        if (layer->kind == LAYER_HOLLOW)
            fprintf(file,
                    "  $data%zu using 1:2 with points %s, \\\n  $data%zu using 1:2 with points pointtype 7 pointsize "
                    "0.5 * point linecolor rgb 'white', \\\n",
                    block, look, block);
        else
            fprintf(file, "  $data%zu using 1:2 with points %s, \\\n", block, look);
        break;
    case LAYER_LINE: fprintf(file, "  $data%zu using 1:2 with lines %s, \\\n", block, look); break;
    case LAYER_STEPS: fprintf(file, "  $data%zu using 1:2 with steps %s, \\\n", block, look); break;
    case LAYER_THIN:
        fprintf(file, "  $data%zu using 1:2 with lines %s linewidth 0.5 dashtype solid, \\\n", block, look);
        break;
    case LAYER_BAND: fprintf(file, "  $data%zu using 1:3:4 with filledcurves @band%d, \\\n", block, layer->look); break;
    case LAYER_BARS:
        fprintf(file, "  $data%zu using 1:2:5 with boxes @bar%d, \\\n", block, layer->look);
        put_interval(w, block, "linecolor rgb 'black'");
        break;
    case LAYER_FLAT:
        fprintf(file,
                "  $data%zu using 1:(0):(sprintf('%%.2g', $2)) with labels left rotate by 90 offset 0, 0.3 font "
                "note_font textcolor rgb note_colour, \\\n",
                block);
        break;
    case LAYER_BOX:
        fprintf(file,
                "  $data%zu using 1:5:3:4:6:(box_width) with candlesticks @box%d whiskerbars 0.5, \\\n"
                "  $data%zu using 1:2:2:2:2:(box_width) with candlesticks linecolor rgb 'black' linewidth 1.2, \\\n",
                block, layer->look, block);
        break;
    case LAYER_DOTS:
        fprintf(file, "  $data%zu using 1:2 with points linestyle %d pointtype 7 pointsize 0.5 * point, \\\n", block,
                layer->look);
        break;
    case LAYER_CELLS:
    case LAYER_CELLS_PLAIN:
        fprintf(file,
                "  $data%zu using 1:2:($1-$5):($1+$5):($2-$6):($2+$6):3 with boxxyerror fillstyle solid noborder "
                "linecolor palette "
                "z, \\\n",
                block);
        if (layer->kind == LAYER_CELLS)
            fprintf(file,
                    "  $data%zu using 1:2:(sprintf('%%.3g', $3)):4 with labels font note_font textcolor rgb variable, "
                    "\\\n",
                    block);
        break;
    case LAYER_LEVEL:
        fprintf(
            file,
            "  $data%zu using 1:2:3:4 with vectors nohead linecolor rgb '#404040' linewidth 0.7 dashtype (6,4), \\\n",
            block);
        break;
    case LAYER_SHADE:
    case LAYER_FIELD:
    case LAYER_MARK: break; /* objects, see put_objects() */
    }
}

static void put_objects(writer *w, const chart_panel *p) {
    size_t tag = 1000;
    for (size_t i = 0; i < p->n; i++) {
        const chart_layer *layer = &p->layer[i];
        for (size_t k = 0; k < layer->n; k++) {
            const chart_point *at = &layer->point[k];
            if (layer->kind == LAYER_SHADE)
                fprintf(w->file,
                        "set object %zu rectangle from %.9g, graph 0 to %.9g, graph 1 behind fillcolor rgb "
                        "'#%02X%02X%02X' fillstyle solid noborder\n",
                        tag++, at->x, at->y, 255 - (int)(34 * at->low), 255 - (int)(34 * at->low),
                        255 - (int)(34 * at->low));
            if (layer->kind == LAYER_FIELD)
                fprintf(w->file,
                        "set object %zu rectangle from %.9g, %.9g to %.9g, %.9g behind fillcolor rgb '#D9D9D9' "
                        "fillstyle solid noborder\n",
                        tag++, at->q1, at->low, at->q3, at->high);
            if (layer->kind == LAYER_MARK)
                fprintf(w->file,
                        "set arrow %zu from %.9g, graph 0 to %.9g, graph 1 nohead linecolor rgb '#909090' linewidth "
                        "0.5 dashtype (2,2)\n",
                        tag++, at->x, at->x);
            bool is_written =
                layer->label != NULL && (layer->kind == LAYER_LEVEL || layer->kind == LAYER_MARK) && k == 0;
            if (!is_written)
                continue;
            fprintf(w->file, "set label %zu ", tag++);
            put_text(w->file, layer->label);
            if (layer->kind == LAYER_LEVEL)
                fprintf(
                    w->file,
                    " at graph 0.985, first %.9g offset 0, 0.45 right font note_font textcolor rgb note_colour front\n",
                    at->y);
            else
                fprintf(
                    w->file,
                    " at %.9g, graph 0.98 offset 0.3, 0 rotate by 90 right font note_font textcolor rgb note_colour\n",
                    at->x);
        }
    }
}

static void put_panel(writer *w, size_t index) {
    const chart_panel *p = &w->c->panel[index];
    size_t block = w->block;
    for (size_t i = 0; i < p->n; i++)
        put_block(w, p, &p->layer[i]);
    fprintf(w->file, "unset label\nunset arrow\nunset object\n%s", index + 1 < w->c->n ? "unset colorbox\n" : "");
    if (index == 0)
        put_common(w);
    put_axes(w, p, &w->l->panel[index]);
    put_objects(w, p);
    if (index + 1 == w->c->n)
        put_colour_box(w);
    fputs("plot \\\n", w->file);
    for (size_t i = 0; i < p->n; i++)
        put_layer(w, &p->layer[i], block + i);
    fputs("  1 / 0 notitle\n\n", w->file); /* a panel without a value is drawn, too */
}

#define BAND_OPACITY 0.25
#define BANDS_CLEAR 3 /* so many may lie on each other at that opacity; of more, each is paler */

static double band_opacity(const chart *c) {
    size_t most = 0;
    for (size_t i = 0; i < c->n; i++) {
        size_t bands = 0;
        for (size_t k = 0; k < c->panel[i].n; k++)
            bands += c->panel[i].layer[k].kind == LAYER_BAND;
        most = bands > most ? bands : most;
    }
    return most > BANDS_CLEAR ? BAND_OPACITY * BANDS_CLEAR / (double)most : BAND_OPACITY;
}

void chart_script(const chart *c, FILE *file, const char *common) {
    chart_layout l = chart_layout_make(c);
    writer w = {.c = c, .l = &l, .file = file, .block = 1};
    fprintf(file, "# %s: gnuplot -c %s.gp FORMAT IMAGE draws it again; FORMAT is pdf, svg, png or tex.\n", c->name,
            c->name);
    fprintf(
        file,
        "format = ARG1\nimage = ARG2\nwidth_cm = %.4f\nheight_cm = %.4f\nband_opacity = %.3g\n\n%s\nset multiplot\n",
        l.width, l.height, band_opacity(c), common);
    if (c->box_width > 0.0)
        fprintf(file, "box_width = %.6f\n", c->box_width);
    for (size_t i = 0; i < c->n; i++)
        put_panel(&w, i);
    fputs("unset multiplot\n", file);
    chart_layout_free(&l, c);
}
