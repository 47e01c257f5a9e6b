/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_time_wait.h: what is left of a TCP in TIME-WAIT when nobody holds a handle of its connection any more: enough to answer what is late, and to tell a
 * new connection of the same ports from it (RFC 9293 3.10.7.4, RFC 6191). Private to the core.
 */
#ifndef MPT_TIME_WAIT_H
#define MPT_TIME_WAIT_H

#include "tcp/mpt_tcp.h"

typedef struct mpt_time_wait {
    mpt_hash_node hash; /**< in mpt_stack.time_wait_tuples */
    mpt_timer timer;    /**< in mpt_stack.time_waits */
    mpt_endpoint local, remote;
    mpt_time wait_ns, refused_at;
    uint32_t snd_nxt, rcv_nxt;
    uint32_t ts_recent, ts_offset;
    uint16_t window;
    bool has_timestamps;
} mpt_time_wait;

/** What became of a segment for a four-tuple in TIME-WAIT. */
typedef enum mpt_time_wait_end {
    MPT_TIME_WAIT_ANSWERED, /**< or dropped: there is nothing more to do */
    MPT_TIME_WAIT_OVER      /**< it opens a new connection, TIME-WAIT is over */
} mpt_time_wait_end;

/** How a connection begins that uses the ports again. */
typedef struct mpt_time_wait_next {
    uint32_t iss;       /**< beyond all that was ever within a window */
    uint32_t ts_offset; /**< timestamps go on where they were */
} mpt_time_wait_next;

/**
 * @p t, in TIME-WAIT, may go: its record stays for what is left of its time, and the acknowledgement that waits is queued.
 * @return false: no memory, @p t has to stay itself
 */
bool mpt_time_wait_take(mpt_tcp *t, mpt_time now);
mpt_time_wait *mpt_time_wait_find(const mpt_stack *st, const mpt_endpoint *local, const mpt_endpoint *remote);
/** @param may_open somebody listens. @param *next of MPT_TIME_WAIT_OVER: what the new connection begins with */
mpt_time_wait_end mpt_time_wait_received(mpt_stack *st, mpt_time_wait *w, const mpt_wire *wire, const mpt_segment *in,
                                         bool may_open, mpt_time_wait_next *next, mpt_time now);
/** Those whose time is up go. */
void mpt_time_wait_timer(mpt_stack *st, mpt_time now);
/** All go, when the stack does. */
void mpt_time_wait_free(mpt_stack *st);

#endif
