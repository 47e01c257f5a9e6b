/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "shared-link.h"

#include "ns3/ipv4-address-helper.h"

using namespace ns3;

namespace experiment
{

NS_OBJECT_ENSURE_REGISTERED(SharedLink);

TypeId
SharedLink::GetTypeId()
{
    static TypeId tid = TypeId("experiment::SharedLink").SetParent<MptcpPath>().AddConstructor<SharedLink>();
    return tid;
}

void
SharedLink::DoInstall(Ptr<Node> core, const NodeContainer&)
{
    const auto wire = InstallWire(core, core);
    // No packet is for these addresses; a device without one takes none.
    const std::string network = "10.200." + std::to_string(GetNumber()) + ".0";
    Ipv4AddressHelper(network.c_str(), "255.255.255.0").Assign(wire);
}

LinkRouting::LinkRouting(PathOf pathOf)
    : m_pathOf(std::move(pathOf))
{
}

void
LinkRouting::AddLink(const std::string& name, const NetDeviceContainer& wire)
{
    m_links[name] = wire;
}

Ptr<NetDevice>
LinkRouting::Next(const scn_path& from, const scn_path& to, Ptr<const NetDevice> arrivedAt) const
{
    // All ends in the order in which the packet comes by them: in at one, back at the other.
    std::vector<std::pair<Ptr<NetDevice>, Ptr<NetDevice>>> way;
    for (size_t i = 0; i < from.links.count; i++)
    {
        const auto& ends = m_links.at(from.links.at[i]);
        way.emplace_back(ends.Get(0), ends.Get(1));
    }
    for (size_t i = to.links.count; i > 0; i--)
    {
        const auto& ends = m_links.at(to.links.at[i - 1]);
        way.emplace_back(ends.Get(1), ends.Get(0));
    }
    size_t next = 0;
    for (size_t i = 0; i < way.size(); i++)
    {
        next = way[i].second == arrivedAt ? i + 1 : next;
    }
    return next < way.size() ? way[next].first : nullptr;
}

Ptr<Ipv4Route>
LinkRouting::RouteOutput(Ptr<Packet>, const Ipv4Header&, Ptr<NetDevice>, Socket::SocketErrno& sockerr)
{
    sockerr = Socket::ERROR_NOROUTETOHOST; // the router sends nothing of its own; the others of the list choose
    return nullptr;
}

bool
LinkRouting::RouteInput(Ptr<const Packet> p,
                        const Ipv4Header& header,
                        Ptr<const NetDevice> idev,
                        MPTCP_ROUTE_CALLBACK(UnicastForwardCallback) ucb,
                        MPTCP_ROUTE_CALLBACK(MulticastForwardCallback),
                        MPTCP_ROUTE_CALLBACK(LocalDeliverCallback),
                        MPTCP_ROUTE_CALLBACK(ErrorCallback))
{
    const scn_path* from = m_pathOf(header.GetSource());
    const scn_path* to = m_pathOf(header.GetDestination());
    const auto device = from && to ? Next(*from, *to, idev) : nullptr;
    if (!device)
    {
        return false; // the others of the list know the paths' networks
    }
    auto route = Create<Ipv4Route>();
    route->SetDestination(header.GetDestination());
    route->SetSource(header.GetSource());
    route->SetGateway(Ipv4Address::GetAny());
    route->SetOutputDevice(device);
    ucb(route, p, header);
    return true;
}

void
LinkRouting::NotifyInterfaceUp(uint32_t)
{
}

void
LinkRouting::NotifyInterfaceDown(uint32_t)
{
}

void
LinkRouting::NotifyAddAddress(uint32_t, Ipv4InterfaceAddress)
{
}

void
LinkRouting::NotifyRemoveAddress(uint32_t, Ipv4InterfaceAddress)
{
}

void
LinkRouting::SetIpv4(Ptr<Ipv4>)
{
}

void
LinkRouting::PrintRoutingTable(Ptr<OutputStreamWrapper>, Time::Unit) const
{
}

} // namespace experiment
