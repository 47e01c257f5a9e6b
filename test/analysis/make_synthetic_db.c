/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * make_synthetic_db SCHEMA.sql FILE [--without NAME]: a result database with invented but plausible numbers, to test
 * the drawing of figures without a simulation. NAME, a metric or the first word of a series, is left out.
 * The same arguments give the same content.
 */
#define _GNU_SOURCE 1
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <sqlite3.h>

#define SEEDS 5

static sqlite3 *db;
static gsl_rng *rng;
static const char *left_out = "";
static int point_id, run_id;

static void execute(const char *sql) {
    char *message;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fprintf(stderr, "make_synthetic_db: %s: %s\n", sql, message);
        exit(1);
    }
}

static void execute_format(const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *sql = sqlite3_vmprintf(format, args);
    va_end(args);
    execute(sql);
    sqlite3_free(sql);
}

static void execute_file(const char *path) {
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "r");
    if (file == NULL || getdelim(&text, &size, '\0', file) < 0) {
        perror(path);
        exit(1);
    }
    fclose(file);
    execute(text);
    free(text);
}

/* The number of what a metric or sample is of; a series is named 'NAME ENTITY UNIT'. */
static long long quantity(const char *name, const char *entity, const char *unit) {
    sqlite3_stmt *query;
    execute_format("INSERT OR IGNORE INTO quantity (name, entity, unit) VALUES ('%s', '%s', '%s')", name, entity, unit);
    char *sql = sqlite3_mprintf("SELECT quantity_id FROM quantity WHERE name = %Q AND entity = %Q AND unit = %Q", name,
                                entity, unit);
    long long id = sqlite3_prepare_v2(db, sql, -1, &query, NULL) == SQLITE_OK && sqlite3_step(query) == SQLITE_ROW
                       ? sqlite3_column_int64(query, 0)
                       : 0;
    sqlite3_finalize(query);
    sqlite3_free(sql);
    return id;
}

static void add_metric(const char *name, const char *entity, const char *unit, double value) {
    if (strcmp(name, left_out) != 0)
        execute_format("INSERT INTO metric_value VALUES (%d, %lld, %.17g, 0)", run_id, quantity(name, entity, unit),
                       value);
}

static void add_sample(const char *series, double time_s, double value) {
    size_t length = strcspn(series, " ");
    const char *unit = strrchr(series, ' ');
    char *name = strndup(series, length), *entity = strndup(series + length + 1, (size_t)(unit - series) - length - 1);
    if (strcmp(name, left_out) != 0)
        execute_format("INSERT INTO sample_value VALUES (%d, %lld, %lld, %.17g)", run_id,
                       quantity(name, entity, unit + 1), (long long)(time_s * 1e6), value);
    free(name);
    free(entity);
}

static double about(double mean, double deviation) {
    return fmax(0.0, mean + gsl_ran_gaussian(rng, deviation));
}

/* One point of a sweep's grid: up to two axes. */
static void add_point(int campaign_id, const char *key1, const char *value1, const char *key2, const char *value2) {
    point_id++;
    char label[256];
    snprintf(label, sizeof label, key2 != NULL ? "%s=%s %s=%s" : "%s=%s", key1, value1, key2, value2);
    execute_format("INSERT INTO config VALUES (%d, 'hash%d', '{}')", point_id, point_id);
    execute_format("INSERT INTO point VALUES (%d, %d, %d, %d, '%s', 1)", point_id, campaign_id, point_id, point_id,
                   label);
    execute_format("INSERT INTO point_axis VALUES (%d, 0, '%s', '%s')", point_id, key1, value1);
    if (key2 != NULL)
        execute_format("INSERT INTO point_axis VALUES (%d, 1, '%s', '%s')", point_id, key2, value2);
}

static void add_run(int build_id, int seed, const char *status) {
    run_id++;
    execute_format(
        "INSERT INTO run (run_id, point_id, build_id, seed, status, exit_code, argv, started_at, host, wall_s,"
        " cpu_s, memory_kib, stderr_end, result_hash) VALUES (%d, %d, %d, %d, '%s', 0, 'mptcp-run x.yaml --seed"
        " %d', '2026-01-0%dT00:00:00.000Z', 'host', 1, 1, 1, '', 'hash%d')",
        run_id, point_id, build_id, seed, status, seed, build_id, run_id);
}

static void add_event(double time_s, const char *name, const char *entity, const char *detail) {
    static int position;
    execute_format("INSERT INTO event VALUES (%d, %d, %lld, '%s', '%s', '%s')", run_id, position++,
                   (long long)(time_s * 1e6), name, entity, detail);
}

/* The walk: away at the speed from 20 m to 160 m and back; in range up to 100 m. */
static void add_walk(const char *transport, double speed_mps) {
    int is_mptcp = strcmp(transport, "mptcp") == 0;
    int has_wifi = is_mptcp || strcmp(transport, "tcp-wifi") == 0;
    int has_lte = is_mptcp || strcmp(transport, "tcp-lte") == 0;
    double turn_s = 140 / speed_mps, end_s = 2 * turn_s;
    if (is_mptcp) {
        add_event(0.1, "subflow_up", "flow:download path:wifi", "");
        add_event(0.2, "subflow_up", "flow:download path:lte", "");
        add_event(80 / speed_mps, "subflow_down", "flow:download path:wifi", "address is gone");
        add_event(80 / speed_mps + 0.1, "reinject", "flow:download path:lte", "14600 bytes");
        add_event(200 / speed_mps, "subflow_up", "flow:download path:wifi", "");
    }
    double wifi_back_s = 200 / speed_mps + about(2, 0.7);
    for (double time_s = 0.1; time_s < end_s + 0.05; time_s += 0.1) {
        double position_m = 20 + speed_mps * (time_s < turn_s ? time_s : end_s - time_s);
        int is_in_range = position_m < 100;
        int wifi_works = is_in_range && (time_s < turn_s || time_s > wifi_back_s || is_mptcp);
        double wifi = has_wifi && wifi_works ? about(fmin(22, 40 - 0.35 * position_m), 3) : 0;
        double lte = has_lte ? about(12, 1.5) * (1 - exp(-time_s)) : 0;
        add_sample("goodput flow:download Mb/s", time_s, wifi + lte);
        if (has_wifi) {
            add_sample("goodput flow:download path:wifi Mb/s", time_s, wifi);
            add_sample("in_range path:wifi bool", time_s, is_in_range);
        }
        if (has_lte)
            add_sample("goodput flow:download path:lte Mb/s", time_s, lte);
    }
}

static void add_handover(void) {
    static const char *const speeds[] = {"1", "2", "4", "8"}, *const transports[] = {"mptcp", "tcp-wifi", "tcp-lte"};
    for (size_t i = 0; i < 4; i++) {
        double speed_mps = atof(speeds[i]);
        for (size_t k = 0; k < 3; k++) {
            add_point(1, "mobility.phone.speed_mps", speeds[i], "transport", transports[k]);
            double wifi_mbps = k == 2 ? 0 : 18, lte_mbps = k == 1 ? 0 : 12;
            for (int seed = 1; seed <= SEEDS; seed++) {
                add_run(2, seed, "ok");
                add_walk(transports[k], speed_mps);
                add_metric("goodput", "flow:download", "Mb/s", about(0.6 * wifi_mbps + lte_mbps, 0.5));
                add_metric("goodput_in_range", "flow:download", "Mb/s", about(0.97 * (wifi_mbps + lte_mbps), 0.4));
                add_metric("goodput_out_of_range", "flow:download", "Mb/s", about(lte_mbps, lte_mbps > 0 ? 0.3 : 0));
                add_metric("stall_max", "flow:download", "s",
                           k == 0   ? 0.4 * gsl_ran_lognormal(rng, 0, 0.3)
                           : k == 1 ? 120 / speed_mps + 10 * gsl_ran_lognormal(rng, 0, 0.5)
                                    : 0.09 * gsl_ran_lognormal(rng, 0, 0.2));
                if (k == 0) {
                    add_metric("path_share", "flow:download path:wifi", "fraction", about(0.45, 0.01));
                    add_metric("bytes_reinjected", "flow:download", "bytes", floor(about(200000, 20000)));
                }
            }
        }
    }
    add_run(2, 99, "timeout");
    add_run(1, 1, "ok"); /* of an earlier build: it must not count */
    add_metric("goodput", "flow:download", "Mb/s", 1e9);
}

static void add_fairness(void) {
    static const char *const algorithms[] = {"lia", "reno"};
    for (int i = 0; i < 2; i++) {
        add_point(2, "congestion_control", algorithms[i], NULL, NULL);
        for (int seed = 1; seed <= 10; seed++) {
            double ratio = about(i == 0 ? 1.13 : 1.97, 0.08), others = 0, flow_mbps = 8;
            add_run(2, seed, "ok");
            for (int k = 1; k <= 4; k++) {
                char entity[32];
                double goodput = about(flow_mbps, 0.4);
                snprintf(entity, sizeof entity, "flow:tcp%d", k);
                add_metric("goodput", entity, "Mb/s", goodput);
                others += goodput / 4;
            }
            add_metric("goodput", "flow:mptcp", "Mb/s", ratio * others);
            add_metric("goodput", "flow:mptcp path:a", "Mb/s", ratio * others / 2);
            add_metric("ratio_to_tcp", "", "1", ratio);
            add_metric("jain", "", "1", fmin(1, about(i == 0 ? 0.99 : 0.9, 0.005)));
        }
    }
}

static void add_single(void) {
    static const char *const losses[] = {"0.0005", "0.001", "0.002", "0.005", "0.01", "0.02", "0.04"};
    static const double k[] = {1.29, 1.29, 1.28, 1.24, 1.2, 1.1, 1.0};
    for (int i = 0; i < 7; i++) {
        add_point(3, "loss", losses[i], NULL, NULL);
        for (int seed = 1; seed <= SEEDS; seed++) {
            add_run(2, seed, "ok");
            add_metric("sqrt_law_k", "flow:download", "1", about(k[i], 0.01));
        }
    }
}

/* What a figure may meet: a dozen curves, names that gnuplot, TeX or a shell could misread, holes, seeds without effect. */
static void add_zoo(void) {
    static const char *const names[] = {
        "plain",
        "two words",
        "under_score^{x}",
        "it''s \"quoted\"",
        "100 % $ & # \\~",
        "a,b;c|d",
        "\xC3\xA9t\xC3\xA9",
        "word=value",
        "@min",
        "<b>&amp;</b>",
        "-1e3 {braces}",
        "a name so long that nobody could ever fit it into the key of a figure of one column"};
    static const char *const delays[] = {"1", "3", "10", "30", "100"};
    for (int i = 0; i < 12; i++) {
        for (int k = 0; k < 5; k++) {
            add_point(4, "variant", names[i], "paths.line.delay_ms", delays[k]);
            for (int seed = 1; seed <= 4; seed++) {
                double value = 5 + i + about(3, 0.5) * (k + 1);
                add_run(2, seed, "ok");
                if (i == 1) /* the same result for every seed */
                    execute_format("UPDATE run SET result_hash = 'same%d' WHERE run_id = %d", k, run_id);
                if (i != 2 || k != 3)
                    add_metric("goodput", "flow:download", "Mb/s", i == 1 ? 10 + k : value);
                add_metric("prediction", "flow:download", "Mb/s", value * about(1, 0.05));
                add_metric("connected", "flow:download", "bool", i % 3 != 0 || seed > 1);
                add_metric("bytes_delivered", "flow:download", "bytes", value * 1e6);
                if (i % 4 != 0 || seed <= 2)
                    add_metric("completion_time", "flow:download", "s", about(2 + i, 0.5));
            }
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 3 && !(argc == 5 && strcmp(argv[3], "--without") == 0)) {
        fputs("usage: make_synthetic_db SCHEMA.sql FILE [--without NAME]\n", stderr);
        return 2;
    }
    left_out = argc == 5 ? argv[4] : "";
    rng = gsl_rng_alloc(gsl_rng_mt19937);
    remove(argv[2]);
    if (sqlite3_open(argv[2], &db) != SQLITE_OK) {
        fprintf(stderr, "make_synthetic_db: %s: %s\n", argv[2], sqlite3_errmsg(db));
        return 1;
    }
    execute_file(argv[1]);
    execute("BEGIN");
    execute("INSERT INTO campaign (campaign_id, name, file, text, scenario) VALUES (1, 'handover', 'h.yaml', '', ''),"
            " (2, 'fairness', 'f.yaml', '', ''), (3, 'single', 's.yaml', '', ''), (4, 'zoo', 'z.yaml', '', '')");
    execute("INSERT INTO build VALUES (1, 'old', 0, '3.37', 'gcc', 'a'), (2, 'synthetic', 1, '3.37', 'gcc', 'b')");
    add_handover();
    add_fairness();
    add_single();
    add_zoo();
    execute("COMMIT");
    sqlite3_close(db);
    gsl_rng_free(rng);
    return 0;
}
