/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scripts_tcp_close.c: the end of a TCP connection (RFC 9293 3.6, 3.10.4 to 3.10.7). */
#include "script.h"

/*
 * RFC 9293 3.6 figure 12, and 3.10.7.4 for TIME-WAIT: a FIN that comes again is acknowledged and the wait begins
 * again.
 */
static const script_step active_close_ends_in_time_wait[] = {
    CONNECT_TCP,
    SHUTDOWN,
    OUT(FINACK, .seq = 1, .ack = 1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2),
    EXPECT_NO_NOTICE(CLOSED),
    AT(30 * MPT_MS),
    IN(FINACK, .seq = 1, .ack = 2),
    OUT(ACK, .seq = 2, .ack = 2),
    EXPECT_NOTICE(CLOSED),
    AT(50 * MPT_S),
    IN(FINACK, .seq = 1, .ack = 2),
    OUT(ACK, .seq = 2, .ack = 2),
    AT(100 * MPT_S),
    IN(FINACK, .seq = 1, .ack = 2),
    OUT(ACK, .seq = 2, .ack = 2),
    AT(161 * MPT_S),
    IN(FINACK, .seq = 1, .ack = 2),
    OUT(RST, .seq = 2),
};

static const script_step fin_that_acknowledges_ours_ends_in_time_wait_at_once[] = {
    SETTING(time_wait_ns, 1 * MPT_S),
    CONNECT_TCP,
    SHUTDOWN,
    OUT(FINACK, .seq = 1, .ack = 1),
    AT(20 * MPT_MS),
    IN(FINACK, .seq = 1, .ack = 2),
    OUT(ACK, .seq = 2, .ack = 2),
    EXPECT_NOTICE(CLOSED),
    RELEASE,
    EXPECT_NOTICE(GONE), /* nobody asks for the connection any more: its four-tuple waits by itself */
    QUIET_UNTIL(1020 * MPT_MS - 1),
    IN(ACK, .seq = 1, .ack = 2),
    OUT(ACK, .seq = 2, .ack = 2),
    QUIET_UNTIL(1020 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2),
    OUT(RST, .seq = 2),
};

static const script_step passive_close_ends_with_the_last_ack[] = {
    ACCEPT_TCP,
    IN(FINACK, .seq = 1, .ack = 1),
    OUT(ACK, .seq = 1, .ack = 2),
    EXPECT_NOTICE(READABLE),
    AT(20 * MPT_MS),
    SHUTDOWN,
    OUT(FINACK, .seq = 1, .ack = 2),
    AT(30 * MPT_MS),
    IN(ACK, .seq = 2, .ack = 2),
    EXPECT_NOTICE(CLOSED),
    IN(ACK, .seq = 2, .ack = 2),
    OUT(RST, .seq = 2),
};

/* RFC 9293 3.6 figure 13. */
static const script_step fins_that_cross_end_in_time_wait_on_both_sides[] = {
    CONNECT_TCP,
    SHUTDOWN,
    OUT(FINACK, .seq = 1, .ack = 1),
    AT(15 * MPT_MS),
    IN(FINACK, .seq = 1, .ack = 1),
    OUT(ACK, .seq = 2, .ack = 2),
    EXPECT_NO_NOTICE(CLOSED),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 2, .ack = 2),
    EXPECT_NOTICE(CLOSED),
    AT(30 * MPT_S),
    IN(FINACK, .seq = 1, .ack = 2),
    OUT(ACK, .seq = 2, .ack = 2),
};

static const script_step fin_is_sent_again_with_back_off[] = {
    CONNECT_TCP,
    SHUTDOWN,
    OUT(FINACK, .seq = 1, .ack = 1),
    OUT_AT(220 * MPT_MS, FINACK, .seq = 1, .ack = 1),
    OUT_AT(640 * MPT_MS, FINACK, .seq = 1, .ack = 1),
    AT(650 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2),
    QUIET_FOR(100 * MPT_S),
};

/* The other direction goes on: CLOSE-WAIT sends, FIN-WAIT-2 receives. */
static const script_step half_closed_connection_still_sends[] = {
    ACCEPT_TCP,
    IN(FINACK, .seq = 1, .ack = 1, .length = 10),
    OUT(ACK, .seq = 1, .ack = 12),
    READ(10),
    WRITE(3000),
    OUT(ACK, .seq = 1, .ack = 12, .length = 1460),
    OUT(ACK, .seq = 1461, .ack = 12, .length = 1460),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 12, .ack = 2921),
    OUT(PSHACK, .seq = 2921, .ack = 12, .length = 80),
};

static const script_step half_closed_connection_still_receives[] = {
    CONNECT_TCP,
    SHUTDOWN,
    OUT(FINACK, .seq = 1, .ack = 1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2),
    AT(100 * MPT_S),
    IN(ACK, .seq = 1, .ack = 2, .length = 1000),
    IN(ACK, .seq = 1001, .ack = 2, .length = 1000),
    OUT(ACK, .seq = 2, .ack = 2001),
    READ(2000),
};

/* RFC 5681 4.2: what comes out of order is acknowledged at once. The FIN counts when all before it is there. */
static const script_step fin_before_the_data_waits_for_them[] = {
    ACCEPT_TCP,
    IN(FINACK, .seq = 101, .ack = 1),
    OUT(ACK, .seq = 1, .ack = 1),
    IN(ACK, .seq = 1, .ack = 1, .length = 100),
    OUT(ACK, .seq = 1, .ack = 102),
    READ(100),
    WRITE(10),
    OUT(PSHACK, .seq = 1, .ack = 102, .length = 10),
};

static const script_step data_after_the_fin_are_ignored[] = {
    ACCEPT_TCP,
    IN(FINACK, .seq = 1, .ack = 1),
    OUT(ACK, .seq = 1, .ack = 2),
    IN(PSHACK, .seq = 2, .ack = 1, .length = 100),
    QUIET_FOR(100 * MPT_MS),
    EXPECT_READABLE(0),
};

static const script_step end_asked_for_before_the_connection_stands_is_sent_after[] = {
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS),
    WRITE(10),
    SHUTDOWN,
    QUIET_UNTIL(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 10),
    OUT(FINACK, .seq = 11, .ack = 1),
};

/* RFC 9293 3.6.1 SHLD-3: the peer shall learn that data were lost. */
static const script_step handle_closed_with_data_unread_means_reset[] = {
    ACCEPT_TCP,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 10),
    RELEASE,
    OUT(RSTACK, .seq = 1, .ack = 11),
    EXPECT_NOTICE(GONE),
    QUIET_FOR(100 * MPT_S),
};

static const script_step data_for_a_closed_handle_mean_reset[] = {
    ACCEPT_TCP,
    RELEASE,
    OUT(FINACK, .seq = 1, .ack = 1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2),
    IN(PSHACK, .seq = 1, .ack = 2, .length = 10),
    OUT(RSTACK, .seq = 2, .ack = 1),
    EXPECT_NOTICE(GONE),
};

/* A peer that never ends does not keep a connection whose handle was closed. */
static const script_step connection_of_a_closed_handle_ends_after_a_while[] = {
    ACCEPT_TCP,
    RELEASE,
    OUT(FINACK, .seq = 1, .ack = 1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2),
    OUT_AT(60010 * MPT_MS, RSTACK, .seq = 2, .ack = 1),
    EXPECT_NOTICE(GONE),
};

#define AGAIN_AT(time) OUT_AT(time, PSHACK, .seq = 1, .ack = 1, .length = 10), OUT(FINACK, .seq = 11, .ack = 1)

/* Data that were written are sent even when the handle is closed, as long as the retransmission limits allow. */
static const script_step closed_handle_does_not_end_retransmissions[] = {
    CONNECT_TCP,
    WRITE(10),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 10),
    RELEASE,
    OUT(FINACK, .seq = 11, .ack = 1),
    AGAIN_AT(220 * MPT_MS),
    AGAIN_AT(640 * MPT_MS),
    AGAIN_AT(1480 * MPT_MS),
    AGAIN_AT(3160 * MPT_MS),
    AGAIN_AT(6520 * MPT_MS),
    AGAIN_AT(13240 * MPT_MS),
    AGAIN_AT(26680 * MPT_MS),
    AGAIN_AT(53560 * MPT_MS),
    AGAIN_AT(107320 * MPT_MS),
    AFTER(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 12),
    EXPECT_NO_NOTICE(GONE),
    IN(FINACK, .seq = 1, .ack = 12),
    OUT(ACK, .seq = 12, .ack = 2),
    EXPECT_NOTICE(GONE),
    QUIET_FOR(60 * MPT_S),
};

/* The handle was closed long before: TIME-WAIT lasts all the same. */
static const script_step closed_handle_does_not_shorten_time_wait[] = {
    CONNECT_TCP,
    RELEASE,
    OUT(FINACK, .seq = 1, .ack = 1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2),
    AT(50 * MPT_S),
    IN(FINACK, .seq = 1, .ack = 2),
    OUT(ACK, .seq = 2, .ack = 2),
    EXPECT_NOTICE(GONE),
    AT(100 * MPT_S),
    IN(FINACK, .seq = 1, .ack = 2), /* our ACK was lost: from the beginning */
    OUT(ACK, .seq = 2, .ack = 2),
    QUIET_UNTIL(160 * MPT_S - 1),
    IN(ACK, .seq = 1, .ack = 2),
    OUT(ACK, .seq = 2, .ack = 2),
    IN(ACK, .seq = 2, .ack = 2), /* asks for nothing */
    QUIET_UNTIL(160 * MPT_S),
    IN(FINACK, .seq = 1, .ack = 2),
    OUT(RST, .seq = 2),
};

/* An application that keeps its handle sees the state; when it lets go, the rest of the time is waited without it. */
static const script_step handle_closed_in_time_wait_leaves_the_four_tuple_waiting[] = {
    CONNECT_TCP,
    SHUTDOWN,
    OUT(FINACK, .seq = 1, .ack = 1),
    AT(20 * MPT_MS),
    IN(FINACK, .seq = 1, .ack = 2),
    OUT(ACK, .seq = 2, .ack = 2),
    EXPECT_NOTICE(CLOSED),
    AT(30 * MPT_S),
    RELEASE,
    EXPECT_NOTICE(GONE),
    AT(60 * MPT_S),
    IN(FINACK, .seq = 1, .ack = 2),
    OUT(ACK, .seq = 2, .ack = 2),
    IN(RST, .seq = 1), /* counts at exactly the number expected (RFC 5961 3.2) */
    IN(FINACK, .seq = 1, .ack = 2),
    OUT(ACK, .seq = 2, .ack = 2),
    IN(RST, .seq = 2),
    IN(FINACK, .seq = 1, .ack = 2),
    OUT(RST, .seq = 2),
};

/* RFC 6191, RFC 9293 3.6.1: a SYN beyond all that was received opens a new connection, with a number beyond all that was sent; another does not. */
static const script_step new_syn_ends_time_wait[] = {
    ACCEPT_TCP,
    SHUTDOWN,
    OUT(FINACK, .seq = 1, .ack = 1),
    AT(20 * MPT_MS),
    IN(FINACK, .seq = 1, .ack = 2),
    OUT(ACK, .seq = 2, .ack = 2),
    RELEASE,
    EXPECT_NOTICE(GONE),
    IN(SYN, .seq = 0, SYN_OPTIONS),
    OUT(ACK, .seq = 2, .ack = 2),
    IN(SYN, .seq = 1000, SYN_OPTIONS),
    OUT(SYNACK, .seq = 2 + 65537, .ack = 1001, SYN_OPTIONS),
};

static const script_step new_syn_ends_time_wait_by_its_timestamp[] = {
    SETTING(mptcp, false),
    SETTING(timestamps, true),
    LISTEN,
    IN(SYN, SYN_OPTIONS, TS(100, 0)),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, TS(0, 100)),
    IN(ACK, .seq = 1, .ack = 1, TS(100, 0)),
    EXPECT_NOTICE(ACCEPTED),
    SHUTDOWN,
    OUT(FINACK, .seq = 1, .ack = 1, TS(0, 100)),
    AT(20 * MPT_MS),
    IN(FINACK, .seq = 1, .ack = 2, TS(120, 0)),
    OUT(ACK, .seq = 2, .ack = 2, TS(20, 120)),
    RELEASE,
    EXPECT_NOTICE(GONE),
    IN(SYN, .seq = 1000, SYN_OPTIONS, TS(119, 0)), /* late */
    OUT(ACK, .seq = 2, .ack = 2, TS(20, 120)),
    IN(SYN, .seq = 0, SYN_OPTIONS, TS(121, 0)),
    OUT(SYNACK, .seq = 2 + 65537, .ack = 1, SYN_OPTIONS, TS(20, 121)),
};

static const script_step abort_is_a_reset[] = {
    CONNECT_TCP,
    WRITE(10),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 10),
    ABORT,
    OUT(RSTACK, .seq = 11, .ack = 1),
    EXPECT_FAILED(ABORTED),
    QUIET_FOR(100 * MPT_S),
    EXPECT_COUNTER(OutRsts, 1),
};

/* RFC 9293 3.10.7.4: in any state of the end. */
static const script_step reset_ends_every_state[] = {
    CONNECT_TCP,
    SHUTDOWN,
    OUT(FINACK, .seq = 1, .ack = 1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2),
    IN(RST, .seq = 1),
    EXPECT_FAILED(RESET),
    QUIET_FOR(100 * MPT_S),
};

TOPIC(scripts_tcp_close, SCRIPT(active_close_ends_in_time_wait),
      SCRIPT(fin_that_acknowledges_ours_ends_in_time_wait_at_once), SCRIPT(passive_close_ends_with_the_last_ack),
      SCRIPT(fins_that_cross_end_in_time_wait_on_both_sides), SCRIPT(fin_is_sent_again_with_back_off),
      SCRIPT(half_closed_connection_still_sends), SCRIPT(half_closed_connection_still_receives),
      SCRIPT(fin_before_the_data_waits_for_them), SCRIPT(data_after_the_fin_are_ignored),
      SCRIPT(end_asked_for_before_the_connection_stands_is_sent_after),
      SCRIPT(handle_closed_with_data_unread_means_reset), SCRIPT(data_for_a_closed_handle_mean_reset),
      SCRIPT(connection_of_a_closed_handle_ends_after_a_while), SCRIPT(closed_handle_does_not_end_retransmissions),
      SCRIPT(closed_handle_does_not_shorten_time_wait),
      SCRIPT(handle_closed_in_time_wait_leaves_the_four_tuple_waiting), SCRIPT(new_syn_ends_time_wait),
      SCRIPT(new_syn_ends_time_wait_by_its_timestamp), SCRIPT(abort_is_a_reset), SCRIPT(reset_ends_every_state));
