/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "mptcp-socket-factory.h"

#include "mptcp-l4-protocol.h"

#include "ns3/socket.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpDefaultSocketFactory);

TypeId
MptcpDefaultSocketFactory::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpDefaultSocketFactory")
                            .SetParent<TcpSocketFactory>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpDefaultSocketFactory>();
    return tid;
}

void
MptcpDefaultSocketFactory::SetL4(Ptr<MptcpL4Protocol> l4)
{
    m_l4 = l4;
}

Ptr<Socket>
MptcpDefaultSocketFactory::CreateSocket()
{
    return m_l4->CreateDefaultSocket();
}

void
MptcpDefaultSocketFactory::DoDispose()
{
    m_l4 = nullptr;
    TcpSocketFactory::DoDispose();
}

NS_OBJECT_ENSURE_REGISTERED(MptcpSocketFactory);

TypeId
MptcpSocketFactory::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpSocketFactory")
                            .SetParent<SocketFactory>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpSocketFactory>();
    return tid;
}

void
MptcpSocketFactory::SetL4(Ptr<MptcpL4Protocol> l4)
{
    m_l4 = l4;
}

Ptr<Socket>
MptcpSocketFactory::CreateSocket()
{
    return m_l4->CreateSocketOf(MptcpL4Protocol::MPTCP);
}

void
MptcpSocketFactory::DoDispose()
{
    m_l4 = nullptr;
    SocketFactory::DoDispose();
}

NS_OBJECT_ENSURE_REGISTERED(MptcpTcpSocketFactory);

TypeId
MptcpTcpSocketFactory::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpTcpSocketFactory")
                            .SetParent<SocketFactory>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpTcpSocketFactory>();
    return tid;
}

void
MptcpTcpSocketFactory::SetL4(Ptr<MptcpL4Protocol> l4)
{
    m_l4 = l4;
}

Ptr<Socket>
MptcpTcpSocketFactory::CreateSocket()
{
    return m_l4->CreateSocketOf(MptcpL4Protocol::TCP);
}

void
MptcpTcpSocketFactory::DoDispose()
{
    m_l4 = nullptr;
    SocketFactory::DoDispose();
}

NS_OBJECT_ENSURE_REGISTERED(MptcpNativeTcpSocketFactory);

TypeId
MptcpNativeTcpSocketFactory::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpNativeTcpSocketFactory")
                            .SetParent<SocketFactory>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpNativeTcpSocketFactory>();
    return tid;
}

void
MptcpNativeTcpSocketFactory::SetL4(Ptr<MptcpL4Protocol> l4)
{
    m_l4 = l4;
}

Ptr<Socket>
MptcpNativeTcpSocketFactory::CreateSocket()
{
    return m_l4->CreateSocketOf(MptcpL4Protocol::NATIVE_TCP);
}

void
MptcpNativeTcpSocketFactory::DoDispose()
{
    m_l4 = nullptr;
    SocketFactory::DoDispose();
}

} // namespace ns3
