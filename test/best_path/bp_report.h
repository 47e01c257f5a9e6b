/* SPDX-License-Identifier: GPL-2.0-or-later */
/** bp_report.h: what many comparisons say together. */
#ifndef BP_REPORT_H
#define BP_REPORT_H

#include <stdbool.h>
#include <stdint.h>

/** Of one draw. Goodputs in Mb/s. */
typedef struct bp_result {
    uint64_t seed;
    bool is_done;
    double goodput;   /**< of MPTCP */
    double uncoupled; /**< of MPTCP with Reno where the draw says LIA */
    double best, sum; /**< of the paths alone */
    double stall_s, best_stall_s;
    double twice; /**< bytes that arrived twice, by those that count */
} bp_result;

typedef struct bp_summary {
    double share_95, share_85; /**< of the draws that reach 0.95 and 0.85 of the best path */
} bp_summary;

static inline double bp_ratio(const bp_result *r) {
    return r->best > 0 ? r->goodput / r->best : 1;
}

/** Prints one comparison: a line that begins with the ratio. */
void bp_report_draw(const bp_result *r, bool is_cold);
/** Prints percentiles, stalls, duplicates and the @p worst draws with the command that repeats each. Sorts @p results. */
bp_summary bp_report(bp_result *results, uint64_t count, uint32_t worst, bool is_table, bool is_cold);

#endif
