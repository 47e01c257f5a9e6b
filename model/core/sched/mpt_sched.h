/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_sched.h: which subflow carries what next. A scheduler is a table of functions over the paths that may send; it answers with a path and a piece of
 * the stream, or says that it would rather wait. To add one: a file mpt_sched_NAME.c and a line in mpt_sched.c's table.
 *
 * The core sees to the rest: what a dead or stalled subflow left behind goes first, copies of what holds the stream up go where a better path has
 * nothing else to do (opportunistic_retransmission), windows are kept.
 */
#ifndef MPT_SCHED_H
#define MPT_SCHED_H

#include "sched/mpt_path.h"

/** What there is to decide. */
typedef struct mpt_sched_view {
    mpt_time now;
    mpt_path *const *paths;    /**< established, not stalled; backup ones only when no other is left (RFC 8684 3.3.8) */
    uint32_t count;            /**< at least 1 */
    uint32_t room;             /**< bit i: paths[i] has room for a segment in its congestion window */
    const mpt_path *last;      /**< the choice before; may be NULL, or not among paths */
    uint64_t snd_una, snd_nxt; /**< stream offsets: acknowledged, sent for the first time */
    uint64_t snd_end;          /**< what may be sent ends here: written, and within the peer's window */
    uint64_t window_bytes;     /**< at most so much is outstanding: the peer's window or the send buffer */
    bool has_more;             /**< as soon as there is room in window or buffer more will come */
    void *priv;                /**< priv_bytes of the connection, zeroed at its start */
} mpt_sched_view;

typedef struct mpt_sched_choice {
    bool is_wait;
    mpt_time again_at; /**< of a wait: ask again then at the latest; MPT_NEVER: something will be acknowledged */
    uint32_t path;     /**< index in paths, with room */
    uint64_t offset;   /**< snd_nxt: new data; below, not below snd_una: a copy, for a path that does not hold it */
    uint32_t bytes_max;
} mpt_sched_choice;

typedef struct mpt_sched_ops {
    const char *name;
    uint32_t priv_bytes, path_priv_bytes; /**< of the scheduler's own for a connection, for a subflow */
    bool makes_copies;                    /**< next() is asked when there are no new data, too */
    mpt_sched_choice (*next)(const mpt_sched_view *v);
    /** Told after a choice was carried out; may be NULL. */
    void (*on_sent)(const mpt_sched_view *v, uint32_t path, uint64_t offset, uint32_t bytes);
} mpt_sched_ops;

/** New data on path @p path. */
static inline mpt_sched_choice mpt_sched_new(const mpt_sched_view *v, uint32_t path) {
    return (mpt_sched_choice){.path = path, .offset = v->snd_nxt, .bytes_max = UINT32_MAX};
}
static inline mpt_sched_choice mpt_sched_wait(mpt_time again_at) {
    return (mpt_sched_choice){.is_wait = true, .again_at = again_at};
}
static inline bool mpt_sched_has_room(const mpt_sched_view *v, uint32_t path) {
    return v->room >> path & 1;
}
/** How long until a segment sent now on path @p path would be acknowledged. */
static inline mpt_time mpt_sched_arrival(const mpt_sched_view *v, uint32_t path) {
    return mpt_arrival_of_new(&v->paths[path]->arrival, v->paths[path]->tcp, v->now);
}
const mpt_sched_ops *mpt_sched_find(const char *name);
/** Does @p p have the stream's byte @p offset outstanding? Linear in its send queue. */
bool mpt_sched_holds(const mpt_path *p, uint64_t offset);
/** Halve the window of a subflow that holds the stream up, once a round trip (Raiciu et al., NSDI 2012, 4.2). */
void mpt_sched_penalise(mpt_path *p, mpt_time now);
extern const mpt_sched_ops mpt_sched_earliest, mpt_sched_minrtt, mpt_sched_roundrobin;

#endif
