/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scripts_ecn.c: explicit congestion notification (RFC 3168 6.1): the ECN field of the IP header is .ecn, 2 = ECT(0),
 * 3 = CE.
 */
#include "script.h"

enum {
    SYN_ECN = MPT_SYN | MPT_ECE | MPT_CWR,
    SYNACK_ECN = MPT_SYN | MPT_ACK | MPT_ECE,
    ACK_ECE = MPT_ACK | MPT_ECE,
    ACK_CWR = MPT_ACK | MPT_CWR
};

#define CONNECT_ECN                                                                                                    \
    SETTING(ecn, true), SETTING(mptcp, false), CONNECT, OUT(SYN_ECN, SYN_OPTIONS), AT(10 * MPT_MS),                    \
        IN(SYNACK_ECN, .ack = 1, SYN_OPTIONS), OUT(ACK, .seq = 1, .ack = 1)
#define ACCEPT_ECN                                                                                                     \
    SETTING(ecn, true), SETTING(mptcp, false), LISTEN, IN(SYN_ECN, SYN_OPTIONS),                                       \
        OUT(SYNACK_ECN, .ack = 1, SYN_OPTIONS), AT(10 * MPT_MS), IN(ACK, .seq = 1, .ack = 1)
#define DATA(n) OUT(ACK, .seq = 1 + 1460 * ((n)-1), .ack = 1, .length = 1460, .ecn = 2)
#define DATA_CWR(n) OUT(ACK_CWR, .seq = 1 + 1460 * ((n)-1), .ack = 1, .length = 1460, .ecn = 2)
/* The nth sent again; all before the nth arrived, and a mark. */
#define AGAIN(n) OUT(ACK, .seq = 1 + 1460 * ((n)-1), .ack = 1, .length = 1460)
#define BEFORE(n) (1 + 1460 * ((n)-1))
#define ECHO(n, ...) IN(ACK_ECE, .seq = 1, .ack = BEFORE(n), __VA_ARGS__)

/* The ECE of a SYN/ACK is an offer, also when the SYNs crossed: the initial window stays. */
static const script_step echo_in_a_crossing_synack_is_no_congestion[] = {
    SETTING(ecn, true),
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN_ECN, SYN_OPTIONS),
    AT(5 * MPT_MS),
    IN(SYN_ECN, SYN_OPTIONS),
    OUT(SYNACK_ECN, .ack = 1, SYN_OPTIONS),
    AT(10 * MPT_MS),
    IN(SYNACK_ECN, .ack = 1, SYN_OPTIONS),
    WRITE(14600 * 2),
    DATA(1),
    DATA(2),
    DATA(3),
    DATA(4),
    DATA(5),
    DATA(6),
    DATA(7),
    DATA(8),
    DATA(9),
    DATA(10),
};

/* 6.1.1: only when both say so; data are marked, pure ACKs are not (6.1.4). */
static const script_step ecn_needs_both_sides[] = {
    SETTING(ecn, true),
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN_ECN, SYN_OPTIONS),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS),
    OUT(ACK, .seq = 1, .ack = 1),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100),
};

/* 6.1.1.1: a SYN/ACK with both flags is our SYN's reflection. */
static const script_step synack_that_reflects_both_flags_means_no_ecn[] = {
    SETTING(ecn, true),
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN_ECN, SYN_OPTIONS),
    AT(10 * MPT_MS),
    IN(SYNACK_ECN | MPT_CWR, .ack = 1, SYN_OPTIONS),
    OUT(ACK, .seq = 1, .ack = 1),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100),
};

static const script_step synack_without_an_offer_has_no_ecn[] = {
    SETTING(ecn, true), SETTING(mptcp, false), LISTEN, IN(SYN, SYN_OPTIONS), OUT(SYNACK, .ack = 1, SYN_OPTIONS),
};

static const script_step ecn_that_is_off_is_not_agreed_on[] = {
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN_ECN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
};

/*
 * 6.1.2: the window falls to half of what was in flight, ten segments, once a round trip; the next new data say so;
 * 6.1.5: what is sent again is not marked.
 */
static const script_step echo_halves_the_window_once_a_round_trip[] = {
    CONNECT_ECN,
    WRITE(14600 * 3),
    DATA(1),
    DATA(2),
    DATA(3),
    DATA(4),
    DATA(5),
    DATA(6),
    DATA(7),
    DATA(8),
    DATA(9),
    DATA(10),
    AT(20 * MPT_MS),
    IN(ACK_ECE, .seq = 1, .ack = 1 + 2 * 1460),
    IN(ACK_ECE, .seq = 1, .ack = 1 + 4 * 1460),
    IN(ACK_ECE, .seq = 1, .ack = 1 + 6 * 1460),
    OUT(ACK_CWR, .seq = 1 + 10 * 1460, .ack = 1, .length = 1460, .ecn = 2),
    IN(ACK_ECE, .seq = 1, .ack = 1 + 8 * 1460),
    DATA(12),
    DATA(13),
    IN(ACK, .seq = 1, .ack = 1 + 10 * 1460),
    DATA(14),
    DATA(15),
    OUT_AT(230 * MPT_MS, ACK, .seq = 1 + 10 * 1460, .ack = 1, .length = 1460),
};

/* Ten segments leave, of which the peer has two and a mark: the window is five. */
#define TEN_SEGMENTS_AND_AN_ECHO                                                                                       \
    CONNECT_ECN, WRITE(14600 * 3), DATA(1), DATA(2), DATA(3), DATA(4), DATA(5), DATA(6), DATA(7), DATA(8), DATA(9),    \
        DATA(10), AT(20 * MPT_MS), IN(ACK_ECE, .seq = 1, .ack = BEFORE(3))

/* 6.1.2: "reduced only once in response to a series of dropped and/or CE packets from a single window of data". */
static const script_step loss_in_the_window_of_an_echo_reduces_no_further[] = {
    TEN_SEGMENTS_AND_AN_ECHO,
    ECHO(3, SACK(BEFORE(4), BEFORE(5))),
    ECHO(3, SACK(BEFORE(4), BEFORE(6))),
    ECHO(3, SACK(BEFORE(4), BEFORE(7))),
    AGAIN(3), /* in flight: it and 7 to 10 */
    EXPECT_COUNTER(TCPFastRetrans, 1),
    ECHO(3, SACK(BEFORE(4), BEFORE(8))),
    DATA_CWR(11),
    ECHO(3, SACK(BEFORE(4), BEFORE(9))),
    DATA(12),
    AT(30 * MPT_MS),
    ECHO(11),
    DATA(13),
    DATA(14),
    DATA(15),
    QUIET_FOR(1 * MPT_MS),
};

/* What was sent after the reduction is another window. */
static const script_step loss_after_the_window_of_an_echo_reduces_again[] = {
    TEN_SEGMENTS_AND_AN_ECHO,
    ECHO(11),
    DATA_CWR(11),
    DATA(12),
    DATA(13),
    DATA(14),
    DATA(15),
    DATA(16), /* one more for what was acknowledged */
    AT(30 * MPT_MS),
    IN(ACK, .seq = 1, .ack = BEFORE(12)),
    DATA(17),
    IN(ACK, .seq = 1, .ack = BEFORE(12), SACK(BEFORE(13), BEFORE(16))),
    AGAIN(12), /* with 16 and 17: three are the window */
    IN(ACK, .seq = 1, .ack = BEFORE(12), SACK(BEFORE(13), BEFORE(17))),
    DATA_CWR(18),
    AT(40 * MPT_MS),
    IN(ACK, .seq = 1, .ack = BEFORE(18)),
    DATA(19),
    DATA(20),
    QUIET_FOR(1 * MPT_MS),
};

/* And a timeout in that window leaves ssthresh at five, not at four: slow start goes up to it. */
static const script_step timeout_in_the_window_of_an_echo_leaves_the_threshold[] = {
    SETTING(frto, false),
    TEN_SEGMENTS_AND_AN_ECHO,
    OUT_AT(230 * MPT_MS, ACK, .seq = BEFORE(3), .ack = 1, .length = 1460),
    AT(240 * MPT_MS),
    IN(ACK, .seq = 1, .ack = BEFORE(4)),
    AGAIN(4),
    AGAIN(5),
    AT(250 * MPT_MS),
    IN(ACK, .seq = 1, .ack = BEFORE(5)),
    AGAIN(6),
    AGAIN(7),
    IN(ACK, .seq = 1, .ack = BEFORE(6)),
    AGAIN(8),
    AGAIN(9),
    AT(260 * MPT_MS),
    IN(ACK, .seq = 1, .ack = BEFORE(7)),
    AGAIN(10),
    DATA_CWR(11), /* five in flight: the slow start's last step */
    IN(ACK, .seq = 1, .ack = BEFORE(8)),
    DATA(12),
    QUIET_FOR(1 * MPT_MS),
};

/*
 * The other way round: an echo during a recovery, and with its end, is about the same window. CWR goes with the first
 * new data after any reduction, not with what is sent again.
 */
static const script_step echo_in_a_recovery_reduces_no_further[] = {
    CONNECT_ECN,
    WRITE(14600 * 3),
    DATA(1),
    DATA(2),
    DATA(3),
    DATA(4),
    DATA(5),
    DATA(6),
    DATA(7),
    DATA(8),
    DATA(9),
    DATA(10),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(BEFORE(2), BEFORE(5))),
    AGAIN(1),
    ECHO(1, SACK(BEFORE(2), BEFORE(6))),
    DATA_CWR(11),
    AT(30 * MPT_MS),
    ECHO(11),
    DATA(12),
    DATA(13),
    DATA(14),
    DATA(15),
    DATA(16), /* five, and one for what was acknowledged */
    ECHO(11),
    AT(31 * MPT_MS),
    IN(ACK, .seq = 1, .ack = BEFORE(12)),
    DATA(17),
    QUIET_FOR(1 * MPT_MS),
};

/* Nothing was lost, D-SACK says, but the path is congested: five segments, not ten. */
static const script_step echo_in_a_recovery_bars_its_undo[] = {
    CONNECT_ECN,
    WRITE(14600 * 3),
    DATA(1),
    DATA(2),
    DATA(3),
    DATA(4),
    DATA(5),
    DATA(6),
    DATA(7),
    DATA(8),
    DATA(9),
    DATA(10),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(BEFORE(2), BEFORE(5))),
    AGAIN(1),
    ECHO(6),
    AT(30 * MPT_MS),
    ECHO(6, SACK(BEFORE(1), BEFORE(2))),
    EXPECT_COUNTER(TCPDSACKUndo, 1),
    QUIET_FOR(1 * MPT_MS), /* five are in flight */
    IN(ACK, .seq = 1, .ack = BEFORE(11)),
    DATA_CWR(11),
    DATA(12),
    DATA(13),
    DATA(14),
    DATA(15),
    DATA(16),
    QUIET_FOR(1 * MPT_MS),
};

/* Undone is what the loss cost, not what the mark did. */
static const script_step undo_leaves_the_reduction_of_an_echo[] = {
    TEN_SEGMENTS_AND_AN_ECHO,
    ECHO(3, SACK(BEFORE(4), BEFORE(7))),
    AGAIN(3),
    ECHO(7),
    DATA_CWR(11),
    AT(30 * MPT_MS),
    ECHO(7, SACK(BEFORE(3), BEFORE(4))),
    EXPECT_COUNTER(TCPDSACKUndo, 1),
    QUIET_FOR(1 * MPT_MS),
};

/* 6.1.3: every ACK echoes from the mark on, until the sender says that it has reduced. */
static const script_step mark_is_echoed_until_the_sender_has_reduced[] = {
    ACCEPT_ECN,
    IN(ACK, .seq = 1, .ack = 1, .length = 1000, .ecn = 3),
    OUT(ACK_ECE, .seq = 1, .ack = 1001),
    IN(ACK, .seq = 1001, .ack = 1, .length = 1000, .ecn = 2),
    IN(ACK, .seq = 2001, .ack = 1, .length = 1000, .ecn = 2),
    OUT(ACK_ECE, .seq = 1, .ack = 3001),
    IN(ACK_CWR, .seq = 3001, .ack = 1, .length = 1000, .ecn = 2),
    IN(ACK, .seq = 4001, .ack = 1, .length = 1000, .ecn = 2),
    OUT(ACK, .seq = 1, .ack = 5001),
};

/* RFC 8257 3.2: each segment's own mark is echoed, at once where it is another than the one before; CWR changes nothing. */
static const script_step dctcp_echoes_each_mark[] = {
    NAME_SETTING(congestion_control, "dctcp"),
    ACCEPT_ECN,
    IN(ACK, .seq = 1, .ack = 1, .length = 1000, .ecn = 3),
    OUT(ACK_ECE, .seq = 1, .ack = 1001),
    IN(ACK, .seq = 1001, .ack = 1, .length = 1000, .ecn = 2),
    OUT(ACK, .seq = 1, .ack = 2001),
    IN(ACK, .seq = 2001, .ack = 1, .length = 1000, .ecn = 2),
    IN(ACK, .seq = 3001, .ack = 1, .length = 1000, .ecn = 2),
    OUT(ACK, .seq = 1, .ack = 4001),
    IN(ACK_CWR, .seq = 4001, .ack = 1, .length = 1000, .ecn = 3),
    OUT(ACK_ECE, .seq = 1, .ack = 5001),
};

/* 6.1.2: a mark told once everything has arrived is news like any other: the next data say that the window has fallen. */
static const script_step echo_after_all_was_acknowledged[] = {
    CONNECT_ECN,
    WRITE(1460),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1460, .ecn = 2),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = BEFORE(2)),
    IN(ACK_ECE, .seq = 1, .ack = BEFORE(2)),
    WRITE(1460),
    OUT(PSHACK | MPT_CWR, .seq = BEFORE(2), .ack = 1, .length = 1460, .ecn = 2),
};

TOPIC(scripts_ecn, SCRIPT(echo_after_all_was_acknowledged), SCRIPT(echo_in_a_crossing_synack_is_no_congestion),
      SCRIPT(ecn_needs_both_sides), SCRIPT(synack_that_reflects_both_flags_means_no_ecn),
      SCRIPT(synack_without_an_offer_has_no_ecn), SCRIPT(ecn_that_is_off_is_not_agreed_on),
      SCRIPT(echo_halves_the_window_once_a_round_trip), SCRIPT(loss_in_the_window_of_an_echo_reduces_no_further),
      SCRIPT(loss_after_the_window_of_an_echo_reduces_again),
      SCRIPT(timeout_in_the_window_of_an_echo_leaves_the_threshold), SCRIPT(echo_in_a_recovery_reduces_no_further),
      SCRIPT(echo_in_a_recovery_bars_its_undo), SCRIPT(undo_leaves_the_reduction_of_an_echo),
      SCRIPT(mark_is_echoed_until_the_sender_has_reduced), SCRIPT(dctcp_echoes_each_mark));
