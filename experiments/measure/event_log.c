/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE 1
#include "event_log.h"

#include <stdlib.h>
#include <string.h>

static void *checked(void *p) {
    if (!p) {
        fprintf(stderr, "mptcp-run: out of memory\n");
        abort();
    }
    return p;
}

void event_log_add(struct event_log *log, int64_t time_ns, const char *name, const char *entity, const char *detail) {
    if (log->count == log->capacity) {
        log->capacity = 2 * log->capacity + 16;
        log->at = checked(realloc(log->at, log->capacity * sizeof *log->at));
    }
    log->at[log->count] = (struct event_entry){.time_ns = time_ns,
                                               .number = log->count,
                                               .name = name,
                                               .entity = checked(strdup(entity)),
                                               .detail = checked(strdup(detail))};
    log->count++;
}

static int by_time(const void *a_, const void *b_) {
    const struct event_entry *a = a_, *b = b_;

    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return a->number < b->number ? -1 : 1;
}

void event_log_print(struct event_log *log, int64_t end_ns, FILE *out) {
    if (log->count > 1)
        qsort(log->at, log->count, sizeof *log->at, by_time);
    for (size_t i = 0; i < log->count && log->at[i].time_ns <= end_ns; i++)
        fprintf(out, "event\t%lld\t%s\t%s\t%s\n", (long long)(log->at[i].time_ns / 1000), log->at[i].name,
                log->at[i].entity, log->at[i].detail);
}

void event_log_free(struct event_log *log) {
    for (size_t i = 0; i < log->count; i++) {
        free(log->at[i].entity);
        free(log->at[i].detail);
    }
    free(log->at);
    *log = (struct event_log){0};
}
