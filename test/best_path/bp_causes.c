/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bp_causes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define AS_GOOD 0.95

/** @return false: the draw has nothing of that kind */
typedef bool change(bp_draw *d);

static bool have_no_events(bp_draw *d) {
    bool had = d->event_count > 0;
    d->event_count = 0;
    return had;
}

static bool lose_nothing(bp_draw *d) {
    bool had = false;
    for (uint32_t i = 0; i < d->path_count; i++) {
        had |= d->path[i].loss_ppm > 0 || d->path[i].late_ppm > 0;
        d->path[i].loss_ppm = d->path[i].late_ppm = 0;
    }
    return had;
}

static bool have_long_buffers(bp_draw *d) {
    enum { LONG_BYTES = 64000000 };
    d->send_buffer_bytes = d->receive_buffer_bytes = LONG_BYTES;
    return true;
}

/** Two products of bandwidth and delay, or thirty segments. */
static bool have_deep_queues(bp_draw *d) {
    bool was_shallow = false;
    for (uint32_t i = 0; i < d->path_count; i++) {
        bp_path *p = &d->path[i];
        uint64_t deep = (uint64_t)(2 * (double)p->rate_bps / 8e9 * (double)p->rtt_ns);
        deep = deep > 45000 ? deep : 45000;
        was_shallow |= p->queue_bytes < deep;
        p->queue_bytes = p->queue_bytes < deep ? deep : p->queue_bytes;
    }
    return was_shallow;
}

static bool couple_nothing(bp_draw *d) {
    bool was_coupled = strcmp(d->congestion_control, "lia") == 0;
    d->congestion_control = was_coupled ? "reno" : d->congestion_control;
    return was_coupled;
}

static const struct {
    const char *name;
    change *make;
} changes[] = {
    {"no change of a path", have_no_events}, {"no random loss or reordering", lose_nothing},
    {"long buffers", have_long_buffers},     {"deep queues", have_deep_queues},
    {"Reno for LIA", couple_nothing},
};

/** With other losses in most of so many tries? Then it was the luck of this draw. */
static bool is_luck(const bp_draw *d, bp_compare *compare, void *user) {
    enum { TRIES = 5 };
    uint32_t good = 0;
    for (uint32_t luck = 1; luck <= TRIES; luck++)
        good += compare(user, d, luck) >= AS_GOOD;
    return 2 * good > TRIES;
}

static void row(const bp_result *r, bp_compare *compare, void *user) {
    bp_draw d;
    const char *separator = "";
    bp_draw_make(&d, r->seed);
    printf("| %" PRIu64 " | %.3f | ", r->seed, bp_ratio(r));
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        bp_draw other = d;
        if (!changes[i].make(&other) || compare(user, &other, 0) < AS_GOOD)
            continue;
        printf("%s%s", separator, changes[i].name);
        separator = ", ";
    }
    if (is_luck(&d, compare, user)) {
        printf("%sother losses", separator);
        separator = ", ";
    }
    printf("%s | ", *separator == '\0' ? "none of them alone" : "");
    bp_draw_print(&d);
}

void bp_causes_table(const bp_result *results, uint64_t count, uint32_t worst, bp_compare *compare, void *user) {
    printf("\n| draw | ratio | reaches 0.95 with | conditions |\n| --- | --- | --- | --- |\n");
    for (uint64_t i = 0; i < count && i < worst; i++)
        if (results[i].is_done)
            row(&results[i], compare, user);
}
