/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small questions to other programs: the whole of standard output is the answer. */
#ifndef LAB_CAPTURE_H
#define LAB_CAPTURE_H

#include "pool.h"
#include "text.h"

#define CAPTURE_TIMEOUT_S 60.0
#define CAPTURE_MEMORY_BYTES (UINT64_C(4) << 30)

/* Runs `argv` to its end. False when it cannot be started or a stop signal came; else fills `outcome` and `out`. */
bool capture(char *const *argv, text_buf *out, pool_outcome *outcome);

/* "exit status 2", "signal 9", ... as a new string. */
char *capture_end_text(const pool_outcome *outcome);

#endif
