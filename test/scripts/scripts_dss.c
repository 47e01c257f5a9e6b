/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scripts_dss.c: data over mappings, DATA_ACK, and the window of the connection (RFC 8684 3.3.1, 3.3.2, 3.3.4 to
 * 3.3.6). A full segment has 1436 bytes: the DSS takes 24 of 1460.
 */
#include "script.h"

/** The stack's address 1 joined the peer's address 0; the time is 50 ms, both round trips were 10 ms. */
#define TWO_SUBFLOWS                                                                                                   \
    CONNECT_MPTCP_FULLY, AT(40 * MPT_MS), ADDRESS_UP(1),                                                               \
        OUT(SYN, .on = 1, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)), AT(50 * MPT_MS),                                \
        IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK()), OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),  \
        IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1))

/* ---- Mappings received (3.3.1) ---------------------------------------------------------------------------------- */

static const script_step mapping_may_span_segments[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, .length = 1000, DSS_MAP(1, 1, 1, 2500)),
    IN(ACK, .seq = 1001, .ack = 1, .length = 1000, .at = 1000, DSS_ACK(1)),
    OUT(ACK, .seq = 1, .ack = 2001, DSS_ACK(2001)),
    IN(PSHACK, .seq = 2001, .ack = 1, .length = 500, .at = 2000),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 2501, DSS_ACK(2501)),
    READ(2500),
};

static const script_step mapping_may_come_with_any_segment_of_it[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1001, .ack = 1, .length = 1000, .at = 1000, DSS_MAP(1, 1, 1, 2000)),
    OUT(ACK, .seq = 1, .ack = 1, SACK(1001, 2001), DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, .length = 1000, .at = 0, DSS_ACK(1)),
    OUT(ACK, .seq = 1, .ack = 2001, DSS_ACK(2001)),
    READ(2000),
};

/* The peer's IDSN is 85 below 2^32. */
static const script_step short_dsns_are_extended_over_their_wrap[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, .length = 80, DSS_MAP(1, 1, 1, 80)),
    IN(ACK, .seq = 81, .ack = 1, .length = 80, DSS_MAP(1, 81, 81, 80)),
    OUT(ACK, .seq = 1, .ack = 161, DSS_ACK(161)),
    IN(ACK, .seq = 161, .ack = 1, .length = 80, DSS_MAP(1, 161, 161, 80, .is_dsn64 = true)),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 241, DSS_ACK(241, .is_ack64 = true)),
    READ(240),
};

/* RFC 8684 3.3.2: DSNs of 8 bytes have DATA_ACKs of 8, also with data; the payload of a full segment is what is left. */
static const script_step data_ack_is_as_wide_as_the_data_sequence_number[] = {
    CONNECT_MPTCP_FULLY,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 80, DSS_MAP(1, 1, 1, 80)),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 81, DSS_ACK(81)),
    IN(PSHACK, .seq = 81, .ack = 1, .length = 80, DSS_MAP(1, 81, 81, 80, .is_dsn64 = true)),
    OUT_AT(90 * MPT_MS, ACK, .seq = 1, .ack = 161, DSS_ACK(161, .is_ack64 = true)),
    WRITE(1432),
    OUT(PSHACK, .seq = 1, .ack = 161, .length = 1432, DSS_MAP(161, 1, 1, 1432, .is_ack64 = true)),
    IN(PSHACK, .seq = 161, .ack = 1433, .length = 80, DSS_MAP(1433, 161, 161, 80)),
    OUT_AT(130 * MPT_MS, ACK, .seq = 1433, .ack = 241, DSS_ACK(241)),
};

static const script_step long_acks_and_short_dsns_are_sent_when_set[] = {
    SETTING(dsn64, false),
    SETTING(data_ack64, true),
    CONNECT_MPTCP_FULLY,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100, .is_ack64 = true, .is_dsn32 = true)),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 101, DSS_ACK(101, .is_ack64 = true)),
    EXPECT_NOTICE(WRITABLE),
};

/* Data without a mapping stay unacknowledged at both levels, and wait for their mapping. */
static const script_step data_without_a_mapping_are_not_taken[] = {
    CONNECT_MPTCP_FULLY,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 10, DSS_MAP(1, 1, 1, 10)),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 11, DSS_ACK(11)),
    IN(PSHACK, .seq = 11, .ack = 1, .length = 100, DSS_ACK(1)),
    OUT(ACK, .seq = 1, .ack = 11, DSS_ACK(11)),
    EXPECT_READABLE(10),
    IN(PSHACK, .seq = 11, .ack = 1, .length = 100, DSS_MAP(1, 11, 11, 100)),
    EXPECT_READABLE(110),
};

static const script_step mapping_of_other_subflow_bytes_is_not_taken[] = {
    CONNECT_MPTCP_FULLY,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1001, 100)),
    OUT(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    EXPECT_READABLE(0),
    EXPECT_COUNTER(DSSNotMatching, 1),
};

static const script_step only_what_a_mapping_covers_is_taken[] = {
    CONNECT_MPTCP_FULLY,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 60)),
    EXPECT_READABLE(60),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 61, DSS_ACK(61)),
    IN(PSHACK, .seq = 61, .ack = 1, .length = 40, DSS_MAP(1, 61, 61, 40)),
    READ(100),
};

static const script_step data_beyond_the_window_are_not_taken[] = {
    CONNECT_MPTCP_FULLY,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 6291457, 1, 100)),
    OUT(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    EXPECT_COUNTER(NoDSSInWindow, 1),
};

/* ---- Several subflows, one stream -------------------------------------------------------------------------------- */

/* 3.3.2: the DATA_ACK is the same on every subflow, and tells of the stream, not of the subflow. */
static const script_step stream_is_put_together_from_both_subflows[] = {
    TWO_SUBFLOWS,
    IN(PSHACK, .on = 1, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 101, 1, 100)),
    EXPECT_READABLE(0),
    EXPECT_COUNTER(OFOQueue, 1),
    OUT_AT(90 * MPT_MS, ACK, .on = 1, .seq = 1, .ack = 101, DSS_ACK(1)),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    READ(200),
    OUT_AT(130 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(201)),
};

static const script_step data_that_come_on_both_subflows_are_taken_once[] = {
    TWO_SUBFLOWS,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    READ(100),
    OUT_AT(90 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    IN(PSHACK, .on = 1, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    EXPECT_COUNTER(DuplicateData, 1),
    EXPECT_READABLE(0),
    OUT_AT(130 * MPT_MS, ACK, .on = 1, .seq = 1, .ack = 101, DSS_ACK(101)),
};

/*
 * 3.3.6: acknowledged at both levels, on whichever subflow the DATA_ACK comes; the subflow still repeats what it lost.
 */
static const script_step data_ack_on_the_other_subflow_frees_the_stream_but_not_the_subflow[] = {
    NAME_SETTING(scheduler, "roundrobin"),
    TWO_SUBFLOWS,
    WRITE(100),
    OUT(PSHACK, .on = 0, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    AT(60 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(101)),
    OUT_AT(260 * MPT_MS, PSHACK, .on = 0, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    AT(270 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    EXPECT_NOTICE(WRITABLE),
    QUIET_FOR(10 * MPT_S),
};

static const script_step round_robin_takes_turns[] = {
    NAME_SETTING(scheduler, "roundrobin"),
    TWO_SUBFLOWS,
    WRITE(4 * 1436),
    OUT(ACK, .on = 0, .seq = 1, .ack = 1, .length = 1436, DSS_MAP(1, 1, 1, 1436)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, .length = 1436, DSS_MAP(1, 1437, 1, 1436)),
    OUT(ACK, .on = 0, .seq = 1437, .ack = 1, .length = 1436, DSS_MAP(1, 2873, 1437, 1436)),
    OUT(PSHACK, .on = 1, .seq = 1437, .ack = 1, .length = 1436, DSS_MAP(1, 4309, 1437, 1436)),
};

/*
 * 3.3.6: after a timeout the data go on the other subflow at once; the first one repeats its own, and no new data go
 * there.
 */
static const script_step data_of_a_subflow_that_times_out_go_on_the_other[] = {
    NAME_SETTING(scheduler, "roundrobin"),
    SETTING(opportunistic_retransmission, false),
    TWO_SUBFLOWS,
    WRITE(100),
    OUT(PSHACK, .on = 0, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    OUT_AT(260 * MPT_MS, PSHACK, .on = 0, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    OUT(PSHACK, .on = 1, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    EXPECT_COUNTER(MPTCPRetrans, 1),
    EXPECT_COUNTER(SubflowStale, 1),
    AT(270 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 101, DSS_ACK(101)),
    WRITE(100),
    OUT(PSHACK, .on = 1, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100)),
    AT(280 * MPT_MS),
    IN(ACK, .on = 0, .seq = 1, .ack = 101, DSS_ACK(101)),
    IN(ACK, .on = 1, .seq = 1, .ack = 201, DSS_ACK(201)),
    EXPECT_COUNTER(SubflowRecover, 1),
    WRITE(100),
    OUT(PSHACK, .on = 0, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 201, 101, 100)),
};

/* One subflow of several is given up sooner than the only one: here after two timeouts, as the third comes. */
static const script_step dead_subflow_is_given_up_while_the_other_works[] = {
    NAME_SETTING(scheduler, "roundrobin"),
    SETTING(opportunistic_retransmission, false),
    SETTING(subflow_data_retries, 2),
    SETTING(join_backoff_ns, 100 * MPT_S),
    TWO_SUBFLOWS,
    WRITE(100),
    OUT(PSHACK, .on = 0, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    OUT_AT(260 * MPT_MS, PSHACK, .on = 0, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    OUT(PSHACK, .on = 1, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    AT(270 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 101, DSS_ACK(101)),
    OUT_AT(680 * MPT_MS, PSHACK, .on = 0, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    OUT_AT(1520 * MPT_MS, RSTACK, .on = 0, .seq = 101, .ack = 1,
           TCPRST(MPT_RST_PERFORMANCE, .flags = MPT_RST_TRANSIENT)),
    WRITE(100),
    OUT(PSHACK, .on = 1, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100)),
    EXPECT_NO_NOTICE(FAILED),
};

static const script_step data_of_a_subflow_that_is_reset_go_on_the_other[] = {
    NAME_SETTING(scheduler, "roundrobin"),
    TWO_SUBFLOWS,
    WRITE(200),
    OUT(PSHACK, .on = 0, .seq = 1, .ack = 1, .length = 200, DSS_MAP(1, 1, 1, 200)),
    AT(60 * MPT_MS),
    IN(ACK, .on = 0, .seq = 1, .ack = 51, DSS_ACK(51)),
    IN(RST, .on = 0, .seq = 1),
    OUT(PSHACK, .on = 1, .seq = 1, .ack = 1, .length = 150, DSS_MAP(1, 51, 1, 150)),
};

/* The sender waits for it, and the subflow that brought the last data may be dead. */
static const script_step window_update_goes_out_on_every_subflow[] = {
    SETTING(receive_buffer_bytes, 2048),
    SETTING(window_scaling, false),
    CONNECT,
    OUT(SYN, MSS(1460), SACK_PERMITTED, CAPABLE()),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, MSS(1460), SACK_PERMITTED, CAPABLE(.keys = 1)),
    OUT(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    ADDRESS_UP(1),
    OUT(SYN, .on = 1, .local = 1, MSS(1460), SACK_PERMITTED, JOIN_SYN(.id = 2)),
    AT(20 * MPT_MS),
    IN(SYNACK, .on = 1, .ack = 1, MSS(1460), SACK_PERMITTED, JOIN_SYNACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    IN(ACK, .on = 0, .seq = 1, .ack = 1, .length = 1024, DSS_MAP(1, 1, 1, 1024)),
    IN(ACK, .on = 0, .seq = 1025, .ack = 1, .length = 1024, DSS_MAP(1, 1025, 1025, 1024)),
    OUT(ACK, .on = 0, .seq = 1, .ack = 2049, .win = 0, DSS_ACK(2049)),
    READ(2048),
    OUT(ACK, .on = 0, .seq = 1, .ack = 2049, .win = 2048, DSS_ACK(2049)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, .win = 2048, DSS_ACK(2049)),
};

/* 3.3.2: what was never sent is not acknowledged; what is old says nothing. */
static const script_step data_ack_of_what_was_never_sent_is_ignored[] = {
    CONNECT_MPTCP_FULLY,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(102)),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(5000)),
    EXPECT_NO_NOTICE(WRITABLE),
    IN(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    EXPECT_NOTICE(WRITABLE),
    IN(ACK, .seq = 1, .ack = 101, DSS_ACK(51)),
    WRITE(100),
    OUT(PSHACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 101, 101, 100)),
};

/* 3.3.2: the subflow's ACK alone frees nothing: without the DATA_ACK the data may have died in a middlebox. */
static const script_step missing_data_ack_is_asked_for_and_then_the_data_sent_again[] = {
    CONNECT_MPTCP_FULLY,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 101, DSS_ACK(1)),
    EXPECT_NO_NOTICE(WRITABLE),
    OUT_AT(230 * MPT_MS, ACK, .seq = 100, .ack = 1, DSS_ACK(1)),
    OUT_AT(440 * MPT_MS, ACK, .seq = 100, .ack = 1, DSS_ACK(1)),
    OUT_AT(650 * MPT_MS, PSHACK, .seq = 101, .ack = 1, .length = 100, DSS_MAP(1, 1, 101, 100)),
    AT(660 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 201, DSS_ACK(101)),
    EXPECT_NOTICE(WRITABLE),
    QUIET_FOR(10 * MPT_S),
};

/* ---- The window of the connection (3.3.4, 3.3.5) -------------------------------------------------------------- */

/* The window counts from the DATA_ACK; one window for all subflows, and any of them may open it. */
static const script_step window_counts_from_the_data_ack_and_any_subflow_opens_it[] = {
    NAME_SETTING(scheduler, "roundrobin"),
    SETTING(window_scaling, false),
    CONNECT,
    OUT(SYN, MSS(1460), SACK_PERMITTED, CAPABLE()),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, .win = 2000, MSS(1460), SACK_PERMITTED, CAPABLE(.keys = 1)),
    OUT(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)),
    IN(ACK, .seq = 1, .ack = 1, .win = 2000, DSS_ACK(1)),
    ADDRESS_UP(1),
    OUT(SYN, .on = 1, .local = 1, MSS(1460), SACK_PERMITTED, JOIN_SYN(.id = 2)),
    AT(20 * MPT_MS),
    IN(SYNACK, .on = 1, .ack = 1, .win = 2000, MSS(1460), SACK_PERMITTED, JOIN_SYNACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, .win = 2000, DSS_ACK(1)),
    WRITE(6000),
    OUT(ACK, .on = 0, .seq = 1, .ack = 1, .length = 1436, DSS_MAP(1, 1, 1, 1436)),
    QUIET_UNTIL(30 * MPT_MS),
    IN(ACK, .on = 0, .seq = 1, .ack = 1437, .win = 2000, DSS_ACK(1)),
    QUIET_UNTIL(35 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, .win = 3000, DSS_ACK(1437)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, .length = 1436, DSS_MAP(1, 1437, 1, 1436)),
    OUT(ACK, .on = 0, .seq = 1437, .ack = 1, .length = 1436, DSS_MAP(1, 2873, 1437, 1436)),
};

/* 3.3.4: "a receiver MUST NOT shrink the right edge of the receive window"; here nobody believes that it did. */
static const script_step right_edge_does_not_move_back[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, .win = 0, DSS_ACK(1)),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
};

static const script_step closed_window_is_probed_on_one_subflow_after_the_other[] = {
    SETTING(window_scaling, false),
    CONNECT,
    OUT(SYN, MSS(1460), SACK_PERMITTED, CAPABLE()),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, .win = 100, MSS(1460), SACK_PERMITTED, CAPABLE(.keys = 1)),
    OUT(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)),
    IN(ACK, .seq = 1, .ack = 1, .win = 100, DSS_ACK(1)),
    ADDRESS_UP(1),
    OUT(SYN, .on = 1, .local = 1, MSS(1460), SACK_PERMITTED, JOIN_SYN(.id = 2)),
    AT(20 * MPT_MS),
    IN(SYNACK, .on = 1, .ack = 1, .win = 100, MSS(1460), SACK_PERMITTED, JOIN_SYNACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, .win = 100, DSS_ACK(1)),
    WRITE(100),
    OUT(PSHACK, .on = 0, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    AT(30 * MPT_MS),
    IN(ACK, .on = 0, .seq = 1, .ack = 101, .win = 0, DSS_ACK(101)),
    WRITE(50),
    OUT_AT(240 * MPT_MS, ACK, .on = 0, .seq = 100, .ack = 1, DSS_ACK(1)),
    OUT_AT(660 * MPT_MS, ACK, .on = 1, .seq = 0, .ack = 1, DSS_ACK(1)),
    OUT_AT(1500 * MPT_MS, ACK, .on = 0, .seq = 100, .ack = 1, DSS_ACK(1)),
    AT(1510 * MPT_MS),
    IN(ACK, .on = 0, .seq = 1, .ack = 101, .win = 50, DSS_ACK(101)),
    OUT(PSHACK, .on = 0, .seq = 101, .ack = 1, .length = 50, DSS_MAP(1, 101, 101, 50)),
};

/* 3.3.4: the same window is told on every subflow. */
static const script_step receive_window_is_one_for_all_subflows[] = {
    SETTING(receive_buffer_bytes, 20000),
    SETTING(window_scaling, false),
    CONNECT,
    OUT(SYN, .win = 20000, MSS(1460), SACK_PERMITTED, CAPABLE()),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, MSS(1460), SACK_PERMITTED, CAPABLE(.keys = 1)),
    OUT(ACK, .seq = 1, .ack = 1, .win = 20000, CAPABLE(.keys = 2)),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    ADDRESS_UP(1),
    OUT(SYN, .on = 1, .local = 1, .win = 20000, MSS(1460), SACK_PERMITTED, JOIN_SYN(.id = 2)),
    AT(20 * MPT_MS),
    IN(SYNACK, .on = 1, .ack = 1, MSS(1460), SACK_PERMITTED, JOIN_SYNACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, .win = 20000, JOIN_ACK()),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    IN(ACK, .on = 0, .seq = 1, .ack = 1, .length = 1000, DSS_MAP(1, 1, 1, 1000)),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, .length = 1000, DSS_MAP(1, 1001, 1, 1000)),
    IN(ACK, .on = 1, .seq = 1001, .ack = 1, .length = 1000, DSS_MAP(1, 3001, 1001, 1000)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 2001, .win = 18000, DSS_ACK(2001)),
    OUT_AT(60 * MPT_MS, ACK, .on = 0, .seq = 1, .ack = 1001, .win = 18000, DSS_ACK(2001)),
};

TOPIC(scripts_dss, SCRIPT(window_update_goes_out_on_every_subflow), SCRIPT(mapping_may_span_segments),
      SCRIPT(mapping_may_come_with_any_segment_of_it), SCRIPT(short_dsns_are_extended_over_their_wrap),
      SCRIPT(data_ack_is_as_wide_as_the_data_sequence_number), SCRIPT(long_acks_and_short_dsns_are_sent_when_set),
      SCRIPT(data_without_a_mapping_are_not_taken), SCRIPT(mapping_of_other_subflow_bytes_is_not_taken),
      SCRIPT(only_what_a_mapping_covers_is_taken), SCRIPT(data_beyond_the_window_are_not_taken),
      SCRIPT(stream_is_put_together_from_both_subflows), SCRIPT(data_that_come_on_both_subflows_are_taken_once),
      SCRIPT(data_ack_on_the_other_subflow_frees_the_stream_but_not_the_subflow), SCRIPT(round_robin_takes_turns),
      SCRIPT(data_of_a_subflow_that_times_out_go_on_the_other), SCRIPT(dead_subflow_is_given_up_while_the_other_works),
      SCRIPT(data_of_a_subflow_that_is_reset_go_on_the_other), SCRIPT(data_ack_of_what_was_never_sent_is_ignored),
      SCRIPT(missing_data_ack_is_asked_for_and_then_the_data_sent_again),
      SCRIPT(window_counts_from_the_data_ack_and_any_subflow_opens_it), SCRIPT(right_edge_does_not_move_back),
      SCRIPT(closed_window_is_probed_on_one_subflow_after_the_other), SCRIPT(receive_window_is_one_for_all_subflows));
