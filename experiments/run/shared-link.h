/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_SHARED_LINK_H
#define EXP_SHARED_LINK_H

#include "scenario.h"

#include "ns3/ipv4-routing-protocol.h"
#include "mptcp-compat.h"
#include "ns3/mptcp-path.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace experiment
{

/**
 * A link that paths may share: a wire with both ends at the core router, which sends what crosses the link in at one end
 * and gets it back at the other. So a path may cross several, in any order, without a router between each two.
 */
class SharedLink : public ns3::MptcpPath
{
  public:
    static ns3::TypeId GetTypeId(); //!< @return the TypeId

  private:
    void DoInstall(ns3::Ptr<ns3::Node> core, const ns3::NodeContainer& hosts) override;
};

/** The core router's way through the links of the paths that a packet comes from and goes to. */
class LinkRouting : public ns3::Ipv4RoutingProtocol
{
  public:
    /** @return the path that owns an address, or null */
    using PathOf = std::function<const scn_path*(ns3::Ipv4Address)>;

    explicit LinkRouting(PathOf pathOf);
    /** @param name of a link @param wire both ends, the hosts' first */
    void AddLink(const std::string& name, const ns3::NetDeviceContainer& wire);

    ns3::Ptr<ns3::Ipv4Route> RouteOutput(ns3::Ptr<ns3::Packet> p,
                                         const ns3::Ipv4Header& header,
                                         ns3::Ptr<ns3::NetDevice> oif,
                                         ns3::Socket::SocketErrno& sockerr) override;
    bool RouteInput(ns3::Ptr<const ns3::Packet> p,
                    const ns3::Ipv4Header& header,
                    ns3::Ptr<const ns3::NetDevice> idev,
                    MPTCP_ROUTE_CALLBACK(UnicastForwardCallback) ucb,
                    MPTCP_ROUTE_CALLBACK(MulticastForwardCallback) mcb,
                    MPTCP_ROUTE_CALLBACK(LocalDeliverCallback) lcb,
                    MPTCP_ROUTE_CALLBACK(ErrorCallback) ecb) override;
    void NotifyInterfaceUp(uint32_t interface) override;
    void NotifyInterfaceDown(uint32_t interface) override;
    void NotifyAddAddress(uint32_t interface, ns3::Ipv4InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, ns3::Ipv4InterfaceAddress address) override;
    void SetIpv4(ns3::Ptr<ns3::Ipv4> ipv4) override;
    void PrintRoutingTable(ns3::Ptr<ns3::OutputStreamWrapper> stream, ns3::Time::Unit unit) const override;

  private:
    /** @return the device by which a packet enters the next link; null: there is none left @param arrivedAt the router */
    ns3::Ptr<ns3::NetDevice>
    Next(const scn_path& from, const scn_path& to, ns3::Ptr<const ns3::NetDevice> arrivedAt) const;

    PathOf m_pathOf;                                        //!< whose addresses are whose
    std::map<std::string, ns3::NetDeviceContainer> m_links; //!< by name
};

} // namespace experiment

#endif /* EXP_SHARED_LINK_H */
