/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one run measured, into the store. */
#include "store.h"

#include "result_row.h"

#include <stdlib.h>
#include <string.h>

/* Ids of quantities by 'name TAB entity TAB unit', in a table of open addresses. */
struct store_quantities {
    struct {
        char *key;
        int64_t id;
    } * slots;
    size_t slot_count, count;
    text_buf key;     /* the one that is looked for */
    result_rows rows; /* what the table result_row has */
    int64_t *ids;     /* of the run's metrics or samples, in their order */
};

/* ---- quantities ---- */

static size_t slot_of(const store_quantities *q, const char *key) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (const char *c = key; *c; c++) {
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    }
    size_t at = hash & (q->slot_count - 1);
    while (q->slots[at].key && strcmp(q->slots[at].key, key) != 0) {
        at = (at + 1) & (q->slot_count - 1);
    }
    return at;
}

static void grow(store_quantities *q) {
    store_quantities old = *q;
    q->slot_count = old.slot_count ? 2 * old.slot_count : 256;
    q->slots = text_alloc(q->slot_count * sizeof *q->slots);
    for (size_t i = 0; i < old.slot_count; i++) {
        if (old.slots[i].key) {
            q->slots[slot_of(q, old.slots[i].key)] = old.slots[i];
        }
    }
    free(old.slots);
}

static bool find_or_add(store *s, const char *name, const char *entity, const char *unit, int64_t *id) {
    sqlite3_stmt *find =
        store_kept(s, "SELECT quantity_id FROM quantity WHERE name = ?1 AND entity = ?2 AND unit = ?3");
    sqlite3_stmt *add =
        store_kept(s, "INSERT INTO quantity (name, entity, unit) VALUES (?1, ?2, ?3) RETURNING quantity_id");
    sqlite3_stmt *const tried[] = {find, add};
    int code = find && add ? SQLITE_DONE : SQLITE_ERROR;
    for (size_t i = 0; i < 2 && code == SQLITE_DONE; i++) {
        sqlite3_bind_text(tried[i], 1, name, -1, SQLITE_STATIC);
        sqlite3_bind_text(tried[i], 2, entity, -1, SQLITE_STATIC);
        sqlite3_bind_text(tried[i], 3, unit, -1, SQLITE_STATIC);
        code = sqlite3_step(tried[i]);
        *id = sqlite3_column_int64(tried[i], 0);
        sqlite3_reset(tried[i]);
    }
    return code == SQLITE_ROW || store_fail(s);
}

static bool quantity(store *s, const char *name, const char *entity, const char *unit, int64_t *id) {
    store_quantities *q = s->quantities;
    const char *const parts[] = {name, "\t", entity, "\t", unit};
    q->key.count = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        text_append(&q->key, parts[i], strlen(parts[i]));
    }
    if (2 * q->count >= q->slot_count) {
        grow(q);
    }
    size_t at = slot_of(q, q->key.bytes);
    if (!q->slots[at].key) {
        if (!find_or_add(s, name, entity, unit, &q->slots[at].id)) {
            return false;
        }
        q->slots[at].key = text_copy(q->key.bytes);
        q->count++;
    }
    *id = q->slots[at].id;
    return true;
}

/* A series is named 'NAME ENTITY UNIT': the first word, what is between, and the last one. */
static bool quantity_of_series(store *s, const char *series, int64_t *id) {
    char *name = text_copy(series);
    char *unit = strrchr(name, ' ');
    char *entity = strchr(name, ' ');
    if (unit) {
        *unit++ = '\0';
    }
    if (entity) {
        *entity++ = '\0';
    }
    bool is_found = quantity(s, name, entity && entity < unit ? entity : "", unit ? unit : "", id);
    free(name);
    return is_found;
}

static bool make_quantities(store *s) {
    if (!s->quantities) {
        s->quantities = text_alloc(sizeof *s->quantities);
        if (result_row_register(s->db, &s->quantities->rows) != SQLITE_OK) {
            return store_fail(s);
        }
    }
    return true;
}

void store_forget_quantities(store *s) {
    store_quantities *q = s->quantities;
    for (size_t i = 0; q && i < q->slot_count; i++) {
        free(q->slots[i].key);
    }
    if (q) {
        free(q->slots);
        *q = (store_quantities){.key = q->key, .ids = q->ids};
    }
}

void store_free_quantities(store *s) {
    store_forget_quantities(s);
    if (s->quantities) {
        text_free(&s->quantities->key);
        free(s->quantities->ids);
        free(s->quantities);
    }
    s->quantities = NULL;
}

/* ---- rows ---- */

typedef struct {
    const result *of;
    const int64_t *ids;
} measured;

static void metric_column(sqlite3_context *answer, const void *rows, size_t row, int column) {
    const measured *m = rows;
    const result_metric *metric = &m->of->metrics[row];
    switch (column) {
    case 0: sqlite3_result_int64(answer, m->ids[row]); break;
    case 1: sqlite3_result_double(answer, metric->value); break;
    case 2: sqlite3_result_int(answer, metric->is_censored); break;
    }
}

static void sample_column(sqlite3_context *answer, const void *rows, size_t row, int column) {
    const measured *m = rows;
    const result_sample *sample = &m->of->samples[row];
    switch (column) {
    case 0: sqlite3_result_int64(answer, m->ids[row]); break;
    case 1: sqlite3_result_int64(answer, sample->time_us); break;
    case 2: sqlite3_result_double(answer, sample->value); break;
    }
}

static void event_column(sqlite3_context *answer, const void *rows, size_t row, int column) {
    const result_event *event = &((const measured *)rows)->of->events[row];
    const char *const texts[] = {event->name, event->entity, event->detail};
    switch (column) {
    case 0: sqlite3_result_int64(answer, (sqlite3_int64)row); break;
    case 1: sqlite3_result_int64(answer, event->time_us); break;
    default: sqlite3_result_text(answer, texts[column - 2], -1, SQLITE_STATIC); break;
    }
}

static bool insert_all(store *s, const char *sql, int64_t run_id, const result_rows *rows) {
    sqlite3_stmt *insert = rows->count ? store_kept(s, sql) : NULL;
    if (!insert) {
        return rows->count == 0;
    }
    s->quantities->rows = *rows;
    sqlite3_bind_int64(insert, 1, run_id);
    bool is_done = sqlite3_step(insert) == SQLITE_DONE || store_fail(s);
    sqlite3_reset(insert);
    return is_done;
}

static bool insert_metrics(store *s, int64_t run_id, const result *r) {
    int64_t *ids = s->quantities->ids;
    for (size_t i = 0; i < r->metric_count; i++) {
        const result_metric *m = &r->metrics[i];
        if (!quantity(s, m->name, m->entity, m->unit, &ids[i])) {
            return false;
        }
    }
    return insert_all(s,
                      "INSERT INTO metric_value (run_id, quantity_id, value, is_censored)"
                      " SELECT ?1, a, b, c FROM result_row",
                      run_id, &(result_rows){&(measured){r, ids}, r->metric_count, metric_column});
}

static bool insert_samples(store *s, int64_t run_id, const result *r) {
    int64_t *ids = s->quantities->ids;
    for (size_t i = 0; i < r->sample_count; i++) {
        if (i && r->samples[i].series == r->samples[i - 1].series) {
            ids[i] = ids[i - 1];
        } else if (!quantity_of_series(s, r->samples[i].series, &ids[i])) {
            return false;
        }
    }
    return insert_all(s,
                      "INSERT INTO sample_value (run_id, quantity_id, time_us, value)"
                      " SELECT ?1, a, b, c FROM result_row",
                      run_id, &(result_rows){&(measured){r, ids}, r->sample_count, sample_column});
}

static bool insert_events(store *s, int64_t run_id, const result *r) {
    return insert_all(s,
                      "INSERT INTO event (run_id, position, time_us, name, entity, detail)"
                      " SELECT ?1, a, b, c, d, e FROM result_row",
                      run_id, &(result_rows){&(measured){r, NULL}, r->event_count, event_column});
}

bool store_put_results(store *s, int64_t run_id, const result *r) {
    if (!make_quantities(s)) {
        return false;
    }
    size_t count = r->metric_count > r->sample_count ? r->metric_count : r->sample_count;
    free(s->quantities->ids);
    s->quantities->ids = text_alloc((count + 1) * sizeof(int64_t));
    return insert_metrics(s, run_id, r) && insert_samples(s, run_id, r) && insert_events(s, run_id, r);
}
