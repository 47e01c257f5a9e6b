/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "subflow_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *grown(void *at, size_t count, size_t *capacity, size_t bytes) {
    if (count < *capacity)
        return at;
    *capacity = 2 * *capacity + 4;
    at = realloc(at, *capacity * bytes);
    if (!at) {
        fprintf(stderr, "mptcp-run: out of memory\n");
        abort();
    }
    return at;
}

struct subflow_record *subflow_log_find(const struct subflow_log *log, uint32_t id) {
    for (size_t i = log->count; i > 0; i--) /* the newest are those that things happen to */
        if (log->at[i - 1].id == id)
            return &log->at[i - 1];
    return NULL;
}

struct subflow_record *subflow_log_add(struct subflow_log *log, uint32_t id, const struct scn_path *path) {
    log->at = grown(log->at, log->count, &log->capacity, sizeof *log->at);
    log->at[log->count] = (struct subflow_record){.id = id, .path = path};
    return &log->at[log->count++];
}

void subflow_record_rtt(struct subflow_record *r, int64_t now_ns, int64_t rtt_ns) {
    if (r->rtt_ns > 0 && now_ns > r->rtt_since_ns) {
        r->spans = grown(r->spans, r->span_count, &r->span_capacity, sizeof *r->spans);
        r->spans[r->span_count++] = (struct rtt_span){r->rtt_ns, now_ns - r->rtt_since_ns};
    }
    r->rtt_ns = rtt_ns;
    r->rtt_since_ns = now_ns;
}

void subflow_log_free(struct subflow_log *log) {
    for (size_t i = 0; i < log->count; i++)
        free(log->at[i].spans);
    free(log->at);
    *log = (struct subflow_log){0};
}

struct parts {
    size_t less, equal; /* spans below the middle one's value, and of that value */
    double less_ns, equal_ns;
};

static void swap(struct rtt_span *a, struct rtt_span *b) {
    const struct rtt_span was = *a;

    *a = *b;
    *b = was;
}

/* Put those below the value of the middle one first, then those equal to it. */
static struct parts partition(struct rtt_span *spans, size_t count) {
    const int64_t middle_ns = spans[count / 2].rtt_ns;
    struct parts p = {0};

    for (size_t i = 0; i < count; i++) {
        if (spans[i].rtt_ns > middle_ns)
            continue;
        if (spans[i].rtt_ns == middle_ns) {
            p.equal_ns += (double)spans[i].duration_ns;
            swap(&spans[i], &spans[p.less + p.equal++]);
        } else {
            p.less_ns += (double)spans[i].duration_ns;
            swap(&spans[i], &spans[p.less + p.equal]);
            swap(&spans[p.less + p.equal], &spans[p.less]);
            p.less++;
        }
    }
    return p;
}

/*
 * The least of the values below or at which the fraction of the whole time is spent (Hoare's selection: the order of the
 * others is not needed).
 */
static double quantile_of(struct rtt_span *spans, size_t count, double quantile, double whole_ns) {
    double wanted_ns = quantile * whole_ns;

    for (;;) {
        const struct parts p = partition(spans, count);

        if (p.less > 0 && p.less_ns >= wanted_ns) {
            count = p.less;
        } else if (p.less_ns + p.equal_ns >= wanted_ns || p.less + p.equal == count) {
            return (double)spans[p.less].rtt_ns;
        } else {
            wanted_ns -= p.less_ns + p.equal_ns;
            spans += p.less + p.equal;
            count -= p.less + p.equal;
        }
    }
}

bool subflow_log_rtt(const struct subflow_log *log, const struct scn_path *path, double quantile, double *mean_ns,
                     double *quantile_ns) {
    struct rtt_span *all = NULL;
    size_t count = 0, capacity = 0;
    unsigned __int128 sum_ns2 =
        0; /* whole: the order of the subflows, which engines log as they come, does not matter */
    double whole_ns = 0;

    for (size_t i = 0; i < log->count; i++) {
        const struct subflow_record *r = &log->at[i];

        for (size_t j = 0; (!path || r->path == path) && j < r->span_count; j++) {
            all = grown(all, count, &capacity, sizeof *all);
            all[count++] = r->spans[j];
            sum_ns2 += (unsigned __int128)r->spans[j].rtt_ns * (uint64_t)r->spans[j].duration_ns;
            whole_ns += (double)r->spans[j].duration_ns;
        }
    }
    if (count == 0)
        return false;
    *mean_ns = (double)sum_ns2 / whole_ns;
    *quantile_ns = quantile_of(all, count, quantile, whole_ns);
    free(all);
    return true;
}
