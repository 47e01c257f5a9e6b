/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-port-lease.h"

#include "mptcp-l4-protocol.h"
#include "mptcp-stack.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/net-device.h"

namespace ns3
{

namespace
{

Ipv4EndPoint*
Allocate4(Ptr<TcpL4Protocol> tcp, const InetSocketAddress& local)
{
    if (local.GetPort() != 0)
    {
        return tcp->Allocate(nullptr, local.GetIpv4(), local.GetPort());
    }
    return tcp->Allocate(local.GetIpv4());
}

Ipv6EndPoint*
Allocate6(Ptr<TcpL4Protocol> tcp, const Inet6SocketAddress& local)
{
    if (local.GetPort() != 0)
    {
        return tcp->Allocate6(nullptr, local.GetIpv6(), local.GetPort());
    }
    return tcp->Allocate6(local.GetIpv6());
}

} // namespace

std::shared_ptr<MptcpPortLease>
MptcpPortLease::Take(Ptr<MptcpL4Protocol> tcp, const Address& local)
{
    Ipv4EndPoint* end4 = nullptr;
    Ipv6EndPoint* end6 = nullptr;
    if (InetSocketAddress::IsMatchingType(local))
    {
        end4 = Allocate4(tcp, InetSocketAddress::ConvertFrom(local));
    }
    else
    {
        end6 = Allocate6(tcp, Inet6SocketAddress::ConvertFrom(local));
    }
    if (!end4 && !end6)
    {
        return nullptr;
    }
    return std::shared_ptr<MptcpPortLease>(new MptcpPortLease(tcp, end4, end6));
}

MptcpPortLease::MptcpPortLease(Ptr<MptcpL4Protocol> tcp, Ipv4EndPoint* end4, Ipv6EndPoint* end6)
    : m_tcp(tcp),
      m_end4(end4),
      m_end6(end6)
{
    if (m_end4)
    {
        m_port = m_end4->GetLocalPort();
        m_end4->SetDestroyCallback(MakeCallback(&MptcpPortLease::Forget, this));
        m_end4->SetRxCallback(MakeCallback(&MptcpPortLease::Refuse4, this));
    }
    else
    {
        m_port = m_end6->GetLocalPort();
        m_end6->SetDestroyCallback(MakeCallback(&MptcpPortLease::Forget, this));
        m_end6->SetRxCallback(MakeCallback(&MptcpPortLease::Refuse6, this));
    }
}

MptcpPortLease::~MptcpPortLease()
{
    if (m_end4)
    {
        m_tcp->DeAllocate(m_end4);
    }
    if (m_end6)
    {
        m_tcp->DeAllocate(m_end6);
    }
}

void
MptcpPortLease::Forget()
{
    m_end4 = nullptr;
    m_end6 = nullptr;
}

void
MptcpPortLease::Refuse4(Ptr<Packet> packet, Ipv4Header header, uint16_t, Ptr<Ipv4Interface>)
{
    if (MptcpStack* stack = m_tcp->GetStack())
    {
        stack->Refuse(packet, header);
    }
}

void
MptcpPortLease::Refuse6(Ptr<Packet> packet, Ipv6Header header, uint16_t, Ptr<Ipv6Interface>)
{
    if (MptcpStack* stack = m_tcp->GetStack())
    {
        stack->Refuse(packet, header);
    }
}

uint16_t
MptcpPortLease::GetPort() const
{
    return m_port;
}

} // namespace ns3
