/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_conn.h: one connection as the application sees it: a byte stream each way, over one subflow (TCP, fallback) or
 * several (MPTCP). Private to the core. Stream offsets: byte 0 has DSN IDSN + 1; the DATA_FIN comes after the last byte.
 *
 *   mpt_conn.c       life, socket calls              mpt_conn_send.c  what leaves next; window, Nagle
 *   mpt_conn_recv.c  mappings, reassembly, DATA_ACK  mpt_conn_close.c DATA_FIN, ends, timers of the connection
 *   mpt_fallback.c   MPTCP gives way to TCP          mpt_addr_adv.c   ADD_ADDR, REMOVE_ADDR, MP_PRIO
 *   mpt_fastclose.c  MP_FASTCLOSE                    mpt_conn_trace.c differences become trace events
 *   mpt_send.h       the parts of sending: paths (mpt_paths.c), copies and reinjection (mpt_copies.c)
 *   mpt_policy.c     what schedulers are told and asked, and what becomes of a wrong answer
 *
 * Invariants: snd_una <= snd_nxt <= snd_written; read <= rx.next; rx.next <= rcv_edge.
 */
#ifndef MPT_CONN_H
#define MPT_CONN_H

#include "mptcp/mpt_subflow.h"
#include "base/mpt_bits.h"
#include "sched/mpt_sched.h"

#define MPT_SUBFLOWS_LIMIT MPT_CC_GROUP_MAX
#define MPT_ADVERTISED_MAX 16

/** A local address being announced to this peer (RFC 8684 3.4.1). */
typedef struct mpt_advert {
    uint8_t id;
    mpt_endpoint endpoint;
    bool is_echoed;
    uint8_t sent_count;
    mpt_time next_at;
} mpt_advert;

/** An announcement of the peer's that is to be answered. */
typedef struct mpt_echo {
    uint8_t id;
    bool has_port;
    mpt_endpoint endpoint;
} mpt_echo;

/** The way back to TCP (mpt_fallback.c). */
typedef struct mpt_failover {
    bool
        is_straight; /**< no other subflow ever carried data, and none came twice: stream offset = subflow offset - 1 */
    bool is_failing; /**< a checksum was wrong: MP_FAIL is sent until the peer agrees to go back to TCP */
    bool was_infinite_sent;
    bool infinite_wanted;     /**< what leaves carries the infinite mapping, until the peer has certainly heard of it */
    uint64_t infinite_offset; /**< stream offset that it begins at: all before was received intact */
    uint64_t infinite_end;    /**< once this subflow offset is acknowledged, the peer has heard; 0 = not yet sent */
    uint64_t fail_dsn;        /**< of MP_FAIL: start of the mapping whose checksum was wrong */
    uint32_t fail_sent_count, answer_count;
    mpt_time fail_at;       /**< when to repeat MP_FAIL */
    uint32_t meddled_count; /**< subflows that were the only one and had to be reset because of a middlebox */
} mpt_failover;

/** What the receive buffer grows by (mpt_rcvbuf.c). */
typedef struct mpt_rcvbuf {
    uint64_t round_bytes; /**< of the fullest round trip so far */
    uint64_t round_read,
        round_arrived; /**< bytes read, and bytes arrived in whatever order, when this round trip began */
    mpt_time round_at;
} mpt_rcvbuf;

/** Which subflows may take data, as of the last look at each: bits by index. */
typedef struct mpt_ways {
    uint32_t ordinary, backup; /**< as far as their state goes */
    uint32_t stalled;          /**< timed out, the others send copies of their data */
    uint32_t room;             /**< a segment is allowed by window and pacing */
    uint32_t repairing;        /**< in recovery, of losses or a timeout */
    uint32_t holding;          /**< something is outstanding there */
    uint32_t weighed;          /**< had room when copies were weighed last, see mpt_conn.weighed_until */
    uint32_t changed; /**< something happened there since the scheduler was asked last, or others may be sent on */
} mpt_ways;

struct mpt_conn {
    mpt_stack *stack;
    mpt_tcp_node node;
    void *user;
    mpt_listener *listener;
    uint32_t id;
    uint32_t unanswered_probes; /**< window probes since the peer was heard last */
    mpt_conn_settings set;
    mpt_mode mode;
    bool is_client;
    mpt_endpoint local, remote; /**< of the initial subflow */
    uint64_t links;             /**< bit n: link n of the host's may be used */

    /* MPTCP identity */
    uint64_t key_local, key_remote, idsn_local, idsn_remote;
    uint32_t token_local, token_remote;
    bool has_key_remote;
    bool is_fully_established; /**< the peer is known to speak MPTCP with data (RFC 8684 3.1) */
    bool has_checksum;         /**< DSS checksums in both directions */
    bool no_join_to_initial;   /**< peer's flag C */
    bool is_dsn64_received; /**< the peer's last mapping had a DSN of 8 bytes: so have our DATA_ACKs (RFC 8684 3.3.2) */
    bool was_capable_unanswered; /**< SYNs with MP_CAPABLE were not answered: now without */
    bool is_token_hashed;
    uint8_t version; /**< 1 = RFC 8684, 0 = RFC 6824 */
    mpt_failover fallback;
    mpt_hash_node token_node;

    mpt_subflow *subflows[MPT_SUBFLOWS_LIMIT];
    uint32_t subflow_count, next_subflow_id;
    mpt_ways ways;
    uint32_t una_tick;      /**< in steps of 2^20 ns: snd_una has grown last */
    uint32_t ahead_tick;    /**< in steps of mpt_thin_tick(): no copy ahead of a full window was worth its bytes */
    mpt_subflow *last_used; /**< the scheduler's last choice */
    const mpt_sched_ops *sched;
    mpt_time waits_since;    /**< the scheduler lets data wait though nothing is in flight; MPT_NEVER: it does not */
    uint32_t short_waits;    /**< of the scheduler's, in a row */
    uint32_t short_wait_end; /**< when the latest of them ends, modulo 2^32 ns */
    mpt_time sched_at;       /**< something may be sent then that waits for a better path, or deserves a copy */
    mpt_time
        weighed_until; /**< a window is full, and no copy was worth its bytes: not before that is it looked again on the same paths */
    mpt_time dry_since;         /**< all that was written is sent, and there was room for more; MPT_NEVER = not so */
    mpt_subflow *unheard_of;    /**< carried data last, and their DATA_ACK is missing: others take what is sent again */
    mpt_subflow *last_received; /**< data came by it last */
    mpt_time silence_at;        /**< when to look next for subflows that are silent */

    /* buffers: at most the settings; they grow, and never shrink */
    uint32_t sndbuf_bytes; /**< so much may be written and not be acknowledged (mpt_sndbuf.c) */
    uint32_t rcvbuf_bytes; /**< the receive window is counted from it (mpt_rcvbuf.c) */

    /* sending */
    uint64_t snd_written, snd_nxt, snd_una;
    uint64_t snd_edge;   /**< right edge of the peer's window */
    mpt_ranges reinject; /**< stream offsets to be sent once more, on any subflow that is not stalled */
    bool fin_requested, fin_sent, fin_acked;
    bool is_fin_last;     /**< our DATA_FIN went out after the peer's had come, and acknowledged it */
    uint32_t burst_bytes; /**< of what an acknowledgement made room for at once, still to be sent */
    union {
        struct {
            bool data_fin_wanted; /**< a lone DATA_FIN is to be sent (again) */
            bool probe_wanted;
            uint16_t probe_count;
            uint8_t removed_count; /**< of removed_ids, to be sent in a REMOVE_ADDR */
            uint8_t echo_count;    /**< of echoes, to be sent */
        };
        uint64_t waits; /**< not 0: one of these, or several, are not done */
    };

    /* receiving */
    mpt_reasm rx;
    uint64_t rx_read;
    mpt_rcvbuf rcvbuf;
    uint64_t rcv_edge; /**< right edge promised to the peer */
    uint64_t peer_end; /**< stream offset of the peer's end; UINT64_MAX = not known */

    /* addresses */
    mpt_pm pm;
    mpt_advert adverts[MPT_ADVERTISED_MAX];
    uint8_t advert_count;
    uint8_t removed_ids[MPT_REMOVE_IDS_MAX];
    bool is_initial_withdrawn; /**< the peer was told so of the initial subflow's local address */
    mpt_echo echoes[4];

    /* the end */
    bool is_accepted; /**< the host knows it */
    union {
        struct {
            bool is_released, is_dead; /**< dead: failed or all done, nothing is sent any more */
            bool has_removed;          /**< a subflow is closed, to be freed when the input is over */
            bool is_pm_due;            /**< see mpt_pm_update() */
        };
        uint32_t unsettled; /**< not 0: there is something to be done when the input is over */
    };
    bool was_closed_told;
    bool is_counted; /**< in MPCurrEstab */
    bool peer_ended; /**< receiving: all before the peer's end arrived, its end was acknowledged */
    uint16_t fin_sent_count;
    mpt_status failure;
    uint32_t notices; /**< bit (1 << mpt_notice_kind) */

    /* in the stack */
    mpt_list notice_node, all_node;
    mpt_time probe_at, fin_at, no_subflow_at, orphan_at;
    mpt_time linger_at; /**< closed; until then the peer may come again to hear that its end was received */
    mpt_time memory_at; /**< something could not be sent for want of memory: try again */

    /* statistics */
    uint64_t bytes_reinjected, bytes_duplicate;
    struct {
        uint64_t sent, acked, delivered, reorder, scheduled, reinjected;
    } traced;
};
_Static_assert(offsetof(mpt_conn, echo_count) + sizeof(uint8_t) <= offsetof(mpt_conn, waits) + sizeof(uint64_t),
               "waits covers all that waits");

static inline bool mpt_conn_is_mptcp(const mpt_conn *c) {
    return c->mode == MPT_MODE_MPTCP;
}
/** @return true for an address behind a link that the connection may use, and for one that the host does not know. */
static inline bool mpt_conn_may_use(const mpt_conn *c, const mpt_local_address *l) {
    return !l || (c->links >> l->link & 1) != 0;
}
/** As TCP, or after fallback: the stream follows the only subflow, whose byte 0 is its SYN. */
static inline uint64_t mpt_stream_of_subflow(uint64_t subflow_offset) {
    return subflow_offset - 1;
}
/** One number of the sequence of the wire per stream byte. */
static inline uint64_t mpt_conn_dsn(const mpt_conn *c, uint64_t stream_offset) {
    return c->idsn_local + 1 + stream_offset;
}
/** Flags of our MP_CAPABLE (RFC 8684 3.1). */
static inline uint8_t mpt_conn_capable_flags(const mpt_conn *c) {
    bool has_checksum = c->has_checksum || c->set.dss_checksum;
    bool is_denied = !c->set.allow_join_initial && c->version > 0; /* in version 0 that bit stands for an algorithm */
    return (uint8_t)(MPT_CAPABLE_H | (has_checksum ? MPT_CAPABLE_A : 0) | (is_denied ? MPT_CAPABLE_C : 0));
}
/** What DATA_ACK says: the next DSN expected, the peer's end included. */
static inline uint64_t mpt_conn_data_ack(const mpt_conn *c) {
    return c->idsn_remote + 1 + c->rx.next + (c->peer_ended ? 1u : 0u);
}

static inline bool mpt_conn_is_ack64(const mpt_conn *c) {
    return c->set.data_ack64 || c->is_dsn64_received;
}

/* mpt_conn.c */
mpt_conn *mpt_conn_find_token(const mpt_stack *st, uint32_t token);
mpt_subflow *mpt_conn_find_subflow(const mpt_stack *st, const mpt_endpoint *local, const mpt_endpoint *remote);
/** As mpt_conn_settings_check(), with the policies that are registered at @p st, which may be NULL. */
const char *mpt_conn_settings_check_at(const mpt_stack *st, const mpt_conn_settings *s);
mpt_status mpt_conn_new(mpt_stack *st, const mpt_conn_settings *cs, mpt_time now, mpt_conn **out);
void mpt_conn_free(mpt_conn *c);
/** Something may be sendable: let mpt_stack_transmit() look. */
void mpt_conn_wake(mpt_conn *c);
/** The same when nothing has changed at any subflow: there are more data, or the window is wider. */
static inline void mpt_conn_wake_stream(mpt_conn *c) {
    mpt_tcp_look(c->stack, &c->node, 0);
}
void mpt_conn_notify(mpt_conn *c, mpt_notice_kind kind);
/** Make sure the timer fires at @p at or before. */
static inline void mpt_conn_arm(mpt_conn *c, mpt_time at) {
    if (at < c->node.timer.at)
        mpt_timers_set(&c->stack->timers, &c->node.timer, at);
}
/** There was no memory to send something: counts it, and sees to it that it is tried again. */
void mpt_conn_starved(mpt_conn *c, mpt_time now);
/** Subflows from SYN to the end of the FIN exchange. */
uint32_t mpt_conn_alive_count(const mpt_conn *c);
/** May another join begin? What gives way to one that is proven (RFC 8684 3.2: by the HMAC of its third ACK) takes no place. */
bool mpt_conn_has_place(const mpt_conn *c);
/** A join is proven: what gives way to it ends where there are too many. @return whether there is a place for it */
bool mpt_conn_make_place(mpt_conn *c, mpt_time now);
/** Broken: all subflows go without a word, the host is told. */
void mpt_conn_fail(mpt_conn *c, mpt_status reason, mpt_time now);
/** The connection is over, in good order or not: its stream ends here. */
void mpt_conn_set_dead(mpt_conn *c);
void mpt_conn_set_local_key(mpt_conn *c);
void mpt_conn_set_remote_key(mpt_conn *c, uint64_t key);
void mpt_conn_timer(mpt_conn *c, mpt_time now);
/** Free it when nothing is left to do for it. Call last. */
void mpt_conn_settle_now(mpt_conn *c, mpt_time now);
static inline void mpt_conn_settle(mpt_conn *c, mpt_time now) {
    if (c->unsettled != 0)
        mpt_conn_settle_now(c, now);
}

/** The scheduler's own memory. */
static inline void *mpt_conn_sched_priv(const mpt_conn *c) {
    return (char *)(uintptr_t)c + sizeof *c;
}

/* mpt_policy.c */
/** Let the scheduler know, where it wants to. @param offset,bytes of the stream; see mpt_sched_event_kind */
void mpt_sched_tell(mpt_subflow *sf, mpt_sched_event_kind kind, uint64_t offset, uint64_t bytes, bool is_copy,
                    mpt_time now);
/** Paths have room, and nothing new may be sent. */
void mpt_sched_tell_window_full(mpt_conn *c, mpt_time now);
/**
 * What the scheduler answered, with what is not allowed replaced by new data on the path where they are there first, and counted (PolicyFaults).
 * @p has_new: there are new data
 */
mpt_sched_choice mpt_sched_ask(mpt_conn *c, const mpt_sched_view *v, bool has_new);

/* mpt_conn_send.c */
/** Something may be sendable because of data or an acknowledgement that arrived on @p sf, and nothing else. */
void mpt_conn_wake_for(mpt_subflow *sf);
/** Is it certain that mpt_conn_transmit() has nothing? (Of a connection that has data outstanding it is not.) */
bool mpt_conn_is_quiet(mpt_conn *c);
bool mpt_conn_transmit(mpt_conn *c, mpt_segment *out, mpt_time now);
/** The peer acknowledged everything below @p offset (and our end) and opened its window to @p edge. */
void mpt_conn_acked(mpt_conn *c, uint64_t offset, bool is_fin_acked, mpt_time now);
void mpt_conn_window(mpt_conn *c, uint64_t edge, mpt_time now);
/** Every subflow has its data acknowledged, but the DATA_ACK of them is missing: a middlebox took it, or the data. */
bool mpt_conn_is_unheard_of(const mpt_conn *c);

/* mpt_copies.c */
/** Queue what @p sf has outstanding for the other subflows. */
void mpt_conn_reinject_from(mpt_conn *c, mpt_subflow *sf);
/** What a subflow that is gone brought from @p offset on was worthless: queue what no other subflow has under way. */
void mpt_conn_reinject_after(mpt_conn *c, uint64_t offset);

/* mpt_conn_recv.c */
/** The peer has shown that it speaks MPTCP with data. */
void mpt_conn_fully_established(mpt_conn *c, mpt_time now);
/** Process the DSS option of an acceptable segment: DATA_ACK and DATA_FIN. Afterwards the subflow may be gone. */
void mpt_conn_dss_received(mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in, mpt_time now);
/**
 * Payload at subflow offsets [start, end) of which @p skip bytes lie before; the part of it that is mapped is taken.
 * @return end of what may be acknowledged at subflow level (start when nothing was taken); sets *store. UINT64_MAX: the subflow is gone.
 */
uint64_t mpt_conn_data_received(mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in, uint64_t start, uint64_t end,
                                uint32_t skip, mpt_store *store, mpt_time now);
/** The same of a connection that is TCP from the start. */
uint64_t mpt_conn_plain_received(mpt_conn *c, uint64_t start, uint64_t end, uint32_t skip, mpt_store *store,
                                 mpt_time now);
/** The peer's stream ends at @p offset. */
void mpt_conn_end_received(mpt_conn *c, uint64_t offset, mpt_time now);
/** Window to advertise now, in bytes; moves rcv_edge. */
uint64_t mpt_conn_receive_window(mpt_conn *c, uint8_t scale);

/* mpt_sndbuf.c */
void mpt_sndbuf_init(mpt_conn *c);
/** To what the windows ask for now. */
void mpt_sndbuf_grow(mpt_conn *c);
/** Data were acknowledged: a window, or a round-trip time, may be another (of the window, what the acknowledgement before made of it). */
static inline void mpt_sndbuf_acked(mpt_conn *c) {
    if (c->sndbuf_bytes < c->set.send_buffer_bytes)
        mpt_sndbuf_grow(c);
}

/* mpt_watch.c */
/** Is it time to look for subflows that are silent, see mpt_watch_silent()? */
static inline bool mpt_watch_is_due(const mpt_conn *c, mpt_time now) {
    return now >= c->silence_at && c->subflow_count > 1;
}

/* mpt_rcvbuf.c */
void mpt_rcvbuf_init(mpt_conn *c, mpt_time now);
/** Data arrived on @p sf: their echo tells how long ago our acknowledgement left. */
void mpt_rcvbuf_segment_received(mpt_subflow *sf, const mpt_wire *w, mpt_time now);
/** The application has read. */
void mpt_rcvbuf_read(mpt_conn *c, mpt_time now);

/* mpt_conn_close.c */
void mpt_conn_close_progress(mpt_conn *c, mpt_time now);
/** There is no subflow, or none that answers: the connection ends unless one comes, or answers, in time. */
void mpt_conn_expect_subflow(mpt_conn *c, mpt_time now);
/**
 * Can there be another subflow? The client may open one when it has heard a DSS, which shows that the server knows both keys (RFC 8684 3.1). The
 * server cannot know that, only whether it ever sent one.
 */
bool mpt_conn_may_be_joined(const mpt_conn *c);
/** A subflow is gone. */
void mpt_conn_subflow_gone(mpt_conn *c, uint8_t reason, bool was_refused, mpt_time now);

/* mpt_fastclose.c */
/** Throw the connection away and tell the peer; the host is told @p reason. */
void mpt_fastclose_send(mpt_conn *c, mpt_status reason, mpt_time now);
/** @param by_reset it came with the RST of this subflow, which is not answered; NULL: in an ACK. All others are reset (RFC 8684 3.5). */
void mpt_fastclose_received(mpt_conn *c, const mpt_subflow *by_reset, mpt_time now);
/** No RST came in answer. */
void mpt_fastclose_timer(mpt_subflow *sf, mpt_time now);

/* mpt_fallback.c */
/** Will it stay MPTCP, as far as can be told? No subflow is opened while there may be reason to fall back (RFC 8684 3.7). */
bool mpt_fallback_is_over(const mpt_conn *c);
/** From now on plain TCP on the only subflow; where that is not possible any more, the subflow is reset. */
void mpt_fallback(mpt_conn *c, mpt_subflow *sf, mpt_time now);
/** A segment without the MPTCP option it should have. @return false when the subflow was reset */
bool mpt_fallback_on_missing_option(mpt_subflow *sf, const mpt_wire *w, uint32_t payload_bytes, mpt_time now);
/** The payload expected next came without a mapping. @return false when the subflow was reset */
bool mpt_fallback_on_missing_mapping(mpt_subflow *sf, mpt_time now);
/** A subflow ends because of a middlebox: if that happens to the only one again and again, so does the connection. */
void mpt_fallback_meddled(mpt_subflow *sf, mpt_time now);
/** Could TCP go on where MPTCP stopped: is this the only subflow, and has there never been another that mattered? */
bool mpt_fallback_may_start(const mpt_subflow *sf);
/** Wrong DSS checksum. @return true: the subflow's data are held back from here on; false: the subflow was reset */
bool mpt_fallback_on_bad_checksum(mpt_subflow *sf, uint64_t dsn, mpt_time now);
/** MP_FAIL. @param is_answer it comes with an infinite mapping */
void mpt_fallback_fail_received(mpt_subflow *sf, uint64_t dsn, bool is_answer, mpt_time now);
/** Afterwards the subflow may be gone. */
void mpt_fallback_infinite_received(mpt_subflow *sf, mpt_time now);
/** MPTCP options of segments sent while falling back. */
void mpt_fallback_infinite_option(mpt_conn *c, mpt_wire *w);
void mpt_fallback_fail_option(mpt_conn *c, mpt_wire *w);
/** Time to say MP_FAIL again. */
void mpt_fallback_timer(mpt_conn *c, mpt_time now);

/* mpt_addr_adv.c */
void mpt_addr_options_received(mpt_conn *c, mpt_subflow *sf, const mpt_wire *w, mpt_time now);
/**
 * Put the address option that waits into @p w, an ACK to be sent on a subflow. @param has_news it acknowledges something for the first time: that
 * needs its DATA_ACK, or a peer that sees no option left of it (a box on the path may take ADD_ADDRs) has to believe that MPTCP does not pass
 * (RFC 8684 3.7). @return false: no room beside the DATA_ACK, the option waits for the next ACK
 */
bool mpt_addr_option_next(mpt_conn *c, mpt_wire *w, bool has_news, mpt_time now);
bool mpt_addr_has_due_advert(const mpt_conn *c, mpt_time now);
static inline bool mpt_addr_option_waits(const mpt_conn *c, mpt_time now) {
    return (c->echo_count | c->removed_count) > 0 || (c->advert_count > 0 && mpt_addr_has_due_advert(c, now));
}
/** How often the option that waits was sent already: each time it takes another subflow. */
uint32_t mpt_addr_option_turn(const mpt_conn *c, mpt_time now);
/** @return MPT_OK (also when it is announced already); MPT_ERR_ADDRESS: it is behind a link that the connection may not use; MPT_ERR_LIMIT */
mpt_status mpt_addr_announce(mpt_conn *c, const mpt_local_address *a, mpt_time now);
bool mpt_addr_is_announced(const mpt_conn *c, uint8_t id);
/** The address @p a, known to the peer as @p id, is gone. */
void mpt_addr_withdraw(mpt_conn *c, uint8_t id, const mpt_addr *a, mpt_time now);
/** The address is back before its withdrawal could be told: a REMOVE_ADDR now would hit its new subflows. */
void mpt_addr_keep(mpt_conn *c, uint8_t id);
mpt_time mpt_addr_deadline(const mpt_conn *c);
/** Address id of a local address as this connection knows it: 0 for that of the initial subflow. */
uint8_t mpt_addr_local_id(const mpt_conn *c, const mpt_addr *a);

/* mpt_conn_trace.c */
void mpt_trace_conn(mpt_conn *c);
/** As mpt_trace_conn(), but only of those subflows at which something has happened since. */
void mpt_trace_moved(mpt_conn *c);
void mpt_trace_event(mpt_conn *c, uint32_t subflow_id, mpt_trace_kind kind, uint64_t old_value, uint64_t new_value);

#endif
