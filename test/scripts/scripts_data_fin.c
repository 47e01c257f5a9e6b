/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scripts_data_fin.c: the end of an MPTCP connection in good order: DATA_FIN, then the FINs of the subflows (RFC 8684
 * 3.3.3).
 */
#include "script.h"

static const script_step data_fin_alone_then_fins_on_the_subflow[] = {
    CONNECT_MPTCP_FULLY,
    SHUTDOWN,
    OUT(ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(2)),
    EXPECT_NO_NOTICE(CLOSED),
    IN(ACK, .seq = 1, .ack = 1, DSS_FIN(2, 1)),
    OUT(FINACK, .seq = 1, .ack = 1, DSS_ACK(2)),
    EXPECT_NOTICE(READABLE),
    EXPECT_NOTICE(CLOSED),
    AT(30 * MPT_MS),
    IN(FINACK, .seq = 1, .ack = 2, DSS_ACK(2)),
    OUT(ACK, .seq = 2, .ack = 2, DSS_ACK(2)),
    QUIET_FOR(100 * MPT_S),
};

static const script_step data_fin_rides_on_the_last_data[] = {
    CONNECT_MPTCP_FULLY,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    WRITE(50),
    QUIET_FOR(1 * MPT_MS),
    SHUTDOWN,
    OUT(PSHACK, .seq = 101, .ack = 1, .length = 50, DSS_MAP(1, 101, 101, 51, .fin = true)),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 151, DSS_ACK(152)),
    QUIET_FOR(10 * MPT_S),
};

static const script_step data_fin_is_sent_again_with_back_off[] = {
    CONNECT_MPTCP_FULLY,
    SHUTDOWN,
    OUT(ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
    OUT_AT(220 * MPT_MS, ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
    OUT_AT(640 * MPT_MS, ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
    AT(650 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(2)),
    QUIET_FOR(10 * MPT_S),
};

static const script_step data_fin_that_nobody_acknowledges_ends_in_a_timeout[] = {
    SETTING(data_retries, 2),
    CONNECT_MPTCP_FULLY,
    SHUTDOWN,
    OUT(ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
    OUT_AT(220 * MPT_MS, ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
    OUT_AT(640 * MPT_MS, ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
    QUIET_UNTIL(1480 * MPT_MS - 1),
    EXPECT_NO_NOTICE(FAILED),
    QUIET_UNTIL(1480 * MPT_MS),
    EXPECT_FAILED(TIMEOUT),
};

/* The DATA_ACK may come on any subflow; a DATA_FIN too. */
static const script_step data_fin_and_its_data_ack_use_any_subflow[] = {
    CONNECT_MPTCP_FULLY,
    ADDRESS_UP(1),
    OUT(SYN, .on = 1, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    AT(20 * MPT_MS),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    SHUTDOWN,
    OUT(ACK, .on = 0, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
    AT(30 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(2)),
    QUIET_UNTIL(40 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_FIN(2, 1)),
    OUT(FINACK, .on = 0, .seq = 1, .ack = 1, DSS_ACK(2)),
    OUT(FINACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(2)),
    EXPECT_NOTICE(CLOSED),
};

static const script_step data_fins_that_cross[] = {
    CONNECT_MPTCP_FULLY,
    SHUTDOWN,
    OUT(ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
    AT(15 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
    OUT(ACK, .seq = 1, .ack = 1, DSS_ACK(2)),
    EXPECT_NO_NOTICE(CLOSED),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(2)),
    OUT(FINACK, .seq = 1, .ack = 1, DSS_ACK(2)),
    EXPECT_NOTICE(CLOSED),
};

/* It counts when all data before it have come: until then the DATA_ACK stays below. */
static const script_step data_fin_before_the_data_waits_for_them[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, DSS_FIN(1, 101)),
    OUT(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    EXPECT_NO_NOTICE(READABLE),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(102)),
    READ(100),
};

static const script_step data_fin_with_data_is_acknowledged_at_once[] = {
    CONNECT_MPTCP_FULLY,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 101, .fin = true)),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(102)),
    READ(100),
};

/* Its DATA_ACK was lost: it is acknowledged again. */
static const script_step data_fin_that_comes_again_is_acknowledged_again[] = {
    CONNECT_MPTCP_FULLY, IN(ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)), OUT(ACK, .seq = 1, .ack = 1, DSS_ACK(2)),
    AT(1 * MPT_S),       IN(ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)), OUT(ACK, .seq = 1, .ack = 1, DSS_ACK(2)),
};

/* The subflow is in its own end already, and the peer repeats its DATA_FIN there. */
static const script_step data_fin_that_comes_again_after_the_end_is_acknowledged_again[] = {
    CONNECT_MPTCP_FULLY,
    SHUTDOWN,
    OUT(ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, DSS_FIN(2, 1)),
    OUT(FINACK, .seq = 1, .ack = 1, DSS_ACK(2)),
    AT(200 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, DSS_FIN(2, 1)),
    OUT(ACK, .seq = 2, .ack = 1, DSS_ACK(2)),
};

/* Half closed: each direction ends by itself. */
static const script_step half_closed_stream_still_sends[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
    OUT(ACK, .seq = 1, .ack = 1, DSS_ACK(2)),
    AT(10 * MPT_S),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(2, 1, 1, 100)),
    AFTER(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    SHUTDOWN,
    OUT(ACK, .seq = 101, .ack = 1, DSS_FIN(2, 101)),
    AFTER(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 101, DSS_ACK(102)),
    OUT(FINACK, .seq = 101, .ack = 1, DSS_ACK(2)),
    EXPECT_NOTICE(CLOSED),
};

static const script_step half_closed_stream_still_receives[] = {
    CONNECT_MPTCP_FULLY,
    SHUTDOWN,
    OUT(ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(2)),
    AT(100 * MPT_S),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(2, 1, 1, 100)),
    READ(100),
    OUT_AT(100 * MPT_S + 40 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
};

/* A subflow's FIN ends the subflow and not the stream. */
static const script_step fin_without_data_fin_ends_only_its_subflow[] = {
    CONNECT_MPTCP_FULLY,
    ADDRESS_UP(1),
    OUT(SYN, .on = 1, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    AT(20 * MPT_MS),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    IN(FINACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    OUT(FINACK, .on = 1, .seq = 1, .ack = 2, DSS_ACK(1)),
    EXPECT_NO_NOTICE(CLOSED),
    EXPECT_NO_NOTICE(READABLE),
    WRITE(100),
    OUT(PSHACK, .on = 0, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    AT(30 * MPT_MS),
    IN(ACK, .on = 1, .seq = 2, .ack = 2, DSS_ACK(1)),
    IN(ACK, .on = 0, .seq = 1, .ack = 101, DSS_ACK(101)),
    QUIET_FOR(500 * MPT_MS),
};

/* As long as it is the only one it still carries our data; with another, which is opened at once, it is given up as well. */
static const script_step fin_is_answered_when_another_subflow_has_come[] = {
    CONNECT_MPTCP_FULLY,
    IN(FINACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    OUT(SYN, .on = 1, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(ACK, .seq = 1, .ack = 2, DSS_ACK(1)),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 2, .length = 100, DSS_MAP(1, 1, 1, 100)),
    IN(ACK, .seq = 2, .ack = 101, DSS_ACK(101)),
    AT(20 * MPT_MS),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(101)),
    OUT(FINACK, .seq = 101, .ack = 2, DSS_ACK(1)),
    WRITE(100),
    OUT(PSHACK, .on = 1, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 101, 1, 100)),
};

/* The end waits for the data that were not acknowledged, and for the third ACK's keys to be known. */
static const script_step end_asked_for_before_the_connection_stands[] = {
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE()),
    SHUTDOWN,
    QUIET_UNTIL(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    OUT(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)),
    OUT(ACK, .seq = 1, .ack = 1, DSS_FIN(1, 1)),
};

/* Acknowledged on both levels and read by nobody: the peer must not learn that all is well. */
static const script_step handle_closed_with_data_unread_means_fast_close[] = {
    CONNECT_MPTCP_FULLY,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    RELEASE,
    OUT(RSTACK, .seq = 1, .ack = 101, FASTCLOSE()),
    EXPECT_NOTICE(GONE),
};

static const script_step handle_closed_is_an_end_in_good_order[] = {
    CONNECT_MPTCP_FULLY,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    RELEASE,
    OUT(ACK, .seq = 101, .ack = 1, DSS_FIN(1, 101)),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 101, DSS_FIN(102, 1)),
    OUT(FINACK, .seq = 101, .ack = 1, DSS_ACK(2)),
    AT(30 * MPT_MS),
    IN(FINACK, .seq = 1, .ack = 102, DSS_ACK(102)),
    OUT(ACK, .seq = 102, .ack = 2, DSS_ACK(2)),
    EXPECT_NO_NOTICE(GONE),
    QUIET_FOR(61 * MPT_S),
    EXPECT_NOTICE(GONE),
};

TOPIC(scripts_data_fin, SCRIPT(data_fin_alone_then_fins_on_the_subflow), SCRIPT(data_fin_rides_on_the_last_data),
      SCRIPT(data_fin_is_sent_again_with_back_off), SCRIPT(data_fin_that_nobody_acknowledges_ends_in_a_timeout),
      SCRIPT(data_fin_and_its_data_ack_use_any_subflow), SCRIPT(data_fins_that_cross),
      SCRIPT(data_fin_before_the_data_waits_for_them), SCRIPT(data_fin_with_data_is_acknowledged_at_once),
      SCRIPT(data_fin_that_comes_again_is_acknowledged_again),
      SCRIPT(data_fin_that_comes_again_after_the_end_is_acknowledged_again), SCRIPT(half_closed_stream_still_sends),
      SCRIPT(half_closed_stream_still_receives), SCRIPT(fin_without_data_fin_ends_only_its_subflow),
      SCRIPT(fin_is_answered_when_another_subflow_has_come), SCRIPT(end_asked_for_before_the_connection_stands),
      SCRIPT(handle_closed_with_data_unread_means_fast_close), SCRIPT(handle_closed_is_an_end_in_good_order));
