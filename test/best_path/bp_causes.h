/* SPDX-License-Identifier: GPL-2.0-or-later */
/** bp_causes.h: why is a draw worse than its best path? What of its conditions, taken away alone, makes it as good. */
#ifndef BP_CAUSES_H
#define BP_CAUSES_H

#include "bp_draw.h"
#include "bp_report.h"

/** MPTCP against the best path under these conditions. @param luck another number is other losses */
typedef double bp_compare(void *user, const bp_draw *d, uint32_t luck);

/** A table in Markdown of the @p worst first of @p results, each with what would make it reach 0.95. */
void bp_causes_table(const bp_result *results, uint64_t count, uint32_t worst, bp_compare *compare, void *user);

#endif
