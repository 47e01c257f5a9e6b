/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A congestion control of one's own: increase and decrease of Reno's kind with other figures (AIMD: to 80 % after a loss, and two segments in a round
 * trip of the connection's nearest path, on whichever of its subflows, so that all windows grow at one pace in time; up to eight times as fast as in their own).
 *
 *   cc -shared -fPIC -I model/core examples/policy_congestion_control.c -o aimd.so
 *   mptcp-run scenario.yaml --set flows.download.congestion_control=./aimd.so
 */
#include "mpt_ext.h"

enum { SEGMENTS_A_ROUND = 2, PERCENT_KEPT = 80, PACE_MAX = 8 };

/** Of a subflow. */
typedef struct aimd_state {
    uint64_t losses;
} aimd_state;

static void init(mpt_cc *cc) {
    (void)cc; /* its state is zeroed */
}

/** How many round trips of the nearest subflow there are in one of @p cc. */
static uint64_t pace(const mpt_cc *cc, const mpt_cc_group *group) {
    mpt_time least_ns = cc->rtt_min_ns;
    for (uint32_t i = 0; i < group->count; i++)
        if (group->members[i]->rtt_min_ns > 0 && group->members[i]->rtt_min_ns < least_ns)
            least_ns = group->members[i]->rtt_min_ns;
    uint64_t pace = least_ns > 0 ? (uint64_t)(cc->rtt_min_ns / least_ns) : 1;
    return pace < PACE_MAX ? pace : PACE_MAX;
}

static void on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)now;
    acked_bytes = mpt_cc_slow_start(cc, acked_bytes);
    if (acked_bytes > 0)
        mpt_cc_grow(cc, SEGMENTS_A_ROUND * pace(cc, group) * acked_bytes, cc->cwnd_bytes);
}

static void on_loss(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now) {
    (void)group;
    (void)kind;
    (void)now;
    ((aimd_state *)cc->priv)->losses++;
    mpt_cc_set_threshold(cc, (flight_bytes < cc->cwnd_bytes ? flight_bytes : cc->cwnd_bytes) * PERCENT_KEPT / 100);
}

const mpt_cc_ops mptcp_congestion_control = {
    .name = "aimd",
    .priv_bytes = sizeof(aimd_state),
    .init = init,
    .on_ack = on_ack,
    .on_loss = on_loss,
    .on_undo = mpt_cc_undo,
};
