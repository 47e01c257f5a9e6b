/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scripts_close.c: ends by force and by silence: MP_FASTCLOSE, MP_TCPRST, time-outs (RFC 8684 3.5, 3.6, appendix D). */
#include "script.h"

/** The stack's address 1 joined the peer's address 0. */
#define SECOND_SUBFLOW                                                                                                 \
    CONNECT_MPTCP_FULLY, ADDRESS_UP(1), OUT(SYN, .on = 1, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),      \
        AFTER(20 * MPT_MS), IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),                          \
        OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()), IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1))

/* ---- MP_FASTCLOSE (3.5) -------------------------------------------------------------------------------------- */

static const script_step abort_resets_every_subflow_with_fastclose[] = {
    SECOND_SUBFLOW,
    ABORT,
    OUT(RSTACK, .seq = 1, .ack = 1, FASTCLOSE()),
    OUT(RSTACK, .on = 1, .seq = 1, .ack = 1, FASTCLOSE()),
    EXPECT_FAILED(ABORTED),
    EXPECT_COUNTER(MPFastcloseTx, 2),
    EXPECT_COUNTER(MPRstTx, 0),
};

/* RTO 220 ms of the join's round trip, doubled; three repetitions, then a reset. */
static const script_step abort_by_ack_is_repeated_until_the_peer_resets[] = {
    SETTING(fastclose_ack, true),
    SECOND_SUBFLOW,
    AT(1 * MPT_S),
    ABORT,
    OUT(RSTACK, .on = 1, .seq = 1, .ack = 1, TCPRST(MPT_RST_UNSPECIFIED)),
    OUT(ACK, .seq = 1, .ack = 1, FASTCLOSE()),
    EXPECT_FAILED(ABORTED),
    OUT_AT(1210 * MPT_MS, ACK, .seq = 1, .ack = 1, FASTCLOSE()),
    AFTER(10 * MPT_MS),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)), /* data are of no interest any more */
    IN(RST, .seq = 101),
    QUIET_FOR(60 * MPT_S),
};

static const script_step abort_by_ack_ends_with_a_reset_when_nothing_comes[] = {
    SETTING(fastclose_ack, true),
    CONNECT_MPTCP_FULLY,
    AT(1 * MPT_S),
    ABORT,
    OUT(ACK, .seq = 1, .ack = 1, FASTCLOSE()),
    OUT_AT(1210 * MPT_MS, ACK, .seq = 1, .ack = 1, FASTCLOSE()),
    OUT_AT(1630 * MPT_MS, ACK, .seq = 1, .ack = 1, FASTCLOSE()),
    OUT_AT(2470 * MPT_MS, ACK, .seq = 1, .ack = 1, FASTCLOSE()),
    OUT_AT(4150 * MPT_MS, RSTACK, .seq = 1, .ack = 1, FASTCLOSE()),
    QUIET_FOR(60 * MPT_S),
};

static const script_step fast_closes_that_cross_end_both[] = {
    SETTING(fastclose_ack, true),
    CONNECT_MPTCP_FULLY,
    ABORT,
    OUT(ACK, .seq = 1, .ack = 1, FASTCLOSE()),
    IN(ACK, .seq = 1, .ack = 1, FASTCLOSE()),
    OUT(RSTACK, .seq = 1, .ack = 1, TCPRST(MPT_RST_UNSPECIFIED)),
    QUIET_FOR(60 * MPT_S),
};

static const script_step fastclose_in_an_ack_is_answered_with_resets[] = {
    SECOND_SUBFLOW,
    IN(ACK, .seq = 1, .ack = 1, FASTCLOSE()),
    OUT(RSTACK, .seq = 1, .ack = 1, TCPRST(MPT_RST_UNSPECIFIED)),
    OUT(RSTACK, .on = 1, .seq = 1, .ack = 1, TCPRST(MPT_RST_UNSPECIFIED)),
    EXPECT_FAILED(RESET),
    EXPECT_COUNTER(MPFastcloseRx, 1),
};

static const script_step fastclose_in_a_reset_ends_the_connection[] = {
    SECOND_SUBFLOW,
    IN(RSTACK, .on = 1, .seq = 1, .ack = 1, FASTCLOSE()),
    OUT(RSTACK, .seq = 1, .ack = 1, TCPRST(MPT_RST_UNSPECIFIED)), /* and nothing on the other, where an RST came */
    EXPECT_FAILED(RESET),
    EXPECT_COUNTER(MPFastcloseRx, 1),
};

/* Data before it were lost: the number is not the next, the key is right all the same. */
static const script_step fastclose_in_a_reset_behind_a_hole_ends_the_connection[] = {
    CONNECT_MPTCP_FULLY,
    IN(RSTACK, .seq = 1001, .ack = 1, FASTCLOSE()),
    EXPECT_FAILED(RESET),
};

static const script_step fastclose_with_a_wrong_key_is_ignored[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, FASTCLOSE(.forged = true), DSS_ACK(1)),
    IN(RSTACK, .seq = 1001, .ack = 1, FASTCLOSE(.forged = true)),
    OUT(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    EXPECT_COUNTER(MPFastcloseKeyFailure, 2),
    EXPECT_COUNTER(TCPChallengeACK, 1),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
};

/* ---- MP_TCPRST (3.6) ----------------------------------------------------------------------------------------- */

static const script_step transient_reset_is_followed_by_another_join[] = {
    SECOND_SUBFLOW,
    AT(1 * MPT_S),
    IN(RSTACK, .on = 1, .seq = 1, .ack = 1, TCPRST(MPT_RST_RESOURCE, .flags = MPT_RST_TRANSIENT)),
    EXPECT_COUNTER(MPRstRx, 1),
    OUT_AT(2 * MPT_S, SYN, .on = 2, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),
};

static const script_step reset_for_good_is_not_followed_by_another_join[] = {
    SECOND_SUBFLOW,
    AT(1 * MPT_S),
    IN(RSTACK, .on = 1, .seq = 1, .ack = 1, TCPRST(MPT_RST_PROHIBITED)),
    QUIET_FOR(600 * MPT_S),
};

/* But it is when nothing else is left, after the longest pause. */
static const script_step reset_for_good_of_the_last_subflow_leaves_one_more_try[] = {
    SETTING(no_subflow_timeout_ns, 100 * MPT_S),
    CONNECT_MPTCP_FULLY,
    AT(1 * MPT_S),
    IN(RSTACK, .seq = 1, .ack = 1, TCPRST(MPT_RST_PROHIBITED)),
    OUT_AT(65 * MPT_S, SYN, .on = 1, .local = 0, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 0)),
};

static const script_step address_that_comes_back_is_joined_though_it_was_refused[] = {
    SECOND_SUBFLOW,  IN(RSTACK, .on = 1, .seq = 1, .ack = 1, TCPRST(MPT_RST_PROHIBITED)),
    ADDRESS_DOWN(1), OUT(ACK, .seq = 1, .ack = 1, REMOVE_ADDR(2), DSS_ACK(1)),
    ADDRESS_UP(1),   OUT(SYN, .on = 2, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 3)),
};

/* ---- Silence ------------------------------------------------------------------------------------------------- */

/* Nobody answers a join; the pauses after 1 + 2 + 4 + 8 s of SYNs are 1, 2, 4, ... 64 s. */
#define UNANSWERED_JOIN(number, at)                                                                                    \
    OUT_AT((at)*MPT_S, SYN, .on = number, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),                      \
        UNANSWERED_AGAIN(number, at)
#define UNANSWERED_AGAIN(number, at)                                                                                   \
    OUT_AT((at + 1) * MPT_S, SYN, .on = number, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),                           \
        OUT_AT((at + 3) * MPT_S, SYN, .on = number, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),                       \
        OUT_AT((at + 7) * MPT_S, SYN, .on = number, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2))

static const script_step unanswered_joins_are_tried_again_at_growing_distances[] = {
    CONNECT_MPTCP_FULLY,     AT(1 * MPT_S),
    ADDRESS_UP(1),           OUT(SYN, .on = 1, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    UNANSWERED_AGAIN(1, 1),  UNANSWERED_JOIN(2, 17),
    UNANSWERED_JOIN(3, 34),  UNANSWERED_JOIN(4, 53),
    UNANSWERED_JOIN(5, 76),  UNANSWERED_JOIN(6, 107),
    UNANSWERED_JOIN(7, 154), UNANSWERED_JOIN(8, 233),
    UNANSWERED_JOIN(9, 312),
};

static const script_step last_subflow_is_replaced_in_time[] = {
    CONNECT_MPTCP_FULLY,
    AT(1 * MPT_S),
    ADDRESS_DOWN(0),
    QUIET_UNTIL(60 * MPT_S),
    ADDRESS_UP(1),
    OUT(SYN, .on = 1, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    AFTER(20 * MPT_MS),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    AFTER(20 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, REMOVE_ADDR(0), DSS_ACK(1)),
    QUIET_FOR(300 * MPT_S),
    EXPECT_NO_NOTICE(FAILED),
};

static const script_step connection_without_a_subflow_times_out[] = {
    CONNECT_MPTCP_FULLY,      AT(1 * MPT_S),  ADDRESS_DOWN(0),        QUIET_UNTIL(61 * MPT_S - 1),
    EXPECT_NO_NOTICE(FAILED), AT(61 * MPT_S), EXPECT_FAILED(TIMEOUT),
};

/* Nor does a join that goes on and on keep it: nothing was ever heard of it. */
static const script_step join_under_way_is_no_subflow[] = {
    SETTING(join_retries, 30),
    CONNECT_MPTCP_FULLY,
    ADDRESS_UP(1),
    OUT(SYN, .on = 1, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    OUT_AT(1010 * MPT_MS, SYN, .on = 1, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    OUT_AT(3010 * MPT_MS, SYN, .on = 1, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    AT(4010 * MPT_MS),
    ADDRESS_DOWN(0),
    OUT(SYN, .on = 1, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    OUT_AT(5010 * MPT_MS, SYN, .on = 1, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    OUT_AT(7010 * MPT_MS, SYN, .on = 1, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    OUT_AT(11010 * MPT_MS, SYN, .on = 1, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    OUT_AT(19010 * MPT_MS, SYN, .on = 1, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    OUT_AT(35010 * MPT_MS, SYN, .on = 1, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    QUIET_UNTIL(64010 * MPT_MS - 1),
    EXPECT_NO_NOTICE(FAILED),
    AT(64010 * MPT_MS),
    EXPECT_FAILED(TIMEOUT),
    QUIET_FOR(600 * MPT_S),
};

/** The peer ended, the stack ends, and the DATA_ACK of its DATA_FIN does not come. */
#define LAST_ACK                                                                                                       \
    ACCEPT_MPTCP, IN(ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)), OUT(ACK, .seq = 1, .ack = 1, DSS_ACK(2)), WRITE(100),    \
        OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(2, 1, 1, 100)), AFTER(10 * MPT_MS),                     \
        IN(ACK, .seq = 1, .ack = 101, DSS_ACK(101)), SHUTDOWN, OUT(ACK, .seq = 101, .ack = 1, DSS_FIN(2, 101))

/* The peer is gone: nothing is missing but its word for our end, so this is no failure. */
static const script_step last_ack_that_does_not_come_ends_in_good_order[] = {
    LAST_ACK, AFTER(10 * MPT_MS),    IN(RST, .seq = 1),        QUIET_FOR(60 * MPT_S - 1), EXPECT_NO_NOTICE(CLOSED),
    AFTER(1), EXPECT_NOTICE(CLOSED), EXPECT_NO_NOTICE(FAILED),
};

static const script_step data_that_nobody_acknowledged_end_in_a_timeout[] = {
    ACCEPT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
    OUT(ACK, .seq = 1, .ack = 1, DSS_ACK(2)),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(2, 1, 1, 100)),
    SHUTDOWN,
    OUT(ACK, .seq = 101, .ack = 1, DSS_FIN(2, 101)),
    IN(RST, .seq = 1),
    AFTER(60 * MPT_S),
    EXPECT_NO_NOTICE(CLOSED),
    EXPECT_FAILED(TIMEOUT),
};

/* ---- The only subflow goes before another can join (3.1) ---------------------------------------------------------- */

/* The peer has not shown that it knows both keys. */
static const script_step reset_before_the_first_dss_ends_the_client[] = {
    CONNECT_MPTCP,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, CAPABLE_DATA(100)),
    IN(RSTACK, .seq = 1, .ack = 1),
    EXPECT_FAILED(RESET),
    QUIET_FOR(60 * MPT_S),
};

/* Nothing was sent that would have allowed the peer to come again. */
static const script_step reset_before_the_first_dss_ends_the_server[] = {
    ACCEPT_MPTCP,
    IN(RST, .seq = 1),
    EXPECT_FAILED(RESET),
    QUIET_FOR(60 * MPT_S),
};

static const script_step server_that_sent_a_dss_waits_for_its_client[] = {
    ACCEPT_MPTCP,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    IN(RST, .seq = 1),
    EXPECT_NO_NOTICE(FAILED),
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 1)),
    OUT(SYNACK, .on = 1, .peer = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK()),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT(PSHACK, .on = 1, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
};

/* Without the initial subflow there is no falling back that a join could stand in the way of. */
static const script_step reset_before_the_first_data_ack_is_followed_by_a_join[] = {
    CONNECT_MPTCP_FULLY,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    IN(RSTACK, .seq = 1, .ack = 1),
    EXPECT_NO_NOTICE(FAILED),
    OUT_AT(1010 * MPT_MS, SYN, .on = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
};

static const script_step silence_before_the_first_dss_is_a_timeout[] = {
    SETTING(data_retries, 1),
    CONNECT_MPTCP,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, CAPABLE_DATA(100)),
    OUT_AT(220 * MPT_MS, PSHACK, .seq = 1, .ack = 1, .length = 100, CAPABLE_DATA(100)),
    OUT_AT(640 * MPT_MS, RSTACK, .seq = 101, .ack = 1, TCPRST(MPT_RST_PERFORMANCE, .flags = MPT_RST_TRANSIENT)),
    EXPECT_FAILED(TIMEOUT),
};

TOPIC(scripts_close, SCRIPT(abort_resets_every_subflow_with_fastclose),
      SCRIPT(abort_by_ack_is_repeated_until_the_peer_resets), SCRIPT(abort_by_ack_ends_with_a_reset_when_nothing_comes),
      SCRIPT(fast_closes_that_cross_end_both), SCRIPT(fastclose_in_an_ack_is_answered_with_resets),
      SCRIPT(fastclose_in_a_reset_ends_the_connection), SCRIPT(fastclose_in_a_reset_behind_a_hole_ends_the_connection),
      SCRIPT(fastclose_with_a_wrong_key_is_ignored), SCRIPT(transient_reset_is_followed_by_another_join),
      SCRIPT(reset_for_good_is_not_followed_by_another_join),
      SCRIPT(reset_for_good_of_the_last_subflow_leaves_one_more_try),
      SCRIPT(address_that_comes_back_is_joined_though_it_was_refused),
      SCRIPT(unanswered_joins_are_tried_again_at_growing_distances), SCRIPT(last_subflow_is_replaced_in_time),
      SCRIPT(connection_without_a_subflow_times_out), SCRIPT(join_under_way_is_no_subflow),
      SCRIPT(last_ack_that_does_not_come_ends_in_good_order), SCRIPT(data_that_nobody_acknowledged_end_in_a_timeout),
      SCRIPT(reset_before_the_first_dss_ends_the_client), SCRIPT(reset_before_the_first_dss_ends_the_server),
      SCRIPT(server_that_sent_a_dss_waits_for_its_client),
      SCRIPT(reset_before_the_first_data_ack_is_followed_by_a_join), SCRIPT(silence_before_the_first_dss_is_a_timeout));
