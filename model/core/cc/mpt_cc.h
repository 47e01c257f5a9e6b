/* SPDX-License-Identifier: GPL-2.0-or-later */
/** mpt_cc.h: the congestion controls that ship, and what the core asks of all. The interface is mpt_ext.h. */
#ifndef MPT_CC_H
#define MPT_CC_H

#include "mpt_ext.h"

/** @return the algorithm called @p name that ships, or NULL. */
const mpt_cc_ops *mpt_cc_find(const char *name);
/** @return the i-th algorithm's name, or NULL after the last. */
const char *mpt_cc_name(uint32_t i);
/** @return the algorithm called @p name: one registered at @p st, which may be NULL, or one that ships; or NULL. */
const mpt_cc_ops *mpt_cc_named(const mpt_stack *st, const char *name);
/** Set up @p cc with an initial window. */
void mpt_cc_init(mpt_cc *cc, const mpt_cc_ops *ops, uint64_t cwnd_bytes, uint32_t mss_bytes);
/** The initial slow start may be ended by HyStart++ where the algorithm asks for it. */
void mpt_hystart_begin(mpt_cc *cc);
/** As mpt_cc_slow_start(), with HyStart++ until it is over (RFC 9406; L = 8 segments then). */
uint64_t mpt_hystart_slow_start(mpt_cc *cc, uint64_t acked_bytes);

extern const mpt_cc_ops mpt_cc_reno, mpt_cc_cubic, mpt_cc_lia, mpt_cc_olia, mpt_cc_balia, mpt_cc_ewtcp, mpt_cc_coupled,
    mpt_cc_wvegas, mpt_cc_dctcp, mpt_cc_bbr;

#endif
