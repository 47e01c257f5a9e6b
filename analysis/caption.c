/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "caption.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "output.h"
#include "report.h"

static char *count_text(const plot *p) {
    if (p->n_min == p->n_max)
        return memory_format("n = %zu", p->n_max);
    return memory_format("n = %zu–%zu", p->n_min, p->n_max);
}

static bool has_interval(const plot *p) {
    return p->is_used[INTERVAL_T] || p->is_used[INTERVAL_BOOTSTRAP] || p->is_used[INTERVAL_WILSON];
}

char *caption_note(const plot *p) {
    plot_kind kind = plot_request_kind(p->r);
    char *count = count_text(p), *note = NULL;
    const char *what = kind == KIND_HEAT || !has_interval(p) ? "mean" : "mean, 95 % interval";
    if (kind == KIND_CDF || kind == KIND_SCATTER || kind == KIND_BOX)
        what = kind == KIND_BOX ? "median, quartiles" : "single runs";
    if (kind == KIND_TIME && plot_request_is(p->r, PLOT_RUNS))
        what = "single runs";
    if (p->n_max == 1 && kind != KIND_SCATTER && !has_interval(p))
        memory_append(&note, "single runs (n = 1)");
    else
        memory_append(&note, "%s, %s", what, count);
    if (p->incomplete > 0)
        memory_append(&note, " of up to %zu runs", p->runs_max);
    if (p->empty > 0)
        memory_append(&note, "; no value at %zu of %zu places", p->empty, p->cells);
    free(count);
    return note;
}

static void append_intervals(const plot *p, char **text) {
    static const interval_kind all[] = {INTERVAL_T, INTERVAL_BOOTSTRAP, INTERVAL_WILSON};
    size_t said = 0;
    if (!has_interval(p))
        return;
    memory_append(text, " Intervals are of 95 %%: ");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (p->is_used[all[i]])
            memory_append(text, "%s%s", said++ > 0 ? ", or " : "", interval_name(all[i]));
    memory_append(text, " over the runs of a point.");
    if (p->is_used[INTERVAL_BOOTSTRAP] && p->is_used[INTERVAL_T])
        memory_append(text, " The bootstrap is used from %d runs on.", STATS_BOOTSTRAP_VALUES_MIN);
}

static void append_counts(const plot *p, char **text) {
    char *count = count_text(p);
    if (p->n_max > 0)
        memory_append(text, " %s%s.", count,
                      p->n_min == p->n_max ? " at each point" : ", different from point to point (see the CSV file)");
    if (p->incomplete > 0)
        memory_append(text,
                      " At %zu of %zu points only a part of the runs has a value: what is shown is of those alone.",
                      p->incomplete, p->cells);
    if (p->empty > 0)
        memory_append(text, " No run has a value at %zu of %zu points.", p->empty, p->cells);
    if (p->f.points_unshown > 0)
        memory_append(text, " No run has a value at %zu further points, which are not shown.", p->f.points_unshown);
    if (p->f.points_alike > 0)
        memory_append(text,
                      " Seeds without effect: at %zu of %zu points all seeds gave the same result, which counts once.",
                      p->f.points_alike, p->f.points_several);
    if (p->s->runs_failed > 0)
        memory_append(text, " Failed runs left out: %d.", p->s->runs_failed);
    free(count);
}

static void append_origin(const plot *p, char **text) {
    sqlite3_stmt *query = store_prepare(p->s, "campaign");
    memory_append(text, "\n\nCampaign %s", p->s->campaign);
    for (size_t i = 0; i < p->r->wheres; i++)
        memory_append(text, ", %s=%s", p->s->where[i].key, p->s->where[i].value);
    while (store_step(p->s, query))
        memory_append(text, "; commit %.12s%s, %s", (const char *)sqlite3_column_text(query, 0),
                      sqlite3_column_int(query, 1) ? " with changes" : "", (const char *)sqlite3_column_text(query, 2));
    char *command = plot_request_command(p->r, p->s->file);
    memory_append(text, ".\n\n%s --out DIR\n", command);
    free(command);
}

/* 'Goodput against walking speed by transport.' */
static void append_subject(const plot *p, char **text) {
    const char *about = p->r->text[PLOT_ABOUT];
    if (about != NULL) {
        memory_append(text, "%s.", about);
        (*text)[0] = (char)toupper((unsigned char)(*text)[0]);
        return;
    }
    for (size_t i = 0; i < (p->f.panel.is_metric ? p->f.panel.n : 1); i++) {
        char *name = style_name(p->look, p->f.metric[i]);
        memory_append(text, "%s%s", i > 0 ? ", " : "", name);
        free(name);
    }
    if (p->f.entity[0] != '\0')
        memory_append(text, " of %s", p->f.entity);
    const levels *over[] = {&p->f.x, &p->f.series, &p->f.panel};
    static const char *const words[] = {" against ", " by ", ", a panel for each "};
    for (size_t i = 0; i < 3; i++) {
        char *names = levels_names(over[i], p->look);
        if (over[i]->key[0] != '\0' && !over[i]->is_metric)
            memory_append(text, "%s%s", words[i], names);
        free(names);
    }
    memory_append(text, ".");
    (*text)[0] = (char)toupper((unsigned char)(*text)[0]);
}

/* Runs of points that differ: n counts them all, and an interval is over all of them. */
static void append_pool(const plot *p, char **text) {
    if (p->r->text[PLOT_POOL] == NULL)
        return;
    char *copy = memory_text(p->r->text[PLOT_POOL]), *rest = copy;
    size_t said = 0;
    memory_append(text, " Runs of every ");
    for (char *key; (key = strsep(&rest, ",")) != NULL; said++) {
        char *name = style_name(p->look, key);
        memory_append(text, "%s%s", said > 0 ? " and " : "", name);
        free(name);
    }
    memory_append(text, " count together.");
    free(copy);
}

void caption_write(const plot *p) {
    char *text = NULL;
    append_subject(p, &text);
    memory_append(&text, "%s", p->caption);
    append_pool(p, &text);
    append_counts(p, &text);
    append_intervals(p, &text);
    for (size_t i = 0; i < p->c.n; i++) {
        if (!p->c.panel[i].x.is_log && !p->c.panel[i].y.is_log)
            continue;
        memory_append(&text, " Logarithmic: %s%s%s.", p->c.panel[i].x.is_log ? "x" : "",
                      p->c.panel[i].x.is_log && p->c.panel[i].y.is_log ? " and " : "",
                      p->c.panel[i].y.is_log ? "y" : "");
        break;
    }
    append_origin(p, &text);
    FILE *file = output_open(".txt");
    fputs(text, file);
    output_close(file);
    free(text);
    if (p->f.points_alike > 0)
        report_note("%s: seeds without effect at %zu of %zu points: n says how many results differ", p->c.name,
                    p->f.points_alike, p->f.points_several);
}
