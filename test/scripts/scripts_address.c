/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scripts_address.c: telling of addresses and their priority: ADD_ADDR, REMOVE_ADDR, MP_PRIO (RFC 8684 3.3.8, 3.4). */
#include "script.h"

/** The peer opens an MPTCP connection to a stack that has address @p index to announce, and shows its keys. */
#define ACCEPT_WITH_SIGNAL(index, ...) ACCEPT_WITH_SIGNAL_AT(10 * MPT_MS, index, __VA_ARGS__)
#define ACCEPT_WITH_SIGNAL_AT(time, index, ...)                                                                        \
    LISTEN, ADDRESS_UP(index, .is_signal = true, __VA_ARGS__), IN(SYN, SYN_OPTIONS, CAPABLE()),                        \
        OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)), AT(time),                                              \
        IN(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)), IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1))
/** The stack's address 1 joined the peer's address 0. */
#define SECOND_SUBFLOW                                                                                                 \
    CONNECT_MPTCP_FULLY, ADDRESS_UP(1), OUT(SYN, .on = 1, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),      \
        AFTER(20 * MPT_MS), IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),                          \
        OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()), IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1))
/** The peer's address 1 (id 3) joined the stack's address 0; 20 ms after the rest. */
#define SECOND_SUBFLOW_OF_PEER                                                                                         \
    ACCEPT_MPTCP, IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),                                                             \
        IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 3)),                                                   \
        OUT(SYNACK, .on = 1, .peer = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)), AFTER(20 * MPT_MS),              \
        IN(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()), OUT(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1))

/* ---- ADD_ADDR (3.4.1) ---------------------------------------------------------------------------------------- */

static const script_step address_is_announced_until_it_is_echoed[] = {
    ACCEPT_WITH_SIGNAL(1),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1), DSS_ACK(1)),
    OUT_AT(1010 * MPT_MS, ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1), DSS_ACK(1)),
    AFTER(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1, .is_echo = true), DSS_ACK(1)),
    EXPECT_COUNTER(EchoAdd, 1),
    QUIET_FOR(60 * MPT_S),
};

static const script_step announcement_that_is_never_echoed_is_given_up_after_three[] = {
    ACCEPT_WITH_SIGNAL(1),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1), DSS_ACK(1)),
    OUT_AT(1010 * MPT_MS, ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1), DSS_ACK(1)),
    OUT_AT(3010 * MPT_MS, ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1), DSS_ACK(1)),
    QUIET_FOR(300 * MPT_S),
    EXPECT_COUNTER(AddAddrTx, 3),
};

/* One round trip of 600 ms makes a timeout of 600 + 4 * 300 ms. */
static const script_step announcement_waits_for_its_echo_as_long_as_data_for_an_ack[] = {
    ACCEPT_WITH_SIGNAL_AT(600 * MPT_MS, 1),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1), DSS_ACK(1)),
    OUT_AT(2400 * MPT_MS, ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1), DSS_ACK(1)),
    OUT_AT(6000 * MPT_MS, ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1), DSS_ACK(1)),
    QUIET_FOR(300 * MPT_S),
};

/* One way may be dead without anybody knowing. */
static const script_step announcements_take_turns_at_the_subflows[] = {
    SECOND_SUBFLOW_OF_PEER,
    ADDRESS_UP(1, .is_signal = true),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1), DSS_ACK(1)),
    OUT_AT(1030 * MPT_MS, ACK, .on = 1, .seq = 1, .ack = 1, ADD_ADDR(2, 1), DSS_ACK(1)),
    OUT_AT(3030 * MPT_MS, ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1), DSS_ACK(1)),
    QUIET_FOR(300 * MPT_S),
};

/* Its id is 0 for both ends, announced, joined and removed. */
static const script_step initial_address_is_announced_by_the_id_of_its_removal[] = {
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    ADDRESS_UP(1, .is_signal = true),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1, .is_echo = true), DSS_ACK(1)),
    IN(SYN, .on = 1, .local = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 3)),
    OUT(SYNACK, .on = 1, .local = 1, .peer = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 2)),
    AFTER(20 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    ADDRESS_DOWN(0),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, REMOVE_ADDR(0), DSS_ACK(1)),
    AFTER(1 * MPT_S),
    ADDRESS_UP(0),
    OUT(ACK, .seq = 0, .ack = 1, DSS_ACK(1)), /* the subflow that was kept: is its way back? */
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, ADD_ADDR(0, 0), DSS_ACK(1)),
};

/** The peer opens an MPTCP connection; its third ACK is to come. */
#define UNTIL_THE_THIRD_ACK                                                                                            \
    IN(SYN, SYN_OPTIONS, CAPABLE()), OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)), AFTER(10 * MPT_MS)

/* Both options fit (36 bytes), and the keys that the HMAC needs are in it; the answers wait for the first DSS, as all of MPTCP. */
static const script_step address_that_comes_with_the_third_ack_is_kept[] = {
    SETTING(join_from_server, true),
    LISTEN,
    UNTIL_THE_THIRD_ACK,
    IN(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2), ADD_ADDR(3, 1)),
    EXPECT_NOTICE(ACCEPTED),
    EXPECT_COUNTER(AddAddr, 1),
    QUIET_FOR(100 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    OUT(SYN, .on = 1, .local = 0, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1, .is_echo = true), DSS_ACK(1)),
};

static const script_step address_that_comes_with_the_first_data_is_kept[] = {
    LISTEN,
    UNTIL_THE_THIRD_ACK,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, CAPABLE_DATA(100), ADD_ADDR(3, 1)),
    EXPECT_NOTICE(ACCEPTED),
    EXPECT_READABLE(100),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    IN(ACK, .seq = 101, .ack = 1, DSS_ACK(1)),
    OUT(ACK, .seq = 1, .ack = 101, ADD_ADDR(3, 1, .is_echo = true), DSS_ACK(101)),
};

static const script_step address_that_comes_with_the_third_ack_is_ignored_if_forged[] = {
    SETTING(join_from_server, true),
    LISTEN,
    UNTIL_THE_THIRD_ACK,
    IN(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2), ADD_ADDR(3, 1, .forged = true)),
    EXPECT_NOTICE(ACCEPTED),
    EXPECT_COUNTER(AddAddrHMacFailure, 1),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    QUIET_FOR(10 * MPT_S),
};

/* A server of Linux announces with the third ACK, without a DSS. */
static const script_step address_that_comes_before_the_first_dss_is_kept[] = {
    CONNECT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1)),
    EXPECT_COUNTER(AddAddr, 1),
    QUIET_FOR(100 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    OUT(SYN, .on = 1, .local = 0, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1, .is_echo = true), DSS_ACK(1)),
};

static const script_step address_is_announced_at_the_first_dss[] = {
    LISTEN,
    ADDRESS_UP(1, .is_signal = true),
    UNTIL_THE_THIRD_ACK,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, CAPABLE_DATA(100)),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    QUIET_FOR(10 * MPT_S),
    IN(ACK, .seq = 101, .ack = 1, DSS_ACK(1)),
    OUT(ACK, .seq = 1, .ack = 101, ADD_ADDR(2, 1), DSS_ACK(101)),
};

/* What else of the first flight has both keys is as good as one. */
static const script_step address_is_announced_at_the_second_data_with_both_keys[] = {
    LISTEN,
    ADDRESS_UP(1, .is_signal = true),
    UNTIL_THE_THIRD_ACK,
    IN(ACK, .seq = 1, .ack = 1, .length = 1000, CAPABLE_DATA(1000)),
    IN(PSHACK, .seq = 1001, .ack = 1, .length = 100, CAPABLE_DATA(1100)),
    OUT(ACK, .seq = 1, .ack = 1101, ADD_ADDR(2, 1), DSS_ACK(1101)),
};

/* The removal of id 3 was lost; that of id 4 is heard. */
static const script_step address_is_known_by_the_id_of_its_last_announcement[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1), DSS_ACK(1)),
    OUT(SYN, .on = 1, .local = 0, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1, .is_echo = true), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(4, 1), DSS_ACK(1)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(4, 1, .is_echo = true), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, REMOVE_ADDR(4), DSS_ACK(1)),
    EXPECT_COUNTER(RmSubflow, 1),
    EXPECT_COUNTER(RmAddrDrop, 0),
    QUIET_FOR(600 * MPT_S), /* it is not joined any more */
};

static const script_step echo_of_something_else_does_not_stop_the_announcement[] = {
    ACCEPT_WITH_SIGNAL(1, .port = 6000),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1, .port = 6000), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1, .is_echo = true), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1, .port = 6000, .is_echo = true), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 2, .port = 6000, .is_echo = true), DSS_ACK(1)),
    OUT_AT(1010 * MPT_MS, ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1, .port = 6000), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1, .port = 6000, .is_echo = true), DSS_ACK(1)),
    QUIET_FOR(60 * MPT_S),
};

static const script_step ipv6_address_with_port_is_announced[] = {
    ACCEPT_WITH_SIGNAL(4, .port = 6000),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 4, .port = 6000), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 4, .port = 6000, .is_echo = true), DSS_ACK(1)),
    IN(SYN, .on = 1, .local = 4, .peer = 4, .port = 6000, MSS(1440), SACK_PERMITTED, WSCALE(7), JOIN_SYN(.id = 3)),
    OUT(SYNACK, .on = 1, .local = 4, .peer = 4, .ack = 1, MSS(1440), SACK_PERMITTED, WSCALE(7), JOIN_SYNACK(.id = 2)),
    QUIET_FOR(900 * MPT_MS),
};

/* With timestamps it does not fit beside a DATA_ACK: that goes first, for data without one would mean that MPTCP does not pass (3.7). */
static const script_step ipv6_announcement_follows_the_data_ack[] = {
    SETTING(timestamps, true),
    LISTEN,
    ADDRESS_UP(4, .is_signal = true),
    IN(SYN, SYN_OPTIONS, TS(100, 0), CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, TS(0, 100), CAPABLE(.keys = 1)),
    IN(ACK, .seq = 1, .ack = 1, TS(100, 0), CAPABLE(.keys = 2)),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, TS(100, 0), DSS_MAP(1, 1, 1, 100)),
    OUT(ACK, .seq = 1, .ack = 101, TS(0, 100), DSS_ACK(101)),
    OUT(ACK, .seq = 1, .ack = 101, TS(0, 100), ADD_ADDR(2, 4)),
};

static const script_step announced_address_is_echoed_and_joined[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1), DSS_ACK(1)),
    OUT(SYN, .on = 1, .local = 0, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1, .is_echo = true), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1), DSS_ACK(1)), /* the echo was lost */
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1, .is_echo = true), DSS_ACK(1)),
    QUIET_FOR(900 * MPT_MS),
    EXPECT_COUNTER(AddAddr, 2),
    EXPECT_COUNTER(EchoAddTx, 2),
    EXPECT_COUNTER(MPJoinSynTx, 1),
};

/* It says that the address can be reached now: what failed before is forgotten, but SYNs do not follow the announcements' pace. */
static const script_step announcement_again_ends_the_pause_of_a_failed_join[] = {
    CONNECT_MPTCP_FULLY,
    AT(1 * MPT_S),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1), DSS_ACK(1)),
    OUT(SYN, .on = 1, .local = 0, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1, .is_echo = true), DSS_ACK(1)),
    IN(RSTACK, .on = 1, .ack = 1),
    AFTER(200 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1), DSS_ACK(1)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1, .is_echo = true), DSS_ACK(1)),
    OUT_AT(2 * MPT_S, SYN, .on = 2, .local = 0, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    IN(RSTACK, .on = 2, .ack = 1),
    OUT_AT(3 * MPT_S, SYN, .on = 3, .local = 0, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    IN(RSTACK, .on = 3, .ack = 1),
    OUT_AT(5 * MPT_S, SYN, .on = 4, .local = 0, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    IN(RSTACK, .on = 4, .ack = 1), /* the next is due at 9 s */
    AFTER(1500 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1), DSS_ACK(1)),
    OUT(SYN, .on = 5, .local = 0, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1, .is_echo = true), DSS_ACK(1)),
};

/* The connection's IPv4 address does not reach it: only an address of the same family joins it. */
static const script_step announced_ipv6_address_is_joined_from_an_ipv6_address[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 4), DSS_ACK(1)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 4, .is_echo = true), DSS_ACK(1)),
    ADDRESS_UP(4),
    OUT(SYN, .on = 1, .local = 4, .peer = 4, MSS(1440), SACK_PERMITTED, WSCALE(7), JOIN_SYN(.id = 2)),
};

static const script_step announcement_with_a_wrong_hmac_is_ignored[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1, .forged = true), DSS_ACK(1)),
    EXPECT_COUNTER(AddAddrHMacFailure, 1),
    QUIET_FOR(60 * MPT_S),
};

/* An id must be removed before it can mean another address. */
static const script_step announcement_of_an_id_in_use_is_ignored[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 0), DSS_ACK(1)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 0, .is_echo = true), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(0, 2), DSS_ACK(1)),
    EXPECT_COUNTER(AddAddrDrop, 1),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(4, 1), DSS_ACK(1)),
    OUT(SYN, .on = 1, .local = 0, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(4, 1, .is_echo = true), DSS_ACK(1)),
    IN(RSTACK, .on = 1, .ack = 1),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(4, 2), DSS_ACK(1)),
    EXPECT_COUNTER(AddAddrDrop, 2),
    IN(ACK, .seq = 1, .ack = 1, REMOVE_ADDR(4), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(4, 2), DSS_ACK(1)),
    OUT(SYN, .on = 2, .local = 0, .peer = 2, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT_AT(220 * MPT_MS, ACK, .seq = 1, .ack = 1, ADD_ADDR(4, 2, .is_echo = true), DSS_ACK(1)),
};

/* ---- Not more than two duplicate ACKs in a row (4) -------------------------------------------------------------- */

/** Two echoes were sent, a third waits. */
#define TWO_ECHOES                                                                                                     \
    CONNECT_MPTCP_FULLY, IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 4), DSS_ACK(1)),                                      \
        OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 4, .is_echo = true), DSS_ACK(1)),                                     \
        IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 4), DSS_ACK(1)),                                                       \
        OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 4, .is_echo = true), DSS_ACK(1)),                                     \
        IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 4), DSS_ACK(1))

/* The peer may have data under way and take three for a loss, or a box on the path may. After a timeout (RTO 210 ms) it can not. */
static const script_step third_signal_in_a_row_waits_a_timeout[] = {
    TWO_ECHOES,
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 4), DSS_ACK(1)),
    OUT_AT(220 * MPT_MS, ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 4, .is_echo = true), DSS_ACK(1)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 4, .is_echo = true), DSS_ACK(1)),
    QUIET_FOR(60 * MPT_S),
    EXPECT_COUNTER(EchoAddTx, 4),
};

static const script_step third_signal_in_a_row_goes_with_the_next_acknowledgement[] = {
    SETTING(delayed_ack, false),
    TWO_ECHOES,
    AFTER(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    OUT(ACK, .seq = 1, .ack = 101, ADD_ADDR(3, 4, .is_echo = true), DSS_ACK(101)),
    QUIET_FOR(60 * MPT_S),
};

static const script_step data_between_signals_break_their_row[] = {
    TWO_ECHOES,
    WRITE(10),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 10, DSS_MAP(1, 1, 1, 10)),
    OUT(ACK, .seq = 11, .ack = 1, ADD_ADDR(3, 4, .is_echo = true), DSS_ACK(1)),
};

static const script_step another_subflow_takes_the_third_signal[] = {
    SECOND_SUBFLOW,
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 4), DSS_ACK(1)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 4, .is_echo = true), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 4), DSS_ACK(1)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 4, .is_echo = true), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 4), DSS_ACK(1)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, ADD_ADDR(3, 4, .is_echo = true), DSS_ACK(1)),
};

/* ---- REMOVE_ADDR (3.4.2) ------------------------------------------------------------------------------------- */

static const script_step removed_addresses_share_an_option[] = {
    SETTING(no_subflow_timeout_ns, 10 * MPT_S),
    SECOND_SUBFLOW,
    ADDRESS_UP(2),
    OUT(SYN, .on = 2, .local = 2, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 3)),
    AFTER(20 * MPT_MS),
    IN(SYNACK, .on = 2, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),
    OUT(ACK, .on = 2, .seq = 1, .ack = 1, JOIN_ACK()),
    ADDRESS_DOWN(1), /* the only subflow that could tell is not established yet... */
    OUT(ACK, .seq = 1, .ack = 1, REMOVE_ADDR(2), DSS_ACK(1)),
    ADDRESS_DOWN(0),
    IN(ACK, .on = 2, .seq = 1, .ack = 1, DSS_ACK(1)),
    OUT(ACK, .on = 2, .seq = 1, .ack = 1, REMOVE_ADDR(0), DSS_ACK(1)),
    QUIET_FOR(5 * MPT_S),
};

static const script_step removals_that_had_to_wait_go_in_one_option[] = {
    SECOND_SUBFLOW,
    ADDRESS_UP(2),
    OUT(SYN, .on = 2, .local = 2, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 3)),
    ADDRESS_DOWN(1),
    OUT(ACK, .seq = 1, .ack = 1, REMOVE_ADDR(2), DSS_ACK(1)),
    ADDRESS_UP(1),
    OUT(SYN, .on = 3, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 4)),
    ADDRESS_DOWN(0),
    ADDRESS_DOWN(1),
    IN(SYNACK, .on = 2, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),
    OUT(ACK, .on = 2, .seq = 1, .ack = 1, JOIN_ACK()),
    IN(ACK, .on = 2, .seq = 1, .ack = 1, DSS_ACK(1)),
    OUT(ACK, .on = 2, .seq = 1, .ack = 1, REMOVE_ADDR(0, 4), DSS_ACK(1)),
    EXPECT_COUNTER(RmAddrTx, 2),
};

/* What was never said need not be taken back: the new subflow from there would be hit. */
static const script_step address_that_comes_back_before_its_removal_was_told_is_not_removed[] = {
    CONNECT_MPTCP_FULLY,
    ADDRESS_DOWN(0),
    AFTER(100 * MPT_MS),
    ADDRESS_UP(0),
    OUT(SYN, .on = 1, .local = 0, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    QUIET_FOR(60 * MPT_S),
    EXPECT_COUNTER(RmAddrTx, 0),
};

/* A keep-alive goes first: RTO 220 ms, doubled twice; then the peer is believed, and the path told. */
static const script_step subflow_of_a_removed_address_ends_when_the_peer_does_not_answer[] = {
    SECOND_SUBFLOW_OF_PEER,
    AT(1 * MPT_S),
    IN(ACK, .seq = 1, .ack = 1, REMOVE_ADDR(3), DSS_ACK(1)),
    OUT(ACK, .on = 1, .seq = 0, .ack = 1, DSS_ACK(1)),
    OUT_AT(1220 * MPT_MS, ACK, .on = 1, .seq = 0, .ack = 1, DSS_ACK(1)),
    OUT_AT(1660 * MPT_MS, ACK, .on = 1, .seq = 0, .ack = 1, DSS_ACK(1)),
    OUT_AT(2540 * MPT_MS, RSTACK, .on = 1, .seq = 1, .ack = 1, TCPRST(MPT_RST_PERFORMANCE, .flags = MPT_RST_TRANSIENT)),
    EXPECT_COUNTER(RmAddr, 1),
    EXPECT_COUNTER(RmSubflow, 1),
    QUIET_FOR(60 * MPT_S),
};

/* What answers the first probe may have been under way before the address went; what answers the second was not. */
static const script_step subflow_of_a_removed_address_stays_when_the_peer_answers[] = {
    NAME_SETTING(scheduler, "roundrobin"),
    SECOND_SUBFLOW_OF_PEER,
    AT(1 * MPT_S),
    IN(ACK, .seq = 1, .ack = 1, REMOVE_ADDR(3), DSS_ACK(1)),
    OUT(ACK, .on = 1, .seq = 0, .ack = 1, DSS_ACK(1)),
    AFTER(20 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    OUT_AT(1220 * MPT_MS, ACK, .on = 1, .seq = 0, .ack = 1, DSS_ACK(1)),
    AFTER(20 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    QUIET_FOR(60 * MPT_S),
    EXPECT_COUNTER(RmSubflow, 0),
    EXPECT_COUNTER(SubflowRecover, 1),
    WRITE(2872),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1436, DSS_MAP(1, 1, 1, 1436)),
    OUT(PSHACK, .on = 1, .seq = 1, .ack = 1, .length = 1436, DSS_MAP(1, 1437, 1, 1436)),
};

static const script_step data_leave_a_removed_address_at_once[] = {
    NAME_SETTING(scheduler, "roundrobin"),
    SECOND_SUBFLOW_OF_PEER,
    WRITE(1436),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1436, DSS_MAP(1, 1, 1, 1436)),
    IN(ACK, .seq = 1, .ack = 1437, DSS_ACK(1437)),
    WRITE(1436),
    OUT(PSHACK, .on = 1, .seq = 1, .ack = 1, .length = 1436, DSS_MAP(1, 1437, 1, 1436)),
    IN(ACK, .seq = 1, .ack = 1437, REMOVE_ADDR(3), DSS_ACK(1437)),
    OUT(PSHACK, .seq = 1437, .ack = 1, .length = 1436, DSS_MAP(1, 1437, 1437, 1436)),
    OUT(ACK, .on = 1, .seq = 0, .ack = 1, DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 2873, DSS_ACK(2873)),
    WRITE(1436),
    OUT(PSHACK, .seq = 2873, .ack = 1, .length = 1436, DSS_MAP(1, 2873, 2873, 1436)),
};

static const script_step removal_of_several_ids_and_of_unknown_ones[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1), DSS_ACK(1)),
    OUT(SYN, .on = 1, .local = 0, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1, .is_echo = true), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(4, 2), DSS_ACK(1)),
    OUT(SYN, .on = 2, .local = 0, .peer = 2, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(4, 2, .is_echo = true), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, REMOVE_ADDR(3, 4, 9), DSS_ACK(1)),
    EXPECT_COUNTER(RmAddr, 3),
    EXPECT_COUNTER(RmAddrDrop, 1),
    EXPECT_COUNTER(RmSubflow, 2),
    QUIET_FOR(60 * MPT_S), /* neither SYN is repeated */
};

/* The peer's initial address: no more joins to it, as long as another subflow is there. */
static const script_step initial_address_that_was_removed_is_joined_only_in_need[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1), DSS_ACK(1)),
    OUT(SYN, .on = 1, .local = 0, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1, .is_echo = true), DSS_ACK(1)),
    AFTER(20 * MPT_MS),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 3)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, REMOVE_ADDR(0), DSS_ACK(1)),
    OUT(ACK, .seq = 0, .ack = 1, DSS_ACK(1)),
    IN(RST, .seq = 1),
    QUIET_FOR(30 * MPT_S),
    IN(RST, .on = 1, .seq = 1),
    OUT(SYN, .on = 2, .local = 0, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    AFTER(1 * MPT_S),
    OUT(SYN, .on = 2, .local = 0, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(SYN, .on = 3, .local = 0, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
};

/* ---- MP_PRIO (3.3.8): it is of the subflow that it comes on; version 1 has no address id in it -------------------- */

static const script_step change_of_priority_is_told_on_each_subflow_of_the_address[] = {
    SECOND_SUBFLOW,
    ADDRESS_BACKUP(1, true),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, PRIO(true), DSS_ACK(1)),
    ADDRESS_BACKUP(1, true),
    ADDRESS_BACKUP(1, false),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, PRIO(false), DSS_ACK(1)),
    EXPECT_COUNTER(MPPrioTx, 2),
};

/* MP_CAPABLE has no bit B: an option tells, as soon as the peer is known to speak MPTCP. */
static const script_step initial_subflow_from_a_backup_address_is_told[] = {
    ADDRESS_BACKUP(0, true),
    CONNECT_MPTCP_FULLY,
    OUT(ACK, .seq = 1, .ack = 1, PRIO(true), DSS_ACK(1)),
    QUIET_FOR(10 * MPT_S),
};

static const script_step initial_subflow_at_a_backup_address_is_told[] = {
    ADDRESS_BACKUP(0, true),
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    OUT(ACK, .seq = 1, .ack = 1, PRIO(true), DSS_ACK(1)),
    QUIET_FOR(10 * MPT_S),
};

/* The SYN that is sent again says what the first said: either may be the one that arrived. */
static const script_step change_of_priority_during_a_join_is_told_afterwards[] = {
    CONNECT_MPTCP_FULLY,
    ADDRESS_UP(1),
    OUT(SYN, .on = 1, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    ADDRESS_BACKUP(1, true),
    OUT_AT(1010 * MPT_MS, SYN, .on = 1, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    AFTER(20 * MPT_MS),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, PRIO(true), DSS_ACK(1)),
    QUIET_FOR(10 * MPT_S),
};

static const script_step subflow_that_became_backup_is_left_and_taken_again[] = {
    NAME_SETTING(scheduler, "roundrobin"),
    SECOND_SUBFLOW_OF_PEER,
    IN(ACK, .on = 1, .seq = 1, .ack = 1, PRIO(true), DSS_ACK(1)),
    EXPECT_COUNTER(MPPrioRx, 1),
    WRITE(2872),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1436, DSS_MAP(1, 1, 1, 1436)),
    OUT(PSHACK, .seq = 1437, .ack = 1, .length = 1436, DSS_MAP(1, 1437, 1437, 1436)),
    IN(ACK, .seq = 1, .ack = 2873, DSS_ACK(2873)),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, PRIO(false), DSS_ACK(2873)),
    WRITE(1436),
    OUT(PSHACK, .on = 1, .seq = 1, .ack = 1, .length = 1436, DSS_MAP(1, 2873, 1, 1436)),
};

static const script_step priority_with_an_address_id_is_of_version_0_and_ignored[] = {
    SECOND_SUBFLOW_OF_PEER,
    IN(ACK, .seq = 1, .ack = 1, .raw = "1e045103", DSS_ACK(1)),
    EXPECT_COUNTER(MPPrioRx, 0),
};

TOPIC(scripts_address, SCRIPT(announcements_take_turns_at_the_subflows),
      SCRIPT(initial_address_is_announced_by_the_id_of_its_removal),
      SCRIPT(address_is_known_by_the_id_of_its_last_announcement),
      SCRIPT(initial_subflow_from_a_backup_address_is_told), SCRIPT(initial_subflow_at_a_backup_address_is_told),
      SCRIPT(change_of_priority_during_a_join_is_told_afterwards), SCRIPT(address_is_announced_until_it_is_echoed),
      SCRIPT(announcement_that_is_never_echoed_is_given_up_after_three),
      SCRIPT(announcement_waits_for_its_echo_as_long_as_data_for_an_ack),
      SCRIPT(echo_of_something_else_does_not_stop_the_announcement), SCRIPT(ipv6_address_with_port_is_announced),
      SCRIPT(ipv6_announcement_follows_the_data_ack), SCRIPT(address_that_comes_with_the_third_ack_is_kept),
      SCRIPT(address_that_comes_with_the_first_data_is_kept),
      SCRIPT(address_that_comes_with_the_third_ack_is_ignored_if_forged),
      SCRIPT(address_that_comes_before_the_first_dss_is_kept), SCRIPT(address_is_announced_at_the_first_dss),
      SCRIPT(address_is_announced_at_the_second_data_with_both_keys), SCRIPT(announced_address_is_echoed_and_joined),
      SCRIPT(announcement_again_ends_the_pause_of_a_failed_join),
      SCRIPT(announced_ipv6_address_is_joined_from_an_ipv6_address), SCRIPT(announcement_with_a_wrong_hmac_is_ignored),
      SCRIPT(announcement_of_an_id_in_use_is_ignored), SCRIPT(third_signal_in_a_row_waits_a_timeout),
      SCRIPT(third_signal_in_a_row_goes_with_the_next_acknowledgement), SCRIPT(data_between_signals_break_their_row),
      SCRIPT(another_subflow_takes_the_third_signal), SCRIPT(removed_addresses_share_an_option),
      SCRIPT(removals_that_had_to_wait_go_in_one_option),
      SCRIPT(address_that_comes_back_before_its_removal_was_told_is_not_removed),
      SCRIPT(subflow_of_a_removed_address_ends_when_the_peer_does_not_answer),
      SCRIPT(subflow_of_a_removed_address_stays_when_the_peer_answers), SCRIPT(data_leave_a_removed_address_at_once),
      SCRIPT(removal_of_several_ids_and_of_unknown_ones),
      SCRIPT(initial_address_that_was_removed_is_joined_only_in_need),
      SCRIPT(change_of_priority_is_told_on_each_subflow_of_the_address),
      SCRIPT(subflow_that_became_backup_is_left_and_taken_again),
      SCRIPT(priority_with_an_address_id_is_of_version_0_and_ignored));
