/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "level_log.h"

#include <stdio.h>
#include <stdlib.h>

void level_log_set(struct level_log *log, int64_t now_ns, uint64_t value) {
    struct level_entry *last = log->count > 0 ? &log->at[log->count - 1] : NULL;

    if (value == (last ? last->value : 0))
        return;
    if (last && last->time_ns == now_ns) {
        last->value = value;
        return;
    }
    if (log->count == log->capacity) {
        log->capacity = 2 * log->capacity + 16;
        log->at = realloc(log->at, log->capacity * sizeof *log->at);
        if (!log->at) {
            fprintf(stderr, "mptcp-run: out of memory\n");
            abort();
        }
    }
    log->at[log->count++] = (struct level_entry){now_ns, value};
}

/* The index of the first change after @p time_ns. */
static size_t index_after(const struct level_log *log, int64_t time_ns) {
    size_t low = 0, high = log->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (log->at[middle].time_ns > time_ns)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

uint64_t level_log_at(const struct level_log *log, int64_t time_ns) {
    size_t after = index_after(log, time_ns);

    return after > 0 ? log->at[after - 1].value : 0;
}

double level_log_mean(const struct level_log *log, int64_t from_ns, int64_t to_ns) {
    uint64_t value = level_log_at(log, from_ns);
    int64_t since = from_ns;
    double area = 0;

    if (to_ns <= from_ns)
        return 0;
    for (size_t i = index_after(log, from_ns); i < log->count && log->at[i].time_ns < to_ns; i++) {
        area += (double)value * (double)(log->at[i].time_ns - since);
        since = log->at[i].time_ns;
        value = log->at[i].value;
    }
    return (area + (double)value * (double)(to_ns - since)) / (double)(to_ns - from_ns);
}

uint64_t level_log_greatest(const struct level_log *log, int64_t from_ns, int64_t to_ns) {
    uint64_t greatest = level_log_at(log, from_ns);

    for (size_t i = index_after(log, from_ns); i < log->count && log->at[i].time_ns <= to_ns; i++)
        greatest = log->at[i].value > greatest ? log->at[i].value : greatest;
    return greatest;
}

void level_log_free(struct level_log *log) {
    free(log->at);
    *log = (struct level_log){0};
}
