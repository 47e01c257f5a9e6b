/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scripts_capable.c: MP_CAPABLE on both sides, with each kind of third and fourth segment, and without (RFC 8684 3.1).
 */
#include "script.h"

/* ---- The opening side ---------------------------------------------------------------------------------------- */

/* Something on the way may drop SYNs with MP_CAPABLE. */
static const script_step lost_syns_go_without_mp_capable_after_three[] = {
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
    EXPECT_COUNTER(MPCapableSYNTXDrop, 1),
};

/* It is when the first plain SYN passes, and not the one with MP_CAPABLE before it, that something drops these. */
static const script_step first_plain_syn_that_is_answered_shows_a_blackhole[] = {
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE()),
    OUT_AT(1 * MPT_S, SYN, SYN_OPTIONS, CAPABLE()),
    OUT_AT(3 * MPT_S, SYN, SYN_OPTIONS, CAPABLE()),
    OUT_AT(7 * MPT_S, SYN, SYN_OPTIONS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS),
    OUT(ACK, .seq = 1, .ack = 1),
    EXPECT_COUNTER(Blackhole, 1),
};

/* Out of coverage for ten seconds: the plain SYN is lost as the others were. */
static const script_step plain_syn_that_was_lost_too_shows_none[] = {
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE()),
    OUT_AT(1 * MPT_S, SYN, SYN_OPTIONS, CAPABLE()),
    OUT_AT(3 * MPT_S, SYN, SYN_OPTIONS, CAPABLE()),
    OUT_AT(7 * MPT_S, SYN, SYN_OPTIONS),
    OUT_AT(15 * MPT_S, SYN, SYN_OPTIONS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS),
    OUT(ACK, .seq = 1, .ack = 1),
    EXPECT_COUNTER(Blackhole, 0),
};

static const script_step third_ack_goes_before_data_that_wait[] = {
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE()),
    WRITE(100),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    OUT(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, CAPABLE_DATA(100)),
};

/* Another version than was agreed on, or the flag of an extension: not the option that was asked for. */
static const script_step third_ack_of_another_version_means_tcp[] = {
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, CAPABLE(.version = 2, .keys = 2)),
    EXPECT_NOTICE(ACCEPTED),
    EXPECT_COUNTER(MPCapableFallbackACK, 1),
};

static const script_step third_ack_with_the_extensibility_flag_means_tcp[] = {
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, CAPABLE(.flags = MPT_CAPABLE_B | MPT_CAPABLE_H, .keys = 2)),
    EXPECT_NOTICE(ACCEPTED),
    EXPECT_COUNTER(MPCapableFallbackACK, 1),
};

static const script_step mp_capable_is_agreed_on_by_the_opening_side[] = {
    CONNECT_MPTCP,
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    EXPECT_NOTICE(WRITABLE),
    QUIET_FOR(10 * MPT_S),
};

/* The first data carry both keys, until the peer has sent a DSS. */
static const script_step first_data_carry_both_keys[] = {
    CONNECT_MPTCP,
    WRITE(2000),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1436, CAPABLE_DATA(1436)),
    OUT_AT(220 * MPT_MS, ACK, .seq = 1, .ack = 1, .length = 1436, CAPABLE_DATA(1436)),
    AT(230 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1437, DSS_ACK(1437)),
    OUT(PSHACK, .seq = 1437, .ack = 1, .length = 564, DSS_MAP(1, 1437, 1437, 564)),
};

/* All of the first flight do: Linux falls back for a DSS that is the first to arrive. */
static const script_step whatever_of_the_first_flight_arrives_first_carries_both_keys[] = {
    SETTING(nagle, false),
    SETTING(rack, true),
    CONNECT_MPTCP,
    WRITE(2900),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1436, CAPABLE_DATA(1436)),
    OUT(ACK, .seq = 1437, .ack = 1, .length = 1436, CAPABLE_DATA(2872)),
    OUT(PSHACK, .seq = 2873, .ack = 1, .length = 28, CAPABLE_DATA(2900)),
    OUT_AT(220 * MPT_MS, ACK, .seq = 1, .ack = 1, .length = 1436, CAPABLE_DATA(1436)),
};

/* The SYN/ACK comes again: the third ACK was lost, and the answer is another, whatever has left since. Linux falls back for a DSS there. */
static const script_step answer_to_a_repeated_synack_has_both_keys[] = {
    SETTING(nagle, false),
    CONNECT_MPTCP,
    WRITE(1500),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1436, CAPABLE_DATA(1436)),
    OUT(PSHACK, .seq = 1437, .ack = 1, .length = 64, CAPABLE_DATA(1500)),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    OUT(ACK, .seq = 1501, .ack = 1, CAPABLE(.keys = 2)),
    IN(ACK, .seq = 1, .ack = 1501, DSS_ACK(1501)),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    OUT(ACK, .seq = 1501, .ack = 1, DSS_ACK(1)),
};

/* A checksum is of a whole mapping, and one of all that went before is not known to who writes a segment. */
static const script_step with_checksums_only_the_first_segment_carries_both_keys[] = {
    NEEDS_PAYLOAD,
    SETTING(dss_checksum, true),
    SETTING(nagle, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE(.flags = MPT_CAPABLE_A | MPT_CAPABLE_H)),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1, .flags = MPT_CAPABLE_A | MPT_CAPABLE_H)),
    OUT(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2, .flags = MPT_CAPABLE_A | MPT_CAPABLE_H)),
    WRITE(101),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 101,
        CAPABLE_DATA(101, .flags = MPT_CAPABLE_A | MPT_CAPABLE_H, .has_sum = true)),
    WRITE(33),
    OUT(PSHACK, .seq = 102, .ack = 1, .length = 33, DSS_MAP(1, 102, 102, 33, .has_sum = true)),
};

static const script_step first_data_carry_both_keys_and_a_checksum_when_one_side_asks_for_it[] = {
    NEEDS_PAYLOAD,
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE()),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1, .flags = MPT_CAPABLE_A | MPT_CAPABLE_H)),
    OUT(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2, .flags = MPT_CAPABLE_A | MPT_CAPABLE_H)),
    WRITE(101),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 101,
        CAPABLE_DATA(101, .flags = MPT_CAPABLE_A | MPT_CAPABLE_H, .has_sum = true)),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 102, DSS_ACK(102)),
    WRITE(33),
    OUT(PSHACK, .seq = 102, .ack = 1, .length = 33, DSS_MAP(1, 102, 102, 33, .has_sum = true)),
};

static const script_step synack_without_mp_capable_means_tcp[] = {
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE()),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS),
    OUT(ACK, .seq = 1, .ack = 1),
    EXPECT_NOTICE(CONNECTED),
    EXPECT_COUNTER(MPCapableFallbackSYNACK, 1),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100),
};

static const script_step synack_of_another_version_means_tcp[] = {
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE()),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1, .version = 0)),
    OUT(ACK, .seq = 1, .ack = 1),
    EXPECT_COUNTER(MPCapableFallbackSYNACK, 1),
};

/*
 * "If none of these flags are set, the MP_CAPABLE option MUST be treated as invalid and ignored"; with flag B set as
 * well, for its meaning is not known.
 */
static const script_step synack_without_a_known_algorithm_means_tcp[] = {
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE()),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1, .flags = 0)),
    OUT(ACK, .seq = 1, .ack = 1),
    EXPECT_COUNTER(MPCapableFallbackSYNACK, 1),
};

/* RFC 8684 3.7: no DSS in the first answer, nor in any other: the options do not pass. */
static const script_step answer_to_the_first_data_without_options_means_tcp[] = {
    CONNECT_MPTCP,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100, CAPABLE_DATA(100)),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 101),
    EXPECT_NOTICE(WRITABLE),
    EXPECT_COUNTER(MPCapableFallbackACK, 1),
    WRITE(100),
    OUT(PSHACK, .seq = 101, .ack = 1, .length = 100, .at = 100,
        .dss = {.is_present = true, .is_dsn32 = true, .has_map = true, .dsn = 1, .ssn = 1}), /* infinite */
    IN(PSHACK, .seq = 1, .ack = 201, .length = 50),
    OUT_AT(60 * MPT_MS, ACK, .seq = 201, .ack = 51),
    READ(50),
};

static const script_step simultaneous_open_with_mp_capable_means_tcp[] = {
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE()),
    AT(10 * MPT_MS),
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
};

/* ---- The accepting side -------------------------------------------------------------------------------------- */

static const script_step mp_capable_is_agreed_on_by_the_accepting_side[] = {
    ACCEPT_MPTCP,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    EXPECT_NOTICE(READABLE),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    READ(100),
    QUIET_FOR(10 * MPT_S),
};

/* The third ACK is lost: the first data say the same. */
static const script_step first_data_with_both_keys_replace_the_third_ack[] = {
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    AT(10 * MPT_MS),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, CAPABLE_DATA(100)),
    EXPECT_NOTICE(ACCEPTED),
    EXPECT_READABLE(100),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    READ(100),
};

static const script_step data_with_both_keys_after_the_third_ack_are_taken_once[] = {
    ACCEPT_MPTCP,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, CAPABLE_DATA(100)),
    EXPECT_READABLE(100),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, CAPABLE_DATA(100)),
    OUT(ACK, .seq = 1, .ack = 101, SACK(1, 101), DSS_ACK(101)),
    EXPECT_READABLE(100),
};

/* The first segment and the third ACK are lost: the second says all that they said, and maps what is missing, too. */
static const script_step later_data_with_both_keys_replace_the_third_ack[] = {
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    AT(10 * MPT_MS),
    IN(PSHACK, .seq = 101, .ack = 1, .length = 50, CAPABLE_DATA(150)),
    EXPECT_NOTICE(ACCEPTED),
    OUT(ACK, .seq = 1, .ack = 1, SACK(101, 151), DSS_ACK(1)),
    AT(20 * MPT_MS),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, DSS_ACK(1)),
    EXPECT_READABLE(150),
    OUT(ACK, .seq = 1, .ack = 151, DSS_ACK(151)),
};

/* Two that show the difference: an address is announced once the client is known to have heard the server's key, and to map what it sends. */
#define ACCEPT_AND_HAVE_AN_ADDRESS_TO_TELL                                                                             \
    LISTEN, ADDRESS_UP(1, .is_signal = true), IN(SYN, SYN_OPTIONS, CAPABLE()),                                         \
        OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)), AT(10 * MPT_MS),                                       \
        IN(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2))

static const script_step later_data_with_both_keys_are_as_good_as_a_dss[] = {
    ACCEPT_AND_HAVE_AN_ADDRESS_TO_TELL,
    IN(PSHACK, .seq = 101, .ack = 1, .length = 50, CAPABLE_DATA(150)),
    OUT(ACK, .seq = 1, .ack = 1, SACK(101, 151), DSS_ACK(1), ADD_ADDR(2, 1)),
};

/* A box took the end: that is one segment, and not the second. */
static const script_step first_data_that_were_cut_are_not[] = {
    ACCEPT_AND_HAVE_AN_ADDRESS_TO_TELL,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 50, CAPABLE_DATA(100)),
    EXPECT_READABLE(50),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 51, DSS_ACK(51)),
    QUIET_FOR(10 * MPT_S),
};

/* Nor are those on another subflow, where MP_CAPABLE has no place. */
static const script_step data_with_both_keys_on_a_join_are_not[] = {
    ACCEPT_AND_HAVE_AN_ADDRESS_TO_TELL,
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 3)),
    OUT(SYNACK, .on = 1, .peer = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 0)),
    IN(ACK, .on = 1, .seq = 1, .ack = 1, JOIN_ACK()),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, DSS_ACK(1)),
    IN(PSHACK, .on = 1, .seq = 101, .ack = 1, .length = 50, CAPABLE_DATA(150)),
    OUT(ACK, .on = 1, .seq = 1, .ack = 1, SACK(101, 151), DSS_ACK(1)),
    QUIET_FOR(100 * MPT_MS),
};

static const script_step plain_syn_means_tcp[] = {
    LISTEN,
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1),
    EXPECT_NOTICE(ACCEPTED),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101),
};

static const script_step third_ack_without_mp_capable_means_tcp[] = {
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1),
    EXPECT_NOTICE(ACCEPTED),
    EXPECT_COUNTER(MPCapableFallbackACK, 1),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101),
    READ(100),
};

static const script_step first_data_without_mp_capable_mean_tcp[] = {
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    AT(10 * MPT_MS),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100),
    EXPECT_NOTICE(ACCEPTED),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101),
    READ(100),
};

static const script_step third_ack_with_a_wrong_key_is_reset[] = {
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2, .forged = true)),
    OUT(RSTACK, .seq = 1, .ack = 1),
    EXPECT_NO_NOTICE(ACCEPTED),
};

static const script_step syn_of_version_0_is_answered_as_tcp[] = {
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE(.version = 0, .keys = 1)),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
};

/* The answer names the version that is spoken here. */
static const script_step syn_of_a_later_version_is_answered_with_version_1[] = {
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE(.version = 2)),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
};

static const script_step syn_without_a_known_algorithm_is_answered_as_tcp[] = {
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE(.flags = 0)),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    IN(SYN, .on = 1, SYN_OPTIONS, CAPABLE(.flags = MPT_CAPABLE_B | MPT_CAPABLE_H)),
    OUT(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS),
    EXPECT_COUNTER(MPCapableSYNRX, 0),
};

static const script_step checksums_are_used_when_the_opener_asks_for_them[] = {
    NEEDS_PAYLOAD,
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE(.flags = MPT_CAPABLE_A | MPT_CAPABLE_H)),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1, .flags = MPT_CAPABLE_A | MPT_CAPABLE_H)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2, .flags = MPT_CAPABLE_A | MPT_CAPABLE_H)),
    EXPECT_NOTICE(ACCEPTED),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 101,
       CAPABLE_DATA(101, .flags = MPT_CAPABLE_A | MPT_CAPABLE_H, .has_sum = true)),
    READ(101),
    OUT(ACK, .seq = 1, .ack = 102, DSS_ACK(102)),
    WRITE(51),
    OUT(PSHACK, .seq = 1, .ack = 102, .length = 51, DSS_MAP(102, 1, 1, 51, .has_sum = true)),
};

static const script_step synack_asks_for_checksums_when_they_are_set[] = {
    SETTING(dss_checksum, true),
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1, .flags = MPT_CAPABLE_A | MPT_CAPABLE_H)),
};

static const script_step mptcp_that_is_off_ignores_mp_capable[] = {
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
};

/* ---- Flag C: no join to the initial address and port ----------------------------------------------------------- */

#define FLAGS_CH .flags = MPT_CAPABLE_C | MPT_CAPABLE_H

static const script_step initial_address_is_not_joined_when_the_peer_does_not_want_it[] = {
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE()),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(FLAGS_CH, .keys = 1)),
    OUT(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)),
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1)),
    ADDRESS_UP(1),
    QUIET_FOR(1 * MPT_S),
    /* another address is joined, from both of ours */
    IN(ACK, .seq = 1, .ack = 1, DSS_ACK(1), ADD_ADDR(3, 2)),
    OUT(SYN, .on = 1, .local = 1, .peer = 2, SYN_OPTIONS, JOIN_SYN(.id = 2)),
    OUT(SYN, .on = 2, .local = 0, .peer = 2, SYN_OPTIONS, JOIN_SYN(.id = 0)),
    OUT(ACK, .seq = 1, .ack = 1, DSS_ACK(1), ADD_ADDR(3, 2, .is_echo = true)),
};

static const script_step join_to_the_initial_address_is_refused_when_it_is_not_allowed[] = {
    SETTING(allow_join_initial, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE()),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(FLAGS_CH, .keys = 1)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, CAPABLE(.keys = 2)),
    IN(ACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    READ(100),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    IN(SYN, .on = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 1)),
    OUT(RSTACK, .on = 1, .peer = 1, .ack = 1, TCPRST(MPT_RST_PROHIBITED)),
    EXPECT_COUNTER(MPJoinRejected, 1),
    ADDRESS_UP(1),
    IN(SYN, .on = 2, .local = 1, .peer = 1, SYN_OPTIONS, JOIN_SYN(.id = 1)),
    OUT(SYNACK, .on = 2, .local = 1, .peer = 1, .ack = 1, SYN_OPTIONS, JOIN_SYNACK(.id = 2)),
};

static const script_step opener_says_when_its_initial_address_is_not_to_be_joined[] = {
    SETTING(allow_join_initial, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE(FLAGS_CH)),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    OUT(ACK, .seq = 1, .ack = 1, CAPABLE(FLAGS_CH, .keys = 2)),
};

static const script_step server_does_not_join_a_client_that_does_not_want_it[] = {
    SETTING(join_from_server, true),
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE(FLAGS_CH)),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, CAPABLE(FLAGS_CH, .keys = 2)),
    IN(ACK, .seq = 1, .ack = 1, .length = 100, DSS_MAP(1, 1, 1, 100)),
    READ(100),
    OUT(ACK, .seq = 1, .ack = 101, DSS_ACK(101)),
    ADDRESS_UP(1),
    QUIET_FOR(1 * MPT_S),
};

/* Flag B of the answer: "MUST be set to 0", else the format is not known. */
static const script_step synack_with_the_extensibility_flag_means_tcp[] = {
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE()),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1, .flags = MPT_CAPABLE_B | MPT_CAPABLE_H)),
    OUT(ACK, .seq = 1, .ack = 1),
    EXPECT_COUNTER(MPCapableFallbackSYNACK, 1),
};

/* Of several algorithms the one that is known is taken (D..G are not assigned). */
static const script_step known_algorithm_among_others_is_chosen[] = {
    LISTEN,
    IN(SYN, SYN_OPTIONS, CAPABLE(.flags = 0x1e | MPT_CAPABLE_H)),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
};

/* RFC 9293 MUST-7: an option of an impossible length breaks nothing. */
static const script_step malformed_mp_capable_is_ignored[] = {
    LISTEN,
    IN(SYN, SYN_OPTIONS, .raw = "1e 06 01 01 00 00"),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
};

TOPIC(scripts_capable, SCRIPT(first_plain_syn_that_is_answered_shows_a_blackhole),
      SCRIPT(plain_syn_that_was_lost_too_shows_none), SCRIPT(third_ack_goes_before_data_that_wait),
      SCRIPT(third_ack_of_another_version_means_tcp), SCRIPT(third_ack_with_the_extensibility_flag_means_tcp),
      SCRIPT(lost_syns_go_without_mp_capable_after_three), SCRIPT(mp_capable_is_agreed_on_by_the_opening_side),
      SCRIPT(first_data_carry_both_keys), SCRIPT(whatever_of_the_first_flight_arrives_first_carries_both_keys),
      SCRIPT(with_checksums_only_the_first_segment_carries_both_keys),
      SCRIPT(answer_to_a_repeated_synack_has_both_keys), SCRIPT(later_data_with_both_keys_are_as_good_as_a_dss),
      SCRIPT(first_data_that_were_cut_are_not), SCRIPT(data_with_both_keys_on_a_join_are_not),
      SCRIPT(later_data_with_both_keys_replace_the_third_ack),
      SCRIPT(first_data_carry_both_keys_and_a_checksum_when_one_side_asks_for_it),
      SCRIPT(synack_without_mp_capable_means_tcp), SCRIPT(synack_of_another_version_means_tcp),
      SCRIPT(synack_without_a_known_algorithm_means_tcp), SCRIPT(answer_to_the_first_data_without_options_means_tcp),
      SCRIPT(simultaneous_open_with_mp_capable_means_tcp), SCRIPT(mp_capable_is_agreed_on_by_the_accepting_side),
      SCRIPT(first_data_with_both_keys_replace_the_third_ack),
      SCRIPT(data_with_both_keys_after_the_third_ack_are_taken_once), SCRIPT(plain_syn_means_tcp),
      SCRIPT(third_ack_without_mp_capable_means_tcp), SCRIPT(first_data_without_mp_capable_mean_tcp),
      SCRIPT(third_ack_with_a_wrong_key_is_reset), SCRIPT(syn_of_version_0_is_answered_as_tcp),
      SCRIPT(syn_of_a_later_version_is_answered_with_version_1),
      SCRIPT(syn_without_a_known_algorithm_is_answered_as_tcp),
      SCRIPT(checksums_are_used_when_the_opener_asks_for_them), SCRIPT(synack_asks_for_checksums_when_they_are_set),
      SCRIPT(mptcp_that_is_off_ignores_mp_capable), SCRIPT(malformed_mp_capable_is_ignored),
      SCRIPT(initial_address_is_not_joined_when_the_peer_does_not_want_it),
      SCRIPT(join_to_the_initial_address_is_refused_when_it_is_not_allowed),
      SCRIPT(opener_says_when_its_initial_address_is_not_to_be_joined),
      SCRIPT(server_does_not_join_a_client_that_does_not_want_it), SCRIPT(synack_with_the_extensibility_flag_means_tcp),
      SCRIPT(known_algorithm_among_others_is_chosen));
