/* SPDX-License-Identifier: GPL-2.0-or-later */
/** unit_pair.h: two stacks, 10 ms apart, and a transfer between them in which one data segment is lost. */
#ifndef UNIT_PAIR_H
#define UNIT_PAIR_H

#include "unit_support.h"

enum { PAIR_BYTES = 500000, PAIR_FEW_BYTES = 30000, PAIR_ONE_WAY_MS = 10 };

typedef struct unit_pair {
    unit_memory memory;
    mpt_stack *stack[2];
    mpt_conn *conn; /**< stack 0's */
    mpt_time now;
    uint64_t bytes; /**< to be sent */
    uint64_t data_segments, most_in_a_turn, received_bytes;
    mpt_time later_ms;     /**< so much longer is a way once a hundred data segments were sent */
    mpt_segment last_back; /**< the last that stack 1 sent */
} unit_pair;

extern const mpt_endpoint unit_pair_ends[2];

/** Two stacks that know nothing but what ships, the second listens. @return settings to connect with */
mpt_conn_settings unit_pair_begin(unit_pair *p);
/** All that stack @p from has to say is heard by the other. @return how many data segments that was */
uint64_t unit_pair_carry(unit_pair *p, int from);
/** Send what is to be sent once there is a connection. */
void unit_pair_transfer(unit_pair *p);
/** Until all is acknowledged, what is acknowledged late, too. */
void unit_pair_quieten(unit_pair *p);
void unit_pair_end(unit_pair *p);

#endif
