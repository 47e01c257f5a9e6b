/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_stack.h: one host's endpoints. Private to the core.
 *   mpt_stack.c     creation, who gets a segment, deadlines, notices      mpt_listener.c  passive opens
 *   mpt_address.c   local addresses                                       mpt_reply.c     segments without a connection
 */
#ifndef MPT_STACK_H
#define MPT_STACK_H

#include "mpt_assert.h"
#include "mpt_conn.h"
#include "mpt_crypto.h"
#include "mpt_seq.h"

#define MPT_REPLIES_MAX 16
#define MPT_TRACES_MAX 1024
#define MPT_BLACKHOLES_MAX 16

/** Towards this address SYNs with MP_CAPABLE vanished and others did not. */
typedef struct mpt_blackhole {
    mpt_addr addr;
    uint32_t times;
    mpt_time until; /**< SYNs go without MP_CAPABLE */
} mpt_blackhole;

struct mpt_listener {
    mpt_stack *stack;
    mpt_list node;
    void *user;
    mpt_endpoint local;
    uint32_t backlog, half_open;
    mpt_conn_settings set;
};

struct mpt_stack {
    mpt_mem mem;
    mpt_settings set;
    mpt_random random;
    mpt_time now; /**< greatest time seen */
    mpt_hash tuples, tokens;
    mpt_list listeners, conns, ready, noticed;
    uint32_t conn_count, next_conn_id;
    uint16_t next_port;
    mpt_timers timers;
    mpt_local_address locals[MPT_ADDRESSES_MAX];
    uint32_t local_count;
    uint8_t next_address_id;
    mpt_blackhole blackholes[MPT_BLACKHOLES_MAX];
    uint32_t blackhole_count;
    mpt_segment replies[MPT_REPLIES_MAX]; /**< RSTs without a connection */
    uint32_t reply_head, reply_count;
    mpt_time challenge_second; /**< RFC 5961 7: the second counted in, and how many in it */
    uint32_t challenge_count;
    mpt_trace *traces; /**< ring, allocated when tracing is on */
    uint32_t trace_head, trace_count;
    bool needs_payload; /**< a connection has agreed to DSS checksums */
    mpt_counters counters;
};

#define MPT_COUNT(st, name) ((st)->counters.name++)

static inline void *mpt_alloc(mpt_stack *st, size_t bytes) {
    void *p = st->mem.alloc(st->mem.user, bytes);
    if (!p)
        MPT_COUNT(st, NoMemory);
    return p;
}
static inline void mpt_free(mpt_stack *st, void *p) {
    st->mem.free(st->mem.user, p);
}

uint64_t mpt_stack_tuple_hash(const mpt_endpoint *local, const mpt_endpoint *remote);
mpt_subflow *mpt_stack_find_subflow(const mpt_stack *st, const mpt_endpoint *local, const mpt_endpoint *remote);
mpt_conn *mpt_stack_find_token(const mpt_stack *st, uint32_t token);
const mpt_local_address *mpt_stack_find_local(const mpt_stack *st, const mpt_addr *a);
/** A free local port for @p local towards @p remote, or 0. */
uint16_t mpt_stack_pick_port(mpt_stack *st, const mpt_addr *local, const mpt_endpoint *remote);

/* mpt_listener.c */
mpt_listener *mpt_listener_find(const mpt_stack *st, const mpt_endpoint *local);
mpt_status mpt_listener_syn(mpt_listener *l, const mpt_wire *w, const mpt_segment *in, mpt_time now);
/** Is an MP_JOIN SYN to @p local answered, even if only by a reset? Where one listens, and at announced ports. */
bool mpt_listener_takes_joins(const mpt_stack *st, const mpt_endpoint *local);
/** May @p c be joined there? At the port of its initial subflow, or one announced to its peer (RFC 8684 3.2, 3.4.1). */
bool mpt_listener_is_join_port(const mpt_conn *c, const mpt_endpoint *local);
/** MP_JOIN: a SYN for connection @p c. */
mpt_status mpt_listener_join(mpt_conn *c, const mpt_wire *w, const mpt_segment *in, mpt_time now);

/* mpt_blackhole.c */
bool mpt_blackhole_is_known(const mpt_stack *st, const mpt_addr *remote, mpt_time now);
/** A plain SYN was answered after several with MP_CAPABLE were not. @param first_ns how long to remember it the first time; 0 = not */
void mpt_blackhole_found(mpt_stack *st, const mpt_addr *remote, mpt_time first_ns, mpt_time now);
/** MP_CAPABLE was answered. */
void mpt_blackhole_gone(mpt_stack *st, const mpt_addr *remote);

/* mpt_reply.c */
/** Queue an RST that answers @p in (RFC 9293 3.10.7.1); with MP_TCPRST when @p reason is not negative. */
void mpt_reply_reset(mpt_stack *st, const mpt_wire *w, const mpt_segment *in, int reason, uint8_t flags);
bool mpt_reply_next(mpt_stack *st, mpt_segment *out);
/** Queue a finished segment of a subflow that is about to go. */
void mpt_reply_queue(mpt_stack *st, const mpt_segment *s);

/* mpt_trace.c */
void mpt_trace_subflow(mpt_subflow *sf);
void mpt_trace_conn(mpt_conn *c);
void mpt_trace_event(mpt_conn *c, uint32_t subflow_id, mpt_trace_kind kind, uint64_t old_value, uint64_t new_value);

#endif
