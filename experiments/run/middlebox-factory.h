/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_MIDDLEBOX_FACTORY_H
#define EXP_MIDDLEBOX_FACTORY_H

#include "scenario.h"

#include "ns3/ipv4-address.h"
#include "ns3/mptcp-middlebox.h"

namespace experiment
{

/**
 * @param path of a scenario
 * @param number of the path, as in MptcpPath::Install()
 * @return the address that a NAT on the path shows: one of the hosts' network, which no host has
 */
ns3::Ipv4Address GetNatAddress(const scn_path& path, uint8_t number);

/**
 * @param spec what the scenario says
 * @param natAddress the address of a NAT
 * @return the box
 */
ns3::Ptr<ns3::MptcpMiddlebox> CreateMiddlebox(const scn_middlebox& spec, ns3::Ipv4Address natAddress);

} // namespace experiment

#endif /* EXP_MIDDLEBOX_FACTORY_H */
