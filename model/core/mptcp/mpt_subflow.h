/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_subflow.h: one subflow of an MPTCP connection, or the only TCP of a single-path one: a TCP and what MPTCP adds to it. Private to the
 * core. The low 32 bits of an offset of the TCP are MPTCP's relative subflow sequence number (SSN).
 */
#ifndef MPT_SUBFLOW_H
#define MPT_SUBFLOW_H

#include "mptcp/mpt_pm.h"
#include "sched/mpt_path.h"

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

/** What an acknowledgement carries beside, or in place of, the DATA_ACK. */
typedef enum mpt_signal {
    MPT_SIGNAL_NONE,
    MPT_SIGNAL_FAIL,
    MPT_SIGNAL_PRIO,
    MPT_SIGNAL_ADDR,
    MPT_SIGNAL_FASTCLOSE,
    MPT_SIGNAL_DATA_FIN
} mpt_signal;

struct mpt_subflow {
    mpt_tcp t;
    mpt_conn *conn;
    uint32_t id;
    uint32_t index; /**< in mpt_conn.subflows */

    mpt_joining joining;
    bool is_join;
    bool is_established; /**< may carry data */
    bool was_up;         /**< told as SubflowUp */
    bool is_backup_local, is_backup_remote;
    bool is_backup_told; /**< by bit B of our SYN or SYN/ACK; MP_CAPABLE has none */
    bool is_unwanted;    /**< the path manager lets it go: at the end of the input */
    bool is_stalled;     /**< timed out, no progress since: the others send copies of its data */
    bool was_asked;      /**< whether the path is back, and no answer has come */
    bool has_dss_passed; /**< a DSS option came by this subflow */
    uint8_t local_id, remote_id;
    mpt_time established_at;
    mpt_verdict verdict; /**< of the reset that ends it, the peer's or ours */
    uint32_t nonce_local, nonce_remote;
    uint32_t map_count, map_next;
    uint32_t fastclose_count; /**< times that an MP_FASTCLOSE was sent */
    mpt_map *maps;            /**< MPT_MAPS of them, from the first that is longer than its segment */
    mpt_path path;
    uint64_t copied_below;   /**< subflow offset: what lies below was copied, or needs no copy */
    mpt_time heard_at;       /**< the last segment that was in order with it */
    mpt_time watch_at;       /**< stalled: when to ask next whether the path is back */
    uint32_t unmapped_heads; /**< times in a row that the payload expected next came without a mapping */
    uint32_t rtt_echo;       /**< the echo measured last */
    mpt_time
        receiver_rtt_ns; /**< by echoes on data, smoothed; 0 = none; only where the receive buffer grows by itself */

    /* what waits to be sent */
    union {
        struct {
            bool prio_wanted, fastclose_wanted, keepalive_wanted;
            bool fail_wanted;     /**< MP_FAIL: with the RST, or as an answer */
            bool is_data_ack_due; /**< a DATA_ACK had to give way: another acknowledgement follows */
            bool is_fastclosing;  /**< all it is there for is an MP_FASTCLOSE that the peer has to answer */
        };
        uint64_t wanted; /**< not 0: some of them are */
    };
    mpt_time signal_at;       /**< an option waits until then for another segment than a duplicate ACK to go with */
    mpt_time signalled_at;    /**< the last duplicate ACK that was sent for the sake of an option */
    uint32_t signals_in_row;  /**< of those since anything else was sent (RFC 8684 4) */
    uint32_t keepalive_count; /**< probes since the subflow was doubted; 0 = it is not */
    mpt_time keepalive_at;
    mpt_signal signal;             /**< of the acknowledgement that is being built */
    bool is_signalling;            /**< it has an option that is not a DSS */
    uint8_t rst_reason, rst_flags; /**< of MP_TCPRST */

    struct {
        uint64_t cwnd, ssthresh, rtt, flight, state, sent, acked, resent, timeouts, rto;
    } traced;
};

/** The subflow whose TCP @p t is. */
static inline mpt_subflow *mpt_sf(const mpt_tcp *t) {
    return MPT_LIST_ENTRY(t, mpt_subflow, t);
}

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
bool mpt_subflow_is_alive(const mpt_subflow *sf);
/** May new data be bound to it now, as far as its state goes? */
bool mpt_subflow_can_send(const mpt_subflow *sf);

/** May data be bound to another one? */
bool mpt_subflow_has_other(const mpt_subflow *sf);
/** No new data on it for now; what it has outstanding is queued for the other subflows, if any can send. */
void mpt_subflow_stall(mpt_subflow *sf);

/* mpt_watch.c */
/** @p sf has stalled, or timed out. */
void mpt_watch_start(mpt_subflow *sf);
void mpt_watch_timer(mpt_subflow *sf, mpt_time now);
/** A segment arrived that is in order with the subflow. */
void mpt_watch_heard(mpt_subflow *sf, mpt_time now);
/**
 * Timeouts in a row before it is given up. Another subflow takes its place soon where this end can open one; the other end may not have noticed that
 * anything is wrong, and never come, so that the end that cannot gives up no sooner than any TCP.
 */
uint32_t mpt_watch_retries(const mpt_subflow *sf);
/** Data came by @p sf, and mpt_watch_is_due(): what of the others, from which nothing came for long? */
void mpt_watch_silent(mpt_subflow *sf, mpt_time now);
/** The local address that it was kept for is back. */
void mpt_watch_address_up(mpt_subflow *sf, mpt_time now);
/* mpt_keepalive.c */
/** Something speaks against this subflow: ask the peer, remove it if no answer comes. */
void mpt_keepalive_start(mpt_subflow *sf, mpt_time now);
/** A segment arrived that is in order with the subflow. */
void mpt_keepalive_heard(mpt_subflow *sf);
/** Does anybody wait to hear such a segment? */
static inline bool mpt_keepalive_asks(const mpt_subflow *sf) {
    return sf->was_asked || sf->keepalive_count > 0;
}
void mpt_keepalive_timer(mpt_subflow *sf, mpt_time now);
/** All probes are out, and it is kept all the same. */
bool mpt_keepalive_is_unanswered(const mpt_subflow *sf);

/* mpt_subflow_out.c */
/** Options of segments of an MPTCP connection, see mpt_tcp_user. */
void mpt_subflow_options_out(mpt_tcp *t, mpt_wire *w, mpt_tcp_kind kind, uint64_t seq, const mpt_chunk *k);
uint32_t mpt_subflow_option_bytes(const mpt_tcp *t, uint64_t seq);
/** An acknowledgement that is due, or one that carries an option which waits. @return false: nothing waits */
bool mpt_subflow_transmit_ack(mpt_subflow *sf, mpt_segment *out, mpt_time now);
/** A DATA_FIN without data on this subflow (RFC 8684 3.3.3). */
void mpt_subflow_transmit_data_fin(mpt_subflow *sf, mpt_segment *out, mpt_time now);

/* mpt_subflow_in.c, mpt_plain.c */
extern const mpt_tcp_user mpt_subflow_user; /**< of an MPTCP connection, or one that may become one */
extern const mpt_tcp_user mpt_plain_user;   /**< of plain TCP, and after fallback */
mpt_time mpt_subflow_deadline(const mpt_subflow *sf);
void mpt_subflow_timer(mpt_subflow *sf, mpt_time now);
/** The subflow whose retransmission timer says that it is of no use any more. */
void mpt_subflow_give_up(mpt_subflow *sf, mpt_time now);

#endif
