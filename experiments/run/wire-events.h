/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_WIRE_EVENTS_H
#define EXP_WIRE_EVENTS_H

#include "topology.h"

namespace experiment
{

/** Let the scenario's events happen to its paths and links. @param topology must live as long as the simulation */
void ScheduleEvents(const scenario& s, const Topology& topology);

} // namespace experiment

#endif /* EXP_WIRE_EVENTS_H */
