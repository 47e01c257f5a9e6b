/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-source-routing.h"

#include "mptcp-l4-protocol.h"

#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-table-entry.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-routing-table-entry.h"
#include "ns3/ipv6-static-routing-helper.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpSourceRouting);
NS_OBJECT_ENSURE_REGISTERED(MptcpSourceRouting6);

TypeId
MptcpSourceRouting::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpSourceRouting")
                            .SetParent<Ipv4RoutingProtocol>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpSourceRouting>();
    return tid;
}

void
MptcpSourceRouting::SetL4(Ptr<MptcpL4Protocol> l4)
{
    m_l4 = l4;
}

void
MptcpSourceRouting::SetDefaultRoute(uint32_t interface, Ipv4Address gateway)
{
    const auto isOf = [interface](const DefaultRoute& route) { return route.interface == interface; };
    const auto found = std::find_if(m_routes.begin(), m_routes.end(), isOf);
    if (found == m_routes.end())
    {
        m_routes.push_back({interface, gateway});
    }
    else
    {
        found->gateway = gateway;
    }
    Apply(interface);
}

void
MptcpSourceRouting::Apply(uint32_t interface)
{
    Ptr<Ipv4StaticRouting> table = Ipv4StaticRoutingHelper().GetStaticRouting(m_ipv4);
    for (uint32_t i = table ? table->GetNRoutes() : 0; i-- > 0;)
    {
        const Ipv4RoutingTableEntry entry = table->GetRoute(i);
        const bool isDefault = entry.GetDestNetwork().IsAny() && entry.GetDestNetworkMask() == Ipv4Mask::GetZero();
        const bool isOurs = std::any_of(m_routes.begin(), m_routes.end(), [&](const DefaultRoute& route) {
            return route.interface == interface && entry.GetInterface() == interface;
        });
        if (isDefault && isOurs)
        {
            table->RemoveRoute(i);
        }
    }
    for (uint32_t metric = 0; table && metric < m_routes.size(); metric++)
    {
        if (m_routes[metric].interface == interface && m_ipv4->IsUp(interface))
        {
            table->SetDefaultRoute(m_routes[metric].gateway, interface, metric);
        }
    }
}

Ptr<Ipv4Route>
MptcpSourceRouting::RouteOutput(Ptr<Packet> p,
                                const Ipv4Header& header,
                                Ptr<NetDevice> oif,
                                Socket::SocketErrno& sockerr)
{
    const Ipv4Address source = header.GetSource();
    const int32_t interface = oif || source.IsAny() ? -1 : m_ipv4->GetInterfaceForAddress(source);
    if (interface > 0)
    {
        // Asked again with a device, this protocol declines and the others of the list choose.
        return m_ipv4->GetRoutingProtocol()->RouteOutput(p, header, m_ipv4->GetNetDevice(interface), sockerr);
    }
    sockerr = Socket::ERROR_NOROUTETOHOST;
    return nullptr;
}

bool
MptcpSourceRouting::RouteInput(Ptr<const Packet>,
                               const Ipv4Header&,
                               Ptr<const NetDevice>,
                               MPTCP_ROUTE_CALLBACK(UnicastForwardCallback),
                               MPTCP_ROUTE_CALLBACK(MulticastForwardCallback),
                               MPTCP_ROUTE_CALLBACK(LocalDeliverCallback),
                               MPTCP_ROUTE_CALLBACK(ErrorCallback))
{
    return false;
}

void
MptcpSourceRouting::NotifyInterfaceUp(uint32_t interface)
{
    Apply(interface);
    Sync();
}

void
MptcpSourceRouting::Sync()
{
    if (m_l4)
    {
        m_l4->SyncAddresses();
    }
}

void
MptcpSourceRouting::NotifyInterfaceDown(uint32_t)
{
    Sync();
}

void
MptcpSourceRouting::NotifyAddAddress(uint32_t, Ipv4InterfaceAddress)
{
    Sync();
}

void
MptcpSourceRouting::NotifyRemoveAddress(uint32_t, Ipv4InterfaceAddress)
{
    Sync();
}

void
MptcpSourceRouting::SetIpv4(Ptr<Ipv4> ipv4)
{
    m_ipv4 = ipv4;
}

void
MptcpSourceRouting::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit) const
{
    *stream->GetStream() << "MptcpSourceRouting: by source address, over the other protocols' routes\n";
}

void
MptcpSourceRouting::DoDispose()
{
    m_ipv4 = nullptr;
    m_l4 = nullptr;
    Ipv4RoutingProtocol::DoDispose();
}

TypeId
MptcpSourceRouting6::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpSourceRouting6")
                            .SetParent<Ipv6RoutingProtocol>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpSourceRouting6>();
    return tid;
}

void
MptcpSourceRouting6::SetL4(Ptr<MptcpL4Protocol> l4)
{
    m_l4 = l4;
}

void
MptcpSourceRouting6::SetDefaultRoute(uint32_t interface, Ipv6Address gateway)
{
    const auto isOf = [interface](const DefaultRoute& route) { return route.interface == interface; };
    const auto found = std::find_if(m_routes.begin(), m_routes.end(), isOf);
    if (found == m_routes.end())
    {
        m_routes.push_back({interface, gateway});
    }
    else
    {
        found->gateway = gateway;
    }
    Apply(interface);
}

void
MptcpSourceRouting6::Apply(uint32_t interface)
{
    Ptr<Ipv6StaticRouting> table = Ipv6StaticRoutingHelper().GetStaticRouting(m_ipv6);
    for (uint32_t i = table ? table->GetNRoutes() : 0; i-- > 0;)
    {
        const Ipv6RoutingTableEntry entry = table->GetRoute(i);
        const bool isDefault = entry.GetDestNetwork().IsAny() && entry.GetDestNetworkPrefix() == Ipv6Prefix::GetZero();
        const bool isOurs = std::any_of(m_routes.begin(), m_routes.end(), [&](const DefaultRoute& route) {
            return route.interface == interface && entry.GetInterface() == interface;
        });
        if (isDefault && isOurs)
        {
            table->RemoveRoute(i);
        }
    }
    for (uint32_t metric = 0; table && metric < m_routes.size(); metric++)
    {
        if (m_routes[metric].interface == interface && m_ipv6->IsUp(interface))
        {
            table->SetDefaultRoute(m_routes[metric].gateway, interface, Ipv6Address::GetZero(), metric);
        }
    }
}

Ptr<Ipv6Route>
MptcpSourceRouting6::RouteOutput(Ptr<Packet> p,
                                 const Ipv6Header& header,
                                 Ptr<NetDevice> oif,
                                 Socket::SocketErrno& sockerr)
{
    const Ipv6Address source = header.GetSource();
    const Ipv6Address destination = header.GetDestination();
    const bool isOthers = oif || source.IsAny() || destination.IsLinkLocal() || destination.IsMulticast();
    const int32_t interface = isOthers ? -1 : m_ipv6->GetInterfaceForAddress(source);
    if (interface > 0)
    {
        return m_ipv6->GetRoutingProtocol()->RouteOutput(p, header, m_ipv6->GetNetDevice(interface), sockerr);
    }
    sockerr = Socket::ERROR_NOROUTETOHOST;
    return nullptr;
}

bool
MptcpSourceRouting6::RouteInput(Ptr<const Packet>,
                                const Ipv6Header&,
                                Ptr<const NetDevice>,
                                MPTCP_ROUTE_CALLBACK(UnicastForwardCallback),
                                MPTCP_ROUTE_CALLBACK(MulticastForwardCallback),
                                MPTCP_ROUTE_CALLBACK(LocalDeliverCallback),
                                MPTCP_ROUTE_CALLBACK(ErrorCallback))
{
    return false;
}

void
MptcpSourceRouting6::NotifyInterfaceUp(uint32_t interface)
{
    Apply(interface);
    Sync();
}

void
MptcpSourceRouting6::Sync()
{
    if (m_l4)
    {
        m_l4->SyncAddresses();
    }
}

void
MptcpSourceRouting6::NotifyInterfaceDown(uint32_t)
{
    Sync();
}

void
MptcpSourceRouting6::NotifyAddAddress(uint32_t, Ipv6InterfaceAddress)
{
    Sync();
}

void
MptcpSourceRouting6::NotifyRemoveAddress(uint32_t, Ipv6InterfaceAddress)
{
    Sync();
}

void
MptcpSourceRouting6::NotifyAddRoute(Ipv6Address, Ipv6Prefix, Ipv6Address, uint32_t, Ipv6Address)
{
}

void
MptcpSourceRouting6::NotifyRemoveRoute(Ipv6Address, Ipv6Prefix, Ipv6Address, uint32_t, Ipv6Address)
{
}

void
MptcpSourceRouting6::SetIpv6(Ptr<Ipv6> ipv6)
{
    m_ipv6 = ipv6;
}

void
MptcpSourceRouting6::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit) const
{
    *stream->GetStream() << "MptcpSourceRouting6: by source address, over the other protocols' routes\n";
}

void
MptcpSourceRouting6::DoDispose()
{
    m_ipv6 = nullptr;
    m_l4 = nullptr;
    Ipv6RoutingProtocol::DoDispose();
}

} // namespace ns3
