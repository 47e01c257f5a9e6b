/* SPDX-License-Identifier: GPL-2.0-or-later */
/** bp_pipe.h: one direction of a path: a queue that drains at a rate, then a delay, random losses and late ones. */
#ifndef BP_PIPE_H
#define BP_PIPE_H

#include "bp_draw.h"
#include "sim_rng.h"

typedef struct bp_packet {
    mpt_segment segment;
    uint32_t bytes; /**< with IP's header */
    mpt_time at;    /**< when it arrives, once it is sent */
} bp_packet;

/** A ring of packets in order. */
typedef struct bp_ring {
    bp_packet *packets;
    uint32_t capacity, head, count;
} bp_ring;

typedef struct bp_pipe {
    bp_path path;
    sim_rng rng;
    bp_ring queue, under_way; /**< under_way is sorted by arrival */
    uint64_t queued_bytes;
    mpt_time sent_at; /**< when the head of the queue has left; MPT_NEVER = nothing to send */
    mpt_time paused_until;
    bool is_dead;
} bp_pipe;

void bp_pipe_init(bp_pipe *p, const bp_path *path, uint64_t seed);
/** From now on chance has its way as if the pipe were new: the n-th packet from here is lost in every run, whatever went before. */
void bp_pipe_begin(bp_pipe *p, uint64_t seed);
void bp_pipe_free(bp_pipe *p);
void bp_pipe_put(bp_pipe *p, const mpt_segment *s, mpt_time now);
/** @return when something happens here next */
mpt_time bp_pipe_next(const bp_pipe *p);
/** Let happen what is due. @return a packet that arrives now, borrowed until the next call, or NULL */
const bp_packet *bp_pipe_step(bp_pipe *p, mpt_time now);
void bp_pipe_set_rate(bp_pipe *p, uint64_t rate_bps);
void bp_pipe_pause(bp_pipe *p, mpt_time until);
/** What is queued or under way is lost, too. */
void bp_pipe_kill(bp_pipe *p);

#endif
