/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scripts_rack.c: losses by time, and probes for them: RACK-TLP (RFC 8985). The round-trip time is 10 ms throughout. */
#include "script.h"

#define CONNECT_RACK SETTING(rack, true), SETTING(nagle, false), CONNECT_TCP
#define CONNECT_TLP SETTING(rack, true), SETTING(tail_loss_probe, true), SETTING(nagle, false), CONNECT_TCP
/** The stack writes and sends n full segments, n <= 4, of which the first has number s; the last of all that is written has PSH. */
#define SEND(s, flags) OUT(flags, .seq = (s), .ack = 1, .length = 1460)
#define SEND_TWO(s) WRITE(2920), SEND(s, ACK), SEND((s) + 1460, PSHACK)
#define SEND_FOUR(s) WRITE(5840), SEND(s, ACK), SEND((s) + 1460, ACK), SEND((s) + 2920, ACK), SEND((s) + 4380, PSHACK)
#define AGAIN_AT(time, s) OUT_AT(time, ACK, .seq = (s), .ack = 1, .length = 1460)

/* ---- The reordering window (RFC 8985 6.2) -------------------------------------------------------------------- */

/* Sent at 10 ms, known to be overtaken at 20 ms: lost when a quarter of the round-trip time has passed as well. */
static const script_step overtaken_segment_is_lost_after_a_quarter_of_the_round_trip_time[] = {
    CONNECT_RACK,
    SEND_TWO(1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 2921)),
    AGAIN_AT(22500 * MPT_US, 1),
    EXPECT_COUNTER(TCPFastRetrans, 1),
    AT(32500 * MPT_US),
    IN(ACK, .seq = 1, .ack = 2921),
    QUIET_FOR(1 * MPT_S),
    EXPECT_COUNTER(TCPTimeouts, 0),
};

static const script_step segment_that_is_late_but_within_the_window_is_not_sent_again[] = {
    CONNECT_RACK,
    SEND_TWO(1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 2921)),
    QUIET_UNTIL(22499 * MPT_US),
    IN(ACK, .seq = 1, .ack = 2921),
    QUIET_FOR(1 * MPT_S),
    EXPECT_COUNTER(RetransSegs, 0),
};

/* RFC 7661 4.4.1: most of the window was acknowledged before the loss of its end was found, and nothing took its place: eight were in flight, not two. */
static const script_step end_of_a_flight_that_is_lost_halves_all_of_it[] = {
    CONNECT_RACK,
    WRITE(11680),
    SEND(1, ACK),
    SEND(1461, ACK),
    SEND(2921, ACK),
    SEND(4381, ACK),
    SEND(5841, ACK),
    SEND(7301, ACK),
    SEND(8761, ACK),
    SEND(10221, PSHACK),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 8761),
    IN(ACK, .seq = 1, .ack = 8761, SACK(10221, 11681)),
    AGAIN_AT(22500 * MPT_US, 8761),
    AT(32500 * MPT_US),
    IN(ACK, .seq = 1, .ack = 11681),
    AT(34 * MPT_MS),
    WRITE(14600), /* the window is half of eight */
    SEND(11681, ACK),
    SEND(13141, ACK),
    SEND(14601, ACK),
    SEND(16061, ACK),
    QUIET_FOR(5 * MPT_MS),
};

/* The one sent before the one that arrived counts; what was sent after it does not. */
static const script_step only_what_was_sent_before_an_arrived_segment_is_lost[] = {
    CONNECT_RACK,
    SEND_TWO(1),
    AT(12 * MPT_MS),
    SEND_TWO(2921),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 2921)),
    AGAIN_AT(22500 * MPT_US, 1),
    QUIET_UNTIL(32500 * MPT_US),
    IN(ACK, .seq = 1, .ack = 5841),
    QUIET_FOR(1 * MPT_S),
};

/** A segment that a path with this round-trip time delivers. */
#define ROUND_TRIP(sent, s, rtt)                                                                                       \
    AT(sent), WRITE(1460), SEND(s, PSHACK), AT((sent) + (rtt)), IN(ACK, .seq = 1, .ack = (s) + 1460)

/* Step 1, step 4: a path that has grown from 10 to 80 ms gives 20 ms, as soon as the short times are too old. */
static const script_step reordering_window_follows_a_round_trip_time_that_grew[] = {
    SETTING(rtt_min_window_ns, 1 * MPT_S),
    CONNECT_RACK,
    ROUND_TRIP(200 * MPT_MS, 1, 80 * MPT_MS),
    ROUND_TRIP(500 * MPT_MS, 1461, 80 * MPT_MS),
    AT(700 * MPT_MS),
    SEND_TWO(2921),
    AT(780 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2921, SACK(4381, 5841)),
    AGAIN_AT(782500 * MPT_US, 2921),
    AT(862500 * MPT_US),
    IN(ACK, .seq = 1, .ack = 5841),
    ROUND_TRIP(1000 * MPT_MS, 5841, 80 * MPT_MS),
    AT(1100 * MPT_MS),
    SEND_TWO(7301),
    AT(1180 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 7301, SACK(8761, 10221)),
    AGAIN_AT(1200 * MPT_MS, 7301),
};

/* Until reordering was seen, DupThresh segments beyond a hole need no time (step 4). */
static const script_step three_segments_beyond_a_hole_are_enough_where_nothing_was_reordered[] = {
    CONNECT_RACK,
    SEND_FOUR(1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 2921)),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 4381)),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 5841)),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1460),
};

/* An original that comes after its successor is reordering (step 3): from then on time alone counts. */
static const script_step reordering_once_seen_gives_every_segment_its_time[] = {
    CONNECT_RACK,
    SEND_TWO(1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 2921)),
    IN(ACK, .seq = 1, .ack = 2921),
    SEND_FOUR(2921),
    AT(30 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2921, SACK(4381, 8761)),
    AGAIN_AT(32500 * MPT_US, 2921),
};

/* A cumulative acknowledgement of segments that a SACK of the same segment overtakes is no reordering. */
static const script_step one_acknowledgement_for_many_segments_is_no_reordering[] = {
    CONNECT_RACK,
    SEND_FOUR(1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1461, SACK(2921, 4381)),
    IN(ACK, .seq = 1, .ack = 1461, SACK(2921, 5841)),
    WRITE(1460),
    OUT(PSHACK, .seq = 5841, .ack = 1, .length = 1460),
    QUIET_UNTIL(22 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1461, SACK(2921, 7301)),
    OUT(ACK, .seq = 1461, .ack = 1, .length = 1460),
};

/** A segment at s is sent again at @p lost, and then was not lost at all. */
#define IN_VAIN(sent, s, lost)                                                                                         \
    AT(sent), SEND_TWO(s), AT((sent) + 10 * MPT_MS), IN(ACK, .seq = 1, .ack = (s), SACK((s) + 1460, (s) + 2920)),      \
        AGAIN_AT(lost, s), AT((lost) + 1 * MPT_MS), IN(ACK, .seq = 1, .ack = (s) + 2920),                              \
        IN(ACK, .seq = 1, .ack = (s) + 2920, SACK(s, (s) + 1460))

/* Step 4: each round trip with a D-SACK makes the window a quarter longer, up to the smoothed round-trip time. */
static const script_step dsack_widens_the_window_up_to_the_round_trip_time[] = {
    CONNECT_RACK,
    IN_VAIN(1000 * MPT_MS, 1, 1012500 * MPT_US),
    IN_VAIN(2000 * MPT_MS, 2921, 2015000 * MPT_US),
    IN_VAIN(3000 * MPT_MS, 5841, 3017500 * MPT_US),
    IN_VAIN(4000 * MPT_MS, 8761, 4020000 * MPT_US),
    IN_VAIN(5000 * MPT_MS, 11681, 5020000 * MPT_US),
    EXPECT_COUNTER(TCPDSACKRecv, 5),
};

static const script_step second_dsack_of_a_round_trip_does_not_widen_the_window[] = {
    CONNECT_RACK,
    SEND_TWO(1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 2921)),
    AGAIN_AT(22500 * MPT_US, 1),
    AT(23 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2921),
    SEND_TWO(2921),
    IN(ACK, .seq = 1, .ack = 2921, SACK(1, 1461)), /* the round lasts until what is sent by now is acknowledged */
    IN(ACK, .seq = 1, .ack = 2921, SACK(1, 1461)),
    AT(33 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2921, SACK(4381, 5841)),
    AGAIN_AT(38 * MPT_MS, 2921), /* two quarters */
};

/** A loss and its repair without a D-SACK. */
#define REPAIRED(sent, s, lost)                                                                                        \
    AT(sent), SEND_TWO(s), AT((sent) + 10 * MPT_MS), IN(ACK, .seq = 1, .ack = (s), SACK((s) + 1460, (s) + 2920)),      \
        AGAIN_AT(lost, s), AT((lost) + 10 * MPT_MS), IN(ACK, .seq = 1, .ack = (s) + 2920)
#define REPAIRED_TWICE(sent, s)                                                                                        \
    REPAIRED((sent)*MPT_S, s, (sent)*MPT_S + 15 * MPT_MS),                                                             \
        REPAIRED(((sent) + 1) * MPT_S, (s) + 2920, ((sent) + 1) * MPT_S + 15 * MPT_MS)

static const script_step window_is_short_again_after_16_recoveries_without_dsack[] = {
    CONNECT_RACK,
    IN_VAIN(1 * MPT_S, 1, 1012500 * MPT_US), /* its D-SACK comes when its recovery is over */
    REPAIRED_TWICE(2, 2921),
    REPAIRED_TWICE(4, 8761),
    REPAIRED_TWICE(6, 14601),
    REPAIRED_TWICE(8, 20441),
    REPAIRED_TWICE(10, 26281),
    REPAIRED_TWICE(12, 32121),
    REPAIRED_TWICE(14, 37961),
    REPAIRED_TWICE(16, 43801),
    REPAIRED(18 * MPT_S, 49641, 18 * MPT_S + 12500 * MPT_US),
};

/* ---- Retransmissions, timeouts -------------------------------------------------------------------------------- */

/* New data sent after a retransmission arrive, it does not: it is lost as well, and no timeout is needed (section 3.2). */
static const script_step lost_retransmission_is_sent_again_when_later_data_arrive[] = {
    CONNECT_RACK,
    SEND_FOUR(1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 5841)),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1460),
    AT(21 * MPT_MS),
    WRITE(1460),
    OUT(PSHACK, .seq = 5841, .ack = 1, .length = 1460),
    AT(31 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 7301)),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1460),
    EXPECT_COUNTER(TCPLostRetransmit, 1),
    EXPECT_COUNTER(TCPFastRetrans, 1),
    EXPECT_COUNTER(TCPTimeouts, 0),
};

/* New data that left before a retransmission, and at the same time, do not overtake it, though their numbers are higher. */
static const script_step segments_of_one_moment_count_in_the_order_they_left[] = {
    CONNECT_RACK,
    SEND_FOUR(1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 2921)),
    WRITE(1460),
    OUT(PSHACK, .seq = 5841, .ack = 1, .length = 1460),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 5841)),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1460),
    AT(30 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 7301)),
    IN(ACK, .seq = 1, .ack = 7301),
    EXPECT_COUNTER(RetransSegs, 1),
};

/* What is SACKed sooner than the least round-trip time after it was sent again answers the first copy (step 2). */
static const script_step answer_to_the_first_copy_says_nothing_about_the_second[] = {
    CONNECT_RACK,
    SEND_TWO(1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 2921)),
    AT(21 * MPT_MS),
    SEND_TWO(2921),
    AGAIN_AT(22500 * MPT_US, 1),
    AT(30 * MPT_MS), /* 7.5 ms after it was sent again: what was sent before that is not overtaken */
    IN(ACK, .seq = 1, .ack = 2921),
    QUIET_UNTIL(31 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 5841),
    QUIET_FOR(1 * MPT_S),
    EXPECT_COUNTER(RetransSegs, 1),
};

/* Section 6.3: the timer takes the head, and what was sent a round trip and the window ago; not what may still be under way. */
static const script_step timeout_takes_the_head_and_what_is_overdue[] = {
    CONNECT_RACK,
    SEND_TWO(1),
    AT(215 * MPT_MS),
    SEND_TWO(2921),
    OUT_AT(220 * MPT_MS, ACK, .seq = 1, .ack = 1, .length = 1460),
    AT(225 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(2921, 5841)),
    OUT(PSHACK, .seq = 1461, .ack = 1, .length = 1460), /* the window is what may still be under way, and one more */
    AT(235 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 5841),
    QUIET_FOR(1 * MPT_S),
    EXPECT_COUNTER(TCPTimeouts, 1),
    EXPECT_COUNTER(RetransSegs, 2),
};

static const script_step without_rack_segments_are_counted[] = {
    SETTING(nagle, false),
    CONNECT_TCP,
    SEND_FOUR(1),
    AT(20 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 4381)),
    QUIET_UNTIL(50 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 5841)),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1460),
};

/* ---- Tail loss probes (RFC 8985 7) ---------------------------------------------------------------------------- */

/* Two round trips without news: the last segment again. The timeout counts from the probe (7.3). */
static const script_step last_segment_is_sent_again_as_a_probe_after_two_round_trips[] = {
    CONNECT_TLP,
    SEND_TWO(1),
    OUT_AT(30 * MPT_MS, PSHACK, .seq = 1461, .ack = 1, .length = 1460),
    EXPECT_COUNTER(TCPLossProbes, 1),
    OUT_AT(240 * MPT_MS, ACK, .seq = 1, .ack = 1, .length = 1460),
    EXPECT_COUNTER(TCPTimeouts, 1),
};

static const script_step probe_timer_starts_again_with_new_data_and_with_progress[] = {
    CONNECT_TLP,
    SEND_TWO(1),
    AT(25 * MPT_MS),
    SEND_TWO(2921),
    AT(40 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 2921), /* 30 ms after it was sent: SRTT = 10 + (30 - 10) / 8 */
    OUT_AT(65 * MPT_MS, PSHACK, .seq = 4381, .ack = 1, .length = 1460),
};

/* The acknowledgement of a single segment may be delayed: 200 ms more, but not beyond the timeout (7.2). */
static const script_step probe_of_a_single_segment_waits_for_a_delayed_ack_until_the_timeout[] = {
    CONNECT_TLP,
    WRITE(100),
    OUT(PSHACK, .seq = 1, .ack = 1, .length = 100),
    OUT_AT(220 * MPT_MS, PSHACK, .seq = 1, .ack = 1, .length = 100),
    EXPECT_COUNTER(TCPLossProbes, 1),
    EXPECT_COUNTER(TCPTimeouts, 0),
    OUT_AT(430 * MPT_MS, PSHACK, .seq = 1, .ack = 1, .length = 100),
    EXPECT_COUNTER(TCPTimeouts, 1),
};

/* New data go first, though the congestion window is full (7.3). */
static const script_step new_data_are_the_probe_where_there_are_some[] = {
    SETTING(initial_window_segments, 2),
    CONNECT_TLP,
    WRITE(4380),
    SEND(1, ACK),
    SEND(1461, ACK),
    OUT_AT(30 * MPT_MS, PSHACK, .seq = 2921, .ack = 1, .length = 1460),
    EXPECT_COUNTER(TCPLossProbes, 1),
    EXPECT_COUNTER(RetransSegs, 0),
    AT(40 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 4381),
    QUIET_FOR(1 * MPT_S),
    EXPECT_COUNTER(TCPLossProbeRecovery, 0),
};

/* The answer to the probe shows RACK what else is lost. */
static const script_step answer_to_the_probe_shows_the_losses_before_it[] = {
    CONNECT_TLP,
    SEND_TWO(1),
    OUT_AT(30 * MPT_MS, PSHACK, .seq = 1461, .ack = 1, .length = 1460),
    AT(40 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 2921)), /* sent 20 ms after the lost one: that is overdue */
    OUT(ACK, .seq = 1, .ack = 1, .length = 1460),
    EXPECT_COUNTER(TCPTimeouts, 0),
    EXPECT_COUNTER(TCPFastRetrans, 1),
};

/* Beyond a hole an acknowledgement echoes a timestamp from before it (RFC 7323 4.3): that is no sign of the first copy. */
static const script_step timestamp_from_before_the_hole_does_not_hide_the_answer_to_the_probe[] = {
    SETTING(timestamps, true),
    SETTING(rack, true),
    SETTING(tail_loss_probe, true),
    SETTING(nagle, false),
    SETTING(mptcp, false),
    CONNECT,
    OUT(SYN, SYN_OPTIONS, TS(0, 0)),
    AT(10 * MPT_MS),
    IN(SYNACK, .ack = 1, SYN_OPTIONS, TS(500, 0)),
    OUT(ACK, .seq = 1, .ack = 1, TS(10, 500)),
    WRITE(2 * 1448),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1448, TS(10, 500)),
    OUT(PSHACK, .seq = 1449, .ack = 1, .length = 1448, TS(10, 500)),
    OUT_AT(30 * MPT_MS, PSHACK, .seq = 1449, .ack = 1, .length = 1448, TS(30, 500)),
    AT(40 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, TS(525, 10), SACK(1449, 2897)),
    OUT(ACK, .seq = 1, .ack = 1, .length = 1448, TS(40, 525)),
    EXPECT_COUNTER(TCPFastRetrans, 1),
};

/* What arrived is the first copy, 2 ms after the probe: it left after the one before it, for which the reordering window is waited. */
static const script_step first_copy_that_comes_after_the_probe_shows_the_losses_before_it[] = {
    CONNECT_TLP,
    SEND_TWO(1),
    OUT_AT(30 * MPT_MS, PSHACK, .seq = 1461, .ack = 1, .length = 1460),
    AT(32 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1, SACK(1461, 2921)),
    AGAIN_AT(34500 * MPT_US, 1),
    EXPECT_COUNTER(TCPTimeouts, 0),
    EXPECT_COUNTER(TCPFastRetrans, 1),
};

/** A flight of four, of which the stack knows nothing for 20 ms: probed. Then all of it is acknowledged. */
#define PROBED                                                                                                         \
    SETTING(initial_window_segments, 4), CONNECT_TLP, SEND_FOUR(1),                                                    \
        OUT_AT(30 * MPT_MS, PSHACK, .seq = 4381, .ack = 1, .length = 1460), AT(35 * MPT_MS),                           \
        IN(ACK, .seq = 1, .ack = 5841)

/* 7.4: one acknowledgement for both copies, and then one beyond: the probe repaired a loss, the window falls to a half. */
static const script_step loss_that_the_probe_repaired_halves_the_window[] = {
    NAME_SETTING(congestion_control, "reno"),
    PROBED, /* the window is 6 by now: 4 and 2 for the acknowledgement */
    SEND_FOUR(5841),
    AT(45 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 7301),
    EXPECT_COUNTER(TCPLossProbeRecovery, 1),
    WRITE(14600),
    QUIET_FOR(1 * MPT_MS), /* it is 3, and so many are in flight */
};

/* A D-SACK for the probe: both copies arrived, nothing was lost. */
static const script_step probe_that_arrived_twice_costs_nothing[] = {
    NAME_SETTING(congestion_control, "reno"),
    PROBED,
    AT(40 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 5841, SACK(4381, 5841)),
    SEND_FOUR(5841),
    AT(50 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 7301),
    EXPECT_COUNTER(TCPLossProbeRecovery, 0),
    WRITE(2920),
    SEND(11681, ACK),
    SEND(13141, PSHACK),
};

/* So does a duplicate acknowledgement without a block, of a peer that knows no D-SACK. */
static const script_step bare_duplicate_shows_that_the_probe_arrived_twice[] = {
    NAME_SETTING(congestion_control, "reno"),
    PROBED,
    AT(40 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 5841),
    SEND_FOUR(5841),
    AT(50 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 7301),
    EXPECT_COUNTER(TCPLossProbeRecovery, 0),
};

/* 7.3: one probe; when it stays without an answer, the timeout is next. */
static const script_step second_probe_waits_for_the_answer_to_the_first[] = {
    CONNECT_TLP,
    SEND_TWO(1),
    OUT_AT(30 * MPT_MS, PSHACK, .seq = 1461, .ack = 1, .length = 1460),
    AT(60 * MPT_MS),
    SEND_TWO(2921),
    OUT_AT(240 * MPT_MS, ACK, .seq = 1, .ack = 1, .length = 1460),
    EXPECT_COUNTER(TCPLossProbes, 1),
    EXPECT_COUNTER(TCPTimeouts, 1),
};

/* 7.2: where losses are known already, recovery is on its way. */
static const script_step no_probe_while_something_is_sacked[] = {
    CONNECT_TLP,
    SEND_TWO(1),
    AT(25 * MPT_MS),
    SEND_TWO(2921),
    AT(29 * MPT_MS),
    IN(ACK, .seq = 1, .ack = 1,
       SACK(1461, 2921)), /* 19 ms: 4.75 beyond what the first may take, were it not 2.5 of 10 ms */
    OUT_AT(31500 * MPT_US, ACK, .seq = 1, .ack = 1, .length = 1460),
    QUIET_UNTIL(90 * MPT_MS),
    EXPECT_COUNTER(TCPLossProbes, 0),
};

static const script_step probes_can_be_switched_off[] = {
    CONNECT_RACK,
    SEND_TWO(1),
    OUT_AT(220 * MPT_MS, ACK, .seq = 1, .ack = 1, .length = 1460),
    EXPECT_COUNTER(TCPTimeouts, 1),
};

TOPIC(scripts_rack, SCRIPT(overtaken_segment_is_lost_after_a_quarter_of_the_round_trip_time),
      SCRIPT(segment_that_is_late_but_within_the_window_is_not_sent_again),
      SCRIPT(end_of_a_flight_that_is_lost_halves_all_of_it),
      SCRIPT(only_what_was_sent_before_an_arrived_segment_is_lost),
      SCRIPT(reordering_window_follows_a_round_trip_time_that_grew),
      SCRIPT(three_segments_beyond_a_hole_are_enough_where_nothing_was_reordered),
      SCRIPT(reordering_once_seen_gives_every_segment_its_time),
      SCRIPT(one_acknowledgement_for_many_segments_is_no_reordering),
      SCRIPT(dsack_widens_the_window_up_to_the_round_trip_time),
      SCRIPT(second_dsack_of_a_round_trip_does_not_widen_the_window),
      SCRIPT(window_is_short_again_after_16_recoveries_without_dsack),
      SCRIPT(lost_retransmission_is_sent_again_when_later_data_arrive),
      SCRIPT(segments_of_one_moment_count_in_the_order_they_left),
      SCRIPT(answer_to_the_first_copy_says_nothing_about_the_second),
      SCRIPT(timeout_takes_the_head_and_what_is_overdue), SCRIPT(without_rack_segments_are_counted),
      SCRIPT(last_segment_is_sent_again_as_a_probe_after_two_round_trips),
      SCRIPT(probe_timer_starts_again_with_new_data_and_with_progress),
      SCRIPT(probe_of_a_single_segment_waits_for_a_delayed_ack_until_the_timeout),
      SCRIPT(new_data_are_the_probe_where_there_are_some), SCRIPT(answer_to_the_probe_shows_the_losses_before_it),
      SCRIPT(timestamp_from_before_the_hole_does_not_hide_the_answer_to_the_probe),
      SCRIPT(first_copy_that_comes_after_the_probe_shows_the_losses_before_it),
      SCRIPT(loss_that_the_probe_repaired_halves_the_window), SCRIPT(probe_that_arrived_twice_costs_nothing),
      SCRIPT(bare_duplicate_shows_that_the_probe_arrived_twice), SCRIPT(second_probe_waits_for_the_answer_to_the_first),
      SCRIPT(no_probe_while_something_is_sacked), SCRIPT(probes_can_be_switched_off));
