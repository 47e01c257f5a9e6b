/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_host.h: what all connections of one host share: memory, settings, randomness, counters, timers, its addresses and listeners, what waits to
 * be sent or told. Knows of no connection. Private to the core.
 *
 *   mpt_host.c      beginning and end
 *   mpt_locals.c    the host's own addresses         mpt_listeners.c  where it listens
 *   mpt_reply.c     segments without a connection    mpt_blackhole.c  where MP_CAPABLE is dropped
 *   mpt_trace.c     the ring of trace events
 */
#ifndef MPT_HOST_H
#define MPT_HOST_H

#include "base/mpt_assert.h"
#include "base/mpt_hash.h"
#include "base/mpt_list.h"
#include "base/mpt_seq.h"
#include "base/mpt_timer.h"
#include "mpt_ext.h"
#include "wire/mpt_crypto.h"
#include "wire/mpt_wire.h"

#define MPT_REPLIES_MAX 4096
#define MPT_LAST_TUPLES 64 /**< a power of two */
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
    mpt_hash_node port_node; /**< by port: there may be thousands, and each SYN and each new local port asks */
    void *user;
    mpt_endpoint local;
    uint32_t backlog, half_open;
    uint64_t links; /**< see mpt_conn_restrict() */
    mpt_conn_settings set;
};

/**
 * Which new data go on where the scheduler sent the last, as long as nothing else happens: it need not be asked (mpt_sched_choice.run_bytes). Of the connection
 * that asked last.
 */
typedef struct mpt_run {
    const struct mpt_tcp_node *by; /**< whose it is */
    mpt_time now;
    uint64_t end;      /**< in the stream: what begins behind is to be asked for */
    uint64_t received; /**< segments received by the subflow then: another one is news */
    uint32_t index;    /**< of the subflow */
} mpt_run;

struct mpt_stack {
    mpt_mem mem;
    mpt_settings set;
    const mpt_cc_ops *registered_cc[MPT_REGISTERED_MAX]; /**< the host's own */
    const mpt_sched_ops *registered_sched[MPT_REGISTERED_MAX];
    const mpt_pm_ops *registered_pm[MPT_REGISTERED_MAX];
    uint32_t registered_cc_count, registered_sched_count, registered_pm_count;
    mpt_random random;
    mpt_time now; /**< greatest time seen */
    mpt_hash tuples, tokens;
    struct mpt_tcp
        *last_tuples[MPT_LAST_TUPLES]; /**< TCPs that segments were for of late: most often the next one is, too */
    struct mpt_path
        *seen[MPT_CC_GROUP_MAX]; /**< paths as they were shown to the last scheduler that was asked (mpt_paths.c) */
    const struct mpt_tcp_node *seen_by; /**< whose they are; NULL: nobody's any more */
    uint32_t seen_fit, seen_count;
    mpt_run run;
    mpt_hash listener_ports;
    mpt_hash time_wait_tuples; /**< see mpt_time_wait.h */
    mpt_timers time_waits;
    mpt_list listeners, conns, ready, noticed;
    uint32_t conn_count, next_conn_id;
    uint16_t next_port;
    mpt_timers timers;
    mpt_local_address locals[MPT_ADDRESSES_MAX];
    uint32_t local_count;
    bool was_address_left; /**< one of them went: there may be subflows that wait for it */
    uint8_t next_address_id;
    mpt_blackhole blackholes[MPT_BLACKHOLES_MAX];
    uint32_t blackhole_count;
    mpt_segment *replies; /**< RSTs without a connection; a ring that is given back when it is empty */
    uint32_t reply_head, reply_count, reply_capacity;
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

/* mpt_host.c */
/** @p st is all zeros. @return MPT_OK, or MPT_ERR_MEMORY: nothing is left to be freed */
mpt_status mpt_host_init(mpt_stack *st, const mpt_settings *s, const mpt_mem *mem, mpt_time now);
/** There must be no connection and no listener any more. */
void mpt_host_free(mpt_stack *st);

/* mpt_locals.c */
const mpt_local_address *mpt_stack_find_local(const mpt_stack *st, const mpt_addr *a);
/** Is another address of this host known by @p id? */
bool mpt_local_is_id_used(const mpt_stack *st, uint8_t id);
uint8_t mpt_local_choose_id(mpt_stack *st);

/* mpt_listeners.c */
/** Into the tables, and out of them. */
void mpt_listener_enlist(mpt_listener *l);
void mpt_listener_delist(mpt_listener *l);
/** @return the listener at exactly @p local, whose address may be that of all (see mpt_listen()); or NULL */
mpt_listener *mpt_listener_at(const mpt_stack *st, const mpt_endpoint *local);
/** The listener that a SYN to @p local is for. */
mpt_listener *mpt_listener_find(const mpt_stack *st, const mpt_endpoint *local);
/** Is an MP_JOIN SYN to @p local answered, even if only by a reset? Where one listens, and at announced ports. */
bool mpt_listener_takes_joins(const mpt_stack *st, const mpt_endpoint *local);

/* mpt_blackhole.c */
bool mpt_blackhole_is_known(const mpt_stack *st, const mpt_addr *remote, mpt_time now);
/** A plain SYN was answered after several with MP_CAPABLE were not. @param first_ns how long to remember it the first time; 0 = not */
void mpt_blackhole_found(mpt_stack *st, const mpt_addr *remote, mpt_time first_ns, mpt_time now);
/** MP_CAPABLE was answered. */
void mpt_blackhole_gone(mpt_stack *st, const mpt_addr *remote);

/* mpt_reply.c */
/** Queue an RST that answers @p in (RFC 9293 3.10.7.1); with MP_TCPRST when @p reason is not negative. */
void mpt_reply_reset(mpt_stack *st, const mpt_wire *w, const mpt_segment *in, int reason, uint8_t flags);
/** @return false: none waits */
bool mpt_reply_take(mpt_stack *st, mpt_segment *out);
static inline bool mpt_reply_next(mpt_stack *st, mpt_segment *out) {
    return st->reply_count > 0 && mpt_reply_take(st, out);
}
void mpt_reply_free(mpt_stack *st);
/** Queue a finished segment of a subflow that is about to go. */
void mpt_reply_queue(mpt_stack *st, const mpt_segment *s);

/* mpt_trace.c */
/** Does nothing unless tracing is on. */
void mpt_trace_push(mpt_stack *st, const mpt_trace *t);

#endif
