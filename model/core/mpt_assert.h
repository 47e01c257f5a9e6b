/* SPDX-License-Identifier: GPL-2.0-only */
/** mpt_assert.h: assertions stay on in every build that makes results; they catch errors of the program, never of a peer. */
#ifndef MPT_ASSERT_H
#define MPT_ASSERT_H

#include "mpt.h"

#define MPT_ASSERT(x) ((x) ? (void)0 : mpt_assert_failed(#x, __FILE__, __LINE__))

#endif
