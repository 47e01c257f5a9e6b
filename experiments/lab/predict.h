/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What theory expects of the runs of a result file, stored beside what was measured: metrics predicted_..., from
 * mptcp-oracle, which lies beside this program and shares no code with the model.
 */
#ifndef LAB_PREDICT_H
#define LAB_PREDICT_H

#include "store.h"

#include <stddef.h>

/*
 * Predicts the complete runs of current points that have no prediction of this mptcp-oracle yet; `campaign` NULL: of all
 * campaigns. Says how many on standard error. @return false after one line there.
 */
bool predict_runs(store *s, const char *campaign, size_t jobs);

#endif
