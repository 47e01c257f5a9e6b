/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Delay from write to read by scheduler, a panel for each buffer: the quantiles of sweep schedulers-blest, means over seeds. */
#include "validate.h"

#include "../chart.h"
#include "../output.h"
#include "../style.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CAMPAIGN "schedulers-blest"

enum { SCHEDULERS_MAX = 16, NAME_BYTES = 64, PANELS = 2 /* the shortest buffers: behind longer ones all are alike */ };

typedef struct {
    char name[SCHEDULERS_MAX][NAME_BYTES];
    int look[SCHEDULERS_MAX];
    size_t n;
} schedulers;

static const char query_sql[] =
    "SELECT (SELECT value FROM point_axis WHERE point_id = p.point_id AND key = 'buffer_bytes') AS buffer, "
    "(SELECT value FROM point_axis WHERE point_id = p.point_id AND key = 'scheduler') AS scheduler, "
    "CAST(substr(m.name, 12) AS REAL) AS percent, avg(m.value), count(DISTINCT run_id) FROM campaign JOIN point p "
    "USING "
    "(campaign_id) JOIN run USING (point_id) JOIN metric m USING (run_id) WHERE campaign.name = '" CAMPAIGN
    "' AND is_current "
    "AND status = 'ok' AND ignored = '' AND m.name GLOB 'app_delay_p*' AND entity = 'flow:download' "
    "GROUP BY 1, 2, 3 ORDER BY CAST(buffer AS REAL), p.position, percent";

static size_t index_of(schedulers *all, const char *name) {
    size_t i = 0;
    while (i < all->n && strcmp(all->name[i], name) != 0)
        i++;
    if (i == all->n && i < SCHEDULERS_MAX)
        snprintf(all->name[all->n++], NAME_BYTES, "%s", name);
    return i;
}

static chart_panel *new_panel(chart *c, const char *buffer) {
    char title[NAME_BYTES];
    snprintf(title, sizeof title, "buffers of %g kB", strtod(buffer, NULL) / 1e3);
    chart_panel *panel = chart_add_panel(c, title);
    panel->x.title = memory_text("Delay [ms]");
    panel->y.title = memory_text("Bytes [%]");
    panel->y.is_fixed_low = panel->y.is_fixed_high = true;
    panel->y.low = 0;
    panel->y.high = 100;
    return panel;
}

static void add_all(chart *c, sqlite3_stmt *row, schedulers *all, FILE *csv) {
    char last_buffer[NAME_BYTES] = "", last_scheduler[NAME_BYTES] = "";
    chart_panel *panel = NULL;
    chart_layer *line = NULL;
    while (sqlite3_step(row) == SQLITE_ROW) {
        const char *buffer = (const char *)sqlite3_column_text(row, 0),
                   *name = (const char *)sqlite3_column_text(row, 1);
        if (panel != NULL && strcmp(buffer, last_buffer) != 0 && c->n == PANELS)
            break;
        if (panel == NULL || strcmp(buffer, last_buffer) != 0) {
            panel = new_panel(c, buffer);
            line = NULL;
        }
        if (line == NULL || strcmp(name, last_scheduler) != 0)
            line = chart_add_layer(panel, LAYER_LINE, (int)index_of(all, name) + 1);
        snprintf(last_buffer, sizeof last_buffer, "%s", buffer);
        snprintf(last_scheduler, sizeof last_scheduler, "%s", name);
        chart_add_point(
            line, (chart_point){sqlite3_column_double(row, 3), sqlite3_column_double(row, 2), NAN, NAN, NAN, NAN});
        fprintf(csv, "%s,%s,%g,%.17g,%d\n", buffer, name, sqlite3_column_double(row, 2), sqlite3_column_double(row, 3),
                sqlite3_column_int(row, 4));
    }
}

/* The numbers of looks were those of the order in which schedulers came; they become those that fit the names. */
static void set_looks(chart *c, schedulers *all, const style *look) {
    char *names[SCHEDULERS_MAX];
    for (size_t i = 0; i < all->n; i++)
        names[i] = all->name[i];
    style_looks(look, names, all->n, all->look);
    for (size_t p = 0; p < c->n; p++)
        for (size_t l = 0; l < c->panel[p].n; l++)
            c->panel[p].layer[l].look = all->look[c->panel[p].layer[l].look - 1];
    for (size_t i = 0; i < all->n; i++)
        chart_add_key(c, style_label(look, all->name[i]), all->look[i], SAMPLE_LINE);
}

bool figure_delay(const page *pg) {
    sqlite3_stmt *row;
    if (sqlite3_prepare_v2(pg->db, query_sql, -1, &row, NULL) != SQLITE_OK || sqlite3_step(row) != SQLITE_ROW) {
        sqlite3_finalize(row);
        return false;
    }
    sqlite3_reset(row);
    chart c = {.name = memory_text("schedulers-delay"), .note = memory_text(""), .is_wide = true, .columns = 2};
    schedulers all = {.n = 0};
    style look = style_read(NULL);
    output_begin(pg->figures, c.name);
    FILE *csv = output_open(".csv");
    fputs("buffer_bytes,scheduler,percent,delay_ms,n\n", csv);
    add_all(&c, row, &all, csv);
    output_close(csv);
    sqlite3_finalize(row);
    set_looks(&c, &all, &look);
    figure_write(
        &c,
        "Delay of bytes from the sending application's write to the receiving one's read, by scheduler and size of the "
        "buffers: quantiles, means over seeds.");
    chart_free(&c);
    style_free(&look);
    return true;
}
