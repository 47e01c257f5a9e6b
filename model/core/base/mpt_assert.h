/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * mpt_assert.h: assertions of the core. Always on: they guard against programmer errors only, never against what a
 * peer or the network sends. Internal to the core.
 */
#ifndef MPT_ASSERT_H
#define MPT_ASSERT_H

#include "mpt.h"

#define MPT_ASSERT(x) ((x) ? (void)0 : mpt_assert_failed(#x, __FILE__, __LINE__))

#endif
