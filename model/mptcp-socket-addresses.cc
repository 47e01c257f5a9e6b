/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp
 * The two ends of a MptcpSocket: binding, the local address that a route gives, the names of both.
 */

#include "mptcp-socket.h"

#include "mptcp-interfaces.h"
#include "mptcp-l4-protocol.h"
#include "mptcp-port-lease.h"
#include "mptcp-stack.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/ipv6.h"
#include "ns3/node.h"

#include <algorithm>

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

namespace
{

/** @return whether an Inet(6)SocketAddress has the any-address */
bool
IsAny(const Address& address)
{
    return InetSocketAddress::IsMatchingType(address) ? InetSocketAddress::ConvertFrom(address).GetIpv4().IsAny()
                                                      : Inet6SocketAddress::ConvertFrom(address).GetIpv6().IsAny();
}

/** @return the Ipv4Address or Ipv6Address of an Inet(6)SocketAddress */
Address
GetHost(const Address& address)
{
    return InetSocketAddress::IsMatchingType(address) ? Address(InetSocketAddress::ConvertFrom(address).GetIpv4())
                                                      : Address(Inet6SocketAddress::ConvertFrom(address).GetIpv6());
}

/** @return an Inet(6)SocketAddress with the port of @p local */
Address
WithHost(const Address& local, const Address& host)
{
    return InetSocketAddress::IsMatchingType(local)
               ? Address(
                     InetSocketAddress(Ipv4Address::ConvertFrom(host), InetSocketAddress::ConvertFrom(local).GetPort()))
               : Address(Inet6SocketAddress(Ipv6Address::ConvertFrom(host),
                                            Inet6SocketAddress::ConvertFrom(local).GetPort()));
}

} // namespace

Address
MptcpSocket::FindSource(const Address& remote, Ptr<NetDevice> device, const Address& source) const
{
    Socket::SocketErrno error;
    if (InetSocketAddress::IsMatchingType(remote))
    {
        Ipv4Header header;
        header.SetDestination(InetSocketAddress::ConvertFrom(remote).GetIpv4());
        header.SetSource(source.IsInvalid() ? Ipv4Address::GetAny() : Ipv4Address::ConvertFrom(source));
        Ptr<Ipv4> ipv4 = m_node->GetObject<Ipv4>();
        Ptr<Ipv4Route> route = ipv4 && ipv4->GetRoutingProtocol()
                                   ? ipv4->GetRoutingProtocol()->RouteOutput(nullptr, header, device, error)
                                   : nullptr;
        return route ? Address(route->GetSource()) : Address();
    }
    Ipv6Header header;
    header.SetDestination(Inet6SocketAddress::ConvertFrom(remote).GetIpv6());
    header.SetSource(source.IsInvalid() ? Ipv6Address::GetAny() : Ipv6Address::ConvertFrom(source));
    Ptr<Ipv6> ipv6 = m_node->GetObject<Ipv6>();
    Ptr<Ipv6Route> route = ipv6 && ipv6->GetRoutingProtocol()
                               ? ipv6->GetRoutingProtocol()->RouteOutput(nullptr, header, device, error)
                               : nullptr;
    return route ? Address(route->GetSource()) : Address();
}

bool
MptcpSocket::ChooseLocal(const Address& remote, Address& local) const
{
    local = m_local;
    const bool isBoth = m_boundnetdevice && !m_devices.empty();
    std::vector<Ptr<NetDevice>> devices = m_devices;
    if (devices.empty())
    {
        devices.push_back(m_boundnetdevice);
    }
    for (auto device = devices.begin(); IsAny(local) && device != devices.end(); ++device)
    {
        const bool isExcluded = isBoth && *device != m_boundnetdevice;
        const Address source = isExcluded ? Address() : FindSource(remote, *device, Address());
        local = source.IsInvalid() ? m_local : WithHost(m_local, source);
    }
    return !IsAny(local);
}

bool
MptcpSocket::IsExcluded(const Address& local) const
{
    const std::vector<MptcpLocalAddress>& known = GetStack()->GetAddresses();
    return std::any_of(known.begin(), known.end(), [&](const auto& a) {
        return a.address == GetHost(local) && (GetLinks() >> a.link & 1) == 0;
    });
}

void
MptcpSocket::UseLocal(const Address& remote, Address& local)
{
    const std::vector<MptcpLocalAddress>& known = GetStack()->GetAddresses();
    const auto isKnown = [&](const Address& host) {
        return std::any_of(known.begin(), known.end(), [&](const auto& a) { return a.address == host; });
    };
    if (isKnown(GetHost(local)))
    {
        return;
    }
    for (const MptcpLocalAddress& other : known)
    {
        const bool isSameFamily =
            Ipv4Address::IsMatchingType(other.address) == InetSocketAddress::IsMatchingType(local);
        const bool isAllowed = IsAny(m_local) && !other.noSubflow && (GetLinks() >> other.link & 1) != 0;
        if (isSameFamily && isAllowed && !FindSource(remote, other.device, other.address).IsInvalid())
        {
            local = WithHost(local, other.address);
            return;
        }
    }
    m_l4->GetInterfaces().Force(GetHost(local));
    m_l4->DoSyncAddresses();
}

void
MptcpSocket::BindToNetDevice(Ptr<NetDevice> device)
{
    if (MaySet("the device of BindToNetDevice()"))
    {
        TcpSocket::BindToNetDevice(device);
    }
}

void
MptcpSocket::RestrictToNetDevices(const NetDeviceContainer& devices)
{
    if (MaySet("the devices of RestrictToNetDevices()"))
    {
        m_devices.assign(devices.Begin(), devices.End());
    }
}

uint64_t
MptcpSocket::GetLinks() const
{
    uint64_t links = 0;
    for (const Ptr<NetDevice>& device : m_devices)
    {
        links |= uint64_t{1} << m_l4->GetInterfaces().GetLink(device);
    }
    const uint64_t all = m_devices.empty() ? UINT64_MAX : links;
    return m_boundnetdevice ? all & uint64_t{1} << m_l4->GetInterfaces().GetLink(m_boundnetdevice) : all;
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
