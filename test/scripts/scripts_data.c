/* SPDX-License-Identifier: GPL-2.0-only */
/* scripts_data.c: data, acknowledgements, windows (RFC 9293 3.7, 3.8; RFC 8684 3.3). */
#include "script.h"

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

TOPIC(scripts_data, SCRIPT(second_segment_is_acknowledged_at_once_and_a_single_one_after_40_ms));
