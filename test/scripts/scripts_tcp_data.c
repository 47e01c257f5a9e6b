/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scripts_tcp_data.c: data, acknowledgements and windows of TCP (RFC 9293 3.7.4, 3.8.6; RFC 2018; RFC 2883; RFC 7323).
 */
#include "script.h"

/* ---- Acknowledging ------------------------------------------------------------------------------------------- */

/* RFC 9293 3.8.6.3: no later than 40 ms, and at once for every second full segment. */
static const script_step second_segment_is_acknowledged_at_once_and_a_single_one_after_40_ms[] = {
    ACCEPT_TCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 1460),
    AFTER(1 * MPT_MS),
    IN(ACK, .seq = 1461, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 1, .ack = 2921),
    AFTER(1 * MPT_MS),
    IN(ACK, .seq = 2921, .ack = 1, .length = 1460),
    OUT_AT(52 * MPT_MS, ACK, .seq = 1, .ack = 4381),
    READ(4380),
    QUIET_FOR(1 * MPT_S),
};

static const script_step acknowledgement_rides_on_data[] = {
    ACCEPT_TCP,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100),
    AFTER(10 * MPT_MS),
    WRITE(50),
    OUT(PSHACK, .seq = 1, .ack = 101, .length = 50),
    AFTER(10 * MPT_MS),
    IN(ACK, .seq = 101, .ack = 51),
    QUIET_FOR(1 * MPT_S),
};

static const script_step every_segment_is_acknowledged_when_delaying_is_off[] = {
    SETTING(delayed_ack, false),
    ACCEPT_TCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 10),
    OUT(ACK, .seq = 1, .ack = 11),
    IN(ACK, .seq = 11, .ack = 1, .length = 10),
    OUT(ACK, .seq = 1, .ack = 21),
};

/*
 * RFC 5681 4.2: out of order, and what fills a hole, at once. RFC 2018 4: the block with the latest segment comes
 * first.
 */
static const script_step holes_are_told_with_sack_latest_first[] = {
    ACCEPT_TCP,
    IN(ACK, .seq = 1001, .ack = 1, .length = 1000),
    OUT(ACK, .seq = 1, .ack = 1, SACK(1001, 2001)),
    IN(ACK, .seq = 3001, .ack = 1, .length = 1000),
    OUT(ACK, .seq = 1, .ack = 1, SACK2(3001, 4001, 1001, 2001)),
    IN(ACK, .seq = 2001, .ack = 1, .length = 500),
    OUT(ACK, .seq = 1, .ack = 1, SACK2(1001, 2501, 3001, 4001)),
    IN(ACK, .seq = 1, .ack = 1, .length = 1000),
    OUT(ACK, .seq = 1, .ack = 2501, SACK(3001, 4001)),
    IN(ACK, .seq = 2501, .ack = 1, .length = 500),
    OUT(ACK, .seq = 1, .ack = 4001),
    READ(4000),
};

/* RFC 2018 3: as many blocks as fit: four without timestamps, three with them. */
static const script_step three_blocks_fit_beside_timestamps[] = {
    SETTING(timestamps, true),
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS, TS(100, 0)),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, TS(0, 100)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, TS(110, 0)),
    IN(ACK, .seq = 101, .ack = 1, .length = 100, TS(110, 0)),
    OUT(ACK, .seq = 1, .ack = 1, TS(10, 110), SACK(101, 201)),
    IN(ACK, .seq = 301, .ack = 1, .length = 100, TS(110, 0)),
    OUT(ACK, .seq = 1, .ack = 1, TS(10, 110), SACK2(301, 401, 101, 201)),
    IN(ACK, .seq = 501, .ack = 1, .length = 100, TS(110, 0)),
    OUT(ACK, .seq = 1, .ack = 1, TS(10, 110), SACK3(501, 601, 301, 401, 101, 201)),
    IN(ACK, .seq = 701, .ack = 1, .length = 100, TS(110, 0)),
    OUT(ACK, .seq = 1, .ack = 1, TS(10, 110), SACK3(701, 801, 501, 601, 301, 401)),
};

/* RFC 2883 4: what came twice is told in the first block; once. */
static const script_step duplicates_are_told_with_dsack[] = {
    ACCEPT_TCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 1000),
    IN(ACK, .seq = 1, .ack = 1, .length = 1000),
    OUT(ACK, .seq = 1, .ack = 1001, SACK(1, 1001)),
    IN(ACK, .seq = 2001, .ack = 1, .length = 1000),
    OUT(ACK, .seq = 1, .ack = 1001, SACK(2001, 3001)),
    IN(ACK, .seq = 2001, .ack = 1, .length = 1000),
    OUT(ACK, .seq = 1, .ack = 1001, SACK2(2001, 3001, 2001, 3001)),
    IN(ACK, .seq = 1001, .ack = 1, .length = 1000),
    OUT(ACK, .seq = 1, .ack = 3001),
    EXPECT_COUNTER(TCPDSACKOldSent, 2),
    READ(3000),
};

static const script_step segments_that_overlap_are_put_together[] = {
    ACCEPT_TCP,
    IN(ACK, .seq = 1, .ack = 1, .length = 1000),
    IN(ACK, .seq = 501, .ack = 1, .length = 1000),
    OUT(ACK, .seq = 1, .ack = 1501, SACK(501, 1001)),
    READ(1500),
};

/* ---- Timestamps ---------------------------------------------------------------------------------------------- */

/* RFC 7323 4.3: the echo is that of the oldest segment not yet acknowledged. */
static const script_step delayed_ack_echoes_the_first_timestamp[] = {
    SETTING(timestamps, true),
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS, TS(100, 0)),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, TS(0, 100)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, TS(110, 0)),
    IN(ACK, .seq = 1, .ack = 1, .length = 1448, TS(120, 0)),
    AFTER(5 * MPT_MS),
    IN(ACK, .seq = 1449, .ack = 1, .length = 1448, TS(125, 0)),
    OUT(ACK, .seq = 1, .ack = 2897, TS(15, 120)),
    WRITE(10),
    OUT(PSHACK, .seq = 1, .ack = 2897, .length = 10, TS(15, 120)),
};

/* RFC 7323 5.3: older than the last: acknowledged and dropped. A pure ACK or a reset may be old. */
static const script_step data_with_an_old_timestamp_are_dropped[] = {
    SETTING(timestamps, true),
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS, TS(100, 0)),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, TS(0, 100)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, TS(110, 0)),
    EXPECT_NOTICE(ACCEPTED),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, TS(109, 0)),
    OUT(ACK, .seq = 1, .ack = 1, TS(10, 110)),
    EXPECT_COUNTER(PAWSEstab, 1),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, TS(110, 0)),
    EXPECT_READABLE(100),
    OUT_AT(50 * MPT_MS, ACK, .seq = 1, .ack = 101, TS(50, 110)),
    IN(ACK, .seq = 101, .ack = 1, TS(109, 0)),
    QUIET_FOR(100 * MPT_MS),
    EXPECT_COUNTER(PAWSEstab, 1),
    IN(RST, .seq = 101, TS(109, 0)),
    EXPECT_FAILED(RESET),
};

/* RFC 7323 5.5: after 24 days the rule does not hold. */
static const script_step old_timestamp_counts_again_after_24_days_of_silence[] = {
    SETTING(timestamps, true),
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS, TS(100, 0)),
    OUT(SYNACK, .ack = 1, SYN_OPTIONS, TS(0, 100)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, TS(110, 0)),
    EXPECT_NOTICE(ACCEPTED),
    AFTER(25 * 86400 * MPT_S),
    IN(PSHACK, .seq = 1, .ack = 1, .length = 100, TS(109, 0)),
    EXPECT_READABLE(100),
    OUT_AT(25 * 86400 * MPT_S + 50 * MPT_MS, ACK, .seq = 1, .ack = 101, TS(2160000050, 109)),
    IN(PSHACK, .seq = 101, .ack = 1, .length = 100, TS(108, 0)), /* and from there on the rule holds again */
    OUT(ACK, .seq = 1, .ack = 101, TS(2160000050, 109)),
    EXPECT_READABLE(100),
};

/* ---- Sending ------------------------------------------------------------------------------------------------- */

/* RFC 9293 3.7.4. */
static const script_step nagle_holds_a_small_segment_until_all_is_acknowledged[] = {
    CONNECT_TCP,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100),
    WRITE(100),
    WRITE(100),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 101),
    OUT(PSHACK, .seq = 101, .ack = 1, .length = 200),
};

static const script_step nagle_lets_full_segments_go[] = {
    CONNECT_TCP,
    WRITE(3000),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 1461, .ack = 1, .length = 1460),
    WRITE(1380),
    OUT(PSHACK, .seq = 2921, .ack = 1, .length = 1460),
};

static const script_step nagle_does_not_hold_the_last_segment[] = {
    CONNECT_TCP,
    WRITE(2000),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1460),
    SHUTDOWN,
    OUT(PSHACK, .seq = 1461, .ack = 1, .length = 540),
    OUT(FINACK, .seq = 2001, .ack = 1),
};

static const script_step small_segments_go_at_once_without_nagle[] = {
    SETTING(nagle, false),
    CONNECT_TCP,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100),
    WRITE(50),
    OUT(PSHACK, .seq = 101, .ack = 1, .length = 50),
};

/* RFC 6928: ten segments, then slow start: two for each that is acknowledged. */
static const script_step window_starts_with_the_initial_window_and_doubles[] = {
    SETTING(initial_window_segments, 2),
    CONNECT_TCP,
    WRITE(14600),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 1461, .ack = 1, .length = 1460),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1461),
    OUT(ACK, .seq = 2921, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 4381, .ack = 1, .length = 1460),
    IN(ACK, .seq = 1, .ack = 2921),
    OUT(ACK, .seq = 5841, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 7301, .ack = 1, .length = 1460),
    AT(30 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 5841),
    OUT(ACK, .seq = 8761, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 10221, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 11681, .ack = 1, .length = 1460),
    OUT(PSHACK, .seq = 13141, .ack = 1, .length = 1460),
};

/* RFC 5681 4.1: after an idle time longer than the RTO the window starts again. */
static const script_step window_starts_again_after_an_idle_time[] = {
    SETTING(initial_window_segments, 2),
    CONNECT_TCP,
    WRITE(2920),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1460),
    OUT(PSHACK, .seq = 1461, .ack = 1, .length = 1460),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1461),
    IN(ACK, .seq = 1, .ack = 2921),
    AT(30 * MPT_MS),
    WRITE(5840),
    OUT(ACK, .seq = 2921, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 4381, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 5841, .ack = 1, .length = 1460),
    OUT(PSHACK, .seq = 7301, .ack = 1, .length = 1460),
    AT(40 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 8761),
    AT(2 * MPT_S),
    WRITE(5840),
    OUT(ACK, .seq = 8761, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 10221, .ack = 1, .length = 1460),
    QUIET_FOR(5 * MPT_MS),
};

/* RFC 2861 3: six segments become three. */
static const script_step window_is_halved_for_each_timeout_of_idle_time[] = {
    SETTING(initial_window_segments, 2),
    CONNECT_TCP,
    WRITE(2920),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1460),
    OUT(PSHACK, .seq = 1461, .ack = 1, .length = 1460),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1461),
    IN(ACK, .seq = 1, .ack = 2921),
    AT(30 * MPT_MS),
    WRITE(5840),
    OUT(ACK, .seq = 2921, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 4381, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 5841, .ack = 1, .length = 1460),
    OUT(PSHACK, .seq = 7301, .ack = 1, .length = 1460),
    AT(40 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 8761),
    AT(300 * MPT_MS), /* longer than one, shorter than two */
    WRITE(8760),
    OUT(ACK, .seq = 8761, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 10221, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 11681, .ack = 1, .length = 1460),
    QUIET_FOR(5 * MPT_MS),
};

/* ---- Windows ------------------------------------------------------------------------------------------------- */

/* RFC 9293 3.8.6.1: probes after the RTO, then with back-off; they end when the window opens. */
static const script_step closed_window_is_probed_with_back_off[] = {
    CONNECT_TCP,
    WRITE(1460),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1460),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1461, .win = 0),
    WRITE(100),
    OUT_AT(230 * MPT_MS, ACK, .seq = 1460, .ack = 1),
    AFTER(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1461, .win = 0),
    OUT_AT(650 * MPT_MS, ACK, .seq = 1460, .ack = 1),
    IN(ACK, .seq = 1, .ack = 1461, .win = 0),
    OUT_AT(1490 * MPT_MS, ACK, .seq = 1460, .ack = 1),
    OUT_AT(3170 * MPT_MS, ACK, .seq = 1460, .ack = 1),
    AFTER(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1461, .win = 100),
    OUT(PSHACK, .seq = 1461, .ack = 1, .length = 100),
    AFTER(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1561, .win = 100),
    QUIET_FOR(600 * MPT_S),
};

/*
 * RFC 9293 3.8.6.1: "the sending TCP peer MUST allow the connection to stay open" while probes are answered (MUST-37).
 */
static const script_step closed_window_is_no_reason_to_give_up_while_probes_are_answered[] = {
    SETTING(data_retries, 2),
    SETTING(rto_max_ns, 400 * MPT_MS),
    CONNECT_TCP,
    WRITE(1460),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1460),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1461, .win = 0),
    WRITE(100),
    OUT_AT(230 * MPT_MS, ACK, .seq = 1460, .ack = 1),
    IN(ACK, .seq = 1, .ack = 1461, .win = 0),
    OUT_AT(630 * MPT_MS, ACK, .seq = 1460, .ack = 1),
    IN(ACK, .seq = 1, .ack = 1461, .win = 0),
    OUT_AT(1030 * MPT_MS, ACK, .seq = 1460, .ack = 1),
    IN(ACK, .seq = 1, .ack = 1461, .win = 0),
    OUT_AT(1430 * MPT_MS, ACK, .seq = 1460, .ack = 1),
    OUT_AT(1830 * MPT_MS, ACK, .seq = 1460, .ack = 1),
    QUIET_FOR(1 * MPT_S),
    EXPECT_FAILED(TIMEOUT),
};

/* RFC 9293 3.8.6.2.1: no small segment only because the window ends there. */
static const script_step sender_waits_for_a_window_worth_sending[] = {
    CONNECT_TCP,
    WRITE(2920),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1460),
    OUT(PSHACK, .seq = 1461, .ack = 1, .length = 1460),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1461, .win = 20),
    WRITE(5000),
    QUIET_FOR(5 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2921, .win = 20),
    OUT(ACK, .seq = 2921, .ack = 1, .length = 1460),
    QUIET_FOR(5 * MPT_MS),
};

/* The same, rule 4: "the override timeout occurs". */
static const script_step small_window_is_used_after_the_override_timeout[] = {
    CONNECT_TCP,
    WRITE(1460),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 1460),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1461, .win = 0),
    WRITE(1000),
    AT(30 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1461, .win = 1),
    OUT_AT(230 * MPT_MS, ACK, .seq = 1461, .ack = 1, .length = 128),
    AFTER(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1589, .win = 8),
    OUT(PSHACK, .seq = 1589, .ack = 1, .length = 872),
};

/* Rule 3: half of the greatest window the peer ever offered is worth it. */
static const script_step peer_with_a_small_buffer_is_not_starved[] = {
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, .win = 600, MSS(1460)),
    OUT(ACK, .seq = 1, .ack = 1),
    WRITE(1000),
    OUT(ACK, .seq = 1, .ack = 1, .length = 600),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 601, .win = 300),
    OUT(ACK, .seq = 601, .ack = 1, .length = 300),
};

/* RFC 9293 3.8.6.2.2: the window opens by two segments or half the buffer, not by less; it closes in full. */
static const script_step receiver_does_not_open_its_window_by_little[] = {
    SETTING(receive_buffer_bytes, 5840),
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, .win = 5840, MSS(1460), SACK_PERMITTED, WSCALE(0)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1),
    IN(ACK, .seq = 1, .ack = 1, .length = 1460),
    IN(ACK, .seq = 1461, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 1, .ack = 2921, .win = 2920),
    IN(ACK, .seq = 2921, .ack = 1, .length = 1460),
    IN(ACK, .seq = 4381, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 1, .ack = 5841, .win = 0),
    READ(1000),
    READ(1919),
    QUIET_FOR(1 * MPT_S),
    READ(1),
    OUT(ACK, .seq = 1, .ack = 5841, .win = 2920),
    IN(ACK, .seq = 5841, .ack = 1, .length = 1460),
    IN(ACK, .seq = 7301, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 1, .ack = 8761, .win = 0),
    READ(5840),
    OUT(ACK, .seq = 1, .ack = 8761, .win = 5840),
};

static const script_step data_beyond_the_window_are_dropped_and_acknowledged[] = {
    SETTING(receive_buffer_bytes, 2920),
    SETTING(mptcp, false),
    LISTEN,
    IN(SYN, SYN_OPTIONS),
    OUT(SYNACK, .ack = 1, .win = 2920, MSS(1460), SACK_PERMITTED, WSCALE(0)),
    AT(10 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1),
    IN(ACK, .seq = 1, .ack = 1, .length = 1460),
    IN(ACK, .seq = 1461, .ack = 1, .length = 1460),
    OUT(ACK, .seq = 1, .ack = 2921, .win = 0),
    IN(ACK, .seq = 2921, .ack = 1, .length = 1),
    OUT(ACK, .seq = 1, .ack = 2921, .win = 0),
    EXPECT_READABLE(2920),
    IN(ACK, .seq = 2920, .ack = 1),
    OUT(ACK, .seq = 1, .ack = 2921, .win = 0),
    READ(2920),
    OUT(ACK, .seq = 1, .ack = 2921, .win = 2920),
};

/* RFC 9293 3.8.6: MUST-34: a window that shrinks; SHLD-15: no new data then; the acknowledgement still counts. */
static const script_step window_that_shrinks_holds_new_data_back[] = {
    CONNECT_TCP,
    IN(ACK, .seq = 1, .ack = 1, .win = 0),
    WRITE(100),
    OUT_AT(220 * MPT_MS, ACK, .seq = 0, .ack = 1),
    IN(ACK, .seq = 1, .ack = 1, .win = 1),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100),
};

/* RFC 9293 3.10.7.4: SND.WL1, SND.WL2: a window that was overtaken does not count. */
static const script_step old_window_does_not_replace_a_newer_one[] = {
    CONNECT_TCP,
    IN(ACK, .seq = 11, .ack = 1, .length = 10),
    OUT(ACK, .seq = 1, .ack = 1, SACK(11, 21)),
    IN(ACK, .seq = 1, .ack = 1, .length = 10, .win = 0),
    OUT(ACK, .seq = 1, .ack = 21),
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 21, .length = 100),
};

/* ---- What is not believed (RFC 5961) --------------------------------------------------------------------------- */

static const script_step reset_counts_only_at_the_expected_number[] = {
    ACCEPT_TCP,
    IN(RST, .seq = 2),
    OUT(ACK, .seq = 1, .ack = 1),
    EXPECT_COUNTER(TCPChallengeACK, 1),
    IN(RST, .seq = 0),
    IN(RST, .seq = 100000000),
    QUIET_FOR(1 * MPT_MS),
    IN(RST, .seq = 1),
    EXPECT_FAILED(RESET),
    EXPECT_COUNTER(EstabResets, 1),
};

static const script_step syn_in_an_established_connection_is_challenged[] = {
    ACCEPT_TCP,
    IN(SYN, .seq = 1),
    OUT(ACK, .seq = 1, .ack = 1),
    IN(SYN, .seq = 0, SYN_OPTIONS),
    OUT(ACK, .seq = 1, .ack = 1),
    EXPECT_COUNTER(TCPChallengeACK, 2),
    EXPECT_NO_NOTICE(FAILED),
};

static const script_step acknowledgement_of_what_was_never_sent_is_challenged[] = {
    ACCEPT_TCP,
    IN(PSHACK, .seq = 1, .ack = 2, .length = 10),
    OUT(ACK, .seq = 1, .ack = 1),
    EXPECT_READABLE(0),
    IN(PSHACK, .seq = 1, .ack = 100000000, .length = 10),
    OUT(ACK, .seq = 1, .ack = 1),
    IN(PSHACK, .seq = 1, .ack = -100000000ULL, .length = 10),
    OUT(ACK, .seq = 1, .ack = 1),
    EXPECT_READABLE(0),
};

/* What has no payload is not always answered, or two ends that are both wrong would go on for ever; what has some is (as in Linux). */
static const script_step acknowledgements_outside_the_window_are_answered_now_and_then[] = {
    ACCEPT_TCP,
    IN(ACK, .seq = 100000000, .ack = 1),
    OUT(ACK, .seq = 1, .ack = 1),
    IN(ACK, .seq = 100000000, .ack = 1),
    IN(ACK, .seq = 0, .ack = 1),
    QUIET_FOR(499 * MPT_MS),
    EXPECT_COUNTER(TCPACKSkippedSeq, 2),
    IN(PSHACK, .seq = 100000000, .ack = 1, .length = 10),
    OUT(ACK, .seq = 1, .ack = 1),
    AFTER(1 * MPT_MS),
    IN(ACK, .seq = 0, .ack = 1),
    OUT(ACK, .seq = 1, .ack = 1),
};

/* RFC 5961 7. */
static const script_step challenges_are_limited[] = {
    SETTING(challenge_acks_per_s, 2),
    ACCEPT_TCP,
    IN(RST, .seq = 2),
    OUT(ACK, .seq = 1, .ack = 1),
    IN(RST, .seq = 2),
    OUT(ACK, .seq = 1, .ack = 1),
    IN(RST, .seq = 2),
    QUIET_FOR(999 * MPT_MS),
    IN(RST, .seq = 2),
    AFTER(1 * MPT_MS),
    IN(RST, .seq = 2),
    OUT(ACK, .seq = 1, .ack = 1),
};

static const script_step data_without_ack_flag_are_dropped[] = {
    ACCEPT_TCP,
    IN(MPT_PSH, .seq = 1, .length = 10),
    QUIET_FOR(100 * MPT_MS),
    EXPECT_READABLE(0),
};

TOPIC(scripts_tcp_data, SCRIPT(second_segment_is_acknowledged_at_once_and_a_single_one_after_40_ms),
      SCRIPT(acknowledgement_rides_on_data), SCRIPT(every_segment_is_acknowledged_when_delaying_is_off),
      SCRIPT(holes_are_told_with_sack_latest_first), SCRIPT(three_blocks_fit_beside_timestamps),
      SCRIPT(duplicates_are_told_with_dsack), SCRIPT(segments_that_overlap_are_put_together),
      SCRIPT(delayed_ack_echoes_the_first_timestamp), SCRIPT(data_with_an_old_timestamp_are_dropped),
      SCRIPT(old_timestamp_counts_again_after_24_days_of_silence),
      SCRIPT(nagle_holds_a_small_segment_until_all_is_acknowledged), SCRIPT(nagle_lets_full_segments_go),
      SCRIPT(nagle_does_not_hold_the_last_segment), SCRIPT(small_segments_go_at_once_without_nagle),
      SCRIPT(window_starts_with_the_initial_window_and_doubles), SCRIPT(window_starts_again_after_an_idle_time),
      SCRIPT(window_is_halved_for_each_timeout_of_idle_time), SCRIPT(closed_window_is_probed_with_back_off),
      SCRIPT(closed_window_is_no_reason_to_give_up_while_probes_are_answered),
      SCRIPT(sender_waits_for_a_window_worth_sending), SCRIPT(small_window_is_used_after_the_override_timeout),
      SCRIPT(peer_with_a_small_buffer_is_not_starved), SCRIPT(receiver_does_not_open_its_window_by_little),
      SCRIPT(data_beyond_the_window_are_dropped_and_acknowledged), SCRIPT(window_that_shrinks_holds_new_data_back),
      SCRIPT(old_window_does_not_replace_a_newer_one), SCRIPT(reset_counts_only_at_the_expected_number),
      SCRIPT(syn_in_an_established_connection_is_challenged),
      SCRIPT(acknowledgement_of_what_was_never_sent_is_challenged),
      SCRIPT(acknowledgements_outside_the_window_are_answered_now_and_then), SCRIPT(challenges_are_limited),
      SCRIPT(data_without_ack_flag_are_dropped));
