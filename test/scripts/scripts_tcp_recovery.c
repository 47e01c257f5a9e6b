/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scripts_tcp_recovery.c: timeouts (RFC 6298), fast retransmit (RFC 5681, 6675, 6582), limited transmit (RFC 3042),
 * proportional rate reduction (RFC 9937), undo (RFC 3522, RFC 2883). The peer is 10 ms away: after the handshake SRTT
 * = 10 ms, RTO = 210 ms.
 */
#include "script.h"

/* The nth full segment of the stream, and the last one, with PSH. */
#define DATA(n) OUT(ACK, .seq = 1 + 1460 * ((n)-1), .ack = 1, .length = 1460)
#define LAST(n) OUT(PSHACK, .seq = 1 + 1460 * ((n)-1), .ack = 1, .length = 1460)
#define DATA_AT(t, n) OUT_AT(t, ACK, .seq = 1 + 1460 * ((n)-1), .ack = 1, .length = 1460)
#define LAST_AT(t, n) OUT_AT(t, PSHACK, .seq = 1 + 1460 * ((n)-1), .ack = 1, .length = 1460)
/* All before the nth segment arrived. */
#define BEFORE(n) (1 + 1460 * ((n)-1))
#define ACKED(n, ...) IN(ACK, .seq = 1, .ack = BEFORE(n), __VA_ARGS__)
#define TEN_SEGMENTS_PUSHED DATA(1), DATA(2), DATA(3), DATA(4), DATA(5), DATA(6), DATA(7), DATA(8), DATA(9), LAST(10)
#define TEN_SEGMENTS DATA(1), DATA(2), DATA(3), DATA(4), DATA(5), DATA(6), DATA(7), DATA(8), DATA(9), DATA(10)

/* ---- Timeouts ------------------------------------------------------------------------------------------------ */

/* RFC 6298 5.5; RFC 9293 3.8.3: after R2 the connection is given up. */
static const script_step timeouts_double_until_the_connection_is_given_up[] = {
    SETTING(data_retries, 3),
    CONNECT_TCP,
    WRITE(1460),
    LAST(1),
    LAST_AT(220 * MPT_MS, 1),
    LAST_AT(640 * MPT_MS, 1),
    LAST_AT(1480 * MPT_MS, 1),
    OUT_AT(3160 * MPT_MS, RSTACK, .seq = 1461, .ack = 1),
    EXPECT_FAILED(TIMEOUT),
    EXPECT_COUNTER(TCPTimeouts, 4),
    EXPECT_COUNTER(RetransSegs, 3),
};

/* RFC 6298 5.3: what is acknowledged restarts the timer. */
static const script_step timer_restarts_when_something_is_acknowledged[] = {
    CONNECT_TCP, WRITE(2920), DATA(1), LAST(2), AT(20 * MPT_MS), ACKED(2), AT(229 * MPT_MS), LAST_AT(230 * MPT_MS, 2),
};

/* Karn: the answer to a retransmission measures nothing, and the back-off stays (RFC 6298 3, 5.7). */
static const script_step back_off_stays_until_a_measurement[] = {
    CONNECT_TCP,
    WRITE(1460),
    LAST(1),
    LAST_AT(220 * MPT_MS, 1),
    LAST_AT(640 * MPT_MS, 1),
    AT(650 * MPT_MS),
    ACKED(2),
    WRITE(1460),
    LAST(2),
    LAST_AT(1490 * MPT_MS, 2),
    AT(1500 * MPT_MS),
    ACKED(3),
    WRITE(1460),
    LAST(3),
    AT(1510 * MPT_MS),
    ACKED(4),
    WRITE(1460),
    LAST(4),
    LAST_AT(1720 * MPT_MS, 4),
};

/* RFC 7323 4: the echo tells which transmission is answered. */
static const script_step timestamps_measure_what_was_sent_again_and_end_the_back_off[] = {
    SETTING(timestamps, true),
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS, TS(0, 0)),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, TS(500, 0)),
    OUT(ACK, .seq = 1, .ack = 1, TS(10, 500)),
    WRITE(1000),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1000, TS(10, 500)),
    OUT_AT(220 * MPT_MS, PSHACK, .seq = 1, .ack = 1, .length = 1000, TS(220, 500)),
    AT(229 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1001, TS(720, 220)),
    WRITE(1000),
    OUT(PSHACK, .seq = 1001, .ack = 1, .length = 1000, TS(229, 720)),
    OUT_AT(439 * MPT_MS, PSHACK, .seq = 1001, .ack = 1, .length = 1000, TS(439, 720)),
};

/*
 * RFC 6298 5.7: "If the timer expires awaiting the ACK of a SYN segment ... the RTO MUST be re-initialized to 3
 * seconds when data transmission begins".
 */
static const script_step first_timeout_is_3_s_when_the_syn_was_lost[] = {
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS),
    OUT_AT(1 * MPT_S, SYN, SYN_OPTIONS),
    AT(1010 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS),
    OUT(ACK, .seq = 1, .ack = 1),
    WRITE(1460),
    LAST(1),
    LAST_AT(4010 * MPT_MS, 1),
};

/* The echo tells which SYN was answered: a measurement (RFC 7323 4). */
static const script_step timestamps_measure_a_handshake_with_a_loss[] = {
    SETTING(timestamps, true),
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS, TS(0, 0)),
    OUT_AT(1 * MPT_S, SYN, SYN_OPTIONS, TS(1000, 0)),
    AT(1009 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, TS(500, 1000)),
    OUT(ACK, .seq = 1, .ack = 1, TS(1009, 500)),
    WRITE(1000),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1000, TS(1009, 500)),
    OUT_AT(1219 * MPT_MS, PSHACK, .seq = 1, .ack = 1, .length = 1000, TS(1219, 500)),
};

/* RFC 5681 3.1 makes it one segment after any loss in the handshake; the first is forgiven, as in Linux. */
static const script_step two_losses_in_the_handshake_make_the_initial_window_one_segment[] = {
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    OUT_AT(1 * MPT_S, SYNACK, .ack = 1, SYN_OPTIONS),
    OUT_AT(3 * MPT_S, SYNACK, .ack = 1, SYN_OPTIONS),
    AT(3010 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1),
    WRITE(4380),
    DATA(1),
    AT(3020 * MPT_MS),
    ACKED(2),
    DATA(2),
    LAST(3),
};

static const script_step one_loss_in_the_handshake_leaves_the_initial_window[] = {
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    OUT_AT(1 * MPT_S, SYNACK, .ack = 1, SYN_OPTIONS),
    AT(1010 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1),
    WRITE(16060),
    TEN_SEGMENTS,
    DATA_AT(4010 * MPT_MS, 1),
};

/* RFC 5681 3.1: the loss window is one segment; what was in flight is sent again in slow start. */
static const script_step after_a_timeout_one_segment_then_slow_start[] = {
    CONNECT_TCP,      WRITE(8760),      DATA(1),
    DATA(2),          DATA(3),          DATA(4),
    DATA(5),          LAST(6),          DATA_AT(220 * MPT_MS, 1),
    AT(230 * MPT_MS), ACKED(2),         DATA(2),
    DATA(3),          AT(240 * MPT_MS), ACKED(4),
    DATA(4),          DATA(5),          LAST(6),
};

/* RFC 3465 2.3: an ACK then opens one segment, though it stands for three that had arrived before. */
static const script_step after_a_timeout_an_acknowledgement_of_many_opens_one_segment[] = {
    CONNECT_TCP, WRITE(14600), TEN_SEGMENTS_PUSHED,   DATA_AT(220 * MPT_MS, 1), AT(230 * MPT_MS), ACKED(5),
    DATA(5),     DATA(6),      QUIET_FOR(1 * MPT_MS),
};

/* RFC 2018 8: after a timeout SACKs of the head are not believed any more. */
static const script_step reneging_receiver_gets_everything_again[] = {
    CONNECT_TCP,
    WRITE(4380),
    DATA(1),
    DATA(2),
    LAST(3),
    AT(20 * MPT_MS),
    ACKED(1, SACK(1461, 4381)),
    ACKED(2),
    DATA_AT(230 * MPT_MS, 2),
    AT(240 * MPT_MS),
    ACKED(3),
    LAST(3),
};

/* ---- Fast retransmit with SACK --------------------------------------------------------------------------------- */

/*
 * RFC 3042: the first two duplicates let one new segment out each, which do not count (RFC 5681 3.2): the window falls
 * to five. RFC 6675: the third begins recovery. RFC 9937: then one for every two of ten that arrive, the first of them
 * with this one; and one for each when five are in flight.
 */
static const script_step third_duplicate_begins_fast_recovery[] = {
    CONNECT_TCP,
    WRITE(14600 + 14600),
    TEN_SEGMENTS,
    AT(20 * MPT_MS),
    ACKED(1, SACK(1461, 2921)),
    DATA(11),
    ACKED(1, SACK(1461, 4381)),
    DATA(12),
    ACKED(1, SACK(1461, 5841)),
    DATA(1),
    EXPECT_COUNTER(TCPFastRetrans, 1),
    ACKED(1, SACK(1461, 7301)),
    ACKED(1, SACK(1461, 8761)),
    ACKED(1, SACK(1461, 10221)),
    DATA(13),
    ACKED(1, SACK(1461, 11681)),
    ACKED(1, SACK(1461, 13141)),
    ACKED(1, SACK(1461, 14601)),
    DATA(14),
    AT(30 * MPT_MS),
    ACKED(1, SACK(1461, 16061)),
    DATA(15),
    ACKED(1, SACK(1461, 17521)),
    DATA(16),
    /* all of the flight of twelve arrived: five segments are the window */
    ACKED(13),
    DATA(17),
    QUIET_FOR(5 * MPT_MS),
};

/*
 * RFC 9937 6.2: with less in flight than the window, eight segments, as much leaves as arrives; one more when SND.UNA
 * moves, unless that tells of a further loss.
 */
static const script_step many_losses_let_out_what_arrives[] = {
    SETTING(dup_threshold, 1),
    SETTING(initial_window_segments, 16),
    CONNECT_TCP,
    WRITE(14600 * 2),
    TEN_SEGMENTS,
    DATA(11),
    DATA(12),
    DATA(13),
    DATA(14),
    DATA(15),
    DATA(16),
    AT(20 * MPT_MS),
    ACKED(1, SACK(BEFORE(10), BEFORE(12))), /* five in flight */
    DATA(1),
    DATA(2),
    AT(30 * MPT_MS),
    ACKED(2, SACK2(BEFORE(16), BEFORE(17), BEFORE(10), BEFORE(12))), /* 12 to 15 are lost, too; one is in flight */
    DATA(3),
    DATA(4),
    ACKED(3, SACK2(BEFORE(16), BEFORE(17), BEFORE(10), BEFORE(12))),
    DATA(5),
    DATA(6),
    QUIET_FOR(1 * MPT_MS),
};

static const script_step duplicates_let_nothing_out_without_limited_transmit[] = {
    SETTING(limited_transmit, false),
    CONNECT_TCP,
    WRITE(14600 + 14600),
    TEN_SEGMENTS,
    AT(20 * MPT_MS),
    ACKED(1, SACK(1461, 2921)),
    ACKED(1, SACK(1461, 4381)),
    QUIET_FOR(1 * MPT_MS),
    ACKED(1, SACK(1461, 5841)),
    DATA(1),
};

/* RFC 6675 IsLost: DupThresh - 1 full segments above, or DupThresh pieces. */
static const script_step every_hole_below_three_segments_is_filled[] = {
    CONNECT_TCP,
    WRITE(14600),
    DATA(1),
    DATA(2),
    DATA(3),
    DATA(4),
    DATA(5),
    DATA(6),
    DATA(7),
    DATA(8),
    DATA(9),
    LAST(10),
    AT(20 * MPT_MS),
    ACKED(1, SACK(BEFORE(2), BEFORE(3))),
    ACKED(1, SACK2(BEFORE(4), BEFORE(5), BEFORE(2), BEFORE(3))),
    ACKED(1, SACK3(BEFORE(6), BEFORE(7), BEFORE(4), BEFORE(5), BEFORE(2), BEFORE(3))),
    DATA(1),
    ACKED(1, SACK3(BEFORE(6), BEFORE(8), BEFORE(4), BEFORE(5), BEFORE(2), BEFORE(3))),
    ACKED(1, SACK3(BEFORE(6), BEFORE(9), BEFORE(4), BEFORE(5), BEFORE(2), BEFORE(3))),
    DATA(3),
    DATA(5),
    AT(30 * MPT_MS),
    ACKED(5, SACK(BEFORE(6), BEFORE(9))),
    ACKED(11),
    QUIET_FOR(10 * MPT_S),
};

static const script_step duplicates_that_carry_data_or_options_are_none[] = {
    SETTING(sack, false),
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, MSS(1460), WSCALE(7)),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, MSS(1460), WSCALE(7)),
    OUT(ACK, .seq = 1, .ack = 1),
    WRITE(14600),
    DATA(1),
    DATA(2),
    DATA(3),
    DATA(4),
    DATA(5),
    DATA(6),
    DATA(7),
    DATA(8),
    DATA(9),
    LAST(10),
    AT(20 * MPT_MS),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 1),
    IN(PSHACK, .seq = 2, .ack = 1, .length = 1),
    OUT(ACK, .seq = 14601, .ack = 3),
    IN(PSHACK, .seq = 3, .ack = 1, .length = 1),
    IN(PSHACK, .seq = 4, .ack = 1, .length = 1),
    OUT(ACK, .seq = 14601, .ack = 5),
    QUIET_FOR(10 * MPT_MS),
};

/*
 * RFC 5681 2: "the advertised window in the incoming acknowledgment equals the advertised window in the last incoming
 * acknowledgment".
 */
static const script_step window_updates_are_no_duplicates[] = {
    SETTING(sack, false),
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, MSS(1460), WSCALE(7)),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, MSS(1460), WSCALE(7)),
    OUT(ACK, .seq = 1, .ack = 1),
    WRITE(14600),
    DATA(1),
    DATA(2),
    DATA(3),
    DATA(4),
    DATA(5),
    DATA(6),
    DATA(7),
    DATA(8),
    DATA(9),
    LAST(10),
    AT(20 * MPT_MS),
    ACKED(2, .win = 1000),
    ACKED(2, .win = 1001),
    ACKED(2, .win = 1002),
    ACKED(2, .win = 1003),
    QUIET_FOR(10 * MPT_MS),
};

/* Blocks that overlap what was SACKed before, from either side, count once. */
static const script_step sack_blocks_may_overlap[] = {
    CONNECT_TCP,
    WRITE(14600),
    DATA(1),
    DATA(2),
    DATA(3),
    DATA(4),
    DATA(5),
    DATA(6),
    DATA(7),
    DATA(8),
    DATA(9),
    LAST(10),
    AT(20 * MPT_MS),
    ACKED(1, SACK(BEFORE(4), BEFORE(5))),
    ACKED(1, SACK2(BEFORE(6), BEFORE(7), BEFORE(4), BEFORE(5))),
    ACKED(1, SACK2(BEFORE(3), BEFORE(6), BEFORE(6), BEFORE(7))), /* four above the first hole */
    DATA(1),
    ACKED(1, SACK(BEFORE(3), BEFORE(9))),
    DATA(2),
    ACKED(1, SACK(BEFORE(3), BEFORE(11))),
    AT(30 * MPT_MS),
    ACKED(2, SACK(BEFORE(3), BEFORE(11))),
    ACKED(11),
    QUIET_FOR(10 * MPT_S),
    EXPECT_COUNTER(RetransSegs, 2),
};

/* ---- Without SACK (RFC 6582) ------------------------------------------------------------------------------------ */

static const script_step partial_acknowledgements_fill_one_hole_after_another_without_sack[] = {
    SETTING(sack, false),
    SETTING(mptcp, false),
    SETTING(limited_transmit, false),
    CONNECT,
    OUT(SYN, MSS(1460), WSCALE(7)),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, MSS(1460), WSCALE(7)),
    OUT(ACK, .seq = 1, .ack = 1),
    WRITE(14600),
    DATA(1),
    DATA(2),
    DATA(3),
    DATA(4),
    DATA(5),
    DATA(6),
    DATA(7),
    DATA(8),
    DATA(9),
    LAST(10),
    AT(20 * MPT_MS),
    ACKED(1), /* the first that tells a scaled window */
    ACKED(1),
    ACKED(1),
    QUIET_FOR(1 * MPT_MS),
    ACKED(1),
    DATA(1),
    ACKED(1),
    ACKED(1),
    AT(31 * MPT_MS),
    ACKED(4),
    DATA(4),
    AT(41 * MPT_MS),
    ACKED(11),
    EXPECT_NOTICE(WRITABLE),
    EXPECT_COUNTER(TCPFastRetrans, 1),
    EXPECT_COUNTER(TCPTimeouts, 0),
};

/* ---- Undo ------------------------------------------------------------------------------------------------------ */

/* RFC 2883 with RFC 4015: all that was sent again was there already: the window comes back. */
static const script_step needless_fast_retransmit_is_undone_by_dsack[] = {
    CONNECT_TCP,
    WRITE(14600 * 3),
    TEN_SEGMENTS,
    AT(20 * MPT_MS),
    ACKED(1, SACK(BEFORE(2), BEFORE(3))),
    DATA(11),
    ACKED(1, SACK(BEFORE(2), BEFORE(4))),
    DATA(12),
    ACKED(1, SACK(BEFORE(2), BEFORE(5))),
    DATA(1),
    ACKED(6),
    AT(30 * MPT_MS),
    ACKED(6, SACK(BEFORE(1), BEFORE(2))),
    DATA(13),
    DATA(14),
    DATA(15),
    EXPECT_COUNTER(TCPDSACKRecv, 1),
    QUIET_FOR(1 * MPT_MS),
};

/* As above, but recovery is over by the time the D-SACK comes. */
static const script_step needless_fast_retransmit_is_undone_after_its_recovery[] = {
    CONNECT_TCP,
    WRITE(14600 * 3),
    TEN_SEGMENTS,
    AT(20 * MPT_MS),
    ACKED(1, SACK(BEFORE(2), BEFORE(3))),
    DATA(11),
    ACKED(1, SACK(BEFORE(2), BEFORE(4))),
    DATA(12),
    ACKED(1, SACK(BEFORE(2), BEFORE(5))),
    DATA(1),
    ACKED(13),
    DATA(13),
    DATA(14),
    DATA(15),
    DATA(16),
    DATA(17),
    DATA(18), /* half, and one more for what was acknowledged */
    AT(30 * MPT_MS),
    ACKED(13, SACK(BEFORE(1), BEFORE(2))),
    DATA(19),
    DATA(20),
    DATA(21),
    DATA(22), /* ten again */
    EXPECT_COUNTER(TCPDSACKUndo, 1),
    QUIET_FOR(1 * MPT_MS),
};

/*
 * A D-SACK of what was sent before the reduction, of a copy that the network made, says nothing about it: the loss was
 * one.
 */
static const script_step dsack_of_older_data_undoes_nothing[] = {
    CONNECT_TCP,
    WRITE(2920),
    DATA(1),
    LAST(2),
    AT(20 * MPT_MS),
    ACKED(3),
    WRITE(14600 * 2),
    DATA(3),
    DATA(4),
    DATA(5),
    DATA(6),
    DATA(7),
    DATA(8),
    DATA(9),
    DATA(10),
    DATA(11),
    DATA(12),
    AT(30 * MPT_MS),
    ACKED(3, SACK(BEFORE(4), BEFORE(7))),
    DATA(3),
    ACKED(3, SACK2(BEFORE(1), BEFORE(2), BEFORE(4), BEFORE(7))),
    ACKED(3, SACK2(BEFORE(2), BEFORE(3), BEFORE(4), BEFORE(7))),
    EXPECT_COUNTER(TCPDSACKRecv, 2),
    EXPECT_COUNTER(TCPDSACKUndo, 0),
    QUIET_FOR(1 * MPT_MS), /* the window is 5, and more are in flight */
};

/* One D-SACK for two that were sent again leaves one that was lost: no undo. */
static const script_step half_of_the_retransmissions_in_vain_undoes_nothing[] = {
    CONNECT_TCP,
    WRITE(14600 * 2),
    TEN_SEGMENTS,
    AT(20 * MPT_MS),
    ACKED(1, SACK(BEFORE(3), BEFORE(6))),
    DATA(1),
    ACKED(1, SACK(BEFORE(3), BEFORE(8))),
    DATA(2),
    AT(30 * MPT_MS),
    ACKED(8, SACK(BEFORE(2), BEFORE(3))),
    EXPECT_COUNTER(TCPDSACKUndo, 0),
    DATA(11),
    DATA(12), /* five in flight, with three of the first ten */
    QUIET_FOR(1 * MPT_MS),
};

/* RFC 3522: the first answer echoes the first transmission: the timeout was spurious. */
static const script_step needless_timeout_is_undone_by_the_echo[] = {
    SETTING(timestamps, true),
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS, TS(0, 0)),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, TS(500, 0)),
    OUT(ACK, .seq = 1, .ack = 1, TS(10, 500)),
    WRITE(1448 * 8),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1448, TS(10, 500)),
    OUT(ACK, .seq = 1449, .ack = 1, .length = 1448, TS(10, 500)),
    OUT(ACK, .seq = 2897, .ack = 1, .length = 1448, TS(10, 500)),
    OUT(ACK, .seq = 4345, .ack = 1, .length = 1448, TS(10, 500)),
    OUT(ACK, .seq = 5793, .ack = 1, .length = 1448, TS(10, 500)),
    OUT(ACK, .seq = 7241, .ack = 1, .length = 1448, TS(10, 500)),
    OUT(ACK, .seq = 8689, .ack = 1, .length = 1448, TS(10, 500)),
    OUT(PSHACK, .seq = 10137, .ack = 1, .length = 1448, TS(10, 500)),
    OUT_AT(220 * MPT_MS, ACK, .seq = 1, .ack = 1, .length = 1448, TS(220, 500)),
    AT(225 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1449, TS(700, 10)),
    WRITE(1448),
    OUT(PSHACK, .seq = 11585, .ack = 1, .length = 1448, TS(225, 700)),
    QUIET_FOR(10 * MPT_MS),
};

#define DATA_TS(n, ts) OUT(ACK, .seq = 1 + 1448 * ((n)-1), .ack = 1, .length = 1448, TS(ts, 500))
#define BEFORE_TS(n) (1 + 1448 * ((n)-1))
#define ACKED_TS(n, echo, ...) IN(ACK, .seq = 1, .ack = BEFORE_TS(n), TS(500, echo), __VA_ARGS__)

/*
 * A copy that an earlier recovery sent is no first transmission: its echo, older than what this recovery sent again, says
 * nothing.
 */
static const script_step echo_of_a_copy_of_the_recovery_before_undoes_nothing[] = {
    SETTING(timestamps, true),
    SETTING(dup_threshold, 1),
    SETTING(initial_window_segments, 20),
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS, TS(0, 0)),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, TS(500, 0)),
    OUT(ACK, .seq = 1, .ack = 1, TS(10, 500)),
    WRITE(1448 * 60),
    DATA_TS(1, 10),
    DATA_TS(2, 10),
    DATA_TS(3, 10),
    DATA_TS(4, 10),
    DATA_TS(5, 10),
    DATA_TS(6, 10),
    DATA_TS(7, 10),
    DATA_TS(8, 10),
    DATA_TS(9, 10),
    DATA_TS(10, 10),
    DATA_TS(11, 10),
    DATA_TS(12, 10),
    DATA_TS(13, 10),
    DATA_TS(14, 10),
    DATA_TS(15, 10),
    DATA_TS(16, 10),
    DATA_TS(17, 10),
    DATA_TS(18, 10),
    DATA_TS(19, 10),
    DATA_TS(20, 10),
    AT(20 * MPT_MS),
    ACKED_TS(1, 10, SACK(BEFORE_TS(2), BEFORE_TS(3))),
    DATA_TS(1, 20),
    ACKED_TS(1, 10, SACK(BEFORE_TS(2), BEFORE_TS(21))),
    DATA_TS(21, 20),
    DATA_TS(22, 20),
    DATA_TS(23, 20),
    DATA_TS(24, 20),
    DATA_TS(25, 20),
    DATA_TS(26, 20),
    DATA_TS(27, 20),
    DATA_TS(28, 20),
    DATA_TS(29, 20),
    AT(30 * MPT_MS),
    ACKED_TS(1, 10, SACK2(BEFORE_TS(22), BEFORE_TS(23), BEFORE_TS(2), BEFORE_TS(21))),
    DATA_TS(21, 30),
    DATA_TS(30, 30),
    ACKED_TS(21, 20, SACK(BEFORE_TS(22), BEFORE_TS(23))), /* the first recovery ends, with the copy of 21 under way */
    DATA_TS(31, 30),
    AT(32 * MPT_MS),
    ACKED_TS(21, 20, SACK2(BEFORE_TS(25), BEFORE_TS(30), BEFORE_TS(22), BEFORE_TS(24))),
    DATA_TS(24, 32),
    DATA_TS(32, 32),
    AT(40 * MPT_MS),
    ACKED_TS(24, 30, SACK(BEFORE_TS(25), BEFORE_TS(30))),
    DATA_TS(33, 40),
    QUIET_FOR(1 * MPT_MS),
    EXPECT_COUNTER(TCPFullUndo, 0),
    EXPECT_COUNTER(TCPFastRetrans, 2),
};

/* RFC 5681 4.3: "Loss in two successive windows of data [...] should be taken as two indications of congestion". */
static const script_step losses_in_two_windows_reduce_twice[] = {
    SETTING(dup_threshold, 1),
    SETTING(initial_window_segments, 20),
    CONNECT_TCP,
    WRITE(1460 * 60),
    TEN_SEGMENTS,
    DATA(11),
    DATA(12),
    DATA(13),
    DATA(14),
    DATA(15),
    DATA(16),
    DATA(17),
    DATA(18),
    DATA(19),
    DATA(20),
    AT(20 * MPT_MS),
    ACKED(1, SACK(BEFORE(2), BEFORE(3))),
    DATA(1),
    ACKED(1, SACK(BEFORE(2), BEFORE(21))),
    DATA(21),
    DATA(22),
    DATA(23),
    DATA(24),
    DATA(25),
    DATA(26),
    DATA(27),
    DATA(28),
    DATA(29),
    AT(30 * MPT_MS),
    ACKED(1, SACK2(BEFORE(22), BEFORE(23), BEFORE(2), BEFORE(21))),
    DATA(21),
    DATA(30), /* of the window after the loss; the recovery from that is not over */
    ACKED(21, SACK(BEFORE(22), BEFORE(23))),
    DATA(31),
    EXPECT_COUNTER(TCPFastRetrans, 2),
    AT(40 * MPT_MS),
    ACKED(31),
    DATA(32),
    DATA(33),
    DATA(34),
    DATA(35),
    DATA(36), /* a quarter of twenty, and one for what was acknowledged */
    QUIET_FOR(1 * MPT_MS),
};

/* The echo of the retransmission means that the original was lost: no new data are needed to know. */
static const script_step echo_of_the_retransmission_means_loss[] = {
    SETTING(timestamps, true),
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS, TS(0, 0)),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, TS(500, 0)),
    OUT(ACK, .seq = 1, .ack = 1, TS(10, 500)),
    WRITE(1448 * 3),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1448, TS(10, 500)),
    OUT(ACK, .seq = 1449, .ack = 1, .length = 1448, TS(10, 500)),
    OUT(PSHACK, .seq = 2897, .ack = 1, .length = 1448, TS(10, 500)),
    OUT_AT(220 * MPT_MS, ACK, .seq = 1, .ack = 1, .length = 1448, TS(220, 500)),
    WRITE(1448),
    AT(230 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1449, TS(710, 220)),
    OUT(ACK, .seq = 1449, .ack = 1, .length = 1448, TS(230, 710)),
    OUT(PSHACK, .seq = 2897, .ack = 1, .length = 1448, TS(230, 710)),
};

/*
 * RFC 5682 3.1, without timestamps: the head's acknowledgement lets new data out, that of a segment that was sent only
 * once says that the first copies are still coming: ten in flight again, one for each of what arrives.
 */
static const script_step needless_timeout_is_undone_without_timestamps[] = {
    CONNECT_TCP,
    WRITE(14600 * 3),
    TEN_SEGMENTS,
    DATA_AT(220 * MPT_MS, 1),
    AT(225 * MPT_MS),
    ACKED(2),
    DATA(11),
    DATA(12),
    AT(226 * MPT_MS),
    ACKED(3),
    DATA(13),
    EXPECT_COUNTER(TCPSpuriousRTOs, 1),
    EXPECT_COUNTER(TCPLossUndo, 1),
    ACKED(11),
    DATA(14),
    DATA(15),
    DATA(16),
    DATA(17),
    DATA(18),
    DATA(19),
    DATA(20),
    DATA(21),
    DATA(22),
    DATA(23),
    EXPECT_COUNTER(RetransSegs, 1),
};

/* RFC 5682 2.1. */
static const script_step needless_timeout_is_undone_without_sack[] = {
    SETTING(sack, false),
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, MSS(1460), WSCALE(7)),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, MSS(1460), WSCALE(7)),
    OUT(ACK, .seq = 1, .ack = 1),
    WRITE(14600 * 3),
    TEN_SEGMENTS,
    DATA_AT(220 * MPT_MS, 1),
    AT(225 * MPT_MS),
    ACKED(2),
    DATA(11),
    DATA(12),
    ACKED(3),
    DATA(13),
    EXPECT_COUNTER(TCPSpuriousRTOs, 1),
};

/* It may also come from the retransmission, where nothing was lost; without SACK nobody knows. */
static const script_step duplicate_after_a_timeout_means_loss_without_sack[] = {
    SETTING(sack, false),
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, MSS(1460), WSCALE(7)),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, MSS(1460), WSCALE(7)),
    OUT(ACK, .seq = 1, .ack = 1),
    WRITE(14600 * 3),
    TEN_SEGMENTS,
    DATA_AT(220 * MPT_MS, 1),
    AT(230 * MPT_MS),
    ACKED(2),
    DATA(11),
    DATA(12),
    AT(240 * MPT_MS),
    ACKED(2),
    DATA(2),
    EXPECT_COUNTER(TCPSpuriousRTOs, 0),
};

/* Nine of ten were lost: the new data arrive before a hole. Slow start fills it. */
static const script_step timeout_after_a_loss_is_not_undone[] = {
    CONNECT_TCP,
    WRITE(14600 * 3),
    TEN_SEGMENTS,
    DATA_AT(220 * MPT_MS, 1),
    AT(230 * MPT_MS),
    ACKED(2),
    DATA(11),
    DATA(12),
    AT(240 * MPT_MS),
    ACKED(2, SACK(BEFORE(11), BEFORE(12))),
    DATA(2),
    ACKED(2, SACK(BEFORE(11), BEFORE(13))),
    DATA(3),
    AT(250 * MPT_MS),
    ACKED(3, SACK(BEFORE(11), BEFORE(13))),
    DATA(4),
    DATA(5),
    EXPECT_COUNTER(TCPSpuriousRTOs, 0),
    EXPECT_COUNTER(TCPLossUndo, 0),
};

/*
 * A break of both directions: of what arrived before it the acknowledgements were lost, the rest was lost. The first
 * acknowledgement after it is for much that was sent once, and proves nothing.
 */
static const script_step acknowledgements_lost_with_the_data_undo_nothing[] = {
    CONNECT_TCP,      WRITE(14600 * 3),
    TEN_SEGMENTS,     DATA_AT(220 * MPT_MS, 1),
    AT(230 * MPT_MS), ACKED(5),
    DATA(11),         DATA(12),
    AT(240 * MPT_MS), ACKED(5, SACK(BEFORE(11), BEFORE(12))),
    DATA(5),          EXPECT_COUNTER(TCPSpuriousRTOs, 0),
};

/* Step 1: what arrives may have been sent again by the recovery before. */
static const script_step timeout_in_a_recovery_is_not_judged[] = {
    CONNECT_TCP, WRITE(14600 * 3),         TEN_SEGMENTS,     AT(20 * MPT_MS), ACKED(1, SACK(BEFORE(2), BEFORE(5))),
    DATA(1),     DATA_AT(220 * MPT_MS, 1), AT(230 * MPT_MS), ACKED(5),        DATA(5),
    DATA(6),     QUIET_FOR(1 * MPT_MS),
};

/* ---- Segments of another length than the window counts in ------------------------------------------------------- */

#define SHORT_DSN(n)                                                                                                   \
    OUT(ACK, .seq = 1 + 1440 * ((n)-1), .ack = 1, .length = 1440,                                                      \
        DSS_MAP(1, 1 + 1440 * ((n)-1), 1 + 1440 * ((n)-1), 1440, .is_dsn32 = true))
#define SACK_SHORT_DSN(n) IN(ACK, .seq = 1, .ack = 1, SACK(1441, 1 + 1440 * (n)), DSS_ACK(1))

/* The keys of the first segment need 4 bytes more than a mapping with a short DSN. */
static const script_step first_retransmission_leaves_at_once_with_short_dsns[] = {
    SETTING(dsn64, false), SETTING(nagle, false), CONNECT_MPTCP_FULLY, WRITE(1440 * 30),  SHORT_DSN(1),
    SHORT_DSN(2),          SHORT_DSN(3),          SHORT_DSN(4),        SHORT_DSN(5),      SHORT_DSN(6),
    SHORT_DSN(7),          SHORT_DSN(8),          SHORT_DSN(9),        AT(20 * MPT_MS),   SACK_SHORT_DSN(2),
    SHORT_DSN(10),         SACK_SHORT_DSN(3),     SHORT_DSN(11),       SACK_SHORT_DSN(4), SHORT_DSN(1),
};

/* Segments are 16 to 24 bytes longer after a fallback; something else is under way when the timer fires. */
static const script_step timeout_sends_the_head_after_fallback[] = {
    SETTING(nagle, false),
    SETTING(rack, true),
    CONNECT_MPTCP,
    WRITE(1000),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1000, CAPABLE_DATA(1000)),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1001), /* no option: back to TCP */
    WRITE(1444),
    OUT(PSHACK, .seq = 1001, .ack = 1, .length = 1444, DSS_MAP(0, 1, 1, 0, .is_dsn32 = true)),
    AT(30 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2445),
    WRITE(1460),
    OUT(PSHACK, .seq = 2445, .ack = 1, .length = 1460),
    AT(235 * MPT_MS),
    WRITE(1460),
    OUT(PSHACK, .seq = 3905, .ack = 1, .length = 1460),
    OUT_AT(240 * MPT_MS, PSHACK, .seq = 2445, .ack = 1, .length = 1460),
};

/* The other way round: the timeout is for a segment of before the fallback, the shorter one. */
static const script_step timeout_sends_a_short_head_after_fallback[] = {
    SETTING(nagle, false),
    SETTING(rack, true),
    CONNECT_MPTCP,
    WRITE(1436),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1436, CAPABLE_DATA(1436)),
    AT(210 * MPT_MS),
    WRITE(1460),
    OUT(ACK, .seq = 1437, .ack = 1, .length = 1436, CAPABLE_DATA(2872)),
    OUT(PSHACK, .seq = 2873, .ack = 1, .length = 24, CAPABLE_DATA(2896)),
    OUT_AT(220 * MPT_MS, PSHACK, .seq = 1, .ack = 1, .length = 1436, CAPABLE_DATA(1436)),
};

TOPIC(scripts_tcp_recovery, SCRIPT(first_retransmission_leaves_at_once_with_short_dsns),
      SCRIPT(timeout_sends_the_head_after_fallback), SCRIPT(timeout_sends_a_short_head_after_fallback),
      SCRIPT(timeouts_double_until_the_connection_is_given_up), SCRIPT(timer_restarts_when_something_is_acknowledged),
      SCRIPT(back_off_stays_until_a_measurement), SCRIPT(timestamps_measure_what_was_sent_again_and_end_the_back_off),
      SCRIPT(first_timeout_is_3_s_when_the_syn_was_lost), SCRIPT(timestamps_measure_a_handshake_with_a_loss),
      SCRIPT(two_losses_in_the_handshake_make_the_initial_window_one_segment),
      SCRIPT(one_loss_in_the_handshake_leaves_the_initial_window), SCRIPT(after_a_timeout_one_segment_then_slow_start),
      SCRIPT(after_a_timeout_an_acknowledgement_of_many_opens_one_segment),
      SCRIPT(reneging_receiver_gets_everything_again), SCRIPT(third_duplicate_begins_fast_recovery),
      SCRIPT(many_losses_let_out_what_arrives), SCRIPT(duplicates_let_nothing_out_without_limited_transmit),
      SCRIPT(every_hole_below_three_segments_is_filled), SCRIPT(duplicates_that_carry_data_or_options_are_none),
      SCRIPT(window_updates_are_no_duplicates), SCRIPT(sack_blocks_may_overlap),
      SCRIPT(partial_acknowledgements_fill_one_hole_after_another_without_sack),
      SCRIPT(losses_in_two_windows_reduce_twice), SCRIPT(needless_fast_retransmit_is_undone_by_dsack),
      SCRIPT(needless_fast_retransmit_is_undone_after_its_recovery), SCRIPT(dsack_of_older_data_undoes_nothing),
      SCRIPT(half_of_the_retransmissions_in_vain_undoes_nothing), SCRIPT(needless_timeout_is_undone_by_the_echo),
      SCRIPT(echo_of_a_copy_of_the_recovery_before_undoes_nothing), SCRIPT(echo_of_the_retransmission_means_loss),
      SCRIPT(needless_timeout_is_undone_without_timestamps), SCRIPT(needless_timeout_is_undone_without_sack),
      SCRIPT(duplicate_after_a_timeout_means_loss_without_sack), SCRIPT(timeout_after_a_loss_is_not_undone),
      SCRIPT(acknowledgements_lost_with_the_data_undo_nothing), SCRIPT(timeout_in_a_recovery_is_not_judged));
