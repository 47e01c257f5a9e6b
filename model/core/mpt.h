/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt.h: the only header a host of the core includes.
 *
 * The core is one host's TCP (RFC 9293) and Multipath TCP (RFC 8684) stack as a value in memory. It has no clock,
 * no I/O, no randomness of its own and calls nothing of the host's but the allocator and the assert hook.
 *
 * A host (ns-3, the link simulator, a TUN device) does this, in this order, for every event:
 *   1. one input call: mpt_stack_receive(), mpt_stack_timer(), or a socket or address call;
 *   2. mpt_stack_transmit() until it returns false, putting each segment on the wire;
 *   3. mpt_stack_poll() until it returns false, telling the application;
 *   4. mpt_stack_trace() until it returns false, where tracing is on;
 *   5. (re)arm one timer for mpt_stack_deadline().
 * Input calls made while doing 2 to 4 are allowed; start again at 2 afterwards.
 *
 * The core deals in ranges, never in payload: the bytes of each direction of a connection are numbered from 0
 * ("stream offsets") and stay with the host. An outgoing segment names the stream range it carries; an incoming
 * one is answered with the range that the host must store.
 *
 * Time is in nanoseconds since an epoch of the host's choice, and never goes back (asserted). Same inputs, same
 * outputs, on every machine.
 */
#ifndef MPT_H
#define MPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Status ---------------------------------------------------------------------------------------------- */

/** 0 or negative. What the caller does next is said beside each. */
typedef enum mpt_status {
    MPT_OK = 0,
    MPT_ERR_MEMORY = -1,    /**< the allocator refused; nothing changed: free something, or give up this call */
    MPT_ERR_LIMIT = -2,     /**< a limit of the settings is reached; nothing changed: retry when something ended */
    MPT_ERR_STATE = -3,     /**< not possible in this state of the connection; nothing changed: a bug of the caller's */
    MPT_ERR_ADDRESS = -4,   /**< address or port in use, or not a local address: choose another */
    MPT_ERR_NAME = -5,      /**< no congestion control, scheduler or path manager of that name */
    MPT_ERR_SETTING = -6,   /**< a setting is out of its range; mpt_settings_check() names it */
    MPT_ERR_NOT_OURS = -7,  /**< segment for an endpoint this stack does not have: give it to another protocol */
    MPT_ERR_MALFORMED = -8, /**< segment cannot be parsed; it was counted and dropped */
    /* reasons of MPT_NOTICE_FAILED */
    MPT_ERR_REFUSED = -9, /**< peer answered the SYN with RST */
    MPT_ERR_RESET = -10,  /**< peer reset the connection (RST without another subflow, or MP_FASTCLOSE) */
    MPT_ERR_TIMEOUT =
        -11, /**< no answer after the configured number of retransmissions, or no subflow left for too long */
    MPT_ERR_ABORTED = -12 /**< mpt_conn_abort() was called */
} mpt_status;

/** @return the name of @p status as written above, e.g. "MPT_ERR_LIMIT". */
const char *mpt_status_name(mpt_status status);

/* ---- Time, memory, asserts ------------------------------------------------------------------------------- */

typedef int64_t mpt_time; /**< nanoseconds */
#define MPT_NEVER INT64_MAX
#define MPT_US INT64_C(1000)
#define MPT_MS INT64_C(1000000)
#define MPT_S INT64_C(1000000000)

/** The host's allocator. alloc returns zeroed memory or NULL; free takes NULL. */
typedef struct mpt_mem {
    void *user;
    void *(*alloc)(void *user, size_t bytes);
    void (*free)(void *user, void *p);
} mpt_mem;

/** Provided by the host; called when an assertion of the core fails (a programmer error). Must not return. */
__attribute__((noreturn, cold)) void mpt_assert_failed(const char *expression, const char *file, int line);

/* ---- Addresses ------------------------------------------------------------------------------------------- */

/** An IP address; bytes in network order, the last 12 are 0 for IPv4. */
typedef struct mpt_addr {
    uint8_t family; /**< 4 or 6; 0 = any address */
    uint8_t bytes[16];
} mpt_addr;

typedef struct mpt_endpoint {
    mpt_addr addr;
    uint16_t port; /**< host order */
} mpt_endpoint;

mpt_addr mpt_addr_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d);
bool mpt_addr_equal(const mpt_addr *a, const mpt_addr *b);

#define MPT_ADDRESSES_MAX 32 /**< local addresses of a stack */

/** One address of this host, as the path manager sees it. */
typedef struct mpt_local_address {
    mpt_addr addr;
    uint32_t mtu_bytes; /**< of the link behind it; the MSS follows from it */
    uint8_t id;         /**< MPTCP address id 1..255; 0 = the stack chooses */
    uint16_t port;      /**< announced with the address: joins, and joins only, are taken there; 0 = the port in use */
    uint8_t link;       /**< which of the host's links is behind it, 0..63, see mpt_conn_restrict() */
    bool is_backup;     /**< subflows from here ask to be used as backup only (B bit) */
    bool is_signal;     /**< announce it to peers with ADD_ADDR */
    bool is_fullmesh;   /**< path manager linux: open subflows from here to announced addresses, too */
    bool is_laminar;    /**< path manager linux: one subflow from here, to an announced address that has none */
    bool no_subflow;    /**< never open an additional subflow from here */
} mpt_local_address;

/* ---- Settings --------------------------------------------------------------------------------------------- */

/**
 * Settings of one connection: X(type, name, default, lowest, highest, help). Types: BOOL, U32, TIME (ns), NAME.
 * This list is the only place that holds defaults; attributes of hosts are made from it.
 */
/* clang-format off */
#define MPT_CONN_SETTINGS(X)                                                                                         \
    X(BOOL, mptcp, true, 0, 1, "Multipath TCP; false = single-path TCP")                                              \
    X(U32, version, 1, 0, 1, "Highest version of MPTCP to speak, the one to offer: 1 = RFC 8684, 0 = RFC 6824")       \
    X(BOOL, accept_version_0, false, 0, 1, "Accept connections that offer version 0 (RFC 6824) as MPTCP, too")         \
    X(NAME, congestion_control, "lia", 0, 0, "Congestion control: reno, cubic, lia, lia-rfc, olia, balia, ewtcp, coupled, wvegas, dctcp, bbr")                             \
    X(NAME, scheduler, "earliest", 0, 0, "Scheduler: earliest, minrtt, roundrobin, redundant, blest, ecf, linux, primary, weighted") \
    X(U32, scheduler_burst_segments, 1, 1, 65536, "roundrobin: segments that a path takes in its turn")           \
    X(BOOL, opportunistic_retransmission, true, 0, 1, "A path with nothing new to send takes copies of what holds the stream up elsewhere (NSDI 2012)") \
    X(BOOL, penalisation, true, 0, 1, "Halve the window of a subflow that fills the connection's window (NSDI 2012)") \
    X(NAME, path_manager, "fullmesh", 0, 0, "Path manager: fullmesh, none, ndiffports, linux")                        \
    X(U32, ndiffports, 2, 1, 32, "ndiffports: subflows between the addresses of the initial one, itself among them")   \
    X(U32, add_addr_accepted, 0, 0, 16, "linux: announced addresses of the peer that subflows are opened to (Linux: 0)") \
    X(U32, send_buffer_bytes, 4194304, 2048, 1073741824, "Send buffer of the connection (bytes)")                     \
    X(U32, receive_buffer_bytes, 6291456, 2048, 1073741824, "Receive buffer of the connection (bytes)")               \
    X(U32, mss_bytes_max, 65495, 88, 65495, "Upper bound of the MSS offered and used (bytes)")                        \
    X(U32, mss_bytes_default, 536, 88, 65495, "MSS of a peer that sends no MSS option, as ns-3's TCP (RFC 9293 3.7.1: 536)") \
    X(U32, initial_window_segments, 10, 1, 1000, "Initial congestion window (segments, RFC 6928)")                    \
    X(U32, subflows_max, 8, 1, 32, "Most subflows of a connection at once")                                           \
    X(U32, syn_retries, 6, 0, 30, "Retransmissions of a SYN before giving up")                                        \
    X(U32, capable_syn_retries, 2, 0, 30, "SYNs sent with MP_CAPABLE before falling back to a plain SYN")             \
    X(TIME, blackhole_timeout_ns, 3600000000000, 0, 604800000000000, "After a fallback by lost SYNs connections to that address start without MP_CAPABLE for so long; doubles each time, to 64 times; 0 = never (Linux: 1 h)") \
    X(U32, join_retries, 3, 0, 30, "Retransmissions of an MP_JOIN SYN or third ACK before the subflow is given up")   \
    X(U32, data_retries, 15, 1, 255, "Timeouts in a row before a connection's last subflow is given up")              \
    X(U32, subflow_data_retries, 5, 1, 255, "Timeouts in a row before a subflow that is not the last is given up")    \
    X(U32, delayed_ack_segments, 2, 1, 16, "Full segments received before an ACK is sent at once")                    \
    X(U32, dup_threshold, 3, 1, 255, "Segments SACKed above a hole before it counts as lost (RFC 6675 DupThresh)")    \
    X(BOOL, rack, true, 0, 1, "Losses by time of transmission (RACK, RFC 8985); off = by count (RFC 6675)")           \
    X(TIME, rtt_min_window_ns, 300000000000, 0, 86400000000000, "How long a round-trip time counts as the least, on which RACK's reordering window depends (RFC 8985 6.2; Linux: 300 s)") \
    X(BOOL, tail_loss_probe, true, 0, 1, "Probe for losses at the end of a flight (TLP, RFC 8985)")                   \
    X(BOOL, frto, true, 0, 1, "Undo needless timeouts of subflows without timestamps (F-RTO, RFC 5682)")             \
    X(BOOL, hystart, true, 0, 1, "End CUBIC's initial slow start when delay grows (HyStart++, RFC 9406)")              \
    X(BOOL, cubic_alpha_one, true, 0, 1, "CUBIC's Reno-friendly window grows as Reno's once it is where the last loss was (alpha_cubic = 1, RFC 9438 4.3); off = 0.53 all along (RFC 8312, Linux)") \
    X(BOOL, pacing, false, 0, 1, "Spread segments over the round-trip time, at Linux's rate")                         \
    X(BOOL, send_buffer_autotuning, false, 0, 1, "Begin with 16 KiB of the send buffer, and more as the congestion windows grow") \
    X(BOOL, receive_buffer_autotuning, false, 0, 1, "Begin with 64 KiB of the receive buffer, and more as the rate grows") \
    X(TIME, rto_initial_ns, 1000000000, 1000000, 120000000000, "Initial retransmission timeout (RFC 6298)")           \
    X(TIME, rto_min_ns, 200000000, 1000000, 120000000000, "Least retransmission timeout (Linux: 200 ms)")             \
    X(TIME, rto_max_ns, 120000000000, 1000000, 3600000000000, "Greatest retransmission timeout")                      \
    X(TIME, delayed_ack_ns, 40000000, 0, 500000000, "Longest delay of an ACK")                                        \
    X(TIME, time_wait_ns, 60000000000, 0, 600000000000, "Stay in TIME_WAIT (Linux: 60 s)")                            \
    X(TIME, fin_timeout_ns, 60000000000, 1000000, 600000000000, "Wait for the peer's end after ours was acknowledged and the application let go") \
    X(TIME, no_subflow_timeout_ns, 60000000000, 0, 600000000000, "A connection without any subflow waits this long for a new one") \
    X(TIME, join_backoff_ns, 1000000000, 1000000, 600000000000, "First pause before a failed subflow is opened again; doubles to 64 times") \
    X(BOOL, timestamps, true, 0, 1, "Offer TCP timestamps (RFC 7323)")                                                \
    X(BOOL, window_scaling, true, 0, 1, "Offer window scaling (RFC 7323)")                                            \
    X(BOOL, sack, true, 0, 1, "Offer selective acknowledgement (RFC 2018, D-SACK RFC 2883)")                          \
    X(BOOL, ecn, false, 0, 1, "Offer ECN (RFC 3168)")                                                                 \
    X(BOOL, nagle, true, 0, 1, "Nagle's algorithm (RFC 9293 3.7.4); off = TCP_NODELAY")                               \
    X(BOOL, delayed_ack, true, 0, 1, "Delay acknowledgements (RFC 9293 3.8.6.3)")                                     \
    X(BOOL, limited_transmit, true, 0, 1, "Limited transmit (RFC 3042)")                                              \
    X(BOOL, dss_checksum, false, 0, 1, "Ask for DSS checksums (flag A of MP_CAPABLE)")                                \
    X(BOOL, dsn64, true, 0, 1, "Send 8-byte data sequence numbers")                                                   \
    X(BOOL, data_ack64, false, 0, 1, "Send 8-byte DATA_ACKs, to peers whose data sequence numbers have 4 bytes, too (to 8 bytes they have 8 always, RFC 8684 3.3.2)")                                                         \
    X(BOOL, fastclose_ack, false, 0, 1, "An abort goes with an ACK and waits for the peer's RST; off = with RSTs (RFC 8684 3.5)") \
    X(BOOL, allow_join_initial, true, 0, 1, "Let the peer join the address and port that the connection was opened with (off: flag C of MP_CAPABLE)") \
    X(BOOL, announce_addresses, true, 0, 1, "Announce local addresses marked is_signal with ADD_ADDR")                \
    X(BOOL, join_from_server, false, 0, 1, "The accepting side opens subflows, too")
/* clang-format on */

#define MPT_NAME_BYTES 16
typedef bool mpt_setting_BOOL;
typedef uint32_t mpt_setting_U32;
typedef mpt_time mpt_setting_TIME;
typedef char mpt_setting_NAME[MPT_NAME_BYTES];

typedef struct mpt_conn_settings {
#define MPT_X(type, name, def, lo, hi, help) mpt_setting_##type name;
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
} mpt_conn_settings;

/** Settings of one stack. */
typedef struct mpt_settings {
    uint64_t seed;                 /**< of the generator of keys, nonces and initial sequence numbers */
    uint32_t connections_max;      /**< connections at once, half-open ones included (default 65536) */
    uint32_t half_open_max;        /**< half-open connections per listener (default 1024) */
    uint32_t challenge_acks_per_s; /**< RFC 5961 section 7 (default 1000) */
    uint32_t traces;               /**< trace events to collect for mpt_stack_trace(): MPT_TRACE_BIT()s (default 0) */
    mpt_conn_settings conn;        /**< default of every connection */
} mpt_settings;

void mpt_settings_default(mpt_settings *s);
/** @return NULL when all values are in range and all names known, else the name of the first bad setting. */
const char *mpt_conn_settings_check(const mpt_conn_settings *s);

/* ---- Segments --------------------------------------------------------------------------------------------- */

typedef struct mpt_stack mpt_stack;
typedef struct mpt_conn mpt_conn;
typedef struct mpt_listener mpt_listener;

#define MPT_HEADER_BYTES_MAX 60

/** A TCP segment without its payload. */
typedef struct mpt_segment {
    mpt_addr source, destination;
    uint8_t header[MPT_HEADER_BYTES_MAX]; /**< TCP header with options as on the wire */
    uint8_t header_bytes;                 /**< 20..60 */
    uint8_t ecn;                          /**< ECN field of the IP header, 0..3 (RFC 3168) */
    uint32_t payload_bytes;
    /** In: the payload for checksums, borrowed for the call; NULL = the host carries none and vouches for it. */
    const uint8_t *payload;
    /** Out: whose data this is and from where in its stream; conn is NULL when there is no payload. */
    mpt_conn *conn;
    uint64_t stream_offset;  /**< may be below mpt_conn_acked_offset(), see there */
    void *user;              /**< Out: mpt_conn_user() of the connection it is sent for; NULL = for none */
    uint8_t dss_checksum_at; /**< Out: where in header mpt_segment_seal() writes the DSS checksum; 0 = nowhere */
} mpt_segment;

/**
 * Finish the checksums of an outgoing segment: the DSS checksum where the segment carries one (RFC 8684 3.3.1),
 * then the TCP checksum. A host whose links never corrupt anything may leave this out; both are zero then, and the
 * receiving host passes payload = NULL.
 * @param payload payload_bytes bytes (may be NULL when payload_bytes is 0)
 */
void mpt_segment_seal(mpt_segment *s, const uint8_t *payload);
/** @return true when the TCP checksum of @p s over header and s->payload is right, or s->payload is NULL: the host vouches. */
bool mpt_segment_verify(const mpt_segment *s);

/** What the host must do with the payload of a received segment. */
typedef struct mpt_store {
    mpt_conn *conn;         /**< NULL: nothing to store */
    uint64_t stream_offset; /**< where the kept bytes belong; may overlap what is stored already and is not yet read */
    uint32_t payload_skip;  /**< bytes of the payload to leave out in front */
    uint32_t bytes;         /**< bytes to keep */
} mpt_store;

/* ---- A stack ---------------------------------------------------------------------------------------------- */

/** @return MPT_OK, MPT_ERR_MEMORY, MPT_ERR_SETTING or MPT_ERR_NAME; on error *out is NULL. */
mpt_status mpt_stack_new(mpt_stack **out, const mpt_settings *s, const mpt_mem *mem, mpt_time now);
/** Frees the stack and every connection and listener in it without a word to any peer. */
void mpt_stack_free(mpt_stack *st);

/** @return true when mpt_stack_receive() would take this segment (a listener, connection or join is there for it). */
bool mpt_stack_wants(const mpt_stack *st, const mpt_segment *in);

/**
 * @return true from when on a connection has agreed to DSS checksums: they are checked only where segments come with
 * their payload.
 */
bool mpt_stack_needs_payload(const mpt_stack *st);

/**
 * A segment of the same ends as @p in comes soon, as the @p ahead-th from now, 3 to 1: fetch what it is about into the caches. Changes nothing. Worth its
 * while where there are hundreds of connections, to be called for each number in turn.
 */
void mpt_stack_foresee(const mpt_stack *st, const mpt_segment *in, unsigned ahead);

/**
 * Input of one segment, addressed to this host.
 * @return MPT_OK; MPT_ERR_NOT_OURS (no such endpoint; nothing was done); MPT_ERR_MALFORMED; MPT_ERR_MEMORY (as if lost).
 */
mpt_status mpt_stack_receive(mpt_stack *st, const mpt_segment *in, mpt_store *store, mpt_time now);
/** Queue the RST that answers a segment which mpt_stack_receive() said MPT_ERR_NOT_OURS to; for hosts without another TCP. */
void mpt_stack_refuse(mpt_stack *st, const mpt_segment *in, mpt_time now);
/** The IP layer reported that @p remote cannot be reached from @p local (soft error; speeds up giving up a subflow's SYN). */
void mpt_stack_unreachable(mpt_stack *st, const mpt_endpoint *local, const mpt_endpoint *remote, mpt_time now);
/** Time passes. Late and spurious calls are harmless. */
void mpt_stack_timer(mpt_stack *st, mpt_time now);
/** @return when mpt_stack_timer() has to be called; MPT_NEVER when nothing is pending. May be earlier than needed. */
mpt_time mpt_stack_deadline(const mpt_stack *st);
/** Next segment for the wire. @return false when there is none now. */
bool mpt_stack_transmit(mpt_stack *st, mpt_segment *out, mpt_time now);

/* Local addresses */
/** For an address that is up already: its link is back, what waited for a retry is tried at once. */
mpt_status mpt_address_up(mpt_stack *st, const mpt_local_address *a, mpt_time now);
mpt_status mpt_address_down(mpt_stack *st, const mpt_addr *a, mpt_time now);
/** Change the backup flag; tells peers with MP_PRIO. */
mpt_status mpt_address_backup(mpt_stack *st, const mpt_addr *a, bool is_backup, mpt_time now);

/* ---- Listeners -------------------------------------------------------------------------------------------- */

/** @param local any address: family 0, or one of 4 or 6 and zeros (joins: any). @param cs NULL = the stack's defaults. @return MPT_OK, _ADDRESS, _MEMORY, _NAME, _SETTING */
mpt_status mpt_listen(mpt_stack *st, const mpt_endpoint *local, uint32_t backlog, const mpt_conn_settings *cs,
                      mpt_listener **out);
/** As mpt_conn_restrict(), for the connections accepted from now on, none at another link. */
void mpt_listener_restrict(mpt_listener *l, uint64_t links);
void mpt_listener_close(mpt_listener *l, mpt_time now);
void mpt_listener_set_user(mpt_listener *l, void *user);
void *mpt_listener_user(const mpt_listener *l);

/* ---- Connections ------------------------------------------------------------------------------------------ */

/**
 * Open a connection. @param local port 0 = the stack chooses one from 49152..65535; the address must be given.
 * @return MPT_OK, MPT_ERR_ADDRESS, MPT_ERR_MEMORY, MPT_ERR_LIMIT, MPT_ERR_NAME, MPT_ERR_SETTING
 */
mpt_status mpt_connect(mpt_stack *st, const mpt_endpoint *local, const mpt_endpoint *remote,
                       const mpt_conn_settings *cs, mpt_time now, mpt_conn **out);
#define MPT_LINKS_MAX 64
/**
 * Restrict the connection to some of the host's links: no subflow is opened from, admitted at or announced for an address behind another
 * one (what Linux makes of SO_BINDTODEVICE). Subflows there are stay. To be called right after mpt_connect().
 * @param links bit n = link n may be used; UINT64_MAX = all, as at first
 */
void mpt_conn_restrict(mpt_conn *c, uint64_t links);
/** Append @p bytes to the stream; all or nothing. @return MPT_OK; MPT_ERR_LIMIT: more than mpt_conn_writable(); MPT_ERR_STATE */
mpt_status mpt_conn_write(mpt_conn *c, uint64_t bytes, mpt_time now);
/** The application read @p bytes, at most mpt_conn_readable(). */
void mpt_conn_consume(mpt_conn *c, uint64_t bytes, mpt_time now);
/** No more will be written: everything written is sent, then the end (DATA_FIN or FIN). Repeated calls do nothing. */
void mpt_conn_shutdown(mpt_conn *c, mpt_time now);
/** Throw the connection away: MP_FASTCLOSE and RST. A notice MPT_NOTICE_FAILED(MPT_ERR_ABORTED) follows. */
void mpt_conn_abort(mpt_conn *c, mpt_time now);
/**
 * The application closes its handle: implies mpt_conn_shutdown(); the protocol goes on until both ends are done.
 * No notice names the connection any more and the host must not use @p c in any input; mpt_stack_transmit() still
 * names it in segments until the last data are acknowledged: the host keeps the send store until mpt_stack_poll()
 * says MPT_NOTICE_GONE, the last word on any connection. Unread data means the peer gets a reset (RFC 9293 3.10.4).
 */
void mpt_conn_release(mpt_conn *c, mpt_time now);

void mpt_conn_set_user(mpt_conn *c, void *user);
void *mpt_conn_user(const mpt_conn *c);
uint64_t mpt_conn_readable(const mpt_conn *c);     /**< bytes in order and not consumed */
uint64_t mpt_conn_read_offset(const mpt_conn *c);  /**< stream offset of the next byte to consume */
uint64_t mpt_conn_writable(const mpt_conn *c);     /**< free room of the send buffer */
uint64_t mpt_conn_write_offset(const mpt_conn *c); /**< stream offset of the next byte to be written */
/**
 * Below this the host may drop its send store. Mostly that is all that the peer has; what a silent subflow may have to send again of that is kept as
 * well, but no more than a send buffer full: beyond that a segment may name bytes that were dropped. The peer has them, and any others do in their place.
 */
uint64_t mpt_conn_acked_offset(const mpt_conn *c);
bool mpt_conn_peer_ended(const mpt_conn *c);    /**< the peer's end was received and all before it is readable */
mpt_endpoint mpt_conn_local(const mpt_conn *c); /**< of the initial subflow */
mpt_endpoint mpt_conn_remote(const mpt_conn *c);
uint32_t mpt_conn_id(const mpt_conn *c); /**< 1, 2, ... in order of creation in its stack */
/** @return the connection that has a subflow between these ends, whose id is written; NULL: none */
mpt_conn *mpt_stack_find_conn(const mpt_stack *st, const mpt_endpoint *local, const mpt_endpoint *remote,
                              uint32_t *subflow_id);

/* ---- Notices ---------------------------------------------------------------------------------------------- */

typedef enum mpt_notice_kind {
    MPT_NOTICE_ACCEPTED,  /**< a new connection of @c listener: call mpt_conn_set_user() */
    MPT_NOTICE_CONNECTED, /**< mpt_connect() succeeded */
    MPT_NOTICE_READABLE,  /**< mpt_conn_readable() grew, or the peer's end was reached (see mpt_conn_peer_ended()) */
    MPT_NOTICE_WRITABLE, /**< mpt_conn_acked_offset() grew: drop stored bytes; or the send buffer did: more may be written */
    MPT_NOTICE_CLOSED, /**< both directions ended in good order and everything was acknowledged */
    MPT_NOTICE_FAILED, /**< the connection broke, see @c reason; only mpt_conn_release() is left to do */
    MPT_NOTICE_GONE    /**< after mpt_conn_release(): the core has freed the connection; @c conn is only a name now */
} mpt_notice_kind;

typedef struct mpt_notice {
    mpt_notice_kind kind;
    mpt_conn *conn;
    mpt_listener *listener; /**< of MPT_NOTICE_ACCEPTED */
    void *user;             /**< mpt_conn_user() of @c conn */
    mpt_status reason;      /**< of MPT_NOTICE_FAILED */
} mpt_notice;

/** Next thing to tell the application; repeated READABLE and WRITABLE of a connection are merged. */
bool mpt_stack_poll(mpt_stack *st, mpt_notice *out);

/* ---- Looking inside --------------------------------------------------------------------------------------- */

/** States of a subflow: RFC 9293 3.3.2. */
/* clang-format off */
#define MPT_TCP_STATES(X)                                                                                            \
    X(CLOSED) X(LISTEN) X(SYN_SENT) X(SYN_RECEIVED) X(ESTABLISHED) X(FIN_WAIT_1) X(FIN_WAIT_2) X(CLOSE_WAIT) X(CLOSING) \
    X(LAST_ACK) X(TIME_WAIT)
/* clang-format on */
typedef enum mpt_tcp_state {
#define MPT_X(name) MPT_TCP_##name,
    MPT_TCP_STATES(MPT_X)
#undef MPT_X
} mpt_tcp_state;
const char *mpt_tcp_state_name(mpt_tcp_state s);

typedef enum mpt_mode {
    MPT_MODE_TCP,     /**< single-path TCP was asked for */
    MPT_MODE_OPENING, /**< MP_CAPABLE not yet agreed */
    MPT_MODE_MPTCP,   /**< MPTCP is in use */
    MPT_MODE_FALLBACK /**< MPTCP was asked for, plain TCP (or an infinite mapping) is in use */
} mpt_mode;

typedef struct mpt_conn_info {
    mpt_mode mode;
    uint32_t subflow_count; /**< alive now, from SYN to the end of TIME_WAIT */
    uint32_t token_local, token_remote;
    uint64_t bytes_sent;        /**< stream bytes sent for the first time */
    uint64_t bytes_acked;       /**< by DATA_ACK (or ACK) */
    uint64_t bytes_received;    /**< in order */
    uint64_t bytes_reinjected;  /**< stream bytes sent once more on another subflow */
    uint64_t bytes_duplicate;   /**< received once more at connection level */
    uint64_t reorder_bytes;     /**< received beyond a hole of the stream */
    uint64_t send_window_bytes; /**< room the peer's window leaves beyond what is sent */
} mpt_conn_info;
void mpt_conn_get_info(const mpt_conn *c, mpt_conn_info *out);

typedef struct mpt_subflow_info {
    uint32_t id; /**< 0, 1, ... in order of creation in its connection; never used again */
    mpt_endpoint local, remote;
    uint8_t address_id_local, address_id_remote;
    mpt_tcp_state state;
    bool is_established; /**< may carry data (a join: after its fourth ACK) */
    bool is_backup;
    uint32_t mss_bytes;
    uint64_t cwnd_bytes, ssthresh_bytes;
    uint64_t flight_bytes; /**< sent, not acknowledged, not SACKed, not lost (pipe) */
    mpt_time srtt_ns, rto_ns;
    mpt_time rtt_min_ns;  /**< least of the last rtt_min_window_ns; MPT_NEVER = not measured yet */
    uint64_t bytes_sent;  /**< payload, retransmissions included */
    uint64_t bytes_acked; /**< payload acknowledged at subflow level */
    uint64_t bytes_retransmitted;
    uint64_t bytes_received; /**< payload received in order at subflow level */
    uint64_t segments_sent, segments_received;
    uint32_t timeouts, fast_recoveries;
} mpt_subflow_info;
/** @param index 0 .. subflow_count-1 of mpt_conn_info. @return false when there is no such subflow. */
bool mpt_conn_get_subflow_info(const mpt_conn *c, uint32_t index, mpt_subflow_info *out);

/** Why a pair of addresses has a subflow or none: X(name, why). */
/* clang-format off */
#define MPT_PAIR_STATES(X)                                                                                           \
    X(USED, "has a subflow")                                                                                         \
    X(OPENING, "a SYN was sent, the handshake is not over")                                                          \
    X(DUE, "a subflow is about to be opened")                                                                        \
    X(PLAIN_TCP, "the connection speaks plain TCP")                                                                  \
    X(WAITS_FOR_DATA, "subflows are opened once the peer has acknowledged data of the first one")                    \
    X(PEERS_TURN, "only the end that connected opens subflows (join_from_server is off)")                            \
    X(NO_SUBFLOW, "the local address is marked for no additional subflows")                                          \
    X(OTHER_LINK, "the connection is restricted to other links")                                                     \
    X(OTHER_FAMILY, "one address is of IPv4, the other of IPv6")                                                     \
    X(UNWANTED, "the path manager does not want it")                                                                 \
    X(OWN_ADDRESS, "the peer announced an address of this host")                                                     \
    X(JOIN_DENIED, "the peer takes no joins at the address that was connected to")                                   \
    X(WITHDRAWN, "the peer withdrew its address")                                                                    \
    X(MEDDLED, "a middlebox changes the payload or takes options away there")                                        \
    X(REFUSED, "the peer refused it for good")                                                                       \
    X(PAUSED, "the last attempt failed, the next one waits")                                                         \
    X(NO_ROOM, "there are as many subflows as subflows_max allows")
/* clang-format on */
typedef enum mpt_pair_state {
#define MPT_X(name, help) MPT_PAIR_##name,
    MPT_PAIR_STATES(MPT_X)
#undef MPT_X
} mpt_pair_state;
/** @return the sentence beside the state. */
const char *mpt_pair_state_help(mpt_pair_state s);

typedef struct mpt_pair_info {
    mpt_addr local;
    mpt_endpoint remote;
    mpt_pair_state state;
    uint32_t failures; /**< attempts that failed since one worked */
    mpt_time retry_at; /**< of PAUSED */
} mpt_pair_info;
/**
 * The pairs of a local address and an address of the peer that the path manager knows: why has this connection no more subflows?
 * @param index 0, 1, ... @return false when there is no such pair.
 */
bool mpt_conn_get_pair_info(const mpt_conn *c, uint32_t index, mpt_pair_info *out);

/** Trace events: X(name, what old_value and new_value are). Those of the first list name a subflow. */
/* clang-format off */
#define MPT_SUBFLOW_TRACES(X)                                                                                        \
    X(Cwnd, "Congestion window (bytes)")                                                                             \
    X(Ssthresh, "Slow start threshold (bytes)")                                                                      \
    X(Rtt, "Smoothed round-trip time (ns)")                                                                          \
    X(BytesInFlight, "Bytes sent and neither acknowledged nor held lost")                                             \
    X(State, "TCP state, as mpt_tcp_state")                                                                          \
    X(BytesSent, "Payload bytes sent, retransmissions included")                                                     \
    X(BytesAcked, "Payload bytes acknowledged on the subflow")                                                       \
    X(BytesRetransmitted, "Payload bytes retransmitted on the subflow")                                              \
    X(Timeouts, "Retransmission timeouts of the subflow")                                                             \
    X(Rto, "Retransmission timeout (ns), doubled at each that fires")
/* clang-format on */
/* clang-format off */
#define MPT_CONN_TRACES(X)                                                                                           \
    X(DsnSent, "Stream bytes sent for the first time")                                                               \
    X(DsnAcked, "Stream bytes acknowledged by DATA_ACK")                                                             \
    X(DsnDelivered, "Stream bytes received in order")                                                                \
    X(ReorderBytes, "Bytes in the connection's reorder queue")                                                       \
    X(Scheduled, "The scheduler's choice: subflow id before and now")                                                \
    X(SubflowUp, "A subflow became able to carry data: 0, 1")                                                        \
    X(SubflowDown, "A subflow ended: 0, reason of MP_TCPRST or 0")                                                   \
    X(Reinjected, "Stream bytes sent once more on another subflow")
/* clang-format on */
typedef enum mpt_trace_kind {
#define MPT_X(name, help) MPT_TRACE_##name,
    MPT_SUBFLOW_TRACES(MPT_X) MPT_CONN_TRACES(MPT_X)
#undef MPT_X
        MPT_TRACE_KINDS
} mpt_trace_kind;
typedef struct mpt_trace {
    mpt_trace_kind kind;
    mpt_conn *conn; /**< a name only: it may have been freed after MPT_NOTICE_GONE */
    void *user;     /**< mpt_conn_user() */
    uint32_t subflow_id;
    mpt_time time;
    uint64_t old_value, new_value;
} mpt_trace;
/** Next trace event; the oldest are dropped (and counted) when the host does not fetch them. */
bool mpt_stack_trace(mpt_stack *st, mpt_trace *out);
#define MPT_TRACE_BIT(kind) (UINT32_C(1) << (kind))
#define MPT_TRACE_ALL UINT32_MAX
/** Choose after mpt_stack_new() what is traced from now on: MPT_TRACE_BIT()s. @return MPT_OK or MPT_ERR_MEMORY */
mpt_status mpt_stack_set_trace(mpt_stack *st, uint32_t kinds);

/** Counters, with the names of Linux's MPTCP MIB and TCP MIB where Linux has one. */
/* clang-format off */
#define MPT_COUNTERS(X)                                                                                              \
    X(MPCapableSYNRX) X(MPCapableSYNTX) X(MPCapableSYNACKRX) X(MPCapableACKRX) X(MPCapableFallbackACK)                 \
    X(MPCapableFallbackSYNACK) X(MPCapableSYNTXDrop) X(MPCapableSYNTXDisabled) X(Blackhole) X(MPFallbackTokenInit) X(MPTCPRetrans) X(MPJoinNoTokenFound)       \
    X(MPJoinSynTx) X(MPJoinSynRx) X(MPJoinSynBackupRx) X(MPJoinSynAckRx) X(MPJoinSynAckBackupRx)                        \
    X(MPJoinSynAckHMacFailure) X(MPJoinAckRx) X(MPJoinAckHMacFailure) X(MPJoinPortSynRx) X(MPJoinPortSynAckRx)          \
    X(MPJoinPortAckRx) X(MismatchPortSynRx) X(MPJoinRejected) X(DSSNotMatching) X(DSSCorruptionFallback) X(DSSCorruptionReset) X(InfiniteMapTx)                \
    X(InfiniteMapRx) X(DSSNoMatchTCP) X(DataCsumErr) X(OFOQueue) X(OFOMerge) X(NoDSSInWindow) X(DuplicateData)           \
    X(AddAddr) X(AddAddrTx) X(EchoAdd) X(EchoAddTx) X(PortAdd) X(AddAddrDrop) X(AddAddrHMacFailure) X(RmAddr)           \
    X(RmAddrDrop) X(RmAddrTx) X(RmSubflow) X(MPPrioTx) X(MPPrioRx) X(MPFailTx) X(MPFailRx) X(MPFastcloseTx)             \
    X(MPFastcloseRx) X(MPFastcloseKeyFailure) X(MPRstTx) X(MPRstRx) X(SubflowStale) X(SubflowRecover) X(MPCurrEstab)                         \
    X(InSegs) X(OutSegs) X(RetransSegs) X(OutRsts) X(InErrs) X(AttemptFails) X(EstabResets) X(ActiveOpens)             \
    X(PassiveOpens) X(TCPTimeouts) X(TCPLossProbes) X(TCPLossProbeRecovery) X(TCPLostRetransmit) X(TCPFastRetrans) X(TCPDSACKUndo) X(TCPFullUndo) X(TCPLossUndo) X(TCPSpuriousRTOs) \
    X(TCPDSACKRecv) X(TCPDSACKOldSent) X(TCPChallengeACK) X(TCPACKSkippedSeq) X(PAWSEstab) \
    X(TCPOFODrop) X(ListenOverflows) X(TraceDropped) X(NoMemory) X(PolicyFaults)
/* clang-format on */
typedef struct mpt_counters {
#define MPT_X(name) uint64_t name;
    MPT_COUNTERS(MPT_X)
#undef MPT_X
} mpt_counters;
const mpt_counters *mpt_stack_counters(const mpt_stack *st);

/** Check every invariant of the stack (asserts). Slow: for tests. */
void mpt_stack_check(const mpt_stack *st);

#ifdef __cplusplus
}
#endif
#endif
