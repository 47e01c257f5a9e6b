/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A congestion control of one's own: increase and decrease of Reno's kind with other figures (AIMD: two segments a round trip, to 80 % after a loss).
 *
 *   cc -shared -fPIC -I model/core examples/policy_congestion_control.c -o aimd.so
 *   mptcp-run scenario.yaml --set flows.download.congestion_control=./aimd.so
 */
#include "mpt_ext.h"

enum { SEGMENTS_A_ROUND = 2, PERCENT_KEPT = 80 };

/** Of a subflow. */
typedef struct aimd_state {
    uint64_t losses;
} aimd_state;

static void init(mpt_cc *cc) {
    (void)cc; /* its state is zeroed */
}

static void on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)group;
    (void)now;
    acked_bytes = mpt_cc_slow_start(cc, acked_bytes);
    if (acked_bytes > 0)
        mpt_cc_grow(cc, SEGMENTS_A_ROUND * acked_bytes, cc->cwnd_bytes);
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
