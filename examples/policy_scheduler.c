/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scheduler of one's own: the path of the least round-trip time carries all; another helps only where more waits than two of its windows.
 *
 *   cc -shared -fPIC -I model/core examples/policy_scheduler.c -o overflow.so
 *   mptcp-run scenario.yaml --set flows.download.scheduler=./overflow.so
 */
#include "mpt_ext.h"

/** Of a connection: how often another path had to help. */
typedef struct overflow_state {
    uint64_t helped;
} overflow_state;

static mpt_sched_choice next(const mpt_sched_view *v) {
    overflow_state *state = v->priv;
    uint32_t best = 0, other = v->count;
    for (uint32_t i = 1; i < v->count; i++)
        if (mpt_sched_look(v, i).srtt_ns < mpt_sched_look(v, best).srtt_ns)
            best = i;
    if (mpt_sched_has_room(v, best))
        return mpt_sched_new(v, best);
    for (uint32_t i = 0; i < v->count; i++)
        if (mpt_sched_has_room(v, i))
            other = i;
    uint64_t waiting_bytes = v->snd_written - v->snd_nxt;
    if (other == v->count || waiting_bytes < 2 * mpt_sched_look(v, best).cwnd_bytes)
        return mpt_sched_wait(MPT_NEVER); /* the next acknowledgement brings room */
    state->helped++;
    return mpt_sched_new(v, other);
}

const mpt_sched_ops mptcp_scheduler = {
    .name = "overflow",
    .priv_bytes = sizeof(overflow_state),
    .next = next,
};
