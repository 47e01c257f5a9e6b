/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_RANGE_LOG_H
#define EXP_RANGE_LOG_H

#include "measure.h"
#include "topology.h"

namespace experiment
{

/**
 * Write down when each host is within range of each Wi-Fi path: from its association to the last beacon that it heard.
 * @param record where to
 * @param topology hosts and paths, which has to outlive the run
 */
void LogRange(measure& record, const Topology& topology);

} // namespace experiment

#endif /* EXP_RANGE_LOG_H */
