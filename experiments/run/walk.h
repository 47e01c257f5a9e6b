/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_WALK_H
#define EXP_WALK_H

#include "scenario.h"

#include "ns3/mobility-model.h"

namespace experiment
{

/**
 * @param track what the scenario says of a host's mobility
 * @param stream random stream that the start of the walk is drawn from
 * @return the host's mobility model
 */
ns3::Ptr<ns3::MobilityModel> CreateWalk(const scn_mobility& track, int64_t stream);

} // namespace experiment

#endif /* EXP_WALK_H */
