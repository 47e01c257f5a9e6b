/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mptcp-socket-factory.h"

#include "mptcp-l4-protocol.h"

#include "ns3/socket.h"

namespace ns3
{

template <class Base>
void
MptcpFactoryOn<Base>::SetL4(Ptr<MptcpL4Protocol> l4)
{
    m_l4 = l4;
}

template <class Base>
void
MptcpFactoryOn<Base>::DoDispose()
{
    m_l4 = nullptr;
    Base::DoDispose();
}

template class MptcpFactoryOn<SocketFactory>;
template class MptcpFactoryOn<TcpSocketFactory>;

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

Ptr<Socket>
MptcpDefaultSocketFactory::CreateSocket()
{
    return m_l4->CreateDefaultSocket();
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

Ptr<Socket>
MptcpSocketFactory::CreateSocket()
{
    return m_l4->CreateSocketOf(MptcpL4Protocol::MPTCP);
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

Ptr<Socket>
MptcpTcpSocketFactory::CreateSocket()
{
    return m_l4->CreateSocketOf(MptcpL4Protocol::TCP);
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

Ptr<Socket>
MptcpNativeTcpSocketFactory::CreateSocket()
{
    return m_l4->CreateSocketOf(MptcpL4Protocol::NATIVE_TCP);
}

} // namespace ns3
