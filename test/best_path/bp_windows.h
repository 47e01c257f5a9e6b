/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * bp_windows.h: what congestion windows alone would give on the paths of a draw, round trip by round trip and with losses by chance, but without a transport: nothing
 * is ever late, repaired or held up. bp_ideal.h is the equilibrium of the same rules; the difference is what the way there takes. Events and late segments are
 * left out.
 */
#ifndef BP_WINDOWS_H
#define BP_WINDOWS_H

#include "bp_draw.h"

/** @return Mb/s of the draw's transfer over the paths of @p set (bit i: path i), all bytes by all the time of some runs; LIA, or Reno on each path */
double bp_windows_goodput(const bp_draw *d, uint32_t set, bool is_coupled);

#endif
