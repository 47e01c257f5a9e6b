/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_PATH_METER_H
#define EXP_PATH_METER_H

#include "flow.h"
#include "topology.h"

#include "ns3/ipv4-header.h"
#include "ns3/packet.h"

#include <map>
#include <memory>
#include <vector>

namespace experiment
{

/**
 * Counts the payload of each flow that arrives at the receiver, by path: whatever TCP is used, at the same place, where
 * the IP layer delivers packets. Bytes that arrive twice count twice.
 */
class PathMeter
{
  public:
    /**
     * @param flows to be measured
     * @param topology hosts and paths
     */
    PathMeter(const std::vector<std::unique_ptr<Flow>>& flows, const Topology& topology);
    PathMeter(const PathMeter&) = delete;
    PathMeter& operator=(const PathMeter&) = delete;

  private:
    void CountDownload(const ns3::Ipv4Header& header, ns3::Ptr<const ns3::Packet> segment, uint32_t interface);
    void CountUpload(const ns3::Ipv4Header& header, ns3::Ptr<const ns3::Packet> segment, uint32_t interface);
    void Count(bool isDownload, const ns3::Ipv4Header& header, ns3::Ptr<const ns3::Packet> segment);

    const Topology& m_topology;                //!< hosts and paths
    std::map<uint16_t, measure_flow*> m_flows; //!< by the flow's port
};

} // namespace experiment

#endif /* EXP_PATH_METER_H */
