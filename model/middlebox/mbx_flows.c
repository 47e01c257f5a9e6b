/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mbx_flows.h"

#include <stdalign.h>

enum { SWEEP_FIRST = 64 };

/* What the table keeps: the life, and the box's state behind it. */
struct flow {
    mbx_life life;
    alignas(max_align_t) uint8_t state[];
};

void mbx_life_note(mbx_life *life, const mbx_segment *s, mbx_direction direction, int64_t now_ns) {
    life->last_ns = now_ns;
    life->is_reset = mbx_has_flags(s, MBX_RST);
    if (mbx_has_flags(s, MBX_SYN))
        life->is_open = life->has_ended[0] = life->has_ended[1] =
            false; /* the first, or of a new one on the same ports */
    else if (!life->is_reset)
        life->is_open = true;
    if (mbx_has_flags(s, MBX_FIN))
        life->has_ended[direction] = true;
}

bool mbx_life_is_over(const mbx_life *life, int64_t idle_ns, int64_t now_ns) {
    bool is_open = life->is_open && !life->is_reset && !(life->has_ended[0] && life->has_ended[1]);
    int64_t most_ns = is_open || idle_ns < MBX_TRANSITORY_NS ? idle_ns : MBX_TRANSITORY_NS;

    return now_ns - life->last_ns > most_ns;
}

static bool is_over(void *state, void *now_ns) {
    return mbx_life_is_over(&((struct flow *)state)->life, MBX_IDLE_NS, *(const int64_t *)now_ns);
}

void *mbx_flows_find(mbx_flows *f, const mbx_host *host, const mbx_segment *s, mbx_direction direction) {
    const mbx_key key = mbx_key_of(s, direction);
    struct flow *flow = mbx_table_find(&f->table, &key);
    int64_t now_ns = host->now_ns(host->user);

    if (flow && is_over(flow, &now_ns)) {
        mbx_table_remove(&f->table, host, &key);
        flow = NULL;
    }
    if (!flow)
        return NULL;
    mbx_life_note(&flow->life, s, direction, now_ns);
    return flow->state;
}

/* Looking at all of them at each doubling costs each connection a constant. */
static void sweep(mbx_flows *f, const mbx_host *host, int64_t now_ns) {
    mbx_table_sweep(&f->table, host, is_over, &now_ns);
    f->sweep_at = 2 * f->table.count > SWEEP_FIRST ? 2 * f->table.count : SWEEP_FIRST;
    if (f->sweep_at > MBX_FLOWS_MAX)
        f->sweep_at = MBX_FLOWS_MAX;
}

void *mbx_flows_open(mbx_flows *f, const mbx_host *host, const mbx_segment *s, mbx_direction direction) {
    void *known = mbx_flows_find(f, host, s, direction);
    const mbx_key key = mbx_key_of(s, direction);
    int64_t now_ns = host->now_ns(host->user);
    struct flow *flow;

    if (known)
        return known;
    if (f->table.count >= f->sweep_at)
        sweep(f, host, now_ns);
    if (f->table.count >= MBX_FLOWS_MAX)
        return NULL;
    flow = mbx_table_add(&f->table, host, &key, sizeof *flow + f->state_bytes);
    mbx_life_note(&flow->life, s, direction, now_ns);
    return flow->state;
}

void mbx_flows_free(mbx_flows *f, const mbx_host *host) {
    mbx_table_free(&f->table, host);
    f->sweep_at = 0;
}
