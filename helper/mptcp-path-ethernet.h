/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MPTCP_PATH_ETHERNET_H
#define MPTCP_PATH_ETHERNET_H

#include "mptcp-path.h"

#include "ns3/channel.h"

namespace ns3
{

class UniformRandomVariable;

/**
 * @brief An Ethernet: one host's cable to the core, or several hosts behind a switch that share the wire to the core.
 *
 * With one interface and without Csma the wire itself is the host's link. Otherwise the hosts reach a switch
 * (a router, in ns-3's terms) by a cable each, or all by one CSMA bus, and the wire behind the switch is the bottleneck
 * that they share.
 */
class MptcpPathEthernet : public MptcpPath
{
  public:
    static TypeId GetTypeId();
    MptcpPathEthernet();

  protected:
    void DoInstall(Ptr<Node> core, const NodeContainer& hosts) override;
    int64_t DoAssignStreams(int64_t stream) override;

  private:
    void InstallDirect(Ptr<Node> core, Ptr<Node> host);
    void InstallCables(Ptr<Node> hub, const NodeContainer& hosts);
    void InstallBus(Ptr<Node> hub, const NodeContainer& hosts);
    void DrawDelays();

    bool m_isBus;                       //!< hosts share a CSMA bus
    DataRate m_accessRate;              //!< between hosts and switch
    Time m_accessDelaySpread;           //!< upper bound of a cable's own delay
    Ptr<UniformRandomVariable> m_delay; //!< draws the delays of cables
    NetDeviceContainer m_bus;           //!< the switch's device, then the hosts'; empty without CSMA
    std::vector<Ptr<Channel>> m_cables; //!< between hosts and switch
};

} // namespace ns3

#endif /* MPTCP_PATH_ETHERNET_H */
