/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1

#include "capacity.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 4, COLUMN_TIME = 0, COLUMN_RATE, COLUMN_DELAY, COLUMN_LOSS };

struct reading {
    struct capacity *c;
    const char *file;
    int line;
    int column_of[COLUMNS_MAX]; /* which of the known ones each column of the file is */
    int column_count;
    char *error;
    size_t error_bytes;
};

static bool fail(const struct reading *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(const struct reading *r, const char *format, ...) {
    va_list args;
    int used = snprintf(r->error, r->error_bytes, "%s:%d: ", r->file, r->line);

    va_start(args, format);
    if (used >= 0 && (size_t)used < r->error_bytes)
        vsnprintf(r->error + used, r->error_bytes - (size_t)used, format, args);
    va_end(args);
    return false;
}

static void add(struct capacity *c, const struct capacity_row *row) {
    if (c->count == c->room) {
        c->room = c->room == 0 ? 256 : 2 * c->room;
        c->rows = realloc(c->rows, c->room * sizeof *c->rows);
        if (!c->rows)
            abort();
    }
    c->rows[c->count++] = *row;
}

/* ---- Reading ----------------------------------------------------------------------------------------------- */

static bool read_opportunity(const struct reading *r, const char *line) {
    char *end;
    long long ms = strtoll(line, &end, 10);
    const struct capacity_row row = {.time_ns = ms * 1000000, .delay_ns = -1, .loss = -1};

    if (end == line || *end != 0 || ms < 0 || ms > INT64_C(1000000000))
        return fail(r, "expected a time in whole ms, not \"%s\"", line);
    if (r->c->count > 0 && row.time_ns < r->c->rows[r->c->count - 1].time_ns)
        return fail(r, "expected a time no earlier than the one before, not \"%s\"", line);
    add(r->c, &row);
    return true;
}

static bool read_head(struct reading *r, char *line) {
    static const char *const names[COLUMNS_MAX] = {"time_s", "rate_mbps", "delay_ms", "loss"};
    bool has[COLUMNS_MAX] = {false};

    for (char *cell; (cell = strsep(&line, ","));) {
        int known = 0;

        while (known < COLUMNS_MAX && strcmp(names[known], cell) != 0)
            known++;
        if (known == COLUMNS_MAX || has[known] || r->column_count == COLUMNS_MAX)
            return fail(r, "expected the columns time_s, rate_mbps and, if wanted, delay_ms, loss, not \"%s\"", cell);
        has[known] = true;
        r->column_of[r->column_count++] = known;
    }
    r->c->has_delay = has[COLUMN_DELAY];
    r->c->has_loss = has[COLUMN_LOSS];
    return (has[COLUMN_TIME] && has[COLUMN_RATE]) || fail(r, "expected the columns time_s and rate_mbps");
}

static bool read_change(const struct reading *r, char *line) {
    double values[COLUMNS_MAX] = {-1, -1, -1, -1};
    struct capacity_row row;

    for (int i = 0; i < r->column_count; i++) {
        char *cell = strsep(&line, ","), *end = NULL;
        double value = cell ? strtod(cell, &end) : -1;

        if (!cell || end == cell || *end != 0 || !(value >= 0 && value <= 1e6))
            return fail(r, "expected %d numbers from 0 to 1e6", r->column_count);
        values[r->column_of[i]] = value;
    }
    if (line || values[COLUMN_LOSS] > 1)
        return fail(r, line ? "expected %d numbers" : "expected %d numbers, of which loss is at most 1",
                    r->column_count);
    row.time_ns = llround(values[COLUMN_TIME] * 1e9);
    row.rate_bps = (uint64_t)(values[COLUMN_RATE] * 1e6);
    row.delay_ns = values[COLUMN_DELAY] < 0 ? -1 : (int64_t)(values[COLUMN_DELAY] * 1e6);
    row.loss = values[COLUMN_LOSS];
    if (r->c->count > 0 && row.time_ns <= r->c->rows[r->c->count - 1].time_ns)
        return fail(r, "expected a time after the one before");
    add(r->c, &row);
    return true;
}

static bool read_line(struct reading *r, char *line) {
    line[strcspn(line, "\r\n")] = 0;
    r->line++;
    if (line[0] == 0 || line[0] == '#')
        return true;
    if (r->c->count == 0 && r->column_count == 0) {
        r->c->is_opportunities = strspn(line, "0123456789") == strlen(line);
        if (!r->c->is_opportunities)
            return read_head(r, line);
    }
    return r->c->is_opportunities ? read_opportunity(r, line) : read_change(r, line);
}

/* Whether a looped trace comes to something that passes: its last row is only its end. */
static bool has_capacity(const struct capacity *c) {
    for (size_t i = 0; i + c->is_looped < c->count; i++)
        if (c->rows[i].rate_bps > 0)
            return true;
    return c->is_opportunities;
}

struct capacity *capacity_read(const char *file, bool is_looped, char *error, size_t error_bytes) {
    struct reading r = {.c = calloc(1, sizeof *r.c), .file = file, .error = error, .error_bytes = error_bytes};
    FILE *in = fopen(file, "r");
    char *line = NULL;
    size_t bytes = 0;
    bool is_good = in != NULL;

    if (!r.c)
        abort();
    if (!in)
        fail(&r, "cannot be opened: %s", strerror(errno));
    while (is_good && getline(&line, &bytes, in) >= 0)
        is_good = read_line(&r, line);
    if (is_good && r.c->count > 0) {
        r.c->period_ns = r.c->rows[r.c->count - 1].time_ns;
        r.c->is_looped = is_looped;
        r.c->delay_ns = -1;
    }
    if (is_good && (r.c->count == 0 || (is_looped && r.c->period_ns == 0)))
        is_good = fail(&r, "expected a trace that ends after 0");
    if (is_good && !has_capacity(r.c))
        is_good = fail(&r, "expected a rate above 0 somewhere");
    free(line);
    if (in)
        fclose(in);
    if (!is_good) {
        capacity_free(r.c);
        return NULL;
    }
    return r.c;
}

void capacity_free(struct capacity *c) {
    if (c)
        free(c->rows);
    free(c);
}

/* ---- Following --------------------------------------------------------------------------------------------- */

static int64_t time_at(const struct capacity *c, const struct capacity_place *p) {
    return p->at < c->count ? p->start_ns + c->rows[p->at].time_ns : CAPACITY_NEVER;
}

static void pass(const struct capacity *c, struct capacity_place *p) {
    /* A looped CSV's last line is only its end: what it says is not brought about. */
    if (++p->at + (c->is_looped && !c->is_opportunities) >= c->count && c->is_looped) {
        p->at = 0;
        p->start_ns += c->period_ns;
    }
}

/* Go on to the first opportunity that is not before @p time_ns. */
static void skip_until(struct capacity *c, int64_t time_ns) {
    struct capacity_place *p = &c->sending;

    if (time_at(c, p) >= time_ns)
        return;
    c->used_bytes = 0;
    if (c->is_looped && time_ns > p->start_ns + c->period_ns) {
        p->start_ns += (time_ns - p->start_ns - 1) / c->period_ns * c->period_ns;
        p->at = 0;
    }
    while (time_at(c, p) < time_ns)
        pass(c, p);
}

/* An opportunity carries so many bytes, of one packet or several; a packet has left with its last byte. */
static int64_t send_at_opportunities(struct capacity *c, int64_t now_ns, uint32_t bytes) {
    int64_t time_ns;

    skip_until(c, now_ns);
    while ((time_ns = time_at(c, &c->sending)) != CAPACITY_NEVER && c->used_bytes + bytes > CAPACITY_BYTES) {
        bytes -= CAPACITY_BYTES - c->used_bytes;
        c->used_bytes = 0;
        pass(c, &c->sending);
    }
    c->used_bytes += bytes;
    return time_ns;
}

/* To the nearest nanosecond, as ns-3's DataRate has it. */
static int64_t transmission_ns(uint64_t bits, uint64_t rate_bps) {
    return (int64_t)((bits * UINT64_C(2000000000) + rate_bps) / (2 * rate_bps));
}

int64_t capacity_send(struct capacity *c, int64_t now_ns, uint32_t ip_bytes, uint32_t frame_bytes) {
    int64_t time_ns;

    if (c->is_opportunities)
        return send_at_opportunities(c, now_ns, ip_bytes);
    while ((time_ns = time_at(c, &c->sending)) <= now_ns || (c->rate_bps == 0 && time_ns != CAPACITY_NEVER)) {
        c->rate_bps = c->rows[c->sending.at].rate_bps;
        c->delay_ns = c->rows[c->sending.at].delay_ns;
        pass(c, &c->sending);
        now_ns = time_ns > now_ns ? time_ns : now_ns;
    }
    return c->rate_bps == 0 ? CAPACITY_NEVER
                            : now_ns + transmission_ns(UINT64_C(8) * (ip_bytes + frame_bytes), c->rate_bps);
}

int64_t capacity_next_change_ns(const struct capacity *c) {
    return c->has_loss ? time_at(c, &c->changing) : CAPACITY_NEVER;
}

double capacity_take_change(struct capacity *c) {
    double loss = c->rows[c->changing.at].loss;

    pass(c, &c->changing);
    return loss;
}
