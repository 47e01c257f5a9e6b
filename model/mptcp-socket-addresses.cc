/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp
 * The two ends of a MptcpSocket: binding, the local address that a route gives, the names of both.
 */

#include "mptcp-socket.h"

#include "mptcp-l4-protocol.h"
#include "mptcp-port-lease.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/ipv6.h"
#include "ns3/node.h"

namespace ns3
{

int
MptcpSocket::Bind()
{
    return Bind(InetSocketAddress(Ipv4Address::GetAny(), 0));
}

int
MptcpSocket::Bind6()
{
    return Bind(Inet6SocketAddress(Ipv6Address::GetAny(), 0));
}

int
MptcpSocket::Bind(const Address& address)
{
    if (!InetSocketAddress::IsMatchingType(address) && !Inet6SocketAddress::IsMatchingType(address))
    {
        return Fail(ERROR_INVAL);
    }
    if (m_phase != Phase::UNCONNECTED || m_port || !m_l4)
    {
        return Fail(ERROR_INVAL);
    }
    return Reserve(address);
}

int
MptcpSocket::Reserve(const Address& address)
{
    m_port = MptcpPortLease::Take(m_l4, address);
    if (!m_port)
    {
        return Fail(ERROR_ADDRINUSE);
    }
    if (InetSocketAddress::IsMatchingType(address))
    {
        m_local = InetSocketAddress(InetSocketAddress::ConvertFrom(address).GetIpv4(), m_port->GetPort());
    }
    else
    {
        m_local = Inet6SocketAddress(Inet6SocketAddress::ConvertFrom(address).GetIpv6(), m_port->GetPort());
    }
    return 0;
}

bool
MptcpSocket::ChooseLocal(const Address& remote, Address& local) const
{
    Socket::SocketErrno error;
    Ptr<NetDevice> device = m_boundnetdevice;
    if (InetSocketAddress::IsMatchingType(remote))
    {
        auto bound = InetSocketAddress::ConvertFrom(m_local);
        Ptr<Ipv4> ipv4 = m_node->GetObject<Ipv4>();
        if (bound.GetIpv4().IsAny() && ipv4 && ipv4->GetRoutingProtocol())
        {
            Ipv4Header header;
            header.SetDestination(InetSocketAddress::ConvertFrom(remote).GetIpv4());
            Ptr<Ipv4Route> route = ipv4->GetRoutingProtocol()->RouteOutput(nullptr, header, device, error);
            bound.SetIpv4(route ? route->GetSource() : Ipv4Address::GetAny());
        }
        local = bound;
        return !bound.GetIpv4().IsAny();
    }
    auto bound = Inet6SocketAddress::ConvertFrom(m_local);
    Ptr<Ipv6> ipv6 = m_node->GetObject<Ipv6>();
    if (bound.GetIpv6().IsAny() && ipv6 && ipv6->GetRoutingProtocol())
    {
        Ipv6Header header;
        header.SetDestination(Inet6SocketAddress::ConvertFrom(remote).GetIpv6());
        Ptr<Ipv6Route> route = ipv6->GetRoutingProtocol()->RouteOutput(nullptr, header, device, error);
        bound.SetIpv6(route ? route->GetSource() : Ipv6Address::GetAny());
    }
    local = bound;
    return !bound.GetIpv6().IsAny();
}

int
MptcpSocket::GetSockName(Address& address) const
{
    address = m_local.IsInvalid() ? Address(InetSocketAddress(Ipv4Address::GetAny(), 0)) : m_local;
    return 0;
}

int
MptcpSocket::GetPeerName(Address& address) const
{
    if (m_remote.IsInvalid())
    {
        return Fail(ERROR_NOTCONN);
    }
    address = m_remote;
    return 0;
}

} // namespace ns3
