/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one run measured, into the store. */
#include "store.h"

#include <stdlib.h>
#include <string.h>

/* The statements that put one run's results. */
typedef struct {
    sqlite3_stmt *find_quantity;
    sqlite3_stmt *add_quantity;
    sqlite3_stmt *add_metric;
    sqlite3_stmt *add_sample;
    sqlite3_stmt *add_event;
} result_writer;

static bool writer_open(store *s, result_writer *w) {
    *w = (result_writer){0};
    return (w->find_quantity =
                store_kept(s, "SELECT quantity_id FROM quantity WHERE name = ?1 AND entity = ?2 AND unit = ?3")) &&
           (w->add_quantity = store_kept(s, "INSERT INTO quantity (name, entity, unit) VALUES (?1, ?2, ?3)")) &&
           (w->add_metric = store_kept(
                s, "INSERT INTO metric_value (run_id, quantity_id, value, is_censored) VALUES (?1, ?2, ?3, ?4)")) &&
           (w->add_sample = store_kept(
                s, "INSERT INTO sample_value (run_id, quantity_id, time_us, value) VALUES (?1, ?2, ?3, ?4)")) &&
           (w->add_event = store_kept(s, "INSERT INTO event (run_id, position, time_us, name, entity, detail)"
                                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
}

static bool run_statement(store *s, sqlite3_stmt *statement) {
    bool is_done = sqlite3_step(statement) == SQLITE_DONE || store_fail(s);
    sqlite3_reset(statement);
    return is_done;
}

static void bind_quantity(sqlite3_stmt *statement, const char *name, const char *entity, const char *unit) {
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, 2, entity, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, 3, unit, -1, SQLITE_TRANSIENT);
}

static bool quantity(store *s, result_writer *w, const char *name, const char *entity, const char *unit, int64_t *id) {
    bind_quantity(w->find_quantity, name, entity, unit);
    int code = sqlite3_step(w->find_quantity);
    *id = sqlite3_column_int64(w->find_quantity, 0);
    sqlite3_reset(w->find_quantity);
    if (code == SQLITE_ROW) {
        return true;
    }
    bind_quantity(w->add_quantity, name, entity, unit);
    bool is_added = code == SQLITE_DONE ? run_statement(s, w->add_quantity) : store_fail(s);
    *id = sqlite3_last_insert_rowid(s->db);
    return is_added;
}

/* A series is named 'NAME ENTITY UNIT': the first word, what is between, and the last one. */
static bool quantity_of_series(store *s, result_writer *w, const char *series, int64_t *id) {
    char *name = text_copy(series);
    char *unit = strrchr(name, ' ');
    char *entity = strchr(name, ' ');
    if (unit) {
        *unit++ = '\0';
    }
    if (entity) {
        *entity++ = '\0';
    }
    bool is_found = quantity(s, w, name, entity && entity < unit ? entity : "", unit ? unit : "", id);
    free(name);
    return is_found;
}

static bool insert_metrics(store *s, result_writer *w, int64_t run_id, const result *r) {
    bool is_good = true;
    for (size_t i = 0; i < r->metric_count && is_good; i++) {
        const result_metric *m = &r->metrics[i];
        int64_t quantity_id = 0;
        if (!quantity(s, w, m->name, m->entity, m->unit, &quantity_id)) {
            return false;
        }
        sqlite3_bind_int64(w->add_metric, 1, run_id);
        sqlite3_bind_int64(w->add_metric, 2, quantity_id);
        sqlite3_bind_double(w->add_metric, 3, m->value);
        sqlite3_bind_int(w->add_metric, 4, m->is_censored);
        is_good = run_statement(s, w->add_metric);
    }
    return is_good;
}

static bool insert_samples(store *s, result_writer *w, int64_t run_id, const result *r) {
    const char *series = NULL;
    int64_t quantity_id = 0;
    bool is_good = true;
    for (size_t i = 0; i < r->sample_count && is_good; i++) {
        const result_sample *sample = &r->samples[i];
        if (sample->series != series && !quantity_of_series(s, w, sample->series, &quantity_id)) {
            return false;
        }
        series = sample->series;
        sqlite3_bind_int64(w->add_sample, 1, run_id);
        sqlite3_bind_int64(w->add_sample, 2, quantity_id);
        sqlite3_bind_int64(w->add_sample, 3, sample->time_us);
        sqlite3_bind_double(w->add_sample, 4, sample->value);
        is_good = run_statement(s, w->add_sample);
    }
    return is_good;
}

static bool insert_events(store *s, result_writer *w, int64_t run_id, const result *r) {
    bool is_good = true;
    for (size_t i = 0; i < r->event_count && is_good; i++) {
        const result_event *event = &r->events[i];
        sqlite3_bind_int64(w->add_event, 1, run_id);
        sqlite3_bind_int64(w->add_event, 2, (int64_t)i);
        sqlite3_bind_int64(w->add_event, 3, event->time_us);
        sqlite3_bind_text(w->add_event, 4, event->name, -1, SQLITE_STATIC);
        sqlite3_bind_text(w->add_event, 5, event->entity, -1, SQLITE_STATIC);
        sqlite3_bind_text(w->add_event, 6, event->detail, -1, SQLITE_STATIC);
        is_good = run_statement(s, w->add_event);
    }
    return is_good;
}

bool store_put_results(store *s, int64_t run_id, const result *r) {
    result_writer w;
    bool is_good = writer_open(s, &w) && insert_metrics(s, &w, run_id, r) && insert_samples(s, &w, run_id, r) &&
                   insert_events(s, &w, run_id, r);
    return is_good;
}
