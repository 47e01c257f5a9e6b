/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * script.h: scripts against one stack: "on this segment, exactly these segments, with these options, at these times".
 *
 * A script is an array of steps; the stack under test is one end, the script plays the other end and the clock:
 *
 *     static const script_step lost_syn_is_sent_again[] = {
 *         CONNECT,
 *         OUT(SYN, .win = 65535, MSS(1460), SACK_PERMITTED, WSCALE(7), CAPABLE()),
 *         OUT_AT(1 * MPT_S, SYN, .win = 65535, MSS(1460), SACK_PERMITTED, WSCALE(7), CAPABLE()),
 *         IN(SYNACK, .ack = 1, MSS(1460), SACK_PERMITTED, WSCALE(7), CAPABLE(.keys = 1)),
 *         OUT(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)),
 *     };
 *
 * A new script is this array and its name in the list at the end of its file. Rules:
 *   - OUT is exact: flags, numbers, length, options and their content, and the time (now, or that of OUT_AT). The
 *     window is looked at only when .win is given. Every segment that is sent has its OUT before the next input or the
 *     next passing of time.
 *   - Sequence numbers are relative, SYN = 0, first byte = 1, and so are DSNs (first byte = 1), SSNs and DATA_ACKs
 *     (nothing received = 1). The peer's wrap soon: its ISN, IDSN and timestamps lie just below 2^32.
 *   - Times are since the beginning of the script.
 *   - .on names a subflow, 0, 1, ...; it is made by its first SYN, whose .local and .peer say which address it joins
 *     (script_host.h).
 *   - Keys, tokens, nonces, HMACs and checksums are the player's business, calculated apart from the core. .forged =
 *     true in an option makes them wrong; in OUT, it means that the stack sent a wrong one.
 *   - Options of the peer are what IN says; those of the stack are what SETTING says; timestamps, and losses by time
 *     (RFC 8985), are off unless a script sets them.
 *   - Payload is a pattern by stream offset, checked on both sides.
 *
 * Steps are plain data, and the player knows the stack through script_host.h only: the same scripts run against the
 * core and against a node of ns-3.
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "mpt.h"
#include "wire/mpt_wire.h"
#include "script_host.h"

#pragma GCC diagnostic ignored "-Woverride-init" /* steps have defaults, which arguments override */

enum { SCRIPT_FLOWS = 16, SCRIPT_ANY = -1 };

enum {
    SYN = MPT_SYN,
    SYNACK = MPT_SYN | MPT_ACK,
    ACK = MPT_ACK,
    PSHACK = MPT_PSH | MPT_ACK,
    FINACK = MPT_FIN | MPT_ACK,
    RST = MPT_RST,
    RSTACK = MPT_RST | MPT_ACK
};

/* ---- Options as a script says them ------------------------------------------------------------------------ */

typedef struct script_capable {
    bool is_present;
    uint8_t version, flags;
    uint8_t keys; /**< 0; 1: the sender's; 2: and the receiver's */
    bool has_data, has_sum;
    uint16_t data; /**< length of the data that come with both keys */
    bool forged;   /**< wrong receiver's key, or checksum when there is one */
} script_capable;

typedef struct script_join {
    bool is_present;
    mpt_join_form form;
    bool is_backup;
    uint8_t id;
    bool forged; /**< wrong token or HMAC */
} script_join;

typedef struct script_dss {
    bool is_present, is_ack64, has_map, has_sum;
    bool is_dsn32; /**< OUT: the stack's DSN has 4 bytes */
    bool is_dsn64; /**< IN: the peer's has 8, and so have the DATA_ACKs that answer it */
    bool fin;
    uint64_t ack; /**< 0 = none */
    uint64_t dsn;
    uint32_t ssn;
    uint16_t length; /**< DATA_FIN included */
    bool forged;     /**< wrong checksum */
} script_dss;

typedef struct script_add_addr {
    bool is_present, is_echo, is_v0;
    uint8_t id, addr; /**< addr: index of an address of the announcing side */
    uint16_t port;    /**< 0 = none */
    bool forged;      /**< wrong HMAC */
} script_add_addr;

typedef struct script_remove_addr {
    uint8_t count, ids[8];
} script_remove_addr;

typedef struct script_number { /**< MP_FAIL: relative DSN; MP_FASTCLOSE: nothing but forged; MP_PRIO: is_backup */
    bool is_present, is_backup;
    uint64_t dsn;
    bool forged;
} script_number;

typedef struct script_tcprst {
    bool is_present;
    uint8_t flags, reason;
} script_tcprst;

/** A segment in the words of a script. */
typedef struct script_segment {
    uint8_t on;          /**< subflow */
    uint8_t local, peer; /**< of its first segment: indices of the addresses */
    uint16_t port;       /**< port of the passive end when it is not SCRIPT_PORT */
    uint8_t flags;       /**< of the TCP header */
    uint64_t seq, ack;
    uint32_t length;
    int32_t win; /**< as in the header, unscaled */
    uint8_t ecn;
    int64_t at;            /**< in: stream offset of the payload when no mapping in this segment says it */
    bool is_content_wrong; /**< out: the payload is not the pattern */

    bool has_mss, has_wscale, is_sack_permitted, has_ts;
    uint16_t mss;
    uint8_t wscale;
    uint32_t ts, ts_echo; /**< the stack's: milliseconds since the beginning; the peer's: what the script says */
    uint8_t sack_count;
    uint64_t sack[4][2];
    script_capable capable;
    script_join join;
    script_dss dss;
    script_add_addr add_addr;
    script_remove_addr remove_addr;
    script_number prio, fail, fastclose;
    script_tcprst tcprst;
    const char *raw; /**< in: more options, in hexadecimal */
} script_segment;

#define MSS(bytes) .has_mss = true, .mss = (bytes)
#define WSCALE(shift) .has_wscale = true, .wscale = (shift)
#define SACK_PERMITTED .is_sack_permitted = true
#define TS(value, echo) .has_ts = true, .ts = (value), .ts_echo = (echo)
#define SACK(start, end) .sack_count = 1, .sack = {{start, end}}
#define SACK2(s1, e1, s2, e2) .sack_count = 2, .sack = {{s1, e1}, {s2, e2}}
#define SACK3(s1, e1, s2, e2, s3, e3) .sack_count = 3, .sack = {{s1, e1}, {s2, e2}, {s3, e3}}
/**
 * MP_CAPABLE: CAPABLE() of a SYN, CAPABLE(.keys = 1) of a SYN/ACK, CAPABLE(.keys = 2) of an ACK, CAPABLE_DATA(n) with
 * the first data.
 */
#define CAPABLE(...) .capable = {.is_present = true, .version = 1, .flags = MPT_CAPABLE_H, __VA_ARGS__}
#define CAPABLE_DATA(bytes, ...) CAPABLE(.keys = 2, .has_data = true, .data = (bytes), __VA_ARGS__)
#define JOIN_SYN(...) .join = {.is_present = true, .form = MPT_JOIN_SYN, __VA_ARGS__}
#define JOIN_SYNACK(...) .join = {.is_present = true, .form = MPT_JOIN_SYNACK, __VA_ARGS__}
#define JOIN_ACK(...) .join = {.is_present = true, .form = MPT_JOIN_ACK, __VA_ARGS__}
/** DSS: DATA_ACK alone; with a mapping of @p n bytes; with a lone DATA_FIN whose number is @p d. */
#define DSS_ACK(a, ...) .dss = {.is_present = true, .ack = (a), __VA_ARGS__}
#define DSS_MAP(a, d, s, n, ...) DSS_ACK(a, .has_map = true, .dsn = (d), .ssn = (s), .length = (n), __VA_ARGS__)
#define DSS_FIN(a, d, ...) DSS_MAP(a, d, 0, 1, .fin = true, __VA_ARGS__)
#define ADD_ADDR(id_, addr_, ...) .add_addr = {.is_present = true, .id = (id_), .addr = (addr_), __VA_ARGS__}
#define REMOVE_ADDR(...) .remove_addr = {sizeof((uint8_t[]){__VA_ARGS__}), {__VA_ARGS__}}
#define PRIO(backup) .prio = {.is_present = true, .is_backup = (backup)}
#define FAIL(dsn_) .fail = {.is_present = true, .dsn = (dsn_)}
#define FASTCLOSE(...) .fastclose = {.is_present = true, __VA_ARGS__}
#define TCPRST(reason_, ...) .tcprst = {.is_present = true, .reason = (reason_), __VA_ARGS__}

/* ---- Steps ------------------------------------------------------------------------------------------------- */

typedef enum script_kind {
    SCRIPT_SETTING,
    SCRIPT_NEEDS_PAYLOAD,
    SCRIPT_ADDRESS_UP,
    SCRIPT_ADDRESS_DOWN,
    SCRIPT_ADDRESS_BACKUP,
    SCRIPT_CONNECT,
    SCRIPT_LISTEN,
    SCRIPT_WRITE,
    SCRIPT_READ,
    SCRIPT_SHUTDOWN,
    SCRIPT_ABORT,
    SCRIPT_RELEASE,
    SCRIPT_AT,
    SCRIPT_QUIET,
    SCRIPT_IN,
    SCRIPT_OUT,
    SCRIPT_OUT_AT,
    SCRIPT_NOTICE,
    SCRIPT_NO_NOTICE,
    SCRIPT_FAILED,
    SCRIPT_COUNTER,
    SCRIPT_READABLE
} script_kind;

typedef struct script_step {
    script_kind kind;
    int line;
    const char *name;       /**< of a setting or counter */
    const char *text;       /**< value of a setting that is a name */
    int64_t number;         /**< value, bytes, index of an address, kind of a notice, status */
    mpt_time time;          /**< since the beginning of the script */
    bool is_relative;       /**< time is since now */
    script_address address; /**< of ADDRESS_UP and ADDRESS_BACKUP */
    script_segment segment;
} script_step;

#define STEP(kind_, ...)                                                                                               \
    { .kind = (kind_), .line = __LINE__, __VA_ARGS__ }
#define STEP_SEGMENT(kind_, time_, flags_, ...)                                                                        \
    STEP(kind_, .time = (time_), .segment = {.flags = (flags_), .win = SCRIPT_ANY, .at = SCRIPT_ANY, __VA_ARGS__})

/** Before CONNECT or LISTEN: a setting of mpt.h, e.g. SETTING(nagle, false), NAME_SETTING(scheduler, "roundrobin"). */
#define SETTING(name_, value) STEP(SCRIPT_SETTING, .name = #name_, .number = (value))
#define NAME_SETTING(name_, value) STEP(SCRIPT_SETTING, .name = #name_, .text = (value))
/** This script looks at checksums over payload: it is not played on hosts that carry none. */
#define NEEDS_PAYLOAD STEP(SCRIPT_NEEDS_PAYLOAD, .number = 0)
/** Address 0 is up from the beginning. Further arguments: those of script_address, e.g. .is_backup = true. */
#define ADDRESS_UP(index, ...) STEP(SCRIPT_ADDRESS_UP, .number = (index), .address = {__VA_ARGS__})
#define ADDRESS_DOWN(index) STEP(SCRIPT_ADDRESS_DOWN, .number = (index))
#define ADDRESS_BACKUP(index, backup) STEP(SCRIPT_ADDRESS_BACKUP, .number = (index), .address = {.is_backup = (backup)})
/** The stack opens a connection from its address 0 to the peer's address 0. */
#define CONNECT STEP(SCRIPT_CONNECT, .number = 0)
/** The stack listens at SCRIPT_PORT; the connection is known from its ACCEPTED notice on. */
#define LISTEN STEP(SCRIPT_LISTEN, .number = 0)
#define WRITE(bytes) STEP(SCRIPT_WRITE, .number = (bytes))
/** The application reads exactly so many bytes, which must be there and be right. */
#define READ(bytes) STEP(SCRIPT_READ, .number = (bytes))
#define SHUTDOWN STEP(SCRIPT_SHUTDOWN, .number = 0)
#define ABORT STEP(SCRIPT_ABORT, .number = 0)
#define RELEASE STEP(SCRIPT_RELEASE, .number = 0)

/** Time passes until then; nothing may be sent before. What is sent at that very time has its OUT next. */
#define AT(time_) STEP(SCRIPT_AT, .time = (time_))
#define AFTER(span) STEP(SCRIPT_AT, .time = (span), .is_relative = true)
/** Time passes until then; nothing may be sent, then neither. */
#define QUIET_UNTIL(time_) STEP(SCRIPT_QUIET, .time = (time_))
#define QUIET_FOR(span) STEP(SCRIPT_QUIET, .time = (span), .is_relative = true)
#define IN(flags_, ...) STEP_SEGMENT(SCRIPT_IN, 0, flags_, __VA_ARGS__)
#define OUT(flags_, ...) STEP_SEGMENT(SCRIPT_OUT, 0, flags_, __VA_ARGS__)
/** Time passes until the next segment is sent, which must be this one at this time. */
#define OUT_AT(time_, flags_, ...) STEP_SEGMENT(SCRIPT_OUT_AT, time_, flags_, __VA_ARGS__)

/** The application was told this since it was asked last (or not). Kinds without prefix: CONNECTED, CLOSED, ... */
#define EXPECT_NOTICE(kind_) STEP(SCRIPT_NOTICE, .number = MPT_NOTICE_##kind_)
#define EXPECT_NO_NOTICE(kind_) STEP(SCRIPT_NO_NOTICE, .number = MPT_NOTICE_##kind_)
/** The notice FAILED with MPT_ERR_reason. */
#define EXPECT_FAILED(reason) STEP(SCRIPT_FAILED, .number = MPT_ERR_##reason)
#define EXPECT_COUNTER(name_, n) STEP(SCRIPT_COUNTER, .name = #name_, .number = (n))
#define EXPECT_READABLE(bytes) STEP(SCRIPT_READABLE, .number = (bytes))

/* ---- Opening phrases --------------------------------------------------------------------------------------- */

/** What each end says in its SYN by default, MPTCP apart. */
#define SYN_OPTIONS MSS(1460), SACK_PERMITTED, WSCALE(7)

/** The stack opens an MPTCP connection; after 10 ms it is established, the peer's window is 65535 << 7. */
#define CONNECT_MPTCP                                                                                                  \
    CONNECT, OUT(SYN, SYN_OPTIONS, CAPABLE()), AT(10 * MPT_MS), IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)), \
        OUT(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)), EXPECT_NOTICE(CONNECTED)
/** And the peer has shown that it knows both keys (RFC 8684 3.1). */
#define CONNECT_MPTCP_FULLY CONNECT_MPTCP, IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1))
/** The peer opens an MPTCP connection; its third ACK comes after 10 ms. */
#define ACCEPT_MPTCP                                                                                                   \
    LISTEN, IN(SYN, SYN_OPTIONS, CAPABLE()), OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)), AT(10 * MPT_MS),  \
        IN(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)), EXPECT_NOTICE(ACCEPTED)
/** The same as TCP. */
#define CONNECT_TCP                                                                                                    \
    SETTING(mptcp, false), CONNECT, OUT(SYN, SYN_OPTIONS), AT(10 * MPT_MS), IN(SYNACK, .ack = 1, SYN_OPTIONS),         \
        OUT(ACK, .seq = 1, .ack = 1), EXPECT_NOTICE(CONNECTED)
#define ACCEPT_TCP                                                                                                     \
    SETTING(mptcp, false), LISTEN, IN(SYN, SYN_OPTIONS), OUT(SYNACK, .ack = 1, SYN_OPTIONS), AT(10 * MPT_MS),          \
        IN(ACK, .seq = 1, .ack = 1), EXPECT_NOTICE(ACCEPTED)

/* ---- Collections ------------------------------------------------------------------------------------------- */

typedef struct script {
    const char *name;
    const script_step *steps;
    uint32_t step_count;
} script;

typedef struct script_topic {
    const char *file;
    const script *scripts;
    uint32_t count;
} script_topic;

#define SCRIPT(name_)                                                                                                  \
    { #name_, name_, sizeof name_ / sizeof *name_ }
/** At the end of a file: TOPIC(scripts_data, SCRIPT(a), SCRIPT(b)); its name goes into the list of script_topics.c. */
#define TOPIC(name_, ...)                                                                                              \
    static const script name_##_list[] = {__VA_ARGS__};                                                                \
    const script_topic name_ = {__FILE__, name_##_list, sizeof name_##_list / sizeof *name_##_list}

#endif
