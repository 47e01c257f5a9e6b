/* SPDX-License-Identifier: GPL-2.0-or-later */
/** bp_draw.h: the conditions of one comparison, all drawn by one seed. */
#ifndef BP_DRAW_H
#define BP_DRAW_H

#include "mpt.h"

enum { BP_PATHS_MAX = 3, BP_EVENTS_MAX = 2, BP_REPEATS_MAX = 5 };

/** Both directions alike. */
typedef struct bp_path {
    uint64_t rate_bps;
    mpt_time rtt_ns;
    uint64_t queue_bytes;
    uint32_t loss_ppm;
    uint32_t late_ppm; /**< so many segments come late by late_ns, others overtake them */
    mpt_time late_ns;
} bp_path;

typedef enum bp_event_kind {
    BP_RATE,  /**< the rate is another from now on */
    BP_PAUSE, /**< nothing leaves for a while, the queue holds what it can */
    BP_DIE,   /**< everything is lost from now on, nobody is told */
    BP_DOWN   /**< the same, and the client loses its address */
} bp_event_kind;

typedef struct bp_event {
    bp_event_kind kind;
    uint32_t path;
    mpt_time at_ns;    /**< from the start of the transfer */
    uint64_t rate_bps; /**< of BP_RATE */
    mpt_time pause_ns; /**< of BP_PAUSE */
} bp_event;

typedef struct bp_draw {
    uint64_t seed;
    uint32_t path_count, event_count;
    bp_path path[BP_PATHS_MAX];
    bp_event event[BP_EVENTS_MAX];
    uint32_t send_buffer_bytes, receive_buffer_bytes;
    uint64_t bytes;       /**< UINT64_MAX: without end */
    mpt_time time_max_ns; /**< the run ends then at the latest */
    const char *congestion_control;
    uint32_t repeats; /**< runs, each with other losses; their sum counts. 1 where nothing is left to chance */
} bp_draw;

void bp_draw_make(bp_draw *d, uint64_t seed);
/** One line. */
void bp_draw_print(const bp_draw *d);
/** Could the best of its paths break down, so that it is not known beforehand which that is? */
bool bp_draw_has_death(const bp_draw *d);

#endif
