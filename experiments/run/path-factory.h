/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_PATH_FACTORY_H
#define EXP_PATH_FACTORY_H

#include "scenario.h"

#include "ns3/mptcp-path.h"

namespace experiment
{

/** @return the path that @p spec describes, not yet installed */
ns3::Ptr<ns3::MptcpPath> CreatePath(const scn_path& spec);

/** Give @p path the rate, delay, queues and losses of the scenario's cable. */
void SetWire(ns3::Ptr<ns3::MptcpPath> path, const scn_path& spec);

} // namespace experiment

#endif /* EXP_PATH_FACTORY_H */
