/* SPDX-License-Identifier: GPL-2.0-only */
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
#define DATA(n) OUT(ACK, .seq = 1 + 1460 * ((n) - 1), .ack = 1, .length = 1460, .ecn = 2)

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
    SETTING(ecn, true),
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
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
    DATA(1), DATA(2), DATA(3), DATA(4), DATA(5), DATA(6), DATA(7), DATA(8), DATA(9), DATA(10),
    AT(20 * MPT_MS),
    IN(ACK_ECE, .seq = 1, .ack = 1 + 2 * 1460),
    IN(ACK_ECE, .seq = 1, .ack = 1 + 4 * 1460),
    IN(ACK_ECE, .seq = 1, .ack = 1 + 6 * 1460),
    OUT(ACK_CWR, .seq = 1 + 10 * 1460, .ack = 1, .length = 1460, .ecn = 2),
    IN(ACK_ECE, .seq = 1, .ack = 1 + 8 * 1460),
    DATA(12), DATA(13),
    IN(ACK, .seq = 1, .ack = 1 + 10 * 1460),
    DATA(14), DATA(15),
    OUT_AT(230 * MPT_MS, ACK, .seq = 1 + 10 * 1460, .ack = 1, .length = 1460),
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

TOPIC(scripts_ecn,
      SCRIPT(ecn_needs_both_sides),
      SCRIPT(synack_that_reflects_both_flags_means_no_ecn),
      SCRIPT(synack_without_an_offer_has_no_ecn),
      SCRIPT(ecn_that_is_off_is_not_agreed_on),
      SCRIPT(echo_halves_the_window_once_a_round_trip),
      SCRIPT(mark_is_echoed_until_the_sender_has_reduced));
