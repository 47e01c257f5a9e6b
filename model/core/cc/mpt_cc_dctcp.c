/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpt_cc_dctcp.c: Data Center TCP (RFC 8257), for paths whose queues mark early. Once a window, with F the fraction of its
 * bytes whose acknowledgements carried ECN-Echo (3.3):
 *
 *   alpha = (1 - g) alpha + g F, g = 1/16; with ECN-Echo, once a window: w = w (1 - alpha / 2)
 *
 * Growth, and the reaction to losses, are Reno's (3.5). alpha starts at 1 (as in Linux). The receiver's part is in mpt_tcp.c:
 * it tells of each segment whether it was marked (3.2) where its own side runs this, too.
 */
#include "cc/mpt_cc.h"

#define GAIN (1.0 / 16)

static void init(mpt_cc *cc) {
    cc->u.dctcp.alpha = 1;
    cc->u.dctcp.delivered_bytes = cc->u.dctcp.marked_bytes = 0;
    cc->u.dctcp.window_end = 0;
}

static void on_delivered(mpt_cc *cc, const mpt_cc_sample *sample, mpt_time now) {
    (void)now;
    cc->u.dctcp.delivered_bytes += sample->delivered_bytes;
    if (sample->is_ece)
        cc->u.dctcp.marked_bytes += sample->delivered_bytes;
    if (cc->snd_una < cc->u.dctcp.window_end || cc->u.dctcp.delivered_bytes == 0)
        return;
    double marked = (double)cc->u.dctcp.marked_bytes / (double)cc->u.dctcp.delivered_bytes;
    cc->u.dctcp.alpha += GAIN * (marked - cc->u.dctcp.alpha);
    cc->u.dctcp.delivered_bytes = cc->u.dctcp.marked_bytes = 0;
    cc->u.dctcp.window_end = cc->snd_nxt;
}

static void on_ack(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now) {
    (void)group;
    (void)now;
    acked_bytes = mpt_cc_slow_start(cc, acked_bytes);
    if (acked_bytes > 0)
        mpt_cc_grow(cc, acked_bytes, cc->cwnd_bytes);
}

static void on_loss(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now) {
    if (kind != MPT_CC_LOSS_ECN) {
        mpt_cc_halve(cc, group, kind, flight_bytes, now);
        return;
    }
    uint64_t window_bytes = flight_bytes < cc->cwnd_bytes ? flight_bytes : cc->cwnd_bytes;
    mpt_cc_set_threshold(cc, (uint64_t)((double)window_bytes * (1 - cc->u.dctcp.alpha / 2)));
}

const mpt_cc_ops mpt_cc_dctcp = {
    .name = "dctcp",
    .is_each_mark_echoed = true,
    .init = init,
    .on_delivered = on_delivered,
    .on_ack = on_ack,
    .on_loss = on_loss,
    .on_undo = mpt_cc_undo,
};
