/* SPDX-License-Identifier: GPL-2.0-only */
/* scripts_join.c: additional subflows (RFC 8684 3.2). */
#include "script.h"

static const script_step join_is_opened_from_a_new_address[] = {
    CONNECT_MPTCP_FULLY,
    AT(1 * MPT_S),
    ADDRESS_UP(1),
    OUT(SYN, .on = 1, .local = 1, .peer = 0, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    AFTER(20 * MPT_MS),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    AFTER(20 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    QUIET_FOR(10 * MPT_S),
};

static const script_step join_with_a_wrong_token_is_reset[] = {
    ACCEPT_MPTCP,
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 1, .forged = true)),
    OUT(RSTACK, .on = 1, .ack = 1, TCPRST(MPT_RST_MPTCP)),
    EXPECT_COUNTER(MPJoinNoTokenFound, 1),
};

TOPIC(scripts_join,
      SCRIPT(join_is_opened_from_a_new_address),
      SCRIPT(join_with_a_wrong_token_is_reset));
