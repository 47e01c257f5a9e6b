/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_send.h: between the files that send for a connection.
 *
 *   mpt_conn_send.c  what leaves next
 *   mpt_paths.c      where it could go
 *   mpt_copies.c     what goes a second time, on another path
 */
#ifndef MPT_SEND_H
#define MPT_SEND_H

#include "mptcp/mpt_conn.h"

/** A part of the stream. */
typedef struct mpt_piece {
    uint64_t offset;
    uint64_t bytes; /**< 0: nothing */
    bool is_again;  /**< sent before: a reinjection or a copy */
} mpt_piece;

/** The two paths with room on which a segment is there first; count, where there is none. */
typedef struct mpt_earliest {
    uint32_t path[2];
    mpt_time arrival_ns[2];
} mpt_earliest;

/* ---- mpt_conn_send.c ---- */

/** What was not sent yet, and may be. */
static inline mpt_piece mpt_conn_new_piece(const mpt_conn *c) {
    uint64_t end = c->snd_written < c->snd_edge ? c->snd_written : c->snd_edge;
    return (mpt_piece){c->snd_nxt, end > c->snd_nxt ? end - c->snd_nxt : 0, false};
}

/** Send @p p, or as much of it as a segment of @p sf takes. @return whether there is a segment */
bool mpt_conn_transmit_piece(mpt_conn *c, mpt_subflow *sf, const mpt_piece *p, mpt_segment *out, mpt_time now);

/** Is what leaves @p sf held back by its spread_until? Not where it is paced anyway. */
static inline bool mpt_conn_spreads(const mpt_conn *c, const mpt_subflow *sf) {
    return c->sched->spreads_bursts && c->subflow_count > 1 && !c->set.pacing && sf->t.cc.pacing_bytes_per_s == 0;
}

/** Time in steps of 2^20 ns, about a millisecond. */
static inline uint32_t mpt_conn_tick(mpt_time now) {
    return (uint32_t)((uint64_t)now >> 20);
}

/* ---- mpt_paths.c ---- */

static inline bool mpt_subflow_is_backup(const mpt_subflow *sf) {
    return sf->is_backup_local || sf->is_backup_remote;
}

/** May take new data as far as its state goes. */
static inline bool mpt_subflow_is_fit(const mpt_subflow *sf) {
    return mpt_subflow_can_send(sf) && !sf->is_stalled;
}

static inline bool mpt_subflow_has_room(const mpt_subflow *sf, mpt_time now) {
    return mpt_recovery_allows(&sf->t, sf->t.cc.mss_bytes, true, now);
}

/** Subflows that may take new data as far as their state goes: ordinary ones, or, without any, backup ones (RFC 8684 3.3.8). */
static inline uint32_t mpt_paths_fit(const mpt_conn *c) {
    return c->ways.ordinary != 0 ? c->ways.ordinary : c->ways.backup;
}

/** See which ways are open at those subflows where that may have changed. */
void mpt_paths_look_again(mpt_conn *c, mpt_time now);

static inline void mpt_paths_look_at_stale(mpt_conn *c, mpt_time now) {
    if (c->node.stale != 0)
        mpt_paths_look_again(c, now);
}

/** Data have left on @p sf, one of several: no state has changed, and all there is to see is whether there is room still. */
void mpt_paths_sent(mpt_conn *c, mpt_subflow *sf, mpt_time now);

/** What may be sent, and where, once stale ways were looked at: what the scheduler is shown. */
void mpt_paths_look(const mpt_conn *c, mpt_sched_view *v, mpt_time now);

static inline mpt_subflow *mpt_paths_subflow(const mpt_sched_view *v, uint32_t path) {
    return MPT_LIST_ENTRY(v->paths[path], mpt_subflow, path);
}

/** Of payload, as Ethernet makes it. */
enum { MPT_FULL_SEGMENT_BYTES = 1460 };

/** Is more about to be written than may be sent now? */
static inline bool mpt_conn_has_more(const mpt_conn *c) {
    uint64_t held = c->snd_written - c->snd_una, spare = 2 * (uint64_t)MPT_FULL_SEGMENT_BYTES;
    return (!c->fin_requested && held + spare >= c->sndbuf_bytes) || c->snd_edge < c->snd_written;
}

/** Is new data held up, not by the paths but because the window or the send buffer is full? @param new_bytes may be sent still */
static inline bool mpt_is_window_full(bool has_more, uint64_t new_bytes) {
    return has_more && new_bytes < MPT_FULL_SEGMENT_BYTES;
}
static inline bool mpt_conn_is_window_full(const mpt_conn *c) {
    return mpt_is_window_full(mpt_conn_has_more(c), mpt_conn_new_piece(c).bytes);
}
static inline bool mpt_paths_is_window_full(const mpt_conn *c, const mpt_sched_view *v) {
    return mpt_is_window_full(v->has_more, v->snd_end - c->snd_nxt);
}

mpt_earliest mpt_paths_earliest(const mpt_sched_view *v);

/** The earliest path but @p other's. @param arrival_ns may be NULL @return count when there is none */
uint32_t mpt_earliest_but(const mpt_earliest *e, const mpt_sched_view *v, const mpt_subflow *other,
                          mpt_time *arrival_ns);

/* ---- mpt_copies.c: each says whether there is a segment ---- */

/** What a subflow that is gone left behind, and what did not fit beside a copy. */
bool mpt_copies_reinject(mpt_conn *c, const mpt_sched_view *v, mpt_segment *out, mpt_time now);

/** What a subflow that timed out holds: before anything new. */
bool mpt_copies_of_stalled(mpt_conn *c, const mpt_sched_view *v, mpt_segment *out, mpt_time now);

/** What a path has lost, or has kept a reader waiting for: before anything new. */
bool mpt_copies_in_need(mpt_conn *c, const mpt_sched_view *v, mpt_segment *out, mpt_time now);

/** Has nothing of the stream been acknowledged for half a second? */
static inline bool mpt_copies_does_reader_wait(const mpt_conn *c, mpt_time now) {
    enum { WAITS_TICKS = 477 };
    return c->snd_una < c->snd_nxt && mpt_conn_tick(now) - c->una_tick >= WAITS_TICKS;
}

/** What thin paths hold, where the fastest one is about to fill the window: before anything new. */
bool mpt_copies_ahead(mpt_conn *c, const mpt_sched_view *v, mpt_segment *out, mpt_time now);

/** Where there is nothing new to send: what the stream waits for. */
bool mpt_copies_opportune(mpt_conn *c, const mpt_sched_view *v, mpt_segment *out, mpt_time now);

#endif
