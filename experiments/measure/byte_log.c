/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "byte_log.h"

#include <stdio.h>
#include <stdlib.h>

static void grow(struct byte_log *log) {
    log->capacity = log->capacity == 0 ? 16 : 2 * log->capacity;
    log->at = realloc(log->at, log->capacity * sizeof *log->at);
    if (!log->at) {
        fprintf(stderr, "mptcp-run: out of memory\n");
        abort();
    }
}

void byte_log_add(struct byte_log *log, int64_t now_ns, uint64_t bytes) {
    struct byte_entry *last = log->count > 0 ? &log->at[log->count - 1] : NULL;

    if (last && last->time_ns == now_ns) {
        last->total_bytes += bytes;
        return;
    }
    bytes += last ? last->total_bytes : 0;
    if (log->count == log->capacity)
        grow(log);
    log->at[log->count++] = (struct byte_entry){now_ns, bytes};
}

/* The index of the first entry after @p time_ns. */
static size_t index_after(const struct byte_log *log, int64_t time_ns) {
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

static uint64_t total_until(const struct byte_log *log, int64_t time_ns) {
    size_t after = index_after(log, time_ns);

    return after == 0 ? 0 : log->at[after - 1].total_bytes;
}

uint64_t byte_log_between(const struct byte_log *log, int64_t from_ns, int64_t to_ns) {
    uint64_t before = total_until(log, from_ns), until = total_until(log, to_ns);

    return until > before ? until - before : 0;
}

uint64_t byte_log_total(const struct byte_log *log) {
    return log->count == 0 ? 0 : log->at[log->count - 1].total_bytes;
}

int64_t byte_log_longest_gap(const struct byte_log *log, int64_t from_ns, int64_t to_ns) {
    int64_t longest = 0, previous = from_ns;

    for (size_t i = index_after(log, from_ns); i < log->count && log->at[i].time_ns <= to_ns; i++) {
        longest = log->at[i].time_ns - previous > longest ? log->at[i].time_ns - previous : longest;
        previous = log->at[i].time_ns;
    }
    return to_ns - previous > longest ? to_ns - previous : longest;
}

bool byte_log_first_after(const struct byte_log *log, int64_t time_ns, int64_t *found_ns) {
    size_t after = index_after(log, time_ns);

    if (after == log->count)
        return false;
    *found_ns = log->at[after].time_ns;
    return true;
}

bool byte_log_last_until(const struct byte_log *log, int64_t time_ns, int64_t *found_ns) {
    size_t after = index_after(log, time_ns);

    if (after == 0)
        return false;
    *found_ns = log->at[after - 1].time_ns;
    return true;
}

void byte_log_free(struct byte_log *log) {
    free(log->at);
    *log = (struct byte_log){0};
}
