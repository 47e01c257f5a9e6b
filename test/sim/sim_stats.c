/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "sim_stats.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>

#include "sim_fail.h"

enum { COUNTERS = sizeof(mpt_counters) / sizeof(uint64_t) };

static const char *const stat_names[] = {
#define SIM_X(name, help) #name,
    SIM_STATS(SIM_X)
#undef SIM_X
};
static const char *const stat_helps[] = {
#define SIM_X(name, help) help,
    SIM_STATS(SIM_X)
#undef SIM_X
};
static const char *const counter_names[] = {
#define MPT_X(name) #name,
    MPT_COUNTERS(MPT_X)
#undef MPT_X
};

typedef struct total {
    _Atomic uint64_t runs, count;
} total;

struct sim_totals {
    total stat[SIM_STAT_KINDS], counter[COUNTERS];
    _Atomic uint64_t runs, events;
};

sim_totals *sim_totals_new(void) {
    void *p = mmap(NULL, sizeof(sim_totals), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    SIM_REQUIRE(p != MAP_FAILED, "out of memory");
    return p;
}

static void add(total *t, uint64_t count) {
    atomic_fetch_add(&t->runs, count > 0);
    atomic_fetch_add(&t->count, count);
}

void sim_totals_add(sim_totals *t, const uint64_t stats[SIM_STAT_KINDS], const mpt_counters *client,
                    const mpt_counters *server, uint64_t events) {
    const uint64_t *a = (const uint64_t *)client, *b = (const uint64_t *)server;
    for (uint32_t i = 0; i < SIM_STAT_KINDS; i++) {
        add(&t->stat[i], stats[i]);
    }
    for (uint32_t i = 0; i < COUNTERS; i++) {
        add(&t->counter[i], a[i] + b[i]);
    }
    atomic_fetch_add(&t->runs, 1);
    atomic_fetch_add(&t->events, events);
}

static void print(const char *name, const char *help, const total *t) {
    printf("%-24s %9" PRIu64 " %12" PRIu64 "  %s\n", name, t->runs, t->count, t->runs == 0 ? "NEVER" : help);
}

uint32_t sim_totals_print(const sim_totals *t) {
    uint32_t never = 0;
    printf("%" PRIu64 " runs, %" PRIu64 " events\n%-24s %9s %12s\n", t->runs, t->events, "what", "runs", "times");
    for (uint32_t i = 0; i < SIM_STAT_KINDS; i++) {
        print(stat_names[i], stat_helps[i], &t->stat[i]);
        never += t->stat[i].runs == 0;
    }
    printf("\nCounters of the cores\n");
    for (uint32_t i = 0; i < COUNTERS; i++) {
        print(counter_names[i], "", &t->counter[i]);
    }
    return never;
}
