/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mptcp-validate: what sweeps of experiments/fairness measured, beside both predictions, as a page of Markdown. All of it
 * comes from the database, and published figures from a file beside the scenarios; nothing else is put in.
 */
#include "validate.h"

#include "../resource.h"

#include <argp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2, KEY_TARGETS = 't', KEY_FIGURES = 'f' };

#define PREFIX "fairness-"
/* What the page is of: the experiments, and what is drawn only. */
#define IS_OF_PAGE "(campaign GLOB '" PREFIX "*' OR campaign IN ('map', 'map-alone', 'windows'))"

static void die(const page *pg, const char *what) {
    fprintf(stderr, "mptcp-validate: %s: %s\n", pg->file, what);
    exit(EXIT_FAILURE);
}

static sqlite3_stmt *prepare(const page *pg, const char *sql) {
    sqlite3_stmt *query;
    if (sqlite3_prepare_v2(pg->db, sql, -1, &query, NULL) != SQLITE_OK)
        die(pg, sqlite3_errmsg(pg->db));
    return query;
}

static const char *text_of(sqlite3_stmt *row, int column) {
    const char *text = (const char *)sqlite3_column_text(row, column);
    return text ? text : "";
}

/* ---- What is judged ------------------------------------------------------------------------------------------- */

void page_load(page *pg, const char *campaigns) {
    sqlite3_stmt *query =
        prepare(pg, "SELECT point_id, name, label, json FROM campaign JOIN point USING (campaign_id) JOIN "
                    "config USING (config_id) WHERE is_current AND name GLOB ?1 ORDER BY name, position");
    sqlite3_bind_text(query, 1, campaigns, -1, SQLITE_STATIC);
    while (sqlite3_step(query) == SQLITE_ROW) {
        point *p = memory_new(1, sizeof *p);
        p->id = sqlite3_column_int64(query, 0);
        p->campaign = memory_text(text_of(query, 1));
        p->label = memory_text(text_of(query, 2));
        p->json = memory_text(text_of(query, 3));
        if (!point_load(p, pg->db))
            exit(EXIT_FAILURE);
        if (p->runs > 0) {
            pg->point = memory_grow(pg->point, pg->points, sizeof *pg->point);
            pg->point[pg->points++] = p;
        } else {
            point_free(p);
            free(p);
        }
    }
    sqlite3_finalize(query);
}

void page_free(page *pg) {
    for (size_t i = 0; i < pg->points; i++) {
        point_free(pg->point[i]);
        free(pg->point[i]);
    }
    free(pg->point);
}

static verdict judge(const point_row *row, double *off) {
    double predicted = point_predicted(row);
    *off = row->measured.mean / predicted - 1;
    if (!isfinite(row->tolerance))
        return TOLD;
    if (!isfinite(*off))
        return NOT_PREDICTED;
    return fabs(*off) <= row->tolerance ? WITHIN : OUTSIDE;
}

static const char *experiment_of(const point *p) {
    return p->campaign + strlen(PREFIX);
}

/* ---- The page ------------------------------------------------------------------------------------------------- */

static void print_value(double value) {
    if (isfinite(value))
        printf(" %.3g |", value);
    else
        printf(" |");
}

static void print_interval(const stats_interval *v) {
    if (!isfinite(v->mean))
        printf(" |");
    else if (!isfinite(v->low))
        printf(" %.3g |", v->mean);
    else
        printf(" %.3g [%.3g, %.3g] |", v->mean, v->low, v->high);
}

static void print_row(const page *pg, const point *p, const point_row *row) {
    static const char *const words[] = {"within", "**outside**", "not predicted", "told"};
    double off;
    verdict v = judge(row, &off);
    printf("| %s | %s%s%s |", p->label[0] ? p->label : "-", row->name, *row->unit ? ", " : "", row->unit);
    print_value(target_of(pg, experiment_of(p), p->label, row->name));
    print_value(row->fluid);
    print_interval(&row->packets);
    print_interval(&row->measured);
    printf(" %zu |", row->measured.n);
    if (!isfinite(off))
        printf(" |");
    else if (v == TOLD)
        printf(" %+.1f %% |", 100 * off);
    else
        printf(" %+.1f of %.0f %% |", 100 * off, 100 * row->tolerance);
    printf(" %s |\n", words[v]);
}

/* The lines of a file's head that are remarks. @return whether there are any */
static bool print_head(const char *line) {
    bool is_first = true;
    while (*line == '#') {
        size_t length = strcspn(line, "\n");
        if (strncmp(line, "# SPDX", 6) != 0) {
            printf("%s%.*s", is_first ? "" : "\n", (int)(length > 2 ? length - 2 : 0),
                   line + (length > 2 ? 2 : length));
            is_first = false;
        }
        line += length + (line[length] == '\n');
    }
    if (!is_first)
        puts("\n");
    return !is_first;
}

/* What the sweep file says of itself, or else its scenario. */
static void print_remark(const page *pg, const char *campaign) {
    sqlite3_stmt *query = prepare(pg, "SELECT text, scenario FROM campaign WHERE name = ?1");
    sqlite3_bind_text(query, 1, campaign, -1, SQLITE_STATIC);
    if (sqlite3_step(query) == SQLITE_ROW && !print_head(text_of(query, 0)))
        print_head(text_of(query, 1));
    sqlite3_finalize(query);
}

static void print_notes(const page *pg, const char *campaign) {
    bool has_notes = false;
    for (size_t i = 0; i < pg->points; i++) {
        const point *p = pg->point[i];
        if (strcmp(p->campaign, campaign) != 0 || p->note[0] == '\0')
            continue;
        const char *said = strchr(p->note, ' ');
        printf("%s- %s:%s", has_notes ? "" : "\nNot everything is predicted:\n\n", p->label, said ? said : p->note);
        puts("");
        has_notes = true;
    }
}

/* What of a sweep is drawn, by validate.sh. */
static void print_figure(const char *campaign) {
    static const struct {
        const char *campaign, *title, *file;
    } all[] = {
        {PREFIX "others", "What each of the other controls gets by one TCP flow", "fairness-others"},
        {PREFIX "responsive", "Goodput while the competitors leave", "fairness-responsive"},
        {"map", "Jain's index by rate and RTT ratio", "fairness-map"},
        {"map-alone", "Aggregation benefit by rate and RTT ratio", "aggregation-map"},
        {"windows", "Windows of coupled subflows", "fairness-windows"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].campaign, campaign) == 0)
            printf("\n![%s](figures/%s.png)\n", all[i].title, all[i].file);
}

/* Sweeps without rows: a figure each. */
static void print_drawn_only(const page *pg) {
    sqlite3_stmt *query =
        prepare(pg, "SELECT campaign, count(*), group_concat(DISTINCT substr(commit_id, 1, 10) || iif(dirty, ' "
                    "(changed)', '')) FROM run_named WHERE is_current AND status = 'ok' AND ignored = '' AND "
                    "NOT campaign GLOB '" PREFIX "*' AND " IS_OF_PAGE " GROUP BY campaign ORDER BY campaign");
    while (sqlite3_step(query) == SQLITE_ROW) {
        printf("## %s\n\n", text_of(query, 0));
        print_remark(pg, text_of(query, 0));
        printf("%d runs; core: commit %s.\n", sqlite3_column_int(query, 1), text_of(query, 2));
        print_figure(text_of(query, 0));
        puts("");
    }
    sqlite3_finalize(query);
}

static void print_experiment(const page *pg, size_t first) {
    const char *campaign = pg->point[first]->campaign;
    printf("## %s\n\n", experiment_of(pg->point[first]));
    print_remark(pg, campaign);
    puts("| point | quantity | published | fluid | packets | measured | n | off | verdict |");
    puts("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (size_t i = first; i < pg->points && strcmp(pg->point[i]->campaign, campaign) == 0; i++)
        for (size_t r = 0; r < pg->point[i]->rows; r++)
            print_row(pg, pg->point[i], &pg->point[i]->row[r]);
    print_notes(pg, campaign);
    print_figure(campaign);
    puts("");
}

static bool is_first_of_campaign(const page *pg, size_t i) {
    return i == 0 || strcmp(pg->point[i]->campaign, pg->point[i - 1]->campaign) != 0;
}

static void count(const page *pg, const char *campaign, size_t counts[VERDICTS]) {
    double off;
    for (size_t i = 0; i < pg->points; i++)
        for (size_t r = 0; r < pg->point[i]->rows; r++)
            if (campaign == NULL || strcmp(pg->point[i]->campaign, campaign) == 0)
                counts[judge(&pg->point[i]->row[r], &off)]++;
}

/* Then the difference may be one of chance. */
static bool do_overlap(const point_row *row) {
    if (!isfinite(row->packets.mean))
        return row->measured.low <= row->fluid && row->fluid <= row->measured.high;
    return row->measured.low <= row->packets.high && row->packets.low <= row->measured.high;
}

static void print_outside(const page *pg) {
    double off;
    bool has_any = false;
    for (size_t i = 0; i < pg->points; i++)
        for (size_t r = 0; r < pg->point[i]->rows; r++) {
            const point *p = pg->point[i];
            if (judge(&p->row[r], &off) != OUTSIDE)
                continue;
            printf("%s- %s, %s: %s is %+.1f %% off; both intervals %s\n", has_any ? "" : "\nOutside:\n\n",
                   experiment_of(p), p->label, p->row[r].name, 100 * off,
                   do_overlap(&p->row[r]) ? "overlap" : "are apart");
            has_any = true;
        }
}

static void print_summary(const page *pg) {
    size_t all[VERDICTS] = {0};
    puts("| experiment | within | outside | not predicted | told |");
    puts("| --- | --- | --- | --- | --- |");
    for (size_t i = 0; i < pg->points; i++) {
        size_t counts[VERDICTS] = {0};
        if (!is_first_of_campaign(pg, i))
            continue;
        count(pg, pg->point[i]->campaign, counts);
        printf("| [%s](#%s) | %zu | %zu | %zu | %zu |\n", experiment_of(pg->point[i]), experiment_of(pg->point[i]),
               counts[WITHIN], counts[OUTSIDE], counts[NOT_PREDICTED], counts[TOLD]);
    }
    count(pg, NULL, all);
    printf("\n%zu within, %zu outside, %zu not predicted, %zu told.\n", all[WITHIN], all[OUTSIDE], all[NOT_PREDICTED],
           all[TOLD]);
    print_outside(pg);
    puts("");
}

static void print_cost(const page *pg) {
    sqlite3_stmt *query = prepare(
        pg,
        "SELECT count(*), total(cpu_s), group_concat(DISTINCT substr(commit_id, 1, 10) || iif(dirty, ' (changed)', "
        "'')), count(DISTINCT oracle) FROM run_named LEFT JOIN prediction USING (run_id) WHERE is_current AND status "
        "= 'ok' AND ignored = '' AND " IS_OF_PAGE);
    if (sqlite3_step(query) == SQLITE_ROW)
        printf("%d runs, %.0f CPU seconds; core: commit %s; predictions by %d version%s of mptcp-oracle.\n\n",
               sqlite3_column_int(query, 0), sqlite3_column_double(query, 1), text_of(query, 2),
               sqlite3_column_int(query, 3), sqlite3_column_int(query, 3) == 1 ? "" : "s");
    sqlite3_finalize(query);
}

/* ---- Both engines --------------------------------------------------------------------------------------------- */

/* Runs of one seed whose points differ in the axis `engine` alone: how far apart are all of their metrics? */
static void print_engines(const page *pg) {
    sqlite3_stmt *query = prepare(
        pg,
        "SELECT a.campaign, replace(a.label, 'engine=link', ''), count(DISTINCT a.seed), count(*), "
        "max(abs(m.value - o.value) / max(abs(m.value), 1e-12)), sum(m.value <> o.value) FROM run_named a JOIN "
        "run_named b ON "
        "b.campaign = a.campaign AND b.seed = a.seed AND b.label = replace(a.label, 'engine=link', 'engine=ns3') JOIN "
        "metric m ON m.run_id = a.run_id JOIN metric o ON o.run_id = b.run_id AND o.name = m.name AND o.entity = "
        "m.entity "
        "WHERE a.label LIKE '%engine=link%' AND a.status = 'ok' AND b.status = 'ok' AND a.is_current AND b.is_current "
        "AND "
        "m.name NOT GLOB 'predicted_*' AND a.campaign GLOB '" PREFIX "*' GROUP BY a.campaign, a.label");
    bool has_any = false;
    while (sqlite3_step(query) == SQLITE_ROW) {
        if (!has_any)
            puts(
                "## Both engines\n\nThe same points and seeds simulated by ns-3 and by the link engine, all metrics of "
                "each run compared.\n\n| experiment | point | seeds | metrics | that differ | greatest difference |\n"
                "| --- | --- | --- | --- | --- | --- |");
        has_any = true;
        printf("| %s | %s | %d | %d | %d | %.2g %% |\n", text_of(query, 0) + strlen(PREFIX), text_of(query, 1),
               sqlite3_column_int(query, 2), sqlite3_column_int(query, 3), sqlite3_column_int(query, 5),
               100 * sqlite3_column_double(query, 4));
    }
    sqlite3_finalize(query);
    if (has_any)
        puts("");
}

/* Of the sweeps shared-N, by --figures. */
static bool has_figure(const page *pg) {
    for (size_t i = 0; i < pg->points; i++)
        if (strncmp(experiment_of(pg->point[i]), "shared-", 7) == 0)
            return true;
    return false;
}

static void print_page(const page *pg) {
    puts("# Fairness, measured and predicted\n");
    puts("Made by `experiments/fairness/validate.sh`; [experiments/fairness](../experiments/fairness/README.md) says "
         "what "
         "the scenarios are and why a row\nis outside, [analysis/README.md](../analysis/README.md) how the predictions "
         "are "
         "made. Published: by the papers named there. Fluid: the equilibrium by the papers'\nfixed points. Packets: "
         "the mean "
         "of ideal senders, ACK by ACK, which share no code with the core, with the seeds of the runs. Measured: the "
         "core "
         "over simulated\nlinks, after the warm-up (`measure_from_s` of the scenario). Intervals are of 95 % over "
         "seeds. The "
         "verdict is of the measured mean against the packets' (or, where\nthere are none, the fluid's): 7 % on sums, "
         "ratios "
         "and Jain's index, 15 % on a path, 40 % on OLIA's paths. Told, and not judged: where flows\nshare a drop-tail "
         "queue, in which they lock into phases, how long "
         "it takes after a change, and of what may fill or loses at random the mean queue towards the hosts and the "
         "part of the packets that it took.\nGoodput of NAME is a flow's: the mean of NAME1, NAME2 and so on, which "
         "are alike; the least and the greatest of them are told.\n");
    print_cost(pg);
    print_summary(pg);
    if (has_figure(pg))
        puts("![The connection's part against the number of TCP flows](figures/fairness-ratio.png)\n");
    for (size_t i = 0; i < pg->points; i++)
        if (is_first_of_campaign(pg, i))
            print_experiment(pg, i);
    print_drawn_only(pg);
    print_engines(pg);
}

static bool is_any_stale(const page *pg) {
    bool is_stale = false;
    for (size_t i = 0; i < pg->points; i++)
        if (pg->point[i]->is_stale) {
            fprintf(stderr, "mptcp-validate: %s %s: no prediction is stored; `mptcp-lab predict --db %s' makes it\n",
                    pg->point[i]->campaign, pg->point[i]->label, pg->file);
            is_stale = true;
        }
    return is_stale;
}

/* ---- The program ---------------------------------------------------------------------------------------------- */

static const struct argp_option option_list[] = {
    {"targets", KEY_TARGETS, "FILE", 0, "published figures: lines experiment,point,quantity,value,source", 0},
    {"figures", KEY_FIGURES, "DIR", 0, "draw the figures there instead", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state) {
    page *pg = state->input;
    if (key == KEY_TARGETS)
        pg->targets_file = arg;
    else if (key == KEY_FIGURES)
        pg->figures = arg;
    else if (key == ARGP_KEY_ARG && pg->file == NULL)
        pg->file = arg;
    else if (key == ARGP_KEY_ARG || (key == ARGP_KEY_END && pg->file == NULL))
        argp_error(state, "one FILE.db expected");
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

const char *argp_program_version = "mptcp-validate " MPTCP_VERSION;

int main(int argc, char **argv) {
    page pg = {0};
    const struct argp argp = {
        .options = option_list,
        .parser = parse,
        .args_doc = "FILE.db",
        .doc = "Prints what the sweeps of experiments/fairness measured, beside both predictions, as "
               "Markdown.\vExample:\n  mptcp-validate fairness.db > validation.md\n\nExit status: 0 done, whatever the "
               "verdicts, 1 the database cannot be used or lacks "
               "predictions, 2 "
               "wrong command line."};
    argp_err_exit_status = EXIT_USAGE;
    argp_parse(&argp, argc, argv, 0, NULL, &pg);
    if (sqlite3_open_v2(pg.file, &pg.db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        die(&pg, sqlite3_errmsg(pg.db));
    if (pg.targets_file != NULL && !targets_read(&pg))
        return EXIT_FAILURE;
    page_load(&pg, PREFIX "*");
    if (pg.points == 0 && pg.figures == NULL)
        die(&pg, "no completed run of a sweep called " PREFIX "...");
    if (is_any_stale(&pg))
        return EXIT_FAILURE;
    if (pg.figures != NULL) {
        resource_find(NULL);
        bool has_ratio = figure_ratio(&pg), has_maps = figure_maps(&pg);
        if (!figure_delay(&pg) && !has_ratio && !has_maps)
            die(&pg, "holds none of the sweeps that the figures show");
        return EXIT_SUCCESS;
    }
    print_page(&pg);
    if (!targets_are_used(&pg))
        return EXIT_FAILURE;
    sqlite3_close(pg.db);
    return EXIT_SUCCESS;
}
