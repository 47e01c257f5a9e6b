/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scripts_join.c: additional subflows (RFC 8684 3.2). */
#include "script.h"

/** A join from the stack's address 1 to the peer's address 0, up to its third ACK. */
#define JOIN_FROM_1                                                                                                    \
    ADDRESS_UP(1), OUT(SYN, .on = 1, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)), AFTER(20 * MPT_MS),       \
        IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),                                              \
        OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK())
/** A join from the peer's address 1 to the stack's address 0, up to the SYN/ACK. */
#define JOIN_FROM_PEER_1                                                                                               \
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 3)),                                                       \
        OUT(SYNACK, .on = 1, .peer = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)), AFTER(20 * MPT_MS)
/** Data still pass on the initial subflow. */
#define INITIAL_SUBFLOW_WORKS                                                                                          \
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)), AFTER(40 * MPT_MS),                          \
        OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101)), READ(100)

/* ---- The handshake ----------------------------------------------------------------------------------------- */

static const script_step join_is_opened_from_a_new_address[] = {
    CONNECT_MPTCP_FULLY,
    AT(1 * MPT_S),
    JOIN_FROM_1,
    AFTER(20 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    QUIET_FOR(10 * MPT_S),
    EXPECT_COUNTER(MPJoinSynTx, 1),
    EXPECT_COUNTER(MPJoinSynAckRx, 1),
};

static const script_step join_is_accepted_and_its_third_ack_answered[] = {
    ACCEPT_MPTCP,
    JOIN_FROM_PEER_1,
    IN(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    QUIET_FOR(10 * MPT_S),
    EXPECT_COUNTER(MPJoinSynRx, 1),
    EXPECT_COUNTER(MPJoinAckRx, 1),
};

/* The round trip of the SYN was 20 ms: RTO 220 ms (RFC 6298 with 4 RTTVAR of at least 200 ms), doubled each time. */
static const script_step third_ack_is_sent_again_until_the_fourth_comes[] = {
    CONNECT_MPTCP_FULLY,
    AT(1 * MPT_S),
    JOIN_FROM_1,
    OUT_AT(1240 * MPT_MS, ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT_AT(1680 * MPT_MS, ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    AFTER(20 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    QUIET_FOR(10 * MPT_S),
};

static const script_step join_is_given_up_when_no_fourth_ack_comes[] = {
    CONNECT_MPTCP_FULLY,
    AT(1 * MPT_S),
    JOIN_FROM_1,
    OUT_AT(1240 * MPT_MS, ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT_AT(1680 * MPT_MS, ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT_AT(2560 * MPT_MS, ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT_AT(4320 * MPT_MS, RSTACK, .on = 1, .seq = 1, .ack = 1, TCPRST(MPT_RST_PERFORMANCE, .flags = MPT_RST_TRANSIENT)),
    QUIET_FOR(900 * MPT_MS),
};

static const script_step no_data_before_the_fourth_ack[] = {
    NAME_SETTING(scheduler, "roundrobin"),
    CONNECT_MPTCP_FULLY,
    AT(1 * MPT_S),
    JOIN_FROM_1,
    WRITE(2872),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1436, DSS_MAP(1, 1, 1, 1436)),
    OUT(PSHACK, .seq = 1437, .ack = 1, .length = 1436, DSS_MAP(1, 1437, 1437, 1436)),
    AFTER(10 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 2873, DSS_ACK(2873)),
    WRITE(1436),
    OUT(PSHACK, .on = 1, .seq = 1, .ack = 1, .length = 1436, DSS_MAP(1, 2873, 1, 1436)),
};

static const script_step repeated_third_ack_is_answered_again[] = {
    ACCEPT_MPTCP,
    JOIN_FROM_PEER_1,
    IN(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    AFTER(200 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
};

static const script_step backup_bits_of_both_ends_are_told_in_the_handshake[] = {
    CONNECT_MPTCP_FULLY,
    ADDRESS_UP(1, .is_backup = true),
    OUT(SYN, .on = 1, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2, .is_backup = true)),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0, .is_backup = true)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    EXPECT_COUNTER(MPJoinSynAckBackupRx, 1),
};

static const script_step backup_bit_of_the_peer_s_join_is_counted_and_ours_told[] = {
    ACCEPT_MPTCP,
    ADDRESS_BACKUP(0, true),
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 3, .is_backup = true)),
    OUT(SYNACK, .on = 1, .peer = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0, .is_backup = true)),
    EXPECT_COUNTER(MPJoinSynBackupRx, 1),
};

/** Two full segments; with another ordinary subflow one of them would go there. */
#define DATA_STAY_ON_THE_INITIAL_SUBFLOW                                                                               \
    WRITE(2872), OUT(ACK, .seq = 1, .ack = 1, .length = 1436, DSS_MAP(1, 1, 1, 1436)),                                 \
        OUT(PSHACK, .seq = 1437, .ack = 1, .length = 1436, DSS_MAP(1, 1437, 1437, 1436))

static const script_step backup_bit_of_a_synack_keeps_data_away[] = {
    NAME_SETTING(scheduler, "roundrobin"),
    CONNECT_MPTCP_FULLY,
    ADDRESS_UP(1),
    OUT(SYN, .on = 1, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0, .is_backup = true)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    DATA_STAY_ON_THE_INITIAL_SUBFLOW,
};

static const script_step backup_bit_of_a_syn_keeps_data_away[] = {
    NAME_SETTING(scheduler, "roundrobin"),
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 3, .is_backup = true)),
    OUT(SYNACK, .on = 1, .peer = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    DATA_STAY_ON_THE_INITIAL_SUBFLOW,
};

/* ---- Refusals: reason 1, "MPTCP specific error" (3.2), and nothing else is harmed ---------------------------- */

static const script_step join_with_a_wrong_token_is_reset[] = {
    ACCEPT_MPTCP,
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 1, .forged = true)),
    OUT(RSTACK, .on = 1, .ack = 1, TCPRST(MPT_RST_MPTCP)),
    EXPECT_COUNTER(MPJoinNoTokenFound, 1),
    INITIAL_SUBFLOW_WORKS,
};

static const script_step synack_with_a_wrong_hmac_is_reset[] = {
    CONNECT_MPTCP_FULLY,
    ADDRESS_UP(1),
    OUT(SYN, .on = 1, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0, .forged = true)),
    OUT(RSTACK, .on = 1, .seq = 1, .ack = 1, TCPRST(MPT_RST_MPTCP)),
    EXPECT_COUNTER(MPJoinSynAckHMacFailure, 1),
    INITIAL_SUBFLOW_WORKS,
};

static const script_step synack_without_mp_join_is_reset[] = {
    CONNECT_MPTCP_FULLY,
    ADDRESS_UP(1),
    OUT(SYN, .on = 1, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS),
    OUT(RSTACK, .on = 1, .seq = 1, .ack = 1, TCPRST(MPT_RST_MPTCP)),
    INITIAL_SUBFLOW_WORKS,
};

static const script_step third_ack_with_a_wrong_hmac_is_reset[] = {
    ACCEPT_MPTCP,
    JOIN_FROM_PEER_1,
    IN(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK(.forged = true)),
    OUT(RSTACK, .on = 1, .seq = 1, .ack = 1, TCPRST(MPT_RST_MPTCP)),
    EXPECT_COUNTER(MPJoinAckHMacFailure, 1),
    INITIAL_SUBFLOW_WORKS,
};

/* Whoever is there no more makes room: the subflows are asked (keep-alive, RFC 9293 3.8.4), and another try is welcome (flag T). */
static const script_step join_beyond_the_limit_is_refused_for_now[] = {
    SETTING(subflows_max, 1),
    ACCEPT_MPTCP,
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 3)),
    OUT(RSTACK, .on = 1, .ack = 1, TCPRST(MPT_RST_MPTCP, .flags = MPT_RST_TRANSIENT)),
    OUT(ACK, .seq = 0, .ack = 1, DSS_ACK(1)),
    EXPECT_COUNTER(MPJoinRejected, 1),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    INITIAL_SUBFLOW_WORKS,
};

/* One place is left. The server tries to join on 1, the client on 2, and both are on their way. */
#define JOINS_FROM_BOTH_ENDS                                                                                           \
    SETTING(subflows_max, 2), SETTING(join_from_server, true), ACCEPT_MPTCP, IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),  \
        ADDRESS_UP(1), OUT(SYN, .on = 1, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),                                  \
        IN(SYN, .on = 2, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 3)),                                                   \
        OUT(SYNACK, .on = 2, .peer = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0))

/* A client's join comes before a server's own tries: where each kept the last place for its own, none would ever come to be. */
static const script_step servers_own_try_gives_way_to_a_join[] = {
    JOINS_FROM_BOTH_ENDS,
    IN(ACK, .on = 2, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT(ACK, .on = 2, .seq = 1, .ack = 1, DSS_ACK(1)),
    EXPECT_COUNTER(MPJoinRejected, 0),
    INITIAL_SUBFLOW_WORKS,
};

/* Whoever knows the token only ends nothing. */
static const script_step servers_own_try_does_not_give_way_to_a_forged_join[] = {
    JOINS_FROM_BOTH_ENDS,
    IN(ACK, .on = 2, .seq = 1, .ack = 1, JOIN_ACK(.forged = true)),
    OUT(RSTACK, .on = 2, .seq = 1, .ack = 1, TCPRST(MPT_RST_MPTCP)),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    INITIAL_SUBFLOW_WORKS,
};

/* Both were there at once: the one that was proven first stays. */
static const script_step join_that_finds_its_place_taken_is_refused_for_now[] = {
    JOINS_FROM_BOTH_ENDS,
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    IN(ACK, .on = 2, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT(RSTACK, .on = 2, .seq = 1, .ack = 1, TCPRST(MPT_RST_MPTCP, .flags = MPT_RST_TRANSIENT)),
    EXPECT_COUNTER(MPJoinRejected, 1),
    INITIAL_SUBFLOW_WORKS,
};

static const script_step clients_own_try_does_not_give_way_to_a_join[] = {
    SETTING(subflows_max, 2),
    CONNECT_MPTCP_FULLY,
    AT(1 * MPT_S),
    ADDRESS_UP(1, .port = 6000, .is_signal = true),
    OUT(SYN, .on = 1, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1, .port = 6000), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1, .port = 6000, .is_echo = true), DSS_ACK(1)),
    IN(SYN, .on = 2, .local = 1, .peer = 0, .port = 6000, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(RSTACK, .on = 2, .local = 1, .ack = 1, TCPRST(MPT_RST_MPTCP, .flags = MPT_RST_TRANSIENT)),
    OUT(ACK, .seq = 0, .ack = 1, DSS_ACK(1)), /* is the other one there still? */
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
};

static const script_step join_to_a_connection_that_fell_back_is_refused[] = {
    ACCEPT_MPTCP,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, .at = 0),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101),
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 3)),
    OUT(RSTACK, .on = 1, .ack = 1, TCPRST(MPT_RST_MPTCP)),
    EXPECT_COUNTER(MPJoinRejected, 1),
};

static const script_step join_to_a_closed_connection_is_refused[] = {
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
    OUT(ACK, .seq = 1, .ack = 1, DSS_ACK(2)),
    SHUTDOWN,
    OUT(ACK, .seq = 1, .ack = 1, DSS_FIN(2, 1)),
    AFTER(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(2)),
    OUT(FINACK, .seq = 1, .ack = 1, DSS_ACK(2)),
    EXPECT_NOTICE(CLOSED),
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 3)),
    OUT(RSTACK, .on = 1, .ack = 1, TCPRST(MPT_RST_MPTCP)),
    EXPECT_COUNTER(MPJoinRejected, 1),
};

/* ---- Ports (3.4.1) ------------------------------------------------------------------------------------------- */

static const script_step announced_port_takes_joins_and_joins_only[] = {
    LISTEN,
    ADDRESS_UP(1, .is_signal = true, .port = 6000),
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1, .port = 6000), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1, .port = 6000, .is_echo = true), DSS_ACK(1)),
    IN(SYN, .on = 1, .local = 1, .peer = 1, .port = 6000, SYN_OPTIONS, JOIN_SYN(.id = 3)),
    OUT(SYNACK, .on = 1, .local = 1, .peer = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 2)),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    EXPECT_COUNTER(MPJoinPortSynRx, 1),
    EXPECT_COUNTER(MPJoinPortAckRx, 1),
    IN(SYN, .on = 2, .local = 1, .peer = 1, .port = 6000, SYN_OPTIONS, CAPABLE()),
    OUT(RSTACK, .on = 2, .ack = 1),
    IN(SYN, .on = 3, .local = 1, .peer = 1, .port = 6000, SYN_OPTIONS, JOIN_SYN(.id = 3, .forged = true)),
    OUT(RSTACK, .on = 3, .ack = 1, TCPRST(MPT_RST_MPTCP)),
    EXPECT_COUNTER(MPJoinNoTokenFound, 1),
    QUIET_FOR(10 * MPT_S),
};

/* What is announced to one address is not to another: the port belongs to its address. */
static const script_step join_at_an_announced_port_of_another_address_is_refused[] = {
    LISTEN,
    ADDRESS_UP(1, .is_signal = true, .port = 6000),
    ADDRESS_UP(2, .port = 6000),
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)),
    IN(SYN, .on = 1, .local = 2, .peer = 1, .port = 6000, SYN_OPTIONS, JOIN_SYN(.id = 3)),
    OUT(RSTACK, .on = 1, .ack = 1, TCPRST(MPT_RST_PROHIBITED)),
    EXPECT_COUNTER(MismatchPortSynRx, 1),
};

static const script_step announced_port_is_joined[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1, .port = 6000), DSS_ACK(1)),
    OUT(SYN, .on = 1, .local = 0, .peer = 1, .port = 6000, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 1, .port = 6000, .is_echo = true), DSS_ACK(1)),
    EXPECT_COUNTER(PortAdd, 1),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 3)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    EXPECT_COUNTER(MPJoinPortSynAckRx, 1),
};

/* Another port of the address in use is another subflow. */
static const script_step announced_port_of_the_initial_address_is_joined[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 0, .port = 6000), DSS_ACK(1)),
    OUT(SYN, .on = 1, .local = 0, .peer = 0, .port = 6000, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(3, 0, .port = 6000, .is_echo = true), DSS_ACK(1)),
};

/* ---- Joins that meet, joins that follow each other ----------------------------------------------------------- */

/* The same four-tuple from both ends: RFC 8684 has no crossing of MP_JOIN SYNs. It is tried again later, from another port. */
static const script_step crossing_syns_of_a_join_are_given_up_and_tried_again[] = {
    CONNECT_MPTCP_FULLY,
    AT(1 * MPT_S),
    ADDRESS_UP(1),
    OUT(SYN, .on = 1, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    IN(SYN, .on = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT_AT(2 * MPT_S, SYN, .on = 2, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),
};

/* Both ends join the same pair of addresses at once: neither is told to give way, both subflows stay. */
static const script_step joins_from_both_ends_at_once_are_both_kept[] = {
    CONNECT_MPTCP_FULLY,
    AT(1 * MPT_S),
    ADDRESS_UP(1, .port = 6000, .is_signal = true),
    OUT(SYN, .on = 1, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    OUT(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1, .port = 6000), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, ADD_ADDR(2, 1, .port = 6000, .is_echo = true), DSS_ACK(1)),
    IN(SYN, .on = 2, .local = 1, .peer = 0, .port = 6000, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(SYNACK, .on = 2, .local = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 2)),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    IN(ACK, .on = 2, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT(ACK, .on = 2, .seq = 1, .ack = 1, DSS_ACK(1)),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
};

/*
 * The peer's address went and came back, break before make: its old subflow is dead, and nobody says so. The new one makes the
 * stack ask; the peer knows nothing of the old one.
 */
static const script_step dead_subflow_goes_when_its_peer_joins_again[] = {
    ACCEPT_MPTCP,
    JOIN_FROM_PEER_1,
    IN(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    AT(10 * MPT_S),
    IN(SYN, .on = 2, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 3)),
    OUT(SYNACK, .on = 2, .peer = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),
    IN(ACK, .on = 2, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT(ACK, .on = 1, .seq = 0, .ack = 1, DSS_ACK(1)),
    OUT(ACK, .on = 2, .seq = 1, .ack = 1, DSS_ACK(1)),
    IN(RST, .on = 1, .seq = 1),
    QUIET_FOR(10 * MPT_S),
    EXPECT_COUNTER(EstabResets, 1),
};

TOPIC(scripts_join, SCRIPT(join_is_opened_from_a_new_address), SCRIPT(join_is_accepted_and_its_third_ack_answered),
      SCRIPT(third_ack_is_sent_again_until_the_fourth_comes), SCRIPT(join_is_given_up_when_no_fourth_ack_comes),
      SCRIPT(no_data_before_the_fourth_ack), SCRIPT(repeated_third_ack_is_answered_again),
      SCRIPT(backup_bits_of_both_ends_are_told_in_the_handshake),
      SCRIPT(backup_bit_of_the_peer_s_join_is_counted_and_ours_told), SCRIPT(backup_bit_of_a_synack_keeps_data_away),
      SCRIPT(backup_bit_of_a_syn_keeps_data_away), SCRIPT(join_with_a_wrong_token_is_reset),
      SCRIPT(synack_with_a_wrong_hmac_is_reset), SCRIPT(synack_without_mp_join_is_reset),
      SCRIPT(third_ack_with_a_wrong_hmac_is_reset), SCRIPT(join_beyond_the_limit_is_refused_for_now),
      SCRIPT(join_to_a_connection_that_fell_back_is_refused), SCRIPT(join_to_a_closed_connection_is_refused),
      SCRIPT(announced_port_takes_joins_and_joins_only),
      SCRIPT(join_at_an_announced_port_of_another_address_is_refused), SCRIPT(announced_port_is_joined),
      SCRIPT(announced_port_of_the_initial_address_is_joined),
      SCRIPT(crossing_syns_of_a_join_are_given_up_and_tried_again), SCRIPT(joins_from_both_ends_at_once_are_both_kept),
      SCRIPT(servers_own_try_gives_way_to_a_join), SCRIPT(clients_own_try_does_not_give_way_to_a_join),
      SCRIPT(servers_own_try_does_not_give_way_to_a_forged_join),
      SCRIPT(join_that_finds_its_place_taken_is_refused_for_now), SCRIPT(dead_subflow_goes_when_its_peer_joins_again));
