/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_tcp.h: one TCP (RFC 9293): states, acknowledgement, loss recovery, timers of one four-tuple. It owns no stream: its user says what to
 * send and takes what arrives. Private to the core. Sequence numbers are unwrapped offsets from the initial sequence number: the SYN is 0, the
 * first payload byte 1.
 *
 * What it knows of the stream it carries comes through one table of upcalls, mpt_tcp_user.
 *
 *   mpt_tcp.c       segments arriving, states (RFC 9293 3.10.7)
 *   mpt_tcp_ack.c   acknowledgements, SACK, RTT       mpt_recovery.c  loss detection and reaction (RFC 6675, 9937, 6298)
 *   mpt_rack.c      losses by time (RFC 8985)         mpt_tlp.c       tail loss probes (RFC 8985)
 *   mpt_rate.c      delivery rate of each ACK         mpt_pacing.c    when segments leave
 *   mpt_tcp_out.c   segments leaving                  mpt_tcp_timer.c timeouts
 *   mpt_undo.c      needless reductions (RFC 3522, 3708)
 *   mpt_frto.c      needless timeouts (RFC 5682)      mpt_tuples.c    which TCP a segment is for
 *   mpt_time_wait.c TIME-WAIT of what nobody holds
 */
#ifndef MPT_TCP_H
#define MPT_TCP_H

#include "cc/mpt_cc.h"
#include "host/mpt_host.h"
#include "base/mpt_least.h"
#include "tcp/mpt_rack.h"
#include "tcp/mpt_rate.h"
#include "tcp/mpt_reasm.h"
#include "tcp/mpt_rto.h"
#include "tcp/mpt_sendq.h"
#include "wire/mpt_wire.h"

/** What a timeout has led to until it is known whether it was needless (RFC 5682). */
typedef enum mpt_frto {
    MPT_FRTO_OFF,       /**< that is known, or cannot be */
    MPT_FRTO_HEAD_SENT, /**< the head was sent again and is not acknowledged */
    MPT_FRTO_NEW_DATA   /**< it is; new data go now, and what is held lost waits */
} mpt_frto;

/** Proportional rate reduction (RFC 9937 5). */
typedef struct mpt_prr {
    uint64_t delivered, out; /**< prr_delivered, prr_out */
    uint64_t flight;         /**< RecoverFS */
} mpt_prr;

/** What is watched since the last reduction of the window (mpt_undo.c). */
typedef struct mpt_undo {
    uint64_t from, to; /**< all copies lie in these offsets */
    uint32_t copies;   /**< in flight then or sent since, and not yet shown needless by D-SACK; 0: no D-SACK can tell */
    uint32_t first_ts; /**< timestamp of the first copy sent since none was under way; 0 = none */
    bool is_head_late; /**< the acknowledgement being processed is of the first copy of the head */
    bool is_one_needed; /**< a copy filled a hole before the first copy did */
    bool is_marked;     /**< ECN-Echo asked for the reduction, too: it stays */
} mpt_undo;

typedef enum mpt_undo_witness { MPT_UNDO_NONE, MPT_UNDO_DSACK, MPT_UNDO_FIRST_COPY } mpt_undo_witness;

/** Duplicate ACKs without SACK (RFC 5681, 6582). */
typedef struct mpt_duplicates {
    uint32_t in_row; /**< the third of them is a loss */
    bool
        has_partial; /**< a partial acknowledgement has restarted the timer in this recovery: the others do not (RFC 6582 4) */
    uint64_t bytes; /**< they say that so much has left the network; what is acknowledged comes off again */
    uint64_t
        floor; /**< "recover": those for what was sent before the last recovery or timeout are no loss (RFC 6582 3.2 step 2) */
} mpt_duplicates;

/** Most that was outstanding at once within the last window. */
typedef struct mpt_flight_most {
    uint32_t bytes;
    uint32_t until; /**< low bits of SND.NXT then: once it is acknowledged that window is over */
} mpt_flight_most;

typedef enum mpt_ca {
    MPT_CA_OPEN,     /**< nothing wrong */
    MPT_CA_CWR,      /**< window reduced after ECN-Echo, until ca_end */
    MPT_CA_RECOVERY, /**< fast recovery, until ca_end */
    MPT_CA_LOSS      /**< after a timeout, until ca_end */
} mpt_ca;

/** What the TCPs of one connection share: their place in the stack's list of those that may have something to send, and one timer. */
typedef struct mpt_tcp_node {
    mpt_list ready; /**< in mpt_stack.ready */
    uint32_t look;  /**< bit i: something may wait to be sent at the TCP with that index */
    uint32_t stale; /**< bit i: whether it may send data is to be found out anew */
    uint32_t moved; /**< bit i: something has happened at it that may have to be traced */
    bool is_paced;  /**< one of them is, or was */
    bool has_frto;  /**< one of them may wait for new data (RFC 5682) */
    mpt_timer timer;
} mpt_tcp_node;

#define MPT_LOOK_ALL UINT32_MAX
#define MPT_TCP_FIRST_BYTES UINT16_MAX /**< those of a connection's beginning may need longer options than all others */

/** Segments whose options differ. */
typedef enum mpt_tcp_kind {
    MPT_TCP_OUT_SYN, /**< or SYN/ACK */
    MPT_TCP_OUT_RST,
    MPT_TCP_OUT_DATA, /**< a chunk, first sent or sent again; its FIN */
    MPT_TCP_OUT_ACK,  /**< and probes */
} mpt_tcp_kind;

/** Steps of a handshake at which the user has a say. */
typedef enum mpt_tcp_step {
    MPT_TCP_STEP_SYNACK,  /**< our SYN was answered */
    MPT_TCP_STEP_CROSSED, /**< by a SYN */
    MPT_TCP_STEP_ACK      /**< our SYN/ACK was acknowledged */
} mpt_tcp_step;

typedef enum mpt_tcp_event {
    MPT_TCP_EVENT_FIN_IN,  /**< all that the peer sent is here, its FIN last; the state has changed */
    MPT_TCP_EVENT_FIN_OUT, /**< ours left; the state has changed */
    MPT_TCP_EVENT_FIN_ACKED, /**< ours was acknowledged; the state has changed, but from LAST-ACK, which MPT_TCP_EVENT_ENDED follows */
    MPT_TCP_EVENT_TIME_WAIT, /**< entered, or begun again */
    MPT_TCP_EVENT_LOSS,      /**< a loss was found other than by a timeout */
    MPT_TCP_EVENT_STALLED, /**< a timeout, of the retransmission timer or of what it was before a loss probe put it off */
    MPT_TCP_EVENT_ENDED    /**< refused, reset, done: to be removed */
} mpt_tcp_event;

typedef struct mpt_tcp mpt_tcp;

/**
 * What a TCP asks and tells its user. The user may end the TCP in any call that is not const: afterwards its state is CLOSED, and it is there
 * until the input is over.
 */
typedef struct mpt_tcp_user {
    /** Options of a segment at @p seq, and flags that the stream asks for; @p k is the chunk of MPT_TCP_OUT_DATA, else NULL. */
    void (*options_out)(mpt_tcp *t, mpt_wire *w, mpt_tcp_kind kind, uint64_t seq, const mpt_chunk *k);
    /** @return bytes that options_out() needs at most with data at @p seq; the same behind the first MPT_TCP_FIRST_BYTES. */
    uint32_t (*option_bytes)(const mpt_tcp *t, uint64_t seq);
    /** @return the window to advertise now (bytes), a multiple of 2^scale. */
    uint64_t (*window)(mpt_tcp *t, uint8_t scale);
    /** @return the right edge of what is acceptable (an offset of this TCP; RFC 9293 3.10.7.4). */
    uint64_t (*acceptable_edge)(const mpt_tcp *t);
    /** Write the congestion controls of those that share a window with this one, itself among them. @return how many, at most MPT_CC_GROUP_MAX */
    uint32_t (*siblings)(const mpt_tcp *t, mpt_cc **members);
    /** Options of the handshake. @return false: to be ignored, or the TCP is gone */
    bool (*handshake_in)(mpt_tcp *t, const mpt_wire *w, mpt_tcp_step step, mpt_time now);
    /** The state is ESTABLISHED; @p w did it. */
    void (*established)(mpt_tcp *t, const mpt_wire *w, mpt_time now);
    /** A segment that is in order with the TCP, before it is looked into. @return false: nothing more to do with it */
    bool (*segment_in)(mpt_tcp *t, const mpt_wire *w, mpt_time now);
    /** An RST inside the window. @param is_exact its number is RCV.NXT. @return false: not believed, to be challenged (RFC 5961 3.2) */
    bool (*reset_in)(mpt_tcp *t, const mpt_wire *w, bool is_exact, mpt_time now);
    /** Something was acknowledged, selectively or not, or, where that is of use, is once more: @p ack is SND.UNA, @p is_new it has moved. */
    void (*acked)(mpt_tcp *t, uint64_t ack, bool is_new, const mpt_wire *w, mpt_time now);
    /** Options of an acceptable segment, after its acknowledgement. @return false: nothing more to do with it */
    bool (*options_in)(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in, mpt_time now);
    /**
     * Payload at offsets [start, end), of which @p skip bytes lie before @p start in the segment.
     * @return end of what is acknowledged, @p start: nothing; UINT64_MAX: the TCP is gone. Sets *store.
     */
    uint64_t (*data_in)(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in, uint64_t start, uint64_t end,
                        uint32_t skip, mpt_store *store, mpt_time now);
    /** The retransmission timer has fired. @return false: nothing is to be sent again (given up, or the user's own timeout) */
    bool (*timed_out)(mpt_tcp *t, mpt_time now);
    void (*event)(mpt_tcp *t, mpt_tcp_event event, mpt_time now);
    bool
        hears_repeats; /**< acked() is of use, too, where nothing is outstanding and all was known: the window may be another */
} mpt_tcp_user;

struct mpt_tcp {
    const mpt_tcp_user *user;
    mpt_stack *stack;
    const mpt_conn_settings *set;
    mpt_tcp_node *node;
    mpt_hash_node hash; /**< in the stack's table of four-tuples */
    mpt_tcp_state state;
    mpt_endpoint local, remote;
    bool is_client;
    bool is_syn_doubled; /**< the SYN/ACK that waits answers a SYN which the network doubled */

    /* what was agreed on */
    uint32_t iss, irs;
    uint32_t
        segment_bytes_max; /**< the lesser of the MSS options of both ends: payload and options of a full segment */
    uint8_t snd_scale, rcv_scale;
    bool has_timestamps, has_sack, has_ecn;

    /* sending */
    bool sends_whole_chunks; /**< what is left of a chunk is sent again with all of it */
    uint16_t window_last;    /**< as in the last acknowledgement: one that changes it is no duplicate (RFC 5681 2) */
    uint32_t syn_sent_count; /**< but for those that answer a SYN which the network doubled */
    uint64_t snd_una, snd_nxt;
    uint64_t window_bytes_max; /**< greatest window the peer ever offered here (RFC 5961 5.2 MAX.SND.WND) */
    uint64_t window_seq;       /**< offset of the segment that told the window last (SND.WL1); without MPTCP */
    mpt_sendq q;
    uint64_t delivered_bytes; /**< acknowledged, selectively or not */
    mpt_rto rto;
    mpt_least rtt_min; /**< round-trip times of the last rtt_min_window_ns (RFC 8985 6.2 step 1) */
    mpt_cc cc;
    mpt_rate *rate; /**< NULL: nobody asks */
    mpt_ca ca;
    mpt_frto frto;        /**< about the timeout of MPT_CA_LOSS; else off */
    uint64_t ca_end;      /**< SND.NXT when the state began: once it is acknowledged the state is MPT_CA_OPEN again */
    uint64_t timeout_una; /**< SND.UNA at the last timeout */
    uint64_t timeout_nxt; /**< SND.NXT then: what lies below was sent before it */
    mpt_prr prr;
    mpt_undo undo;
    uint64_t cwr_point; /**< SND.NXT at the last reduction: next reaction to ECN-Echo when more is acknowledged */
    mpt_duplicates duplicates;
    uint32_t timeouts_in_row;
    uint32_t paced_segments; /**< sent with data since there is a round-trip time */
    mpt_time last_data_sent_at;
    mpt_flight_most flight_most;
    uint64_t limited_point; /**< what is sent below this was sent while the window was in full use */
    mpt_rack rack;
    mpt_tlp tlp;

    mpt_time pace_at; /**< no segment with data leaves before that; 0 where nothing is paced */

    /* receiving */
    mpt_reasm rx;                    /**< rx.next is RCV.NXT */
    mpt_recent recent;               /**< of rx */
    uint64_t fin_offset;             /**< of the peer's FIN; UINT64_MAX = not seen */
    uint64_t rcv_edge;               /**< right edge of the greatest window ever advertised here */
    uint64_t dsack_start, dsack_end; /**< to be reported with the next ACK; empty when equal */
    uint32_t ts_recent, ts_offset;
    mpt_time ts_recent_at;
    uint64_t last_ack_sent;
    uint32_t unacked_segments; /**< received since the last ACK sent */
    bool is_ece_wanted, is_cwr_wanted;
    mpt_time refused_at; /**< something without payload that was outside the window was answered last */

    /* timers */
    mpt_time release_at; /**< something waits for pace_at, or a FIN for memory */
    mpt_time rto_at, ack_at, time_wait_at;
    mpt_time stall_at; /**< when rto_at was, before a tail loss probe put it off */

    /* what waits to be sent */
    union {
        struct {
            bool syn_wanted, ack_wanted, fin_wanted, rst_wanted;
        };
        uint32_t wanted; /**< not 0: some of them are */
    };
    bool was_fin_sent;

    /* statistics */
    uint64_t bytes_sent, bytes_acked, bytes_resent, segments_sent, segments_received;
    uint32_t timeouts, fast_recoveries;
};

/** Something may be sendable: let mpt_stack_transmit() look, at the TCPs of @p look among others. */
static inline void mpt_tcp_look(mpt_stack *st, mpt_tcp_node *node, uint32_t look) {
    node->look |= look;
    node->stale |= look;
    node->moved |= look;
    if (!mpt_list_is_linked(&node->ready))
        mpt_list_append(&st->ready, &node->ready);
}
static inline void mpt_tcp_wake(mpt_tcp *t) {
    mpt_tcp_look(t->stack, t->node, MPT_LOOK_ALL);
}
/** Make sure the timer fires at @p at or before. */
static inline void mpt_tcp_arm(mpt_tcp *t, mpt_time at) {
    if (at < t->node->timer.at)
        mpt_timers_set(&t->stack->timers, &t->node->timer, at);
}

/** The window that a segment tells, in bytes: not scaled in a SYN (RFC 7323 2.2). */
static inline uint64_t mpt_tcp_window_in(const mpt_tcp *t, const mpt_wire *w) {
    return (uint64_t)w->window << (w->flags & MPT_SYN ? 0 : t->snd_scale);
}

/* mpt_tuples.c */
uint64_t mpt_tuple_hash(const mpt_endpoint *local, const mpt_endpoint *remote);
mpt_tcp *mpt_tuple_find(const mpt_stack *st, const mpt_endpoint *local, const mpt_endpoint *remote);
/** @param in has a whole header */
mpt_tcp *mpt_tuple_of_segment(mpt_stack *st, const mpt_segment *in);
void mpt_tuple_remove(mpt_tcp *t);
/** A free local port for @p local towards @p remote, or 0. */
uint16_t mpt_tuple_pick_port(mpt_stack *st, const mpt_addr *local, const mpt_endpoint *remote);

/* mpt_tcp.c */
/** @return bytes of memory that the congestion control of @p set needs for a TCP. */
size_t mpt_tcp_policy_bytes(const mpt_stack *st, const mpt_conn_settings *set);
/** @p t is all zeros. @param set outlives it. @param policy mpt_tcp_policy_bytes(), zeroed, which outlive it */
void mpt_tcp_init(mpt_tcp *t, const mpt_tcp_user *user, mpt_stack *st, const mpt_conn_settings *set, mpt_tcp_node *node,
                  const mpt_endpoint *local, const mpt_endpoint *remote, void *policy, mpt_time now);
/** Make room in @p q for what starts at @p start; counts why not: then it is as if it had been lost, and comes again. */
mpt_status mpt_tcp_reserve_beyond(mpt_stack *st, mpt_reasm *q, uint64_t start);
static inline mpt_status mpt_tcp_reserve(mpt_stack *st, mpt_reasm *q, uint64_t start) {
    return start <= q->next ? MPT_OK : mpt_tcp_reserve_beyond(st, q, start);
}
/** What we offer: by the MTU of the link behind the local address, at most the setting. */
uint32_t mpt_tcp_own_mss(const mpt_tcp *t);
void mpt_tcp_receive(mpt_tcp *t, const mpt_wire *w, const mpt_segment *in, mpt_store *store, mpt_time now);
/** Take over MSS, scale, timestamps, SACK and ECN of a SYN or SYN/ACK. */
void mpt_tcp_syn_options_received(mpt_tcp *t, const mpt_wire *w, mpt_time now);
/** Least shift with which the receive buffer fits into 16 bits, at most 14 (RFC 7323 2.3). */
uint8_t mpt_tcp_window_scale(const mpt_conn_settings *set);
void mpt_tcp_enter_time_wait(mpt_tcp *t, mpt_time now);
void mpt_tcp_ack_soon(mpt_tcp *t, mpt_time now);
void mpt_tcp_challenge_ack(mpt_tcp *t, mpt_time now);

/* mpt_tcp_ack.c */
/** @return false when the segment must be dropped. */
bool mpt_tcp_ack_received(mpt_tcp *t, const mpt_wire *w, uint32_t payload_bytes, mpt_time now);
/** A round-trip time > 0 was measured; it ends the back-off. */
void mpt_tcp_rtt_measured(mpt_tcp *t, mpt_time rtt_ns, mpt_time now);
/** The congestion control gets the smoothed round-trip time and the least. */
void mpt_tcp_tell_rtts(mpt_tcp *t);
/** Round-trip time of what was sent when the timestamp that @p w echoes was, with a millisecond's precision (RFC 7323 4); 0 = not told. */
mpt_time mpt_tcp_echoed_rtt(const mpt_tcp *t, const mpt_wire *w, mpt_time now);

/* mpt_recovery.c */
/** A congestion control was asked: what it left out of range is set right and counted. */
void mpt_recovery_check_policy(mpt_tcp *t, uint64_t cwnd_before, uint64_t ssthresh_before);
/** After an ACK brought news: find losses, enter, advance or leave recovery, set cwnd. @p delivered bytes newly acked or sacked. */
/** mpt_cc_ops.on_rate is told. @p s lacks what is in flight and the state */
void mpt_recovery_on_rate(mpt_tcp *t, mpt_cc_sample *s, mpt_time now);
void mpt_recovery_on_ack(mpt_tcp *t, uint64_t acked, uint64_t delivered, mpt_time now);
/** A duplicate ACK; without SACK it stands for a segment that arrived (RFC 5681 3.2): that is added to *delivered. */
void mpt_recovery_count_duplicate(mpt_tcp *t, uint64_t *delivered);
/** SND.UNA has moved by @p acked: what duplicates told before is taken off *delivered again. */
void mpt_recovery_count_acked(mpt_tcp *t, uint64_t *delivered, uint64_t acked);
void mpt_recovery_on_timeout(mpt_tcp *t, mpt_time now);
/** New data are about to leave, and nothing is outstanding. */
void mpt_recovery_on_start(mpt_tcp *t, mpt_time now);
/** ECN-Echo on an ACK that acknowledged @p acked. */
void mpt_recovery_on_ecn(mpt_tcp *t, uint64_t acked, mpt_time now);
/** The window reduction was a mistake: go back (RFC 4015). */
void mpt_recovery_undo(mpt_tcp *t, mpt_undo_witness witness, mpt_time now);
/** Does an acknowledgement of new data restart the retransmission timer? */
bool mpt_recovery_restarts_timer(mpt_tcp *t);
/** May a segment of @p bytes leave as far as the congestion window and pacing go? @p is_new: not sent before. */
bool mpt_recovery_allows(const mpt_tcp *t, uint32_t bytes, bool is_new, mpt_time now);
void mpt_recovery_on_sent(mpt_tcp *t, uint32_t bytes, mpt_time now);

/** The reordering timer: what was given time to arrive has not. */
void mpt_recovery_on_rack_timer(mpt_tcp *t, mpt_time now);
/** A loss probe turned out to have replaced a lost segment (RFC 8985 7.4). */
void mpt_recovery_on_repaired_loss(mpt_tcp *t, mpt_time now);

/* mpt_undo.c */
/** The window falls: from here on it is seen whether what is sent again was needed. */
void mpt_undo_watch(mpt_tcp *t);
/** What was reduced now is not undone. */
void mpt_undo_nothing(mpt_tcp *t);
/** A recovery is over: timestamps of its copies are history once none of them is under way. */
void mpt_undo_settled(mpt_tcp *t);
/** @p k is sent again. */
void mpt_undo_resent(mpt_tcp *t, const mpt_chunk *k, mpt_time now);
/** [start, end) arrived twice. @return true when that was the last copy in doubt: all were needless */
bool mpt_undo_dsacked(mpt_tcp *t, uint64_t start, uint64_t end);
/** @p head, the first not acknowledged, arrived with the segment that @p ts_echo is of (0 = not told): was it a copy? */
void mpt_undo_head_acked(mpt_tcp *t, const mpt_chunk *head, uint32_t ts_echo);
/** A copy was lost itself. */
void mpt_undo_copy_lost(mpt_tcp *t);
/** An acknowledgement was processed. @param is_frto F-RTO found the timeout needless */
mpt_undo_witness mpt_undo_judge(mpt_tcp *t, bool is_all_dsacked, bool is_frto);

/* mpt_rack.c */
/** @p k has arrived. @param is_of_first_copy it was sent again, but this answers an earlier transmission. */
void mpt_rack_delivered(mpt_tcp *t, const mpt_chunk *k, bool is_of_first_copy, mpt_time now);
/** An acknowledgement up to @p ack says that a retransmission was in vain: wait longer from now on. */
void mpt_rack_dsack_received(mpt_tcp *t, uint64_t ack);
void mpt_rack_recovered(mpt_tcp *t);
mpt_time mpt_rack_window(const mpt_tcp *t);
/** Is something in flight that was sent before what has arrived? */
static inline bool mpt_rack_has_suspect(const mpt_tcp *t) {
    const mpt_chunk *oldest = mpt_sendq_oldest(&t->q);
    return oldest && mpt_chunk_is_before(oldest, t->rack.turn);
}
/** Mark what is lost by now, set the timer for what may be soon. */
void mpt_rack_detect(mpt_tcp *t, mpt_time now);
/** Mark what is lost when the retransmission timer has fired (RFC 8985 6.3): the head, and what is overdue. */
void mpt_rack_timed_out(mpt_tcp *t, mpt_time now);

/* mpt_rate.c */
/** @p k, in the queue, leaves. @param was_idle nothing was outstanding before it */
void mpt_rate_sent(mpt_tcp *t, const mpt_chunk *k, bool was_idle, mpt_time now);
/** @p k, still in the queue, is delivered for the first time. */
void mpt_rate_delivered(mpt_tcp *t, const mpt_chunk *k);
/** An acknowledgement was processed: what it says of the rate. */
void mpt_rate_sample(mpt_tcp *t, mpt_cc_sample *s, mpt_time now);
/** There is nothing for this TCP to send: where its window and pacing would let it, what is under way does not show the path's rate. */
void mpt_rate_nothing_to_send(mpt_tcp *t, mpt_time now);

/* mpt_tlp.c */
/** New data were sent or acknowledged: (re)start the probe timer where it may run. Call after the retransmission timer was set. */
void mpt_tlp_arm(mpt_tcp *t, mpt_time now);
void mpt_tlp_timer(mpt_tcp *t, mpt_time now);
void mpt_tlp_sent(mpt_tcp *t, bool is_resend);
/** Does a D-SACK up to @p dsack_end speak of the probe? */
bool mpt_tlp_is_answer(const mpt_tcp *t, uint64_t dsack_end);
/**
 * RFC 8985 7.4. @param is_dsacked the probe arrived twice. @param is_bare_duplicate a duplicate ACK without any SACK block.
 * @return true when the probe repaired a loss that nobody else noticed: the window has to fall
 */
bool mpt_tlp_acked(mpt_tcp *t, bool is_dsacked, bool is_bare_duplicate);

/* mpt_frto.c */
/** The retransmission timer has fired; call before t->ca is that of a timeout. @param is_repeated nothing was acknowledged since the last time */
void mpt_frto_timed_out(mpt_tcp *t, bool is_repeated);
/**
 * An acknowledgement. @param acked bytes acknowledged cumulatively. @param has_original something has arrived that was sent before the timeout and
 * never again. @param has_later something has arrived that was sent first after the timeout. @param is_duplicate RFC 5681 2.
 * @return true when the timeout was needless
 */
bool mpt_frto_acked(mpt_tcp *t, uint64_t acked, bool has_original, bool has_later, bool is_duplicate);
/** Is it the turn of new data, and not of what is held lost? */
static inline bool mpt_frto_holds(const mpt_tcp *t) {
    return t->frto == MPT_FRTO_NEW_DATA;
}
/** There are no new data that could be sent. @return true when something was held for them: try that now (RFC 5682 3.1 step 2b) */
bool mpt_frto_give_up(mpt_tcp *t, mpt_time now);

/* mpt_pacing.c */
static inline bool mpt_pacing_holds(const mpt_tcp *t, mpt_time now) {
    return t->pace_at > now;
}
/** @return bytes/s at which segments leave, or would if they were paced; 0: there is no round-trip time yet */
uint64_t mpt_pacing_rate(const mpt_tcp *t);
void mpt_pacing_sent(mpt_tcp *t, uint32_t bytes, mpt_time now);
/** Nothing more can be sent now: see to it that it goes on when pacing lets it. @param has_data there are data for it */
void mpt_pacing_watch(mpt_tcp *t, bool has_data, mpt_time now);

/* mpt_tcp_out.c */
/** TSval of a segment sent at @p at. */
static inline uint32_t mpt_tcp_timestamp(const mpt_tcp *t, mpt_time at) {
    return (uint32_t)(at / MPT_MS) + t->ts_offset;
}
/** The MSS, as everything that counts in segments means it: payload of a full segment, RFC 5681's SMSS. t->cc.mss_bytes is that of the last new data. */
uint32_t mpt_tcp_mss(const mpt_tcp *t);
/** Payload bytes that fit into the next segment: the MSS, less what SACK blocks or both keys need in it. */
uint32_t mpt_tcp_payload_max(const mpt_tcp *t);
/** New data are about to leave: the MSS is what it is now. @return mpt_tcp_payload_max() */
uint32_t mpt_tcp_prepare_data(mpt_tcp *t);
/** Build a segment that waits on this subflow alone (RST, SYN, retransmission, FIN). @return false: nothing waits. */
bool mpt_tcp_transmit_waiting(mpt_tcp *t, mpt_segment *out, mpt_time now);
static inline bool mpt_tcp_transmit_urgent(mpt_tcp *t, mpt_segment *out, mpt_time now) {
    bool waits = t->syn_wanted | t->fin_wanted | t->rst_wanted; /* an ACK is not urgent */
    return (waits || t->q.lost_bytes > t->q.retransmitted_bytes) && mpt_tcp_transmit_waiting(t, out, now);
}
/** Send the last segment once more, as a loss probe. */
void mpt_tcp_transmit_tail(mpt_tcp *t, mpt_segment *out, mpt_time now);
/** Build an acknowledgement, with what options_out() has for it. */
void mpt_tcp_transmit_ack(mpt_tcp *t, mpt_segment *out, mpt_time now);
/** Bind @p bytes at @p stream_offset to this subflow and build the segment. @param flags of its chunk. @return MPT_OK or MPT_ERR_MEMORY */
mpt_status mpt_tcp_transmit_data(mpt_tcp *t, uint64_t stream_offset, uint32_t bytes, uint8_t flags, mpt_segment *out,
                                 mpt_time now);
/** An ACK that looks like a probe: sequence number one below, makes the peer answer (zero window, keep-alive). */
void mpt_tcp_transmit_probe(mpt_tcp *t, mpt_segment *out, mpt_time now);

/* mpt_tcp_timer.c */
void mpt_tcp_timer(mpt_tcp *t, mpt_time now);
mpt_time mpt_tcp_deadline(const mpt_tcp *t);
void mpt_tcp_arm_rto(mpt_tcp *t, mpt_time now);

#endif
