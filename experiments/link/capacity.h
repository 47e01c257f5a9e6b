/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * capacity.h: what a trace says a wire can carry. Two formats:
 *
 *   Mahimahi's: a line a time in ms at which 1500 bytes may leave; a time that stands k times lets k packets leave. At
 *     its end it starts again.
 *   CSV: a head that names the columns, time_s and rate_mbps and, if wanted, delay_ms and loss, then a line for each
 *     change; rate 0 = nothing passes. The last line ends the trace: where it is looped, that is when it starts again.
 */
#ifndef LINK_CAPACITY_H
#define LINK_CAPACITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CAPACITY_BYTES = 1500 };

struct capacity_row {
    int64_t time_ns;
    uint64_t rate_bps; /**< of a CSV */
    int64_t delay_ns;  /**< -1: not said */
    double loss;       /**< -1: not said */
};

struct capacity {
    bool is_opportunities; /**< Mahimahi's format */
    bool is_looped;
    struct capacity_row *rows; /**< in order of time */
    size_t count, room;
    int64_t period_ns; /**< from a start to the next */
    size_t at;         /**< next row ... */
    int64_t start_ns;  /**< ... in the round that began then */
};

/** Read @p file. @return NULL after filling in @p error with what is wrong and where. */
struct capacity *capacity_read(const char *file, bool is_looped, char *error, size_t error_bytes);
void capacity_free(struct capacity *c);

static inline bool capacity_is_opportunities(const struct capacity *c) {
    return c->is_opportunities;
}
/** @return when the next row is; INT64_MAX when there is none any more. */
int64_t capacity_next_ns(const struct capacity *c);
const struct capacity_row *capacity_row(const struct capacity *c);
/** Go on to the row after it. */
void capacity_pass(struct capacity *c);
/** Go on to the first row that is not before @p time_ns. */
void capacity_skip_until(struct capacity *c, int64_t time_ns);

#endif
