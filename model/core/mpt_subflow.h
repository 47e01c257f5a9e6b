/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_subflow.h: one TCP connection: the only one of a single-path connection, or one subflow of an MPTCP connection.
 * Private to the core. Sequence numbers are unwrapped offsets from the initial sequence number: the SYN is 0, the first
 * payload byte 1; so the low 32 bits of an offset are MPTCP's relative subflow sequence number (SSN).
 *
 *   mpt_subflow.c   life and MPTCP handshake          mpt_tcp.c       segments arriving, states (RFC 9293 3.10.7)
 *   mpt_tcp_ack.c   acknowledgements, SACK, RTT       mpt_recovery.c  loss detection and reaction (RFC 6675, 9937, 6298)
 *   mpt_rack.c      losses by time (RFC 8985)         mpt_tlp.c       tail loss probes (RFC 8985)
 *   mpt_tcp_out.c   segments leaving                  mpt_tcp_timer.c timeouts
 *   mpt_frto.c      needless timeouts (RFC 5682)      mpt_keepalive.c is the peer still there?
 */
#ifndef MPT_SUBFLOW_H
#define MPT_SUBFLOW_H

#include "mpt_cc.h"
#include "mpt_hash.h"
#include "mpt_pm.h"
#include "mpt_least.h"
#include "mpt_rack.h"
#include "mpt_reasm.h"
#include "mpt_rto.h"
#include "mpt_sendq.h"
#include "mpt_wire.h"

/** What a timeout has led to until it is known whether it was needless (RFC 5682). */
typedef enum mpt_frto {
    MPT_FRTO_OFF,       /**< that is known, or cannot be */
    MPT_FRTO_HEAD_SENT, /**< the head was sent again and is not acknowledged */
    MPT_FRTO_NEW_DATA   /**< it is; new data go now, and what is held lost waits */
} mpt_frto;

typedef enum mpt_ca {
    MPT_CA_OPEN,     /**< nothing wrong */
    MPT_CA_CWR,      /**< window reduced after ECN-Echo, until recovery_point */
    MPT_CA_RECOVERY, /**< fast recovery, until recovery_point */
    MPT_CA_LOSS      /**< after a timeout, until recovery_point */
} mpt_ca;

/** Where a joining subflow stands (RFC 8684 3.2); NONE for the initial one and when done. */
typedef enum mpt_joining {
    MPT_JOINING_NONE,
    MPT_JOINING_HANDSHAKE, /**< SYN or SYN/ACK sent */
    MPT_JOINING_THIRD_ACK  /**< client: third ACK sent, fourth not yet received */
} mpt_joining;

/** A mapping longer than the segment it came with (RFC 8684 3.3.1). */
typedef struct mpt_map {
    uint64_t start, end; /**< subflow offsets */
    uint64_t stream_offset;
    uint64_t dsn;    /**< as on the wire, for the checksum */
    uint64_t summed; /**< payload bytes in sum */
    uint32_t sum;
    uint16_t checksum;
    uint16_t length; /**< as on the wire, a DATA_FIN counted */
} mpt_map;
#define MPT_MAPS 16

typedef struct mpt_subflow {
    mpt_conn *conn;
    mpt_hash_node hash; /**< in the stack's table of four-tuples */
    uint32_t id;
    mpt_tcp_state state;
    mpt_endpoint local, remote;

    /* what was agreed on */
    uint32_t iss, irs;
    uint32_t mss_bytes; /**< payload and options of a full segment */
    uint8_t snd_scale, rcv_scale;
    bool has_timestamps, has_sack, has_ecn;

    /* sending */
    uint64_t snd_una, snd_nxt;
    uint64_t window_bytes_max; /**< greatest window the peer ever offered here (RFC 5961 5.2 MAX.SND.WND) */
    uint64_t window_seq;       /**< offset of the segment that told the window last (SND.WL1); without MPTCP */
    uint16_t window_last;      /**< as in the last acknowledgement: one that changes it is no duplicate (RFC 5681 2) */
    mpt_sendq q;
    mpt_rto rto;
    mpt_least rtt_min; /**< round-trip times of the last rtt_min_window_ns (RFC 8985 6.2 step 1) */
    mpt_cc cc;
    mpt_ca ca;
    mpt_frto frto; /**< about the timeout of MPT_CA_LOSS; else off */
    uint64_t recovery_point;
    uint64_t prr_delivered, prr_out, recover_flight; /**< RFC 9937: prr_delivered, prr_out, RecoverFS */
    uint64_t cwr_point;      /**< SND.NXT at the last reduction: next reaction to ECN-Echo when more is acknowledged */
    bool is_marked;          /**< ECN-Echo asked for the last reduction, too: it is not undone */
    uint64_t undo_point;     /**< snd_una when the window was last reduced */
    uint32_t undo_resent;    /**< copies in flight then or sent since, and not yet shown spurious by D-SACK */
    uint32_t duplicate_acks; /**< in a row; only without SACK */
    uint32_t timeouts_in_row;
    uint32_t
        resend_ts; /**< timestamp of the first copy sent since the last time that none was under way (Eifel, RFC 3522); 0 = none */
    mpt_time last_data_sent_at;
    uint64_t limited_point; /**< what is sent below this was sent while the window was in full use */
    mpt_rack rack;
    mpt_tlp tlp;

    mpt_time pace_at;        /**< no segment with data leaves before that; 0 where nothing is paced */
    uint32_t paced_segments; /**< sent with data since there is a round-trip time */

    /* receiving */
    mpt_reasm rx;                    /**< rx.next is RCV.NXT */
    uint64_t fin_offset;             /**< of the peer's FIN; UINT64_MAX = not seen */
    uint64_t rcv_edge;               /**< right edge of the greatest window ever advertised here */
    uint64_t dsack_start, dsack_end; /**< to be reported with the next ACK; empty when equal */
    uint32_t ts_recent, ts_offset;
    mpt_time
        receiver_rtt_ns; /**< by echoes on data, smoothed; 0 = none; only where the receive buffer grows by itself */
    uint32_t rtt_echo;   /**< the echo measured last */
    mpt_time ts_recent_at;
    uint64_t last_ack_sent;
    uint32_t unacked_segments; /**< received since the last ACK sent */
    bool is_ece_wanted, is_cwr_wanted;

    /* timers */
    mpt_time release_at; /**< something waits for pace_at */
    mpt_time signal_at;  /**< an option waits until then for another segment than a duplicate ACK to go with */
    mpt_time rto_at, ack_at, time_wait_at, keepalive_at;
    mpt_time stall_at;        /**< when rto_at was, before a tail loss probe put it off */
    uint32_t keepalive_count; /**< probes since the subflow was doubted; 0 = it is not */

    /* what waits to be sent */
    bool syn_wanted, ack_wanted, fin_wanted, rst_wanted, prio_wanted, fastclose_wanted, keepalive_wanted;
    bool fail_wanted;        /**< MP_FAIL: with the RST, or as an answer */
    uint32_t signals_in_row; /**< duplicate ACKs sent for the sake of an option, since anything else was (RFC 8684 4) */
    mpt_time signalled_at;   /**< the last of them */
    bool is_rst_acking;      /**< the RST carries an ACK */
    uint8_t rst_reason, rst_flags; /**< of MP_TCPRST */
    bool was_fin_sent;

    /* MPTCP */
    bool is_join, is_client;
    mpt_joining joining;
    bool is_established; /**< may carry data */
    bool was_up;         /**< told as SubflowUp */
    bool is_backup_local, is_backup_remote;
    bool is_fastclosing;      /**< all it is there for is an MP_FASTCLOSE that the peer has to answer */
    uint32_t fastclose_count; /**< times that was sent */
    mpt_verdict verdict;      /**< of the reset that ends it, the peer's or ours */
    bool is_stalled;          /**< timed out, no progress since: its data were queued for reinjection */
    uint8_t local_id, remote_id;
    uint32_t nonce_local, nonce_remote;
    mpt_map maps[MPT_MAPS];
    uint32_t map_count, map_next;
    bool has_dss_passed;     /**< a DSS option came by this subflow */
    uint32_t unmapped_heads; /**< times in a row that the payload expected next came without a mapping */
    uint32_t syn_sent_count;

    /* statistics */
    uint64_t bytes_sent, bytes_acked, bytes_resent, segments_sent, segments_received;
    uint32_t timeouts, fast_recoveries;
    struct {
        uint64_t cwnd, ssthresh, rtt, flight, state, sent, acked, resent;
    } traced;
} mpt_subflow;

/* mpt_subflow.c */
mpt_subflow *mpt_subflow_new(mpt_conn *c, const mpt_endpoint *local, const mpt_endpoint *remote, mpt_time now);
/** Out of all tables, freed; its data that are not acknowledged at connection level are queued for the others. */
void mpt_subflow_remove(mpt_subflow *sf, uint8_t reason, mpt_time now);
/** Send an RST with MP_TCPRST where that makes sense, then remove. */
void mpt_subflow_reset(mpt_subflow *sf, uint8_t reason, uint8_t flags, mpt_time now);
void mpt_subflow_open(mpt_subflow *sf, mpt_time now);
void mpt_subflow_set_established(mpt_subflow *sf, mpt_time now);
/** MPTCP options of the SYN/ACK that answered our SYN. @return false when the subflow was ended by it. */
bool mpt_subflow_synack_received(mpt_subflow *sf, const mpt_wire *w, mpt_time now);
/** MPTCP options of the ACK that ends a passive handshake. @return false: ignore the segment (or the subflow is gone). */
bool mpt_subflow_third_ack_received(mpt_subflow *sf, const mpt_wire *w, mpt_time now);
/** HMAC of MP_JOIN; the SYN/ACK carries its first 8 bytes, the third ACK 20. @param is_own sent by us */
void mpt_subflow_join_hmac(const mpt_subflow *sf, bool is_own, uint8_t hmac[32]);
/** MPTCP options of SYN, SYN/ACK. */
void mpt_subflow_syn_options(mpt_subflow *sf, mpt_wire *w);
uint32_t mpt_subflow_mss(const mpt_subflow *sf);
bool mpt_subflow_is_alive(const mpt_subflow *sf);
/** May new data be bound to it now, as far as its state goes? */
bool mpt_subflow_can_send(const mpt_subflow *sf);

/** May data be bound to another one? */
bool mpt_subflow_has_other(const mpt_subflow *sf);
/** No new data on it for now; what it has outstanding is queued for the other subflows, if any can send. */
void mpt_subflow_stall(mpt_subflow *sf);

/* mpt_keepalive.c */
/** Something speaks against this subflow: ask the peer, remove it if no answer comes. */
void mpt_keepalive_start(mpt_subflow *sf, mpt_time now);
/** A segment arrived that is in order with the subflow. */
void mpt_keepalive_heard(mpt_subflow *sf);
void mpt_keepalive_timer(mpt_subflow *sf, mpt_time now);

/* mpt_tcp.c */
void mpt_tcp_receive(mpt_subflow *sf, const mpt_wire *w, const mpt_segment *in, mpt_store *store, mpt_time now);
/** Take over MSS, scale, timestamps, SACK and ECN of a SYN or SYN/ACK. */
void mpt_tcp_syn_options_received(mpt_subflow *sf, const mpt_wire *w, mpt_time now);
/** Least shift with which the receive buffer fits into 16 bits, at most 14 (RFC 7323 2.3). */
uint8_t mpt_tcp_window_scale(const mpt_conn_settings *set);
void mpt_tcp_enter_time_wait(mpt_subflow *sf, mpt_time now);
void mpt_tcp_ack_soon(mpt_subflow *sf, mpt_time now);
void mpt_tcp_challenge_ack(mpt_subflow *sf, mpt_time now);

/* mpt_tcp_ack.c */
/** @return false when the segment must be dropped. */
bool mpt_tcp_ack_received(mpt_subflow *sf, const mpt_wire *w, uint32_t payload_bytes, mpt_time now);
/** A round-trip time > 0 was measured; it ends the back-off. @param samples_per_window as mpt_rto_sample() */
void mpt_tcp_rtt_measured(mpt_subflow *sf, mpt_time rtt_ns, uint32_t samples_per_window, mpt_time now);
/** Round-trip time of what was sent when the timestamp that @p w echoes was, with a millisecond's precision (RFC 7323 4); 0 = not told. */
mpt_time mpt_tcp_echoed_rtt(const mpt_subflow *sf, const mpt_wire *w, mpt_time now);

/* mpt_recovery.c */
/** After an ACK brought news: find losses, enter, advance or leave recovery, set cwnd. @p delivered bytes newly acked or sacked. */
void mpt_recovery_on_ack(mpt_subflow *sf, uint64_t acked, uint64_t delivered, bool is_duplicate, mpt_time now);
void mpt_recovery_on_timeout(mpt_subflow *sf, mpt_time now);
/** ECN-Echo on an ACK that acknowledged @p acked. */
void mpt_recovery_on_ecn(mpt_subflow *sf, uint64_t acked, mpt_time now);
/** The window reduction was a mistake, as D-SACKs or a timestamp show: go back (RFC 4015). */
void mpt_recovery_undo(mpt_subflow *sf, bool is_by_dsack, mpt_time now);
/** May a segment of @p bytes leave as far as the congestion window and pacing go? @p is_new: not sent before. */
bool mpt_recovery_allows(const mpt_subflow *sf, uint32_t bytes, bool is_new, mpt_time now);
void mpt_recovery_on_sent(mpt_subflow *sf, uint32_t bytes, mpt_time now);
mpt_cc_group mpt_recovery_group(mpt_subflow *sf, mpt_cc **members);

/** The reordering timer: what was given time to arrive has not. */
void mpt_recovery_on_rack_timer(mpt_subflow *sf, mpt_time now);
/** A loss probe turned out to have replaced a lost segment (RFC 8985 7.4). */
void mpt_recovery_on_repaired_loss(mpt_subflow *sf, mpt_time now);

/* mpt_rack.c */
/** @p k has arrived. @param is_of_first_copy it was sent again, but this answers an earlier transmission. */
void mpt_rack_delivered(mpt_subflow *sf, const mpt_chunk *k, bool is_of_first_copy, mpt_time now);
/** An acknowledgement up to @p ack says that a retransmission was in vain: wait longer from now on. */
void mpt_rack_dsack_received(mpt_subflow *sf, uint64_t ack);
void mpt_rack_recovered(mpt_subflow *sf);
mpt_time mpt_rack_window(const mpt_subflow *sf);
/** Mark what is lost by now, set the timer for what may be soon. */
void mpt_rack_detect(mpt_subflow *sf, mpt_time now);
/** Mark what is lost when the retransmission timer has fired (RFC 8985 6.3): the head, and what is overdue. */
void mpt_rack_timed_out(mpt_subflow *sf, mpt_time now);

/* mpt_tlp.c */
/** New data were sent or acknowledged: (re)start the probe timer where it may run. Call after the retransmission timer was set. */
void mpt_tlp_arm(mpt_subflow *sf, mpt_time now);
void mpt_tlp_timer(mpt_subflow *sf, mpt_time now);
void mpt_tlp_sent(mpt_subflow *sf, bool is_resend);
/** Does a D-SACK up to @p dsack_end speak of the probe? */
bool mpt_tlp_is_answer(const mpt_subflow *sf, uint64_t dsack_end);
/**
 * RFC 8985 7.4. @param is_dsacked the probe arrived twice. @param is_bare_duplicate a duplicate ACK without any SACK block.
 * @return true when the probe repaired a loss that nobody else noticed: the window has to fall
 */
bool mpt_tlp_acked(mpt_subflow *sf, bool is_dsacked, bool is_bare_duplicate);

/* mpt_frto.c */
/** The retransmission timer has fired; call before sf->ca is that of a timeout. @param is_repeated nothing was acknowledged since the last time */
void mpt_frto_timed_out(mpt_subflow *sf, bool is_repeated);
/**
 * An acknowledgement. @param acked bytes acknowledged cumulatively. @param has_original something has arrived that was sent before the timeout and
 * never again. @param has_later something has arrived that was sent first after the timeout. @param is_duplicate RFC 5681 2.
 * @return true when the timeout was needless
 */
bool mpt_frto_acked(mpt_subflow *sf, uint64_t acked, bool has_original, bool has_later, bool is_duplicate);
/** Is it the turn of new data, and not of what is held lost? */
static inline bool mpt_frto_holds(const mpt_subflow *sf) {
    return sf->frto == MPT_FRTO_NEW_DATA;
}
/** There are no new data that could be sent. @return true when something was held for them: try that now (RFC 5682 3.1 step 2b) */
bool mpt_frto_give_up(mpt_subflow *sf, mpt_time now);

/* mpt_pacing.c */
static inline bool mpt_pacing_holds(const mpt_subflow *sf, mpt_time now) {
    return sf->pace_at > now;
}
void mpt_pacing_sent(mpt_subflow *sf, uint32_t bytes, mpt_time now);
/** Nothing more can be sent now: see to it that held subflows go on. @param has_data there are data for any subflow */
void mpt_pacing_watch(mpt_conn *c, bool has_data, mpt_time now);

/* mpt_tcp_out.c */
/** TSval of a segment sent at @p at. */
static inline uint32_t mpt_tcp_timestamp(const mpt_subflow *sf, mpt_time at) {
    return (uint32_t)(at / MPT_MS) + sf->ts_offset;
}
/** Payload bytes that fit into a segment with a mapping of now. */
uint32_t mpt_tcp_payload_max(const mpt_subflow *sf);
/** Build a segment that waits on this subflow alone (RST, SYN, retransmission, FIN, due ACK). @return false: nothing waits. */
bool mpt_tcp_transmit_urgent(mpt_subflow *sf, mpt_segment *out, mpt_time now);
/** Send the last segment once more, as a loss probe. */
void mpt_tcp_transmit_tail(mpt_subflow *sf, mpt_segment *out, mpt_time now);
bool mpt_tcp_transmit_ack(mpt_subflow *sf, mpt_segment *out, mpt_time now);
/** Bind @p bytes at @p stream_offset to this subflow and build the segment. @return MPT_OK or MPT_ERR_MEMORY */
mpt_status mpt_tcp_transmit_data(mpt_subflow *sf, uint64_t stream_offset, uint32_t bytes, bool is_data_fin,
                                 mpt_segment *out, mpt_time now);
/** A DATA_FIN without data on this subflow (RFC 8684 3.3.3). */
void mpt_tcp_transmit_data_fin(mpt_subflow *sf, mpt_segment *out, mpt_time now);
/** An ACK that looks like a probe: sequence number one below, makes the peer answer (zero window, keep-alive). */
void mpt_tcp_transmit_probe(mpt_subflow *sf, mpt_segment *out, mpt_time now);

/* mpt_tcp_timer.c */
void mpt_tcp_timer(mpt_subflow *sf, mpt_time now);
mpt_time mpt_tcp_deadline(const mpt_subflow *sf);
void mpt_tcp_arm_rto(mpt_subflow *sf, mpt_time now);

#endif
