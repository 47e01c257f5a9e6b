/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "page.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "html.h"
#include "levels.h"
#include "memory.h"
#include "page_figures.h"
#include "report.h"
#include "resource.h"
#include "table_data.h"

static char work[] = "/tmp/mptcp-page.XXXXXX";

static void remove_work(void) {
    DIR *folder = opendir(work);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        char *path = memory_format("%s/%s", work, entry->d_name);
        unlink(path);
        free(path);
    }
    if (folder != NULL)
        closedir(folder);
    rmdir(work);
}

static const char style_text[] =
    "body{font:16px/1.45 system-ui,'Liberation Sans',Arial,sans-serif;color:#222;background:#fff;margin:0 "
    "auto;max-width:62rem;padding:1rem}"
    "h1{font-size:1.5rem}h2{font-size:1.25rem;border-bottom:1px solid #ccc;margin-top:2.2rem}h3{font-size:1.05rem}"
    "nav a{margin-right:1em}a{color:#0072B2}.scroll{overflow-x:auto}"
    "table{border-collapse:collapse;margin-bottom:1rem;font-size:.85rem;font-variant-numeric:tabular-nums}"
    "th,td{padding:.2rem .6rem;text-align:left;white-space:nowrap;border-bottom:1px solid "
    "#e4e4e4}td.n,th.n{text-align:right}"
    "figure{margin:1.2rem 0}figure img{width:100%;max-width:44rem;height:auto;display:block}"
    "figcaption{font-size:.85rem;color:#444;max-width:44rem;white-space:pre-line}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f5f5f5;padding:.5rem;font-size:.8rem}"
    "code{overflow-wrap:anywhere}summary{cursor:pointer}.bad{color:#a33000}";

static void put_row(FILE *file, sqlite3_stmt *query, int columns, const char *numeric) {
    fputs("<tr>", file);
    for (int i = 0; i < columns; i++) {
        const char *text = (const char *)sqlite3_column_text(query, i);
        fputs(numeric[i] == 'n' ? "<td class=n>" : "<td>", file);
        if (numeric[i] == 'h')
            fprintf(file, "%.12s", text);
        else if (sqlite3_column_type(query, i) == SQLITE_FLOAT)
            fprintf(file, "%.3g", sqlite3_column_double(query, i));
        else
            html_text(file, text != NULL ? text : "");
        fputs("</td>", file);
    }
    fputs("</tr>\n", file);
}

/* Every row of a query as a table; numeric has a letter for each column: t text, n number, h hash. */
static void put_query(FILE *file, const store *s, const char *name, const char *numeric, const char *const *head) {
    sqlite3_stmt *query = store_prepare(s, name);
    int columns = (int)strlen(numeric);
    fputs("<div class=scroll><table><tr>", file);
    for (int i = 0; i < columns; i++)
        fprintf(file, "<th%s>%s</th>", numeric[i] == 'n' ? " class=n" : "", head[i]);
    fputs("</tr>\n", file);
    while (store_step(s, query))
        put_row(file, query, columns, numeric);
    fputs("</table></div>\n", file);
}

static void put_failures(FILE *file, const store *s) {
    sqlite3_stmt *query = store_prepare(s, "report-failures");
    size_t n = 0;
    fputs("<h2 id=failures>Failed runs</h2>\n", file);
    while (store_step(s, query)) {
        fprintf(file, "<details><summary class=bad>run %lld: ", (long long)sqlite3_column_int64(query, 0));
        html_text(file, (const char *)sqlite3_column_text(query, 1));
        fputs(", ", file);
        html_text(file, (const char *)sqlite3_column_text(query, 2));
        fprintf(file, ", seed %lld: %s (%d)</summary><pre>", (long long)sqlite3_column_int64(query, 3),
                (const char *)sqlite3_column_text(query, 4), sqlite3_column_int(query, 5));
        html_text(file, (const char *)sqlite3_column_text(query, 6));
        fputs("</pre><pre>", file);
        html_text(file, (const char *)sqlite3_column_text(query, 7));
        fputs("</pre></details>\n", file);
        n++;
    }
    if (n == 0)
        fputs("<p>None.</p>\n", file);
}

static void put_table_line(FILE *file, const table_data *t, const table_line *line) {
    char number[32], interval[64], count[48];
    fputs("<tr>", file);
    for (size_t k = 0; k < t->axes.keys; k++) {
        fputs("<td>", file);
        html_text(file, axes_value(&t->axes, line->point, k));
        fputs("</td>", file);
    }
    fprintf(file, "<td class=n>%s</td>", table_number(number, sizeof number, line->mean.mean.mean));
    fprintf(file, "<td class=n>%s</td>", table_interval(interval, sizeof interval, &line->mean));
    fprintf(file, "<td class=n>%s</td>", table_number(number, sizeof number, line->mean.median));
    fprintf(file, "<td class=n>%s</td><td class=n>%lld</td></tr>\n", table_count(count, sizeof count, &line->mean),
            (long long)line->first_run);
}

static void put_tables(FILE *file, const store *s) {
    const table_options all = {0};
    table_data t = table_load(s, &all);
    for (size_t i = 0; i < t.n; i++) {
        const table_line *line = &t.line[i];
        if (table_begins_metric(&t, i)) {
            fprintf(file, "%s<details><summary>", i > 0 ? "</table></div></details>\n" : "");
            html_text(file, line->metric);
            fputs(line->entity[0] != '\0' ? " of " : "", file);
            html_text(file, line->entity);
            fputs(" (", file);
            html_text(file, line->unit);
            fputs(")</summary><div class=scroll><table><tr>", file);
            for (size_t k = 0; k < t.axes.keys; k++) {
                fputs("<th>", file);
                html_text(file, t.axes.key[k]);
                fputs("</th>", file);
            }
            fputs("<th class=n>mean</th><th class=n>95 % interval</th><th class=n>median</th><th class=n>n</th><th "
                  "class=n>first run</th></tr>\n",
                  file);
        }
        put_table_line(file, &t, line);
    }
    fputs("</table></div></details>\n", file);
    table_free(&t);
}

static void put_figure(FILE *file, const page_figure *f) {
    if (f->error != NULL) {
        fputs("<p class=bad>", file);
        html_text(file, f->name);
        fputs(" was not drawn: ", file);
        html_text(file, f->error);
        fputs("</p>\n", file);
        return;
    }
    char *svg = memory_format("%s/%s.svg", work, f->name), *csv = memory_format("%s/%s.csv", work, f->name),
         *caption = memory_format("%s/%s.txt", work, f->name), *text = resource_text(caption);
    fputs("<figure><img alt=\"", file);
    html_text(file, f->name);
    fputs("\" src=\"", file);
    html_data(file, "image/svg+xml", svg);
    fputs("\">\n<figcaption>", file);
    html_text(file, text);
    fputs("<a download=\"", file);
    html_text(file, f->name);
    fputs(".csv\" href=\"", file);
    html_data(file, "text/csv", csv);
    fputs("\">its numbers (CSV)</a></figcaption></figure>\n", file);
    free(text);
    free(caption);
    free(csv);
    free(svg);
}

static levels load_campaigns(const store *s) {
    levels names = {0};
    sqlite3_stmt *query = store_prepare(s, "report-campaigns");
    while (store_step(s, query))
        level_add(&names, (const char *)sqlite3_column_text(query, 0));
    return names;
}

static bool has_runs(store *s, const char *campaign) {
    sqlite3_stmt *query = store_prepare(s, "report-campaigns");
    bool has = false;
    while (store_step(s, query))
        has |= strcmp((const char *)sqlite3_column_text(query, 0), campaign) == 0 && sqlite3_column_int(query, 3) > 0;
    return has;
}

static void put_campaign(FILE *file, store *s, const levels *names, size_t i, const char *const *figure,
                         size_t figures) {
    fprintf(file, "<h2 id=campaign%zu>", i + 1);
    html_text(file, names->text[i]);
    fputs("</h2>\n", file);
    if (!has_runs(s, names->text[i])) {
        fputs("<p class=bad>No completed run.</p>\n", file);
        return;
    }
    store_choose(s, names->text[i], NULL, 0);
    page_figures drawn = page_figures_draw(s, names->text[i], names->n == 1, figure, figures, work, "svg");
    for (size_t k = 0; k < drawn.n; k++)
        put_figure(file, &drawn.item[k]);
    page_figures_free(&drawn);
    fputs("<h3>Tables</h3>\n<p>Intervals are of 95 %: Student's t; Wilson's for shares; the bootstrap from 15 values "
          "on for stalls and times. "
          "n: runs with a value, of the runs of the point; where all seeds gave the same result, they count as "
          "one.</p>\n",
          file);
    put_tables(file, s);
}

static void put_page(FILE *file, store *s, const char *const *figure, size_t figures) {
    static const char *const campaign_head[] = {"campaign", "sweep",     "points",      "runs done",  "failed",
                                                "ignored",  "CPU hours", "first start", "last start", "hosts"};
    static const char *const build_head[] = {"commit", "changed", "simulates with", "compiler", "hash", "runs"};
    levels names = load_campaigns(s);
    const char *slash = strrchr(s->file, '/');
    fputs("<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8><meta name=viewport "
          "content=\"width=device-width,initial-scale=1\">\n<title>",
          file);
    html_text(file, slash != NULL ? slash + 1 : s->file);
    fprintf(file, "</title><link rel=icon href=\"data:,\"><style>%s</style></head><body>\n<h1>", style_text);
    html_text(file, slash != NULL ? slash + 1 : s->file);
    fputs("</h1>\n<nav>", file);
    for (size_t i = 0; i < names.n; i++) {
        fprintf(file, "<a href=\"#campaign%zu\">", i + 1);
        html_text(file, names.text[i]);
        fputs("</a>", file);
    }
    fputs("<a href=\"#failures\">failed runs</a></nav>\n<h2 id=ran>What ran</h2>\n", file);
    put_query(file, s, "report-campaigns", "ttnnnnnttt", campaign_head);
    put_query(file, s, "report-builds", "hntthn", build_head);
    for (size_t i = 0; i < names.n; i++)
        put_campaign(file, s, &names, i, figure, figures);
    put_failures(file, s);
    fputs("<p>Any run again: <code>mptcp-lab repro RUN --db ", file);
    html_text(file, slash != NULL ? slash + 1 : s->file);
    fputs("</code></p>\n</body></html>\n", file);
    levels_free(&names);
}

void page_write(store *s, const char *path, const char *const *figure, size_t figures) {
    char *part = memory_format("%s.part", path);
    FILE *file = fopen(part, "w");
    if (file == NULL)
        report_fatal(EXIT_FILE, "%s: %s", part, strerror(errno));
    if (mkdtemp(work) == NULL)
        report_fatal(EXIT_FILE, "%s: %s", work, strerror(errno));
    atexit(remove_work);
    put_page(file, s, figure, figures);
    bool has_failed = ferror(file);
    if (fclose(file) != 0 || has_failed || rename(part, path) != 0) {
        int error = errno;
        remove(part);
        report_fatal(EXIT_FILE, "%s: %s", path, strerror(error));
    }
    free(part);
}
