/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What theory expects of the runs of a result file, stored beside what was measured: metrics predicted_..., from
 * mptcp-oracle, which lies beside this program and shares no code with the model.
 */
#ifndef LAB_PREDICT_H
#define LAB_PREDICT_H

#include "grid.h"
#include "store.h"

#include <stddef.h>

/*
 * Predicts the complete runs of current points that have no prediction of this mptcp-oracle yet; `campaign` NULL: of all
 * campaigns. Says how many on standard error. @return false after one line there.
 */
bool predict_runs(store *s, const char *campaign, size_t jobs);

/*
 * Says on standard error, before anything runs, which of the wanted points mptcp-oracle's models do not hold for, with its reason for
 * the first of them. @return false after one line there when it cannot be asked, and after a stop signal.
 */
bool predict_tell_refused(const grid *g, size_t jobs);

#endif
