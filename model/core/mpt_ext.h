/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_ext.h: policies of one's own: congestion controls, schedulers and path managers. Each is a table of functions that is registered at a stack and from
 * then on chosen by its name, as those that ship are.
 *
 * A congestion control (mpt_cc_ops): numbers in, window out. One mpt_cc per subflow; coupled ones look at their siblings through mpt_cc_group.
 * Loss detection, PRR, pacing and timers are the core's: an algorithm only says how the window grows and where it falls to.
 *
 * A scheduler (mpt_sched_ops): which path carries what next. It is asked for each segment.
 *
 * A path manager (mpt_pm_ops): how many subflows each pair of addresses gets. It hears of what happens and may close subflows, make them backups, and
 * announce and withdraw addresses of this host.
 *
 * test/unit/test_ext_cc.c has a whole one. What a policy may do: read all of mpt_cc; write cwnd_bytes in on_ack() and
 * on_delivered(), ssthresh_bytes in on_loss(), and its own state in priv. What is out of range (a window below a segment, a
 * threshold below two, a pace of less than a segment in two minutes) is set right and counted (PolicyFaults). The initial window is the core's (RFC 6928), the window in a
 * recovery too (RFC 9937), and after a timeout.
 */
#ifndef MPT_EXT_H
#define MPT_EXT_H

#include "mpt.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MPT_CC_PRIV_BYTES 4096 /**< most state of one's own for each subflow */
#define MPT_CC_GROUP_MAX 32    /**< members of a group */

typedef struct mpt_cc mpt_cc;

/** The subflows of a connection that may carry data. */
typedef struct mpt_cc_group {
    mpt_cc **members;
    uint32_t count;
} mpt_cc_group;

typedef enum mpt_cc_loss {
    MPT_CC_LOSS_FAST,    /**< loss found by SACK or duplicate ACKs; the window shall fall to ssthresh */
    MPT_CC_LOSS_TIMEOUT, /**< retransmission timeout; the caller sets cwnd to one segment afterwards */
    MPT_CC_LOSS_ECN      /**< ECN-Echo, at most once a window */
} mpt_cc_loss;

/** Where the sender stands after an acknowledgement. */
typedef enum mpt_cc_state {
    MPT_CC_OPEN,     /**< nothing wrong */
    MPT_CC_CWR,      /**< ECN-Echo came; until what was sent before it is acknowledged */
    MPT_CC_RECOVERY, /**< fast recovery */
    MPT_CC_AFTER_TIMEOUT
} mpt_cc_state;

/** What one acknowledgement tells, in whatever state the sender is. Those below are set for on_rate() only. */
typedef struct mpt_cc_sample {
    uint64_t delivered_bytes; /**< acknowledged or SACKed for the first time */
    mpt_time rtt_ns;          /**< measured with it; 0 = nothing */
    bool is_ece;              /**< it carries ECN-Echo */

    mpt_cc_state state;
    uint64_t flight_bytes, prior_flight_bytes;        /**< in flight now, and before it */
    uint64_t lost_bytes;                              /**< found lost with it */
    uint64_t total_delivered_bytes, total_lost_bytes; /**< since the start */
    uint64_t
        rate_bytes; /**< delivered in interval_ns: a sample of the delivery rate (draft-cheng-iccrg-delivery-rate-estimation) */
    mpt_time interval_ns;           /**< 0 = no sample */
    uint64_t prior_delivered_bytes; /**< total_delivered_bytes when what it acknowledges was sent */
    bool is_app_limited;            /**< there were not enough data to send in that time */
    bool is_of_copy;                /**< what it acknowledges had been sent again */
    bool is_round_start;            /**< a round trip is over: it acknowledges what was sent after the last one was */
    bool is_ack_delayed;            /**< the receiver may have held it back: a single segment was outstanding */
    mpt_time departs_at_ns;         /**< when pacing lets the next segment go */
    bool
        limits_by_itself; /**< out: the window was made small for a reason of the policy's; rates measured meanwhile count as app-limited */
} mpt_cc_sample;

/** What else may be told. */
typedef enum mpt_cc_event_kind {
    MPT_CC_STARTED,  /**< new data leave, and nothing was outstanding: the start, and after idle times */
    MPT_CC_TIMED_OUT /**< the retransmission timer has fired, and what is lost by that is known; after on_loss() */
} mpt_cc_event_kind;

typedef struct mpt_cc_event {
    mpt_cc_event_kind kind;
    uint64_t flight_bytes;
    bool is_app_limited; /**< there was too little to send */
} mpt_cc_event;

typedef struct mpt_cc_ops {
    const char *name; /**< up to MPT_NAME_BYTES - 1 characters */
    uint32_t
        priv_bytes; /**< state of its own for each subflow, in mpt_cc.priv, at most MPT_CC_PRIV_BYTES; zeroed before init() */
    /** ECN-Echo tells of each segment whether it was marked (RFC 8257 3.2), not that one was (RFC 3168 6.1.3). */
    bool is_each_mark_echoed;
    /** cwnd_bytes is the policy's alone: no PRR, no growth and no reduction by the core, not even at a timeout or after idle times. */
    bool owns_window;
    void (*init)(mpt_cc *cc);
    /** Every acknowledgement, also in recovery and where the window was not in full use, before on_ack(). NULL: not wanted. */
    void (*on_delivered)(mpt_cc *cc, const mpt_cc_sample *sample, mpt_time now);
    /** Every acknowledgement, when it is known what is lost, with a sample of the delivery rate. May set pacing_bytes_per_s. NULL: not wanted. */
    void (*on_rate)(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_sample *sample, mpt_time now);
    void (*on_event)(mpt_cc *cc, const mpt_cc_event *e, mpt_time now); /**< NULL: not wanted */
    /**
     * @p acked_bytes of new data were acknowledged outside of recovery while the window was in full use. Grows
     * cwnd_bytes.
     */
    void (*on_ack)(mpt_cc *cc, const mpt_cc_group *group, uint64_t acked_bytes, mpt_time now);
    /**
     * A congestion signal: set ssthresh_bytes (at least 2 MSS). cwnd_bytes is the caller's.
     * @param flight_bytes RFC 5681's FlightSize at that moment: sent and not cumulatively acknowledged, lost and SACKed
     * bytes included (not the pipe of RFC 6675, which is smaller just then); more than cwnd_bytes counts as cwnd_bytes
     */
    void (*on_loss)(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now);
    /** The last on_loss() was spurious: go back to the state before it. */
    void (*on_undo)(mpt_cc *cc, mpt_time now);
    /** The window was lowered after an idle time; NULL where what is remembered does not depend on the window. */
    void (*on_restart)(mpt_cc *cc);
    /** What init() began is over: the subflow is gone, or init() follows once more, with the peer's MSS. NULL: not wanted. */
    void (*on_end)(mpt_cc *cc);
} mpt_cc_ops;

/** Variables of RFC 9438 section 4.1.2, in bytes and ns. */
typedef struct mpt_cc_cubic_state {
    uint64_t w_max_bytes;      /**< where the curve is flat; 0 = wherever the next epoch starts */
    uint64_t cwnd_prior_bytes; /**< cwnd at the last congestion signal */
    uint64_t w_est_bytes;      /**< what Reno would have by now */
    uint64_t w_est_remainder;
    mpt_time epoch_start_ns; /**< start of this congestion avoidance stage; MPT_NEVER = not begun */
    mpt_time k_ns;           /**< from epoch_start_ns to w_max_bytes */
} mpt_cc_cubic_state;

/** Variables of RFC 9406 4.2; times are MPT_NEVER where there is none. */
typedef struct mpt_hystart {
    bool is_on;               /**< the initial slow start is not over */
    uint64_t window_end;      /**< windowEnd: the round is over when this is acknowledged */
    mpt_time last_min_ns;     /**< lastRoundMinRTT */
    mpt_time current_min_ns;  /**< currentRoundMinRTT */
    mpt_time baseline_min_ns; /**< cssBaselineMinRtt; there is one in conservative slow start */
    uint32_t sample_count;    /**< rttSampleCount */
    uint32_t css_rounds;      /**< rounds of conservative slow start so far */
    uint64_t remainder;       /**< bytes acknowledged in it and not yet turned into window */
} mpt_hystart;

struct mpt_cc {
    const mpt_cc_ops *ops;
    uint64_t cwnd_bytes;
    uint64_t ssthresh_bytes; /**< UINT64_MAX = none yet */
    uint32_t mss_bytes;      /**< payload of a full segment */
    uint32_t seed;           /**< chance of the connection's own, for policies that need some */
    uint64_t
        pacing_bytes_per_s; /**< segments leave at this rate, by the policy's will, a segment in two minutes at least; 0 = as the setting pacing says */
    mpt_time srtt_ns;       /**< kept up to date by the caller; 0 = unknown */
    mpt_time rtt_ns;        /**< measured with this acknowledgement; 0 = nothing */
    /**
     * Least of the rtt_min_window_ns (a setting, 300 s by default) before the last measurement, the handshake's among them; 0 = unknown. Siblings' are in
     * their mpt_cc. One of another time, or of full segments only, is a policy's own to keep, from mpt_cc_sample.rtt_ns.
     */
    mpt_time rtt_min_ns;
    uint64_t snd_una, snd_nxt; /**< of the subflow; kept up to date by the caller where on_ack() is called */
    mpt_hystart hystart;
    bool cubic_alpha_one;     /**< the setting */
    uint64_t acked_remainder; /**< bytes acknowledged and not yet turned into window (byte counting, RFC 3465) */
    uint64_t undo_cwnd_bytes, undo_ssthresh_bytes;
    void *priv; /**< mpt_cc_ops.priv_bytes of the policy's own, for this subflow */
    union {
        struct {
            mpt_cc_cubic_state now, undo;
            mpt_time last_ack_ns;
        } cubic;
        struct {
            double alpha; /**< RFC 6356 section 3, as last computed; 0 = not yet */
            double carry; /**< fraction of a byte of growth */
        } lia;
        struct {
            uint64_t alpha;    /**< RFC 6356 4.1: 512 times the real one, as last computed; 0 = not yet, or no longer */
            uint64_t segments; /**< whole segments of the window then */
        } lia_rfc;
        struct {
            double carry;                        /**< bytes of growth, below 0 too, that are less than one */
            uint64_t since_loss, between_losses; /**< bytes: since the last loss, and between the two before (l2, l1) */
        } olia;
        struct {
            double carry;
        } coupled; /**< of EWTCP, COUPLED and BALIA */
        struct {
            mpt_time base_rtt_ns, rtt_sum_ns; /**< the least so far; sum of this round's */
            uint32_t rtt_count;
            uint64_t round_end; /**< the round is over when this is acknowledged */
        } wvegas;
        struct {
            double alpha;                           /**< RFC 8257 3.3 */
            uint64_t delivered_bytes, marked_bytes; /**< of this window */
            uint64_t window_end;
        } dctcp;
    } u; /**< what each algorithm keeps */
};

/* ---- For a policy to use ---- */

/**
 * Slow start with byte counting, L = 2 (RFC 3465, RFC 5681): grows cwnd up to ssthresh.
 * @return bytes of @p acked_bytes left over for congestion avoidance: all of them when there is no slow start, else
 * what of the first 2 MSS was not needed to reach ssthresh
 */
uint64_t mpt_cc_slow_start(mpt_cc *cc, uint64_t acked_bytes);

/** Congestion avoidance: one MSS more for every @p window_bytes acknowledged, exactly; keeps the remainder. */
void mpt_cc_grow(mpt_cc *cc, uint64_t acked_bytes, uint64_t window_bytes);
/** What mpt_cc_ops.on_loss of Reno and of those who fall as it does is: half the flight (RFC 5681 equation 4). */
void mpt_cc_halve(mpt_cc *cc, const mpt_cc_group *group, mpt_cc_loss kind, uint64_t flight_bytes, mpt_time now);
/** Remember the windows for on_undo() and set ssthresh to the whole segments of @p ssthresh_bytes, as Linux and FreeBSD do, or 2 MSS. */
void mpt_cc_set_threshold(mpt_cc *cc, uint64_t ssthresh_bytes);
/** The only place that changes cwnd_bytes, for algorithms and callers. @param cwnd_bytes > 0 */
void mpt_cc_set_window(mpt_cc *cc, uint64_t cwnd_bytes);
/** Nothing was under way for so long that the window may not be what the path can bear: at most @p most_bytes from here on (RFC 5681 4.1). */
void mpt_cc_restart(mpt_cc *cc, uint64_t most_bytes);
/** What mpt_cc_ops.on_undo is for algorithms whose only state is the windows. */
void mpt_cc_undo(mpt_cc *cc, mpt_time now);

/** Sums over the members that have a round-trip time, for the coupled ones. */
typedef struct mpt_cc_sums {
    uint32_t count;
    double cwnd_bytes;
    double rate;      /**< of cwnd / RTT, bytes/ns */
    double rate_most; /**< the largest of these */
} mpt_cc_sums;

mpt_cc_sums mpt_cc_sum(const mpt_cc_group *group);
/**
 * Congestion avoidance at @p share of Reno's speed, which may be below 0.
 * @param carry what is left of earlier calls, less than what makes a byte (or, below 0, a window)
 */
void mpt_cc_grow_share(mpt_cc *cc, uint64_t acked_bytes, double share, double *carry);

/* ---- Schedulers ---- */

#define MPT_SCHED_PRIV_BYTES 4096 /**< state of a scheduler's own, for a connection and for each subflow */

/** A subflow that may carry data. Opaque: mpt_sched_look() says what can be known of it. */
typedef struct mpt_path mpt_path;

/**
 * What there is to decide. All offsets are of the stream, counted from its first byte:
 * snd_una <= snd_nxt <= snd_end <= snd_written.
 */
typedef struct mpt_sched_view {
    mpt_time now;
    const mpt_conn_settings *set;
    mpt_path *const *paths; /**< established, not stalled; backup ones only when no other is left (RFC 8684 3.3.8) */
    uint32_t count;         /**< at least 1 */
    uint32_t room;          /**< bit i: paths[i] may send a segment now, by its congestion window and pacing */
    uint32_t
        unchanged; /**< bit i: the same paths as when next() was asked last, nothing has happened at paths[i] since */
    const mpt_path *last;      /**< the choice before; may be NULL, or not among paths */
    uint64_t snd_una, snd_nxt; /**< acknowledged, sent for the first time */
    uint64_t snd_end;          /**< what may be sent ends here: written, and within the peer's window */
    uint64_t snd_written;
    uint64_t window_bytes; /**< at most so much is outstanding: the peer's window or the send buffer */
    bool has_more;         /**< as soon as there is room in window or buffer more will come */
    void *priv;            /**< mpt_sched_ops.priv_bytes of the connection, zeroed at its start */
} mpt_sched_view;

/** A path, when it was looked at. */
typedef struct mpt_sched_path {
    uint32_t id; /**< of the subflow: 0, 1, ... in the order of creation */
    uint32_t mss_bytes;
    bool has_room, is_backup;
    uint64_t cwnd_bytes;
    uint64_t ssthresh_bytes; /**< UINT64_MAX = none yet */
    uint64_t flight_bytes;   /**< sent, and neither acknowledged, SACKed nor held lost */
    uint64_t unacked_bytes;  /**< sent and not acknowledged by the subflow: SND.NXT - SND.UNA */
    uint64_t low_offset; /**< no byte outstanding here has a lower stream offset; UINT64_MAX = nothing is outstanding */
    uint64_t rate_bytes_per_s; /**< at which it is paced, or would be: Linux's sk_pacing_rate; 0 = not known yet */
    mpt_time srtt_ns;          /**< 0 = not known yet, as the next two */
    mpt_time rttvar_ns;        /**< smoothed mean deviation (RFC 6298) */
    mpt_time rtt_min_ns;       /**< least of the last rtt_min_window_ns */
} mpt_sched_path;

typedef struct mpt_sched_choice {
    bool is_wait;
    mpt_time again_at;  /**< of a wait: ask again then at the latest; MPT_NEVER: something will be acknowledged */
    uint32_t path;      /**< index in paths, with room */
    uint64_t offset;    /**< snd_nxt: new data; below, not below snd_una: a copy, for a path that does not hold it */
    uint32_t bytes_max; /**< at most so much, at least 1 */
    /**
     * Of new data without bytes_max: those from offset on up to that would go there, too, if nothing else happened and nothing more was written, and are not asked for. 0: ask for each
     * segment, as does a scheduler that makes copies.
     */
    uint64_t run_bytes;
} mpt_sched_choice;

/** What a scheduler may be told. */
typedef enum mpt_sched_event_kind {
    MPT_SCHED_SENT,        /**< a segment left with @c bytes from stream offset @c offset on, whoever chose it */
    MPT_SCHED_ACKED,       /**< @c bytes were acknowledged or SACKed on the path, for the first time */
    MPT_SCHED_LOSS,        /**< a loss was found there */
    MPT_SCHED_STALLED,     /**< it timed out: not among the paths until it is heard again */
    MPT_SCHED_UP,          /**< it may carry data from now on */
    MPT_SCHED_DOWN,        /**< it is gone */
    MPT_SCHED_WINDOW_FULL, /**< a path has room, and nothing new may be sent on it: window or send buffer are full */
} mpt_sched_event_kind;
#define MPT_SCHED_EVENT(kind) (1u << (kind)) /**< for mpt_sched_ops.events */

typedef struct mpt_sched_event {
    mpt_sched_event_kind kind;
    mpt_time now;
    void *priv;       /**< of the connection */
    void *path_priv;  /**< of the path; NULL: WINDOW_FULL */
    uint32_t path_id; /**< of the subflow */
    uint64_t offset, bytes;
    bool is_copy; /**< SENT: those bytes were sent before */
} mpt_sched_event;

typedef struct mpt_sched_ops mpt_sched_ops;
struct mpt_sched_ops {
    const char *name;                     /**< up to MPT_NAME_BYTES - 1 characters */
    uint32_t priv_bytes, path_priv_bytes; /**< of its own for a connection, for a subflow; zeroed at their start */
    bool makes_copies;                    /**< next() is asked when there are no new data, too */
    bool takes_no_copies;                 /**< the core leaves out opportunistic_retransmission */
    bool
        spreads_bursts; /**< what the stream lets out at once leaves at the pace of the path's narrowest link: asked twice, about one segment, where that holds it back */
    bool
        leaves_thin_paths; /**< next() leaves paths alone that bring little, and what they hold goes ahead on the fastest one before a window is full */
    uint32_t events;       /**< MPT_SCHED_EVENT() of those wanted */
    /** For the next segment: which path takes what, or none yet. Asked again until it says wait or no path has room, and where its answer
     * was not carried out. */
    mpt_sched_choice (*next)(const mpt_sched_view *v);
    void (*on_event)(const mpt_sched_event *e); /**< may be NULL */
    /** A connection begins and ends: for what its state refers to elsewhere. NULL: not wanted */
    void (*on_start)(const mpt_sched_ops *ops, void *priv);
    void (*on_end)(void *priv);
};

/** New data on path @p path. */
static inline mpt_sched_choice mpt_sched_new(const mpt_sched_view *v, uint32_t path) {
    mpt_sched_choice choice = {false, MPT_NEVER, path, v->snd_nxt, UINT32_MAX, 0};
    return choice;
}
/** A copy of what lies at stream offset @p offset and was sent elsewhere. */
static inline mpt_sched_choice mpt_sched_copy(uint32_t path, uint64_t offset) {
    mpt_sched_choice choice = {false, MPT_NEVER, path, offset, UINT32_MAX, 0};
    return choice;
}
static inline mpt_sched_choice mpt_sched_wait(mpt_time again_at) {
    mpt_sched_choice choice = {true, again_at, 0, 0, 0, 0};
    return choice;
}
static inline bool mpt_sched_has_room(const mpt_sched_view *v, uint32_t path) {
    return path < v->count && (v->room >> path & 1);
}
mpt_sched_path mpt_sched_look(const mpt_sched_view *v, uint32_t path);
/** @return path_priv_bytes of the scheduler's own */
void *mpt_sched_path_priv(const mpt_sched_view *v, uint32_t path);
/** How long until a segment sent now on path @p path would be acknowledged, by what it delivers and has in flight (mpt_arrival.h). */
mpt_time mpt_sched_arrival(const mpt_sched_view *v, uint32_t path);
/** Does path @p path have the stream's byte @p offset outstanding? */
bool mpt_sched_path_holds(const mpt_sched_view *v, uint32_t path, uint64_t offset);
/**
 * Halve the window of path @p path, which holds the stream up (Raiciu et al., NSDI 2012, 4.2): once in a round trip of it at most, not in a recovery, and not
 * where the congestion control owns the window.
 */
void mpt_sched_penalise(const mpt_sched_view *v, uint32_t path);

/* ---- Path managers ---- */

/** A pair of addresses, one of this host's and one of the peer's, and the connection it is for. */
typedef struct mpt_pm_view {
    mpt_time now;
    const mpt_conn_settings *set;
    bool is_client;
    const mpt_local_address *local;
    mpt_endpoint remote;
    uint32_t
        remote_rank; /**< 0: the address that was connected to, or that of the peer's that connected; 1, 2, ...: announced, in that order */
    bool is_initial_local;       /**< the local address is that of the initial subflow */
    bool has_fullmesh_local;     /**< one of this host's addresses has is_fullmesh */
    bool has_laminar_local;      /**< one has is_laminar */
    uint32_t subflows;           /**< of this pair, from SYN to FIN */
    uint32_t subflows_of_either; /**< of the local address or the remote one */
    uint32_t subflows_of_all;    /**< of the connection */
    void *priv;                  /**< mpt_pm_ops.priv_bytes of the connection, zeroed at its start */
} mpt_pm_view;

typedef enum mpt_pm_event_kind {
    MPT_PM_ESTABLISHED,    /**< the initial subflow is */
    MPT_PM_LOCAL_UP,       /**< an address of this host's came, or its link came up */
    MPT_PM_LOCAL_DOWN,     /**< it went */
    MPT_PM_REMOTE_ADDED,   /**< the peer announced an address */
    MPT_PM_REMOTE_REMOVED, /**< it withdrew one */
    MPT_PM_SUBFLOW_UP,     /**< may carry data */
    MPT_PM_SUBFLOW_DOWN,   /**< one that did is gone */
    MPT_PM_PRIO,           /**< the peer made a subflow a backup, or no longer */
    MPT_PM_TIMER           /**< what mpt_pm_set_timer() asked for */
} mpt_pm_event_kind;

typedef struct mpt_pm_event {
    mpt_pm_event_kind kind;
    mpt_time now;
    void *priv;
    uint32_t subflow_id; /**< of SUBFLOW_UP, SUBFLOW_DOWN, PRIO, ESTABLISHED */
    mpt_addr addr;       /**< LOCAL: of this host; REMOTE: of the peer */
    bool is_backup;      /**< PRIO */
} mpt_pm_event;

typedef struct mpt_pm_ops mpt_pm_ops;
struct mpt_pm_ops {
    const char *name;    /**< up to MPT_NAME_BYTES - 1 characters */
    uint32_t priv_bytes; /**< of its own for a connection; zeroed at its start */
    /**
     * How many subflows this end opens between two addresses; asked whenever something has happened. The core sees to the rest: who may open, when what
     * failed is tried again, subflows_max. What is there already is not closed when it wants less.
     */
    uint32_t (*wanted)(const mpt_pm_view *v);
    /** Something has happened. The commands below may be given here, and here only. NULL: not wanted */
    void (*on_event)(mpt_conn *c, const mpt_pm_event *e);
    /** A connection begins and ends: for what its state refers to elsewhere. NULL: not wanted */
    void (*on_start)(const mpt_pm_ops *ops, void *priv);
    void (*on_end)(void *priv);
    /** Where there are subflows_max, an address that has none takes the place of one of two that share theirs with others: a path that comes back. */
    bool makes_room;
};

#define MPT_PM_PRIV_BYTES 4096 /**< most state of a path manager's own for a connection */

/** Close a subflow by a FIN once the event is over; one that nobody heard of yet is dropped. @return false: there is none of that id */
bool mpt_pm_close(mpt_conn *c, uint32_t subflow_id);
/** Ask the peer by MP_PRIO to use it as a backup, or no longer, and do so here. @return false: there is none of that id that may carry data */
bool mpt_pm_set_backup(mpt_conn *c, uint32_t subflow_id, bool is_backup);
/** @return the host's address number @p index, as it was given to mpt_address_up(); valid during the event; NULL: there are no more */
const mpt_local_address *mpt_pm_local(const mpt_conn *c, uint32_t index);
/**
 * Announce an address of this host's by ADD_ADDR, with its port where it has one (RFC 8684 3.4.1): three times at most, until the peer echoes it. Whether
 * it is_signal, and the setting announce_addresses, do not matter. One that is announced already is not again.
 * @return MPT_OK; MPT_ERR_ADDRESS: it is none of this host's, is loopback or link-local, is that of the initial subflow (id 0), or is behind a link that the
 * connection may not use; MPT_ERR_LIMIT: 16 are announced
 */
mpt_status mpt_pm_announce(mpt_conn *c, const mpt_addr *a);
/**
 * Withdraw by REMOVE_ADDR (RFC 8684 3.4.2) what was announced, by whomever: the peer joins it no more. Subflows there stay while they work; mpt_pm_close()
 * ends them. Nothing happens to one that is not announced.
 * @return MPT_OK; MPT_ERR_ADDRESS: none of this host's that could be announced; MPT_ERR_LIMIT: too many wait to be told, nothing changed
 */
mpt_status mpt_pm_withdraw(mpt_conn *c, const mpt_addr *a);
/**
 * An event TIMER at @p at, in place of the one before; MPT_NEVER: none. A time that is not after now is a fault, and none; a later one that is not a
 * millisecond away is a fault, and a millisecond.
 */
void mpt_pm_set_timer(mpt_conn *c, mpt_time at);

/* ---- Registration ---- */

#define MPT_REGISTERED_MAX 16 /**< policies of one's own at a stack, of each kind */

/**
 * Make @p ops known at @p st, before the first listener or connection that names it. @p ops must live as long as the stack.
 * @return MPT_OK; MPT_ERR_SETTING: NULL, no name, too long a one, init, on_ack, on_loss or on_undo missing, or too much state;
 * MPT_ERR_NAME: there is one of that name; MPT_ERR_LIMIT
 */
mpt_status mpt_register_cc(mpt_stack *st, const mpt_cc_ops *ops);
/**
 * The same for a scheduler. What it answers is checked: a path or an offset that it may not choose, a wait that nothing would end, and more than a hundred in
 * a row of less than 10 us each, are counted (PolicyFaults), and the segment leaves on the path where it is there first.
 * @return MPT_OK; MPT_ERR_SETTING: no name, too long a one, no next(), or too much state; MPT_ERR_NAME: there is one of that name; MPT_ERR_LIMIT
 */
mpt_status mpt_register_scheduler(mpt_stack *st, const mpt_sched_ops *ops);
/** The same for a path manager; wanted() is what it must have. More than 32 subflows for a pair are a fault, and 32. */
mpt_status mpt_register_path_manager(mpt_stack *st, const mpt_pm_ops *ops);

/* ---- Policies at work ---- */

/** @param ops out: the scheduler of @p c. @return its priv_bytes there */
void *mpt_conn_scheduler(const mpt_conn *c, const mpt_sched_ops **ops);
/** @param ops out: the path manager of @p c. @return its priv_bytes there */
void *mpt_conn_path_manager(const mpt_conn *c, const mpt_pm_ops **ops);
/** @return the congestion control of a subflow; NULL: there is none of that id */
const mpt_cc *mpt_conn_cc(const mpt_conn *c, uint32_t subflow_id);

#ifdef __cplusplus
}
#endif

#endif
