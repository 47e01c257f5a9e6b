/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scripts_tcp_rate.c: how fast: pacing, and a receive buffer that follows the rate. The round-trip time is 10 ms throughout. */
#include "script.h"

#define DATA(n) OUT(ACK, .seq = 1 + 1460 * ((n)-1), .ack = 1, .length = 1460)
#define DATA_AT(t, n) OUT_AT(t, ACK, .seq = 1 + 1460 * ((n)-1), .ack = 1, .length = 1460)
#define ACKED(n, ...) IN(ACK, .seq = 1, .ack = 1 + 1460 * ((n)-1), __VA_ARGS__)
#define TEN_SEGMENTS DATA(1), DATA(2), DATA(3), DATA(4), DATA(5), DATA(6), DATA(7), DATA(8), DATA(9), DATA(10)

/* ---- Pacing ----------------------------------------------------------------------------------------------------- */

/* The first ten leave at once. In slow start the window of 12 segments leaves in half a round trip: one each 10 / 2 / 12 ms. */
static const script_step window_leaves_in_half_a_round_trip_in_slow_start[] = {
    SETTING(pacing, true),
    CONNECT_TCP,
    WRITE(1460 * 100),
    TEN_SEGMENTS,
    AT(20 * MPT_MS),
    ACKED(11),
    DATA(11),
    DATA_AT(20416666, 12),
    DATA_AT(20833332, 13),
    DATA_AT(21249998, 14),
};

/* In congestion avoidance, in 5/6 of one: one each 10 / 1.2 / 10 ms, after a retransmission, too. */
static const script_step window_leaves_in_five_sixths_of_a_round_trip_in_congestion_avoidance[] = {
    SETTING(pacing, true),       CONNECT_TCP, WRITE(1460 * 100),     TEN_SEGMENTS, AT(20 * MPT_MS),
    ACKED(1, SACK(1461, 14601)), DATA(1),     DATA_AT(20833333, 11), /* the rate is that of the 10 and 11 which are not acknowledged yet, as in Linux */
    DATA_AT(21590908, 12),
};

static const script_step nothing_is_held_without_pacing[] = {
    CONNECT_TCP, WRITE(1460 * 100), TEN_SEGMENTS, AT(20 * MPT_MS), ACKED(11), DATA(11), DATA(12), DATA(13), DATA(14),
    DATA(15),    DATA(16),          DATA(17),     DATA(18),        DATA(19),  DATA(20), DATA(21), DATA(22),
};

/* Time that passed without a segment is not made up for by a burst: the next one comes after half the time at most. */
static const script_step idle_time_earns_no_burst[] = {
    SETTING(pacing, true),
    CONNECT_TCP,
    WRITE(1460 * 12),
    TEN_SEGMENTS,
    AT(20 * MPT_MS),
    ACKED(11),
    DATA(11),
    OUT_AT(20416666, PSHACK, .seq = 1 + 1460 * 11, .ack = 1, .length = 1460),
    AT(60 * MPT_MS),
    ACKED(13),
    WRITE(1460 * 3),
    DATA(13),
    DATA_AT(60244606, 14),
};

/* ---- The receive buffer ------------------------------------------------------------------------------------------ */

/*
 * It begins with 64 KiB. The first round trip, 10 ms, brings 14600 bytes and wants thrice 2 x 14600 + 16 x 1460 = 157680 (1231 << 7). The
 * next, of 15 ms, brings 9733 bytes in 10 ms: no more. The one after it 20000, 5400 more: wants 63360 + 2 x 63360 x 5400 / 14600 = 110229, less than there is.
 */
static const script_step receive_window_grows_with_what_is_read_in_a_round_trip[] = {
    SETTING(receive_buffer_autotuning, true),
    SETTING(delayed_ack_segments, 16),
    ACCEPT_TCP,
    IN(PSHACK, .seq = 1, .ack = 1, .length = 14600),
    READ(14600),
    OUT(ACK, .seq = 1, .ack = 14601, .win = 1231),
    IN(PSHACK, .seq = 14601, .ack = 1, .length = 14600),
    AT(25 * MPT_MS),
    READ(14600),
    IN(PSHACK, .seq = 29201, .ack = 1, .length = 20000),
    AT(35 * MPT_MS),
    READ(20000),
    WRITE(1),
    OUT(PSHACK, .seq = 1, .ack = 49201, .length = 1, .win = 1231),
};

/* ---- Use of the congestion window ---------------------------------------------------------------------------------- */

/* RFC 7661 4.1: what the application did not make use of is not validated: two segments a round trip let ten be ten. */
static const script_step window_that_is_not_in_use_does_not_grow[] = {
    CONNECT_TCP,
    WRITE(2920),
    DATA(1),
    OUT(PSHACK, .seq = 1461, .ack = 1, .length = 1460),
    AT(20 * MPT_MS),
    ACKED(3),
    WRITE(2920),
    DATA(3),
    OUT(PSHACK, .seq = 4381, .ack = 1, .length = 1460),
    AT(30 * MPT_MS),
    ACKED(5),
    WRITE(1460 * 20),
    DATA(5),
    DATA(6),
    DATA(7),
    DATA(8),
    DATA(9),
    DATA(10),
    DATA(11),
    DATA(12),
    DATA(13),
    DATA(14),
    QUIET_FOR(1 * MPT_MS),
};

TOPIC(scripts_tcp_rate, SCRIPT(window_leaves_in_half_a_round_trip_in_slow_start),
      SCRIPT(window_leaves_in_five_sixths_of_a_round_trip_in_congestion_avoidance),
      SCRIPT(nothing_is_held_without_pacing), SCRIPT(idle_time_earns_no_burst),
      SCRIPT(window_that_is_not_in_use_does_not_grow), SCRIPT(receive_window_grows_with_what_is_read_in_a_round_trip));
