/* SPDX-License-Identifier: GPL-2.0-only */
/* scripts_handshake.c: opening a connection: SYN, its retransmission and its options, MP_CAPABLE (RFC 9293 3.5, RFC 8684 3.1). */
#include "script.h"

/* RFC 6298 5.5: each timeout doubles. RFC 8684 3.1: after some SYNs with MP_CAPABLE, one without. */
static const script_step lost_syns_are_sent_again_with_back_off_and_then_without_mp_capable[] = {
    CONNECT,
    OUT(SYN, .win = 65535, SYN_OPTIONS, CAPABLE()),
    OUT_AT(1 * MPT_S, SYN, .win = 65535, SYN_OPTIONS, CAPABLE()),
    OUT_AT(3 * MPT_S, SYN, .win = 65535, SYN_OPTIONS, CAPABLE()),
    OUT_AT(7 * MPT_S, SYN, .win = 65535, SYN_OPTIONS),
    OUT_AT(15 * MPT_S, SYN, .win = 65535, SYN_OPTIONS),
    OUT_AT(31 * MPT_S, SYN, .win = 65535, SYN_OPTIONS),
    OUT_AT(63 * MPT_S, SYN, .win = 65535, SYN_OPTIONS),
    QUIET_UNTIL(126 * MPT_S),
    EXPECT_NO_NOTICE(FAILED),
    QUIET_UNTIL(127 * MPT_S),
    EXPECT_FAILED(TIMEOUT),
};

static const script_step mp_capable_is_agreed_on_by_the_opening_side[] = {
    CONNECT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    QUIET_FOR(10 * MPT_S),
};

static const script_step mp_capable_is_agreed_on_by_the_accepting_side[] = {
    ACCEPT_MPTCP,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    EXPECT_NOTICE(READABLE),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    READ(100),
    QUIET_FOR(10 * MPT_S),
};

TOPIC(scripts_handshake,
      SCRIPT(lost_syns_are_sent_again_with_back_off_and_then_without_mp_capable),
      SCRIPT(mp_capable_is_agreed_on_by_the_opening_side),
      SCRIPT(mp_capable_is_agreed_on_by_the_accepting_side));
