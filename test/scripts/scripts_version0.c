/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scripts_version0.c: MPTCP version 0 (RFC 6824): keys in all three segments of the handshake, SHA-1, no MP_TCPRST, another ADD_ADDR. */
#include "script.h"

#define V0 .version = 0
#define CONNECT_V0                                                                                                     \
    SETTING(version, 0), CONNECT, OUT(SYN, SYN_OPTIONS, CAPABLE(V0, .keys = 1)), AT(10 * MPT_MS),                      \
        IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(V0, .keys = 1)),                                                     \
        OUT(ACK, .seq = 1, .ack = 1, CAPABLE(V0, .keys = 2)), EXPECT_NOTICE(CONNECTED)
#define ACCEPT_V0                                                                                                      \
    LISTEN, IN(SYN, SYN_OPTIONS, CAPABLE(V0, .keys = 1)), OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(V0, .keys = 1)),  \
        AT(10 * MPT_MS), IN(ACK, .seq = 1, .ack = 1, CAPABLE(V0, .keys = 2)), EXPECT_NOTICE(ACCEPTED)
#define JOINED_V0                                                                                                      \
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 1)),                                                       \
        OUT(SYNACK, .on = 1, .peer = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK()),                                         \
        IN(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()), OUT(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1))

/* ---- Handshake ------------------------------------------------------------------------------------------------- */

/* The first data have a DSS: MP_CAPABLE with data is version 1's. */
static const script_step version_0_is_offered_and_its_first_data_have_a_dss[] = {
    CONNECT_V0,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    IN(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    IN(PSHACK, .seq = 1, .ack = 101, .length = 50, DSS_MAP(101, 1, 1, 50)),
    OUT_AT(50 * MPT_MS, ACK, .seq = 101, .ack = 51, DSS_ACK(51)),
    READ(50),
};

static const script_step third_ack_of_version_0_goes_before_data[] = {
    SETTING(version, 0),
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE(V0, .keys = 1)),
    WRITE(100),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(V0, .keys = 1)),
    OUT(ACK, .seq = 1, .ack = 1, CAPABLE(V0, .keys = 2)),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
};

/* With the third ACK alone go both keys: the listener has the client's from the SYN. */
static const script_step answer_to_a_repeated_synack_of_version_0_has_a_dss_once_data_have_left[] = {
    CONNECT_V0,
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(V0, .keys = 1)),
    OUT(ACK, .seq = 1, .ack = 1, CAPABLE(V0, .keys = 2)),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(V0, .keys = 1)),
    OUT(ACK, .seq = 101, .ack = 1, DSS_ACK(1)),
};

static const script_step version_0_is_accepted_when_allowed[] = {
    SETTING(accept_version_0, true),
    ACCEPT_V0,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    READ(100),
};

/* The listener knows the key from the SYN: a DSS says as much as the third ACK. */
static const script_step lost_third_ack_of_version_0_is_replaced_by_data[] = {
    SETTING(accept_version_0, true),
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE(V0, .keys = 1)),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(V0, .keys = 1)),
    AT(10 * MPT_MS),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    EXPECT_NOTICE(ACCEPTED),
    EXPECT_READABLE(100),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
};

static const script_step listener_of_version_0_alone_answers_version_1_as_tcp[] = {
    SETTING(version, 0),
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
};

static const script_step both_versions_are_accepted_side_by_side[] = {
    SETTING(accept_version_0, true),
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    IN(SYN, .on = 1, SYN_OPTIONS, CAPABLE(V0, .keys = 1)),
    OUT(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS,
        CAPABLE(V0, .keys = 1, .forged = true)), /* another connection, another key */
};

static const script_step offer_of_version_0_answered_with_version_1_means_tcp[] = {
    SETTING(version, 0),
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE(V0, .keys = 1)),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    OUT(ACK, .seq = 1, .ack = 1),
    EXPECT_COUNTER(MPCapableFallbackSYNACK, 1),
};

/* The key of the SYN does not make a connection MPTCP. */
static const script_step third_ack_without_mp_capable_means_tcp_in_version_0[] = {
    SETTING(accept_version_0, true),
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE(V0, .keys = 1)),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(V0, .keys = 1)),
    IN(ACK, .seq = 1, .ack = 1),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100),
    EXPECT_READABLE(100),
    OUT_AT(40 * MPT_MS, ACK, .seq = 1, .ack = 101),
    IN(ACK, .seq = 101, .ack = 1, FAIL(1)),
    QUIET_FOR(10 * MPT_S),
};

/* ---- Joins, addresses, ends -------------------------------------------------------------------------------------- */

static const script_step join_of_version_0_has_hmacs_of_sha_1[] = {
    CONNECT_V0,
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    ADDRESS_UP(1),
    OUT(SYN, .on = 1, .local = 1, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    AFTER(20 * MPT_MS),
    IN(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    AFTER(20 * MPT_MS),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    QUIET_FOR(10 * MPT_S),
};

static const script_step join_of_version_0_is_accepted[] = {
    SETTING(accept_version_0, true),
    ACCEPT_V0,
    JOINED_V0,
};

static const script_step join_of_version_0_with_a_wrong_hmac_is_reset_without_a_reason[] = {
    SETTING(accept_version_0, true),
    ACCEPT_V0,
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 1)),
    OUT(SYNACK, .on = 1, .peer = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK()),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK(.forged = true)),
    OUT(RSTACK, .on = 1, .seq = 1, .ack = 1),
    EXPECT_COUNTER(MPJoinAckHMacFailure, 1),
};

/* Neither HMAC nor echo; it is repeated as often as without an answer. */
static const script_step address_is_announced_in_the_form_of_version_0[] = {
    SETTING(accept_version_0, true),
    ACCEPT_V0,
    IN(ACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    READ(100),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    ADDRESS_UP(1, .is_signal = true),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101), ADD_ADDR(2, 1, .is_v0 = true)),
    OUT_AT(1010 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101), ADD_ADDR(2, 1, .is_v0 = true)),
    OUT_AT(3010 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101), ADD_ADDR(2, 1, .is_v0 = true)),
    QUIET_FOR(10 * MPT_S),
};

static const script_step announcement_of_version_0_is_joined_and_not_echoed[] = {
    CONNECT_V0,
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1), ADD_ADDR(3, 2, .is_v0 = true)),
    OUT(SYN, .on = 1, .local = 0, .peer = 2, SYN_OPTIONS, JOIN_SYN(.id = 0)),
};

static const script_step announcement_of_the_other_version_is_ignored[] = {
    CONNECT_MPTCP_FULLY,
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1), ADD_ADDR(3, 2, .is_v0 = true)),
    EXPECT_COUNTER(AddAddrDrop, 1),
    QUIET_FOR(10 * MPT_S),
};

/* RFC 6824 3.5: by an ACK on one subflow, until the peer resets it. */
static const script_step abort_of_version_0_goes_by_an_ack[] = {
    CONNECT_V0,
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    ABORT,
    OUT(ACK, .seq = 1, .ack = 1, FASTCLOSE()),
    IN(RST, .seq = 1),
    EXPECT_FAILED(ABORTED),
    QUIET_FOR(10 * MPT_S),
};

TOPIC(scripts_version0, SCRIPT(version_0_is_offered_and_its_first_data_have_a_dss),
      SCRIPT(third_ack_of_version_0_goes_before_data),
      SCRIPT(answer_to_a_repeated_synack_of_version_0_has_a_dss_once_data_have_left),
      SCRIPT(version_0_is_accepted_when_allowed), SCRIPT(lost_third_ack_of_version_0_is_replaced_by_data),
      SCRIPT(listener_of_version_0_alone_answers_version_1_as_tcp), SCRIPT(both_versions_are_accepted_side_by_side),
      SCRIPT(offer_of_version_0_answered_with_version_1_means_tcp),
      SCRIPT(third_ack_without_mp_capable_means_tcp_in_version_0), SCRIPT(join_of_version_0_has_hmacs_of_sha_1),
      SCRIPT(join_of_version_0_is_accepted), SCRIPT(join_of_version_0_with_a_wrong_hmac_is_reset_without_a_reason),
      SCRIPT(address_is_announced_in_the_form_of_version_0), SCRIPT(announcement_of_version_0_is_joined_and_not_echoed),
      SCRIPT(announcement_of_the_other_version_is_ignored), SCRIPT(abort_of_version_0_goes_by_an_ack));
