/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scripts_tcp_acks.c: what acknowledgements are evidence of: needless reductions (RFC 3522, 3708), lost retransmissions (RFC 5681 4.3),
 * duplicates without SACK (RFC 6582, 3042), what arrived twice (RFC 2883), a peer that is there (RFC 9293 3.8.6.1). The peer is 10 ms
 * away.
 */
#include "script.h"

#define BEFORE(n) (1 + 1460 * ((n)-1))
#define DATA(n) OUT(ACK, .seq = BEFORE(n), .ack = 1, .length = 1460)
#define LAST(n) OUT(PSHACK, .seq = BEFORE(n), .ack = 1, .length = 1460)
#define DATA_AT(t, n) OUT_AT(t, ACK, .seq = BEFORE(n), .ack = 1, .length = 1460)
#define LAST_AT(t, n) OUT_AT(t, PSHACK, .seq = BEFORE(n), .ack = 1, .length = 1460)
#define ACKED(n, ...) IN(ACK, .seq = 1, .ack = BEFORE(n), __VA_ARGS__)
#define TEN DATA(1), DATA(2), DATA(3), DATA(4), DATA(5), DATA(6), DATA(7), DATA(8), DATA(9), DATA(10)
#define TEN_PUSHED DATA(1), DATA(2), DATA(3), DATA(4), DATA(5), DATA(6), DATA(7), DATA(8), DATA(9), LAST(10)

/* ---- D-SACK: of what was sent again, and nothing else ----------------------------------------------------------- */

/* A loss that was repaired; five seconds later the network doubles a segment. */
static const script_step dsack_of_later_data_undoes_nothing[] = {
    SETTING(rack, true),
    CONNECT_TCP,
    WRITE(14600),
    TEN_PUSHED,
    AT(20 * MPT_MS),
    ACKED(1, SACK(BEFORE(2), BEFORE(11))),
    DATA(1),
    AT(30 * MPT_MS),
    ACKED(11),
    EXPECT_COUNTER(TCPFastRetrans, 1),
    AT(5 * MPT_S),
    WRITE(1460),
    LAST(11),
    AT(5010 * MPT_MS),
    ACKED(12),
    ACKED(12, SACK(BEFORE(11), BEFORE(12))),
    EXPECT_COUNTER(TCPDSACKUndo, 0),
};

/* In the recovery: 5 was sent once and came twice; 1 was lost. */
static const script_step dsack_of_what_was_sent_once_undoes_nothing[] = {
    SETTING(rack, true),
    CONNECT_TCP,
    WRITE(14600),
    TEN_PUSHED,
    AT(20 * MPT_MS),
    ACKED(1, SACK(BEFORE(2), BEFORE(11))),
    DATA(1),
    ACKED(1, SACK2(BEFORE(5), BEFORE(6), BEFORE(2), BEFORE(11))),
    AT(30 * MPT_MS),
    ACKED(11),
    EXPECT_COUNTER(TCPDSACKRecv, 1),
    EXPECT_COUNTER(TCPDSACKUndo, 0),
};

/* RFC 2883 4: a segment that brings something old and something new; old below RCV.NXT, and old beyond a hole. */
static const script_step part_of_a_segment_that_came_twice_is_told[] = {
    ACCEPT_TCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 1000),
    IN(ACK, .seq = 501, .ack = 1, .length = 1000),
    OUT(ACK, .seq = 1, .ack = 1501, SACK(501, 1001)),
    IN(ACK, .seq = 3001, .ack = 1, .length = 1000),
    OUT(ACK, .seq = 1, .ack = 1501, SACK(3001, 4001)),
    IN(ACK, .seq = 2501, .ack = 1, .length = 1000),
    OUT(ACK, .seq = 1, .ack = 1501, SACK2(3001, 3501, 2501, 4001)),
    EXPECT_COUNTER(TCPDSACKOldSent, 2),
};

/* The first copy comes after the second: PAWS drops it, and it is a duplicate all the same. */
static const script_step late_first_copy_is_told_with_dsack[] = {
    SETTING(timestamps, true),
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS, TS(100, 0)),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, TS(0, 100)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, TS(110, 0)),
    IN(ACK, .seq = 101, .ack = 1, .length = 100, TS(110, 0)),
    OUT(ACK, .seq = 1, .ack = 1, SACK(101, 201), TS(10, 110)),
    AT(200 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, .length = 100, TS(300, 10)),
    OUT(ACK, .seq = 1, .ack = 201, TS(200, 300)),
    AT(210 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, .length = 100, TS(110, 0)),
    OUT(ACK, .seq = 1, .ack = 201, SACK(1, 101), TS(210, 300)),
    EXPECT_COUNTER(PAWSEstab, 1),
};

/* An acknowledgement that a later one has overtaken: its blocks are news. */
static const script_step blocks_of_an_overtaken_acknowledgement_count[] = {
    CONNECT_TCP,
    WRITE(14600 * 2),
    TEN,
    AT(20 * MPT_MS),
    ACKED(3, SACK(BEFORE(4), BEFORE(5))),
    DATA(11),
    DATA(12),
    DATA(13),
    DATA(14),
    DATA(15),
    ACKED(2, SACK(BEFORE(4), BEFORE(8))),
    DATA(3),
    EXPECT_COUNTER(TCPFastRetrans, 1),
};

/* ---- Eifel: all copies, or a timeout's ------------------------------------------------------------------------- */

#define TS_BEFORE(n) (1 + 1448 * ((n)-1))
#define TS_DATA(n) OUT(ACK, .seq = TS_BEFORE(n), .ack = 1, .length = 1448, TS(10, 500))
#define TS_AGAIN(n) OUT(ACK, .seq = TS_BEFORE(n), .ack = 1, .length = 1448, TS(20, 510))
/* Of ten segments 1 and 2 are missing, and sent again at 20 ms. */
#define TWO_OF_TEN_AGAIN                                                                                               \
    SETTING(timestamps, true), SETTING(rack, true), SETTING(mptcp, false), CONNECT, OUT(SYN, SYN_OPTIONS, TS(0, 0)),   \
        AT(10 * MPT_MS), IN(SYNACK, .ack = 1, SYN_OPTIONS, TS(500, 0)), OUT(ACK, .seq = 1, .ack = 1, TS(10, 500)),     \
        WRITE(1448 * 10), TS_DATA(1), TS_DATA(2), TS_DATA(3), TS_DATA(4), TS_DATA(5), TS_DATA(6), TS_DATA(7),          \
        TS_DATA(8), TS_DATA(9), OUT(PSHACK, .seq = TS_BEFORE(10), .ack = 1, .length = 1448, TS(10, 500)),              \
        AT(20 * MPT_MS), IN(ACK, .seq = 1, .ack = 1, TS(510, 0), SACK(TS_BEFORE(3), TS_BEFORE(11))), TS_AGAIN(1),      \
        TS_AGAIN(2)

/* 1 comes late, 2 was lost. */
static const script_step late_segment_does_not_excuse_a_lost_one[] = {
    TWO_OF_TEN_AGAIN,
    AT(22 * MPT_MS),
    IN(ACK, .seq = 1, .ack = TS_BEFORE(2), TS(512, 10), SACK(TS_BEFORE(3), TS_BEFORE(11))),
    AT(30 * MPT_MS),
    IN(ACK, .seq = 1, .ack = TS_BEFORE(2), TS(512, 10), SACK2(TS_BEFORE(1), TS_BEFORE(2), TS_BEFORE(3), TS_BEFORE(11))),
    IN(ACK, .seq = 1, .ack = TS_BEFORE(11), TS(520, 20)),
    EXPECT_COUNTER(TCPFullUndo, 0),
};

/* 1 was lost, 2 comes late, after the copy of 1. */
static const script_step lost_segment_is_not_excused_by_a_late_one[] = {
    TWO_OF_TEN_AGAIN,
    AT(30 * MPT_MS),
    IN(ACK, .seq = 1, .ack = TS_BEFORE(2), TS(520, 20), SACK(TS_BEFORE(3), TS_BEFORE(11))),
    IN(ACK, .seq = 1, .ack = TS_BEFORE(11), TS(520, 10)),
    EXPECT_COUNTER(TCPFullUndo, 0),
};

static const script_step two_late_segments_excuse_each_other[] = {
    TWO_OF_TEN_AGAIN,
    AT(22 * MPT_MS),
    IN(ACK, .seq = 1, .ack = TS_BEFORE(2), TS(512, 10), SACK(TS_BEFORE(3), TS_BEFORE(11))),
    EXPECT_COUNTER(TCPFullUndo, 0),
    AT(24 * MPT_MS),
    IN(ACK, .seq = 1, .ack = TS_BEFORE(11), TS(514, 10)),
    EXPECT_COUNTER(TCPFullUndo, 1),
};

/* ---- After a timeout -------------------------------------------------------------------------------------------- */

/* RFC 5681 4.3: the copy of 2 is lost, that of 3 arrives. What goes on is a fast recovery, one segment for each that arrives. */
static const script_step lost_retransmission_after_a_timeout_begins_a_recovery[] = {
    SETTING(rack, true),
    SETTING(frto, false),
    CONNECT_TCP,
    WRITE(14600),
    TEN_PUSHED,
    DATA_AT(220 * MPT_MS, 1),
    AT(230 * MPT_MS),
    ACKED(2),
    DATA(2),
    DATA(3),
    AT(240 * MPT_MS),
    ACKED(2, SACK(BEFORE(3), BEFORE(4))),
    EXPECT_COUNTER(TCPLostRetransmit, 1),
    EXPECT_COUNTER(TCPFastRetrans, 1),
    DATA(2),
    QUIET_FOR(1 * MPT_MS),
};

/* The window fell to 5 segments with the recovery; the timeout in it does not halve it again: slow start leads to 5. */
static const script_step timeout_in_a_recovery_lowers_the_threshold_no_further[] = {
    NAME_SETTING(congestion_control, "reno"),
    CONNECT_TCP,
    WRITE(14600 * 3),
    TEN,
    AT(20 * MPT_MS),
    ACKED(1, SACK(BEFORE(2), BEFORE(5))),
    DATA(1),
    DATA_AT(220 * MPT_MS, 1),
    AT(230 * MPT_MS),
    ACKED(11),
    DATA(11),
    DATA(12),
    DATA(13),
    AT(240 * MPT_MS),
    ACKED(14),
    DATA(14),
    DATA(15),
    DATA(16),
    DATA(17),
    DATA(18),
};

/* ---- Without SACK ----------------------------------------------------------------------------------------------- */

#define CONNECT_WITHOUT_SACK                                                                                           \
    SETTING(sack, false), SETTING(mptcp, false), CONNECT, OUT(SYN, MSS(1460), WSCALE(7)), AT(10 * MPT_MS),             \
        IN(SYNACK, .ack = 1, MSS(1460), WSCALE(7)), OUT(ACK, .seq = 1, .ack = 1)

static const script_step no_limited_transmit_without_sack[] = {
    SETTING(limited_transmit, false),
    CONNECT_WITHOUT_SACK,
    WRITE(14600 * 2),
    TEN,
    AT(20 * MPT_MS),
    ACKED(1), /* its window is not that of the SYN */
    ACKED(1),
    ACKED(1),
    QUIET_FOR(1 * MPT_MS),
};

/* RFC 6582 3.2 step 2: what is sent again in vain after a timeout comes back as duplicates, up to what was sent before it. */
static const script_step old_duplicates_after_a_timeout_are_no_loss[] = {
    SETTING(frto, false),
    SETTING(initial_window_segments, 20),
    CONNECT_WITHOUT_SACK,
    WRITE(1460 * 60),
    TEN,
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
    /* 1, 5, 9 and 13 are lost, and all acknowledgements */
    DATA_AT(220 * MPT_MS, 1),
    AT(230 * MPT_MS),
    ACKED(5),
    DATA(5),
    DATA(6),
    AT(240 * MPT_MS),
    ACKED(9),
    DATA(9),
    DATA(10),
    DATA(11),
    ACKED(9),
    DATA(12),
    AT(250 * MPT_MS),
    ACKED(13),
    DATA(13),
    DATA(14),
    DATA(15),
    DATA(16),
    ACKED(13),
    DATA(17),
    ACKED(13),
    DATA(18),
    ACKED(13),
    DATA(19),
    AT(260 * MPT_MS),
    ACKED(21),
    DATA(21),
    DATA(22),
    DATA(23),
    DATA(24),
    DATA(25),
    DATA(26),
    ACKED(21),
    DATA(27),
    ACKED(21),
    DATA(28),
    ACKED(21),
    QUIET_FOR(1 * MPT_MS),
    EXPECT_COUNTER(TCPFastRetrans, 0),
};

/* RFC 6582 4: the first partial acknowledgement restarts the timer, the second does not. */
static const script_step second_partial_acknowledgement_does_not_put_the_timeout_off[] = {
    CONNECT_WITHOUT_SACK,
    WRITE(14600),
    TEN_PUSHED,
    AT(20 * MPT_MS),
    ACKED(1),
    ACKED(1),
    ACKED(1),
    ACKED(1),
    DATA(1),
    AT(30 * MPT_MS),
    ACKED(3),
    DATA(3),
    AT(40 * MPT_MS),
    ACKED(5),
    DATA(5),
    DATA_AT(240 * MPT_MS, 5),
    EXPECT_COUNTER(TCPTimeouts, 1),
};

/* ---- A peer that is there ---------------------------------------------------------------------------------------- */

/* RFC 9293 3.8.6.1: it shuts the window on what is under way, and answers each time. */
static const script_step shut_window_is_no_reason_to_give_up_while_retransmissions_are_answered[] = {
    SETTING(data_retries, 2),
    CONNECT_TCP,
    WRITE(1460),
    LAST(1),
    AT(20 * MPT_MS),
    ACKED(1, .win = 0),
    LAST_AT(220 * MPT_MS, 1),
    ACKED(1, .win = 0),
    LAST_AT(640 * MPT_MS, 1),
    ACKED(1, .win = 0),
    LAST_AT(1480 * MPT_MS, 1),
    ACKED(1, .win = 0),
    LAST_AT(3160 * MPT_MS, 1),
    AT(3170 * MPT_MS),
    ACKED(2),
};

TOPIC(scripts_tcp_acks, SCRIPT(dsack_of_later_data_undoes_nothing), SCRIPT(dsack_of_what_was_sent_once_undoes_nothing),
      SCRIPT(part_of_a_segment_that_came_twice_is_told), SCRIPT(late_first_copy_is_told_with_dsack),
      SCRIPT(blocks_of_an_overtaken_acknowledgement_count), SCRIPT(late_segment_does_not_excuse_a_lost_one),
      SCRIPT(lost_segment_is_not_excused_by_a_late_one), SCRIPT(two_late_segments_excuse_each_other),
      SCRIPT(lost_retransmission_after_a_timeout_begins_a_recovery),
      SCRIPT(timeout_in_a_recovery_lowers_the_threshold_no_further), SCRIPT(no_limited_transmit_without_sack),
      SCRIPT(old_duplicates_after_a_timeout_are_no_loss),
      SCRIPT(second_partial_acknowledgement_does_not_put_the_timeout_off),
      SCRIPT(shut_window_is_no_reason_to_give_up_while_retransmissions_are_answered));
