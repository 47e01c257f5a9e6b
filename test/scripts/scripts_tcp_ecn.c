/* SPDX-License-Identifier: GPL-2.0-only */
/* scripts_tcp_ecn.c: explicit congestion notification (RFC 3168). In the IP header, 2 is ECT(0) and 3 is CE. */
#include "script.h"

#define ECN_SYN (SYN | MPT_ECE | MPT_CWR)
#define CONNECT_ECN                                                                                                    \
    SETTING(ecn, true), SETTING(mptcp, false), CONNECT, OUT(ECN_SYN, SYN_OPTIONS), AT(10 * MPT_MS),                     \
        IN(SYNACK | MPT_ECE, .ack = 1, SYN_OPTIONS), OUT(ACK, .seq = 1, .ack = 1)
#define ACCEPT_ECN                                                                                                     \
    SETTING(ecn, true), SETTING(mptcp, false), LISTEN, IN(ECN_SYN, SYN_OPTIONS), OUT(SYNACK | MPT_ECE, .ack = 1, SYN_OPTIONS), \
        AT(10 * MPT_MS), IN(ACK, .seq = 1, .ack = 1)
#define DATA(n) OUT(ACK, .seq = 1 + 1460 * ((n) - 1), .ack = 1, .length = 1460, .ecn = 2)
#define ACKED(flags, n) IN(flags, .seq = 1, .ack = 1 + 1460 * ((n) - 1))
#define TEN_SEGMENTS DATA(1), DATA(2), DATA(3), DATA(4), DATA(5), DATA(6), DATA(7), DATA(8), DATA(9), DATA(10)

/* RFC 3168 6.1.1: data are ECT once both ends have said so; pure ACKs are not (6.1.4). */
static const script_step ecn_is_agreed_on_by_the_opening_side[] = {
    CONNECT_ECN,
    WRITE(1000),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1000, .ecn = 2),
};

static const script_step ecn_is_agreed_on_by_the_accepting_side[] = {
    ACCEPT_ECN,
    WRITE(1000),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1000, .ecn = 2),
};

static const script_step synack_without_ece_means_no_ecn[] = {
    SETTING(ecn, true), SETTING(mptcp, false), CONNECT, OUT(ECN_SYN, SYN_OPTIONS), AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS),
    OUT(ACK, .seq = 1, .ack = 1),
    WRITE(1000),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1000),
};

/* 6.1.1.1: a SYN/ACK with both flags reflects ours: it agrees to nothing. */
static const script_step synack_that_reflects_both_flags_means_no_ecn[] = {
    SETTING(ecn, true), SETTING(mptcp, false), CONNECT, OUT(ECN_SYN, SYN_OPTIONS), AT(10 * MPT_MS),
    IN(SYNACK | MPT_ECE | MPT_CWR, .ack = 1, SYN_OPTIONS),
    OUT(ACK, .seq = 1, .ack = 1),
    WRITE(1000),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1000),
};

static const script_step ecn_that_is_off_is_not_agreed_to[] = {
    SETTING(mptcp, false), LISTEN, IN(ECN_SYN, SYN_OPTIONS), OUT(SYNACK, .ack = 1, SYN_OPTIONS), AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1),
    WRITE(1000),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1000),
};

/* 6.1.3: what experienced congestion is told at once and with every acknowledgement, until the peer says CWR. */
static const script_step mark_is_echoed_until_the_peer_has_reacted[] = {
    ACCEPT_ECN,
    IN(ACK, .seq = 1, .ack = 1, .length = 1460, .ecn = 3),
    OUT(ACK | MPT_ECE, .seq = 1, .ack = 1461),
    IN(ACK, .seq = 1461, .ack = 1, .length = 1460, .ecn = 2),
    IN(ACK, .seq = 2921, .ack = 1, .length = 1460, .ecn = 2),
    OUT(ACK | MPT_ECE, .seq = 1, .ack = 4381),
    IN(ACK | MPT_CWR, .seq = 4381, .ack = 1, .length = 1460, .ecn = 2),
    IN(ACK, .seq = 5841, .ack = 1, .length = 1460, .ecn = 2),
    OUT(ACK, .seq = 1, .ack = 7301),
    READ(7300),
};

/* 6.1.2: half the window, once a round trip; the next new data say CWR. */
static const script_step echo_halves_the_window_once_a_round_trip[] = {
    CONNECT_ECN,
    WRITE(1460 * 40),
    TEN_SEGMENTS,
    AT(20 * MPT_MS),
    ACKED(ACK | MPT_ECE, 3), /* half of the ten that were in flight: five */
    ACKED(ACK | MPT_ECE, 5),
    ACKED(ACK | MPT_ECE, 6),
    ACKED(ACK | MPT_ECE, 7),
    OUT(ACK | MPT_CWR, .seq = 14601, .ack = 1, .length = 1460, .ecn = 2),
    AT(30 * MPT_MS),
    ACKED(ACK, 12), /* all acknowledged: it grows again, by the fifth of a segment for each of them */
    DATA(12), DATA(13), DATA(14), DATA(15), DATA(16), DATA(17),
    QUIET_FOR(1 * MPT_MS),
};

/* 6.1.5: retransmissions are not ECT. */
static const script_step what_is_sent_again_is_not_ect[] = {
    CONNECT_ECN,
    WRITE(1000),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1000, .ecn = 2),
    OUT_AT(220 * MPT_MS, PSHACK, .seq = 1, .ack = 1, .length = 1000),
};

TOPIC(scripts_tcp_ecn, SCRIPT(ecn_is_agreed_on_by_the_opening_side), SCRIPT(ecn_is_agreed_on_by_the_accepting_side),
      SCRIPT(synack_without_ece_means_no_ecn), SCRIPT(synack_that_reflects_both_flags_means_no_ecn), SCRIPT(ecn_that_is_off_is_not_agreed_to),
      SCRIPT(mark_is_echoed_until_the_peer_has_reacted), SCRIPT(echo_halves_the_window_once_a_round_trip),
      SCRIPT(what_is_sent_again_is_not_ect));
