/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * capacity.h: what a trace says a wire can carry. Two formats:
 *
 *   Mahimahi's: a line a time in ms at which 1500 bytes may leave; a time that stands k times lets k packets leave. At
 *     its end it starts again.
 *   CSV: a head that names the columns, time_s and rate_mbps and, if wanted, delay_ms and loss, then a line for each
 *     change; rate 0 = nothing passes. The last line ends the trace: where it is looped, that is when it starts again.
 */
#ifndef SCN_CAPACITY_H
#define SCN_CAPACITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { CAPACITY_BYTES = 1500 };

/** Never: far beyond the end of all runs, yet a delay may be added. */
#define CAPACITY_NEVER (INT64_MAX / 4)

struct capacity_row {
    int64_t time_ns;
    uint64_t rate_bps; /**< of a CSV */
    int64_t delay_ns;  /**< -1: not said */
    double loss;       /**< -1: not said */
};

/** A place in a trace, which may go round. */
struct capacity_place {
    size_t at;        /**< next row ... */
    int64_t start_ns; /**< ... in the round that began then */
};

struct capacity {
    bool is_opportunities; /**< Mahimahi's format */
    bool is_looped;
    bool has_delay, has_loss;  /**< a CSV has that column */
    struct capacity_row *rows; /**< in order of time */
    size_t count, room;
    int64_t period_ns; /**< from a start to the next */

    struct capacity_place sending, changing;
    uint64_t rate_bps;   /**< of a CSV, up to sending; before the first row what the caller writes here */
    int64_t delay_ns;    /**< likewise: of the packet that was sent last; -1: not said */
    uint32_t used_bytes; /**< of the opportunity at sending */
};

/** Read @p file. @return NULL after filling in @p error with what is wrong and where. */
struct capacity *capacity_read(const char *file, bool is_looped, char *error, size_t error_bytes);
void capacity_free(struct capacity *c);

/**
 * Send a packet, which begins to leave at @p now_ns or, where nothing passes then, as soon as something does. The one
 * before has left, and times do not go back.
 * @param ip_bytes of the packet; a frame, of which a CSV's rate counts the bits, has frame_bytes more
 * @return when its last bit has left; CAPACITY_NEVER
 */
int64_t capacity_send(struct capacity *c, int64_t now_ns, uint32_t ip_bytes, uint32_t frame_bytes);
/** @return when the losses change next; CAPACITY_NEVER. */
int64_t capacity_next_change_ns(const struct capacity *c);
/** @return the fraction lost from then on; that change is passed. */
double capacity_take_change(struct capacity *c);

#ifdef __cplusplus
}
#endif
#endif
