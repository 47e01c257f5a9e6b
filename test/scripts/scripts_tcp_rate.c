/* SPDX-License-Identifier: GPL-2.0-only */
/* scripts_tcp_rate.c: how fast: pacing, and a receive buffer that follows the rate. The round-trip time is 10 ms throughout. */
#include "script.h"

#define DATA(n) OUT(ACK, .seq = 1 + 1460 * ((n) - 1), .ack = 1, .length = 1460)
#define DATA_AT(t, n) OUT_AT(t, ACK, .seq = 1 + 1460 * ((n) - 1), .ack = 1, .length = 1460)
#define ACKED(n, ...) IN(ACK, .seq = 1, .ack = 1 + 1460 * ((n) - 1), __VA_ARGS__)
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
    SETTING(pacing, true),
    CONNECT_TCP,
    WRITE(1460 * 100),
    TEN_SEGMENTS,
    AT(20 * MPT_MS),
    ACKED(1, SACK(1461, 14601)),
    DATA(1),
    DATA_AT(20833333, 11), /* the rate is that of the 10 and 11 which are not acknowledged yet, as in Linux */
    DATA_AT(21590908, 12),
};

static const script_step nothing_is_held_without_pacing[] = {
    CONNECT_TCP,
    WRITE(1460 * 100),
    TEN_SEGMENTS,
    AT(20 * MPT_MS),
    ACKED(11),
    DATA(11), DATA(12), DATA(13), DATA(14), DATA(15), DATA(16), DATA(17), DATA(18), DATA(19), DATA(20), DATA(21), DATA(22),
};

/* Time that passed without a segment is not made up for by a burst. */
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
    DATA_AT(60379154, 14),
};

TOPIC(scripts_tcp_rate, SCRIPT(window_leaves_in_half_a_round_trip_in_slow_start),
      SCRIPT(window_leaves_in_five_sixths_of_a_round_trip_in_congestion_avoidance), SCRIPT(nothing_is_held_without_pacing),
      SCRIPT(idle_time_earns_no_burst));
