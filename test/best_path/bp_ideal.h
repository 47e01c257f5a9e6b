/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * bp_ideal.h: what the paths of a draw would give for ever, by calculation and not by the core: what LIA's coupling takes is told apart from what the
 * core loses. Events, late segments and the start are left out.
 */
#ifndef BP_IDEAL_H
#define BP_IDEAL_H

#include "bp_draw.h"

/** Payload, Mb/s. */
typedef struct bp_ideal {
    double best;      /**< of Reno on the best path alone */
    double uncoupled; /**< of Reno on each path */
    double coupled;   /**< of LIA */
} bp_ideal;

bp_ideal bp_ideal_of(const bp_draw *d);

#endif
