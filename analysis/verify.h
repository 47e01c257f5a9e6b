/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ANALYSIS_VERIFY_H
#define ANALYSIS_VERIFY_H

#include <stddef.h>

#include "store.h"

/*
 * Compares every line of reference/ with the database: one line PASS or FAIL for each point, SKIP for campaigns
 * that the database doesn't hold, and "N passed, N failed, N skipped". With a campaign, only its lines. Returns the
 * exit status: 0 if something passed and nothing failed.
 */
int verify_run(store *s, const char *campaign, const store_filter *filter, size_t filters);

#endif
