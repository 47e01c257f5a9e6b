/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scripts_tcp_open.c: opening a TCP connection: SYNs, their retransmission and their options (RFC 9293 3.5, 3.7.1; RFC
 * 7323 2).
 */
#include "script.h"

/* ---- The opening side ---------------------------------------------------------------------------------------- */

/* RFC 6298 5.5: each timeout doubles. */
static const script_step lost_syns_are_sent_again_with_back_off_until_the_retries_are_used_up[] = {
    SETTING(mptcp, false),
    SETTING(syn_retries, 3),
    CONNECT,
    OUT(SYN, .win = 65535, SYN_OPTIONS),
    OUT_AT(1 * MPT_S, SYN, .win = 65535, SYN_OPTIONS),
    OUT_AT(3 * MPT_S, SYN, .win = 65535, SYN_OPTIONS),
    OUT_AT(7 * MPT_S, SYN, .win = 65535, SYN_OPTIONS),
    QUIET_UNTIL(15 * MPT_S - 1),
    EXPECT_NO_NOTICE(FAILED),
    QUIET_UNTIL(15 * MPT_S),
    EXPECT_FAILED(TIMEOUT),
    EXPECT_COUNTER(AttemptFails, 1),
};

static const script_step reset_of_the_syn_is_a_refusal[] = {
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS),
    AT(10 * MPT_MS),
    IN(RSTACK, .ack = 1),
    EXPECT_FAILED(REFUSED),
    EXPECT_COUNTER(AttemptFails, 1),
};

/* RFC 9293 3.10.7.3: a reset counts only with an acceptable ACK. */
static const script_step reset_without_the_right_ack_does_not_refuse[] = {
    SETTING(mptcp, false),    CONNECT,
    OUT(SYN, SYN_OPTIONS),    IN(RST, .seq = 0),
    IN(RSTACK, .ack = 0),     IN(RSTACK, .ack = 2),
    EXPECT_NO_NOTICE(FAILED), OUT_AT(1 * MPT_S, SYN, SYN_OPTIONS),
};

/* RFC 9293 3.10.7.3: "If SEG.ACK =< ISS or SEG.ACK > SND.NXT, send a reset <SEQ=SEG.ACK><CTL=RST>". */
static const script_step synack_of_another_syn_is_reset[] = {
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS),
    IN(SYNACK, .ack = 7, SYN_OPTIONS),
    OUT(RST, .seq = 7),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS),
    OUT(ACK, .seq = 1, .ack = 1),
    EXPECT_NOTICE(CONNECTED),
};

/* RFC 9293 3.10.4: the SYN is not sent again, its answer is reset. */
static const script_step closing_in_syn_sent_ends_the_attempt[] = {
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS),
    WRITE(100),
    RELEASE,
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS),
    OUT(RST, .seq = 1),
    QUIET_FOR(10 * MPT_S),
};

static const script_step closing_in_syn_sent_ends_the_attempt_of_mptcp[] = {
    CONNECT,
    OUT(SYN, SYN_OPTIONS, CAPABLE()),
    RELEASE,
    QUIET_FOR(10 * MPT_S),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, CAPABLE(.keys = 1)),
    OUT(RST, .seq = 1),
};

/* RFC 9293 3.5 figure 7. */
static const script_step syns_that_cross_open_one_connection[] = {
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS),
    AT(10 * MPT_MS),
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    AT(20 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS),
    EXPECT_NOTICE(CONNECTED),
    WRITE(10),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 10),
};

/* The window of a SYN/ACK is not scaled (RFC 7323 2.2) when it answers a SYN that crossed either. */
static const script_step window_of_a_crossing_synack_is_not_scaled[] = {
    SETTING(mptcp, false),
    SETTING(nagle, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS),
    AT(5 * MPT_MS),
    IN(SYN, .win = 3000, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, .win = 3000, SYN_OPTIONS),
    EXPECT_NOTICE(CONNECTED),
    WRITE(14600),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 1461, .ack = 1, .length = 1460),
    QUIET_FOR(1 * MPT_MS),
};

/* The network doubled the SYN: no loss, the initial window stays. */
static const script_step doubled_syn_is_no_timeout[] = {
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1),
    WRITE(4380),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 1461, .ack = 1, .length = 1460),
    OUT(PSHACK, .seq = 2921, .ack = 1, .length = 1460),
    OUT_AT(220 * MPT_MS, ACK, .seq = 1, .ack = 1, .length = 1460),
};

static const script_step small_mss_is_kept_to[] = {
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, MSS(80)),
    OUT(ACK, .seq = 1, .ack = 1),
    WRITE(160),
    OUT(ACK, .seq = 1, .ack = 1, .length = 80),
    OUT(PSHACK, .seq = 81, .ack = 1, .length = 80),
};

/* Down to 48, so that options leave room for data. */
static const script_step mss_is_48_at_least[] = {
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, MSS(47)),
    OUT(ACK, .seq = 1, .ack = 1),
    WRITE(96),
    OUT(ACK, .seq = 1, .ack = 1, .length = 48),
    OUT(PSHACK, .seq = 49, .ack = 1, .length = 48),
};

/* RFC 9293 3.7.1: without an MSS option, 536. */
static const script_step mss_is_536_when_the_peer_says_none[] = {
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1),
    OUT(ACK, .seq = 1, .ack = 1),
    WRITE(1072),
    OUT(ACK, .seq = 1, .ack = 1, .length = 536),
    OUT(PSHACK, .seq = 537, .ack = 1, .length = 536),
};

/* RFC 7323 2.2: the window of a SYN is never scaled, and a scale needs both sides. */
static const script_step window_is_not_scaled_when_the_peer_does_not_offer_it[] = {
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, .win = 65535, SYN_OPTIONS),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, .win = 3000, MSS(1000)),
    OUT(ACK, .seq = 1, .ack = 1, .win = 65535),
    WRITE(5000),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1000),
    OUT(ACK, .seq = 1001, .ack = 1, .length = 1000),
    OUT(ACK, .seq = 2001, .ack = 1, .length = 1000),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 3001, .win = 1000),
    OUT(ACK, .seq = 3001, .ack = 1, .length = 1000),
};

/* RFC 7323 2.3: a greater shift than 14 means 14. */
static const script_step window_scale_above_14_counts_as_14[] = {
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, .win = 0, MSS(10000), WSCALE(15)),
    OUT(ACK, .seq = 1, .ack = 1, .win = 49152),
    WRITE(40000),
    IN(ACK, .seq = 1, .ack = 1, .win = 1),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 1461, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 2921, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 4381, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 5841, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 7301, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 8761, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 10221, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 11681, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 13141, .ack = 1, .length = 1460),
    IN(ACK, .seq = 1, .ack = 14601, .win = 1),
    OUT(ACK, .seq = 14601, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 16061, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 17521, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 18981, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 20441, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 21901, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 23361, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 24821, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 26281, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 27741, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 29201, .ack = 1, .length = 1460),
};

static const script_step options_that_were_not_offered_are_not_used[] = {
    SETTING(mptcp, false),
    SETTING(sack, false),
    SETTING(window_scaling, false),
    CONNECT,
    OUT(SYN, .win = 65535, MSS(1460)),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS),
    OUT(ACK, .seq = 1, .ack = 1, .win = 65535),
    IN(ACK, .seq = 11, .ack = 1, .length = 10),
    OUT(ACK, .seq = 1, .ack = 1),
};

/* ---- The accepting side -------------------------------------------------------------------------------------- */

static const script_step lost_synacks_are_sent_again_with_back_off[] = {
    SETTING(mptcp, false),
    SETTING(syn_retries, 2),
    LISTEN,
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    OUT_AT(1 * MPT_S, SYNACK, .ack = 1, SYN_OPTIONS),
    OUT_AT(3 * MPT_S, SYNACK, .ack = 1, SYN_OPTIONS),
    QUIET_FOR(60 * MPT_S),
    EXPECT_NO_NOTICE(ACCEPTED),
    EXPECT_COUNTER(AttemptFails, 1),
    IN(ACK, .seq = 1, .ack = 1),
    OUT(RST, .seq = 1),
};

/* RFC 4022: tcpAttemptFails, not tcpEstabResets. */
static const script_step reset_of_the_synack_is_a_failed_attempt[] = {
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    IN(RST, .seq = 1),
    EXPECT_COUNTER(AttemptFails, 1),
    EXPECT_COUNTER(EstabResets, 0),
};

static const script_step repeated_syn_is_answered_by_the_same_synack[] = {
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    AT(500 * MPT_MS),
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    IN(ACK, .seq = 1, .ack = 1),
    EXPECT_NOTICE(ACCEPTED),
    EXPECT_COUNTER(PassiveOpens, 1),
};

/* RFC 7323: options that the SYN did not offer are not in the SYN/ACK. */
static const script_step synack_has_only_options_that_were_offered[] = {
    SETTING(mptcp, false),
    SETTING(timestamps, true),
    LISTEN,
    IN(SYN, MSS(1460)),
    OUT(SYNACK, .ack = 1, .win = 65535, MSS(1460)),
    IN(ACK, .seq = 1, .ack = 1),
    EXPECT_NOTICE(ACCEPTED),
};

static const script_step third_ack_may_carry_data_and_the_end[] = {
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    AT(10 * MPT_MS),
    IN(FINACK, .seq = 1, .ack = 1, .length = 100),
    OUT(ACK, .seq = 1, .ack = 102),
    EXPECT_NOTICE(ACCEPTED),
    EXPECT_NOTICE(READABLE),
    READ(100),
};

/* RFC 9293 3.10.7.4: in SYN-RECEIVED an unacceptable ACK is answered with a reset. */
static const script_step third_ack_of_something_else_is_reset_and_the_handshake_goes_on[] = {
    SETTING(mptcp, false),       LISTEN,
    IN(SYN, SYN_OPTIONS),        OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    IN(ACK, .seq = 1, .ack = 5), OUT(RST, .seq = 5),
    IN(ACK, .seq = 1, .ack = 1), EXPECT_NOTICE(ACCEPTED),
};

/* RFC 9293 3.10.7.4: a connection of a passive open goes back to LISTEN. */
static const script_step reset_of_the_synack_ends_the_attempt_without_a_word[] = {
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS),
    IN(RST, .seq = 1),
    QUIET_FOR(10 * MPT_S),
    EXPECT_NO_NOTICE(ACCEPTED),
    IN(SYN, .on = 1, SYN_OPTIONS),
    OUT(SYNACK, .on = 1, .ack = 1, SYN_OPTIONS),
};

/* RFC 9293 3.10.7.1, 3.10.7.2: segments for no connection. */
static const script_step segments_for_no_connection_are_reset[] = {
    SETTING(mptcp, false),
    LISTEN,
    IN(ACK, .seq = 1000, .ack = 77),
    OUT(RST, .seq = 77),
    IN(RST, .seq = 1000),
    IN(SYN, .on = 1, .port = 99, .seq = 0),
    OUT(RSTACK, .on = 1, .ack = 1),
    IN(FINACK, .on = 2, .port = 99, .seq = 1000, .ack = 5, .length = 10),
    OUT(RST, .on = 2, .seq = 5),
};

/* Nothing could carry its SYN/ACK, and nobody waits for it. */
static const script_step half_open_connection_ends_with_its_address[] = {
    LISTEN,
    ADDRESS_UP(1),
    IN(SYN, .local = 1, SYN_OPTIONS),
    OUT(SYNACK, .local = 1, .ack = 1, SYN_OPTIONS),
    ADDRESS_DOWN(1),
    QUIET_FOR(60 * MPT_S),
    EXPECT_NO_NOTICE(ACCEPTED),
};

TOPIC(scripts_tcp_open, SCRIPT(lost_syns_are_sent_again_with_back_off_until_the_retries_are_used_up),
      SCRIPT(reset_of_the_syn_is_a_refusal), SCRIPT(reset_without_the_right_ack_does_not_refuse),
      SCRIPT(synack_of_another_syn_is_reset), SCRIPT(closing_in_syn_sent_ends_the_attempt),
      SCRIPT(closing_in_syn_sent_ends_the_attempt_of_mptcp), SCRIPT(syns_that_cross_open_one_connection),
      SCRIPT(window_of_a_crossing_synack_is_not_scaled), SCRIPT(doubled_syn_is_no_timeout),
      SCRIPT(small_mss_is_kept_to), SCRIPT(mss_is_48_at_least), SCRIPT(mss_is_536_when_the_peer_says_none),
      SCRIPT(window_is_not_scaled_when_the_peer_does_not_offer_it), SCRIPT(window_scale_above_14_counts_as_14),
      SCRIPT(options_that_were_not_offered_are_not_used), SCRIPT(lost_synacks_are_sent_again_with_back_off),
      SCRIPT(reset_of_the_synack_is_a_failed_attempt), SCRIPT(repeated_syn_is_answered_by_the_same_synack),
      SCRIPT(synack_has_only_options_that_were_offered), SCRIPT(third_ack_may_carry_data_and_the_end),
      SCRIPT(third_ack_of_something_else_is_reset_and_the_handshake_goes_on),
      SCRIPT(reset_of_the_synack_ends_the_attempt_without_a_word), SCRIPT(segments_for_no_connection_are_reset),
      SCRIPT(half_open_connection_ends_with_its_address));
