/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-source-routing.h"

#include "mptcp-l4-protocol.h"

#include "ns3/ipv4-route.h"
#include "ns3/ipv6-route.h"

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
MptcpSourceRouting::NotifyInterfaceUp(uint32_t)
{
    if (m_l4)
    {
        m_l4->SyncAddresses();
    }
}

void
MptcpSourceRouting::NotifyInterfaceDown(uint32_t interface)
{
    NotifyInterfaceUp(interface);
}

void
MptcpSourceRouting::NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress)
{
    NotifyInterfaceUp(interface);
}

void
MptcpSourceRouting::NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress)
{
    NotifyInterfaceUp(interface);
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
MptcpSourceRouting6::NotifyInterfaceUp(uint32_t)
{
    if (m_l4)
    {
        m_l4->SyncAddresses();
    }
}

void
MptcpSourceRouting6::NotifyInterfaceDown(uint32_t interface)
{
    NotifyInterfaceUp(interface);
}

void
MptcpSourceRouting6::NotifyAddAddress(uint32_t interface, Ipv6InterfaceAddress)
{
    NotifyInterfaceUp(interface);
}

void
MptcpSourceRouting6::NotifyRemoveAddress(uint32_t interface, Ipv6InterfaceAddress)
{
    NotifyInterfaceUp(interface);
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
