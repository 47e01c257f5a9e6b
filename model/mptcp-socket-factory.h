/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_SOCKET_FACTORY_H
#define MPTCP_SOCKET_FACTORY_H

#include "ns3/socket-factory.h"
#include "ns3/tcp-socket-factory.h"

namespace ns3
{

class MptcpL4Protocol;

/**
 * @ingroup mptcp
 * A socket factory of a node's MptcpL4Protocol.
 */
template <class Base>
class MptcpFactoryOn : public Base
{
  public:
    void SetL4(Ptr<MptcpL4Protocol> l4); //!< @param l4 the node's protocol

  protected:
    void DoDispose() override;

    Ptr<MptcpL4Protocol> m_l4; //!< the node's protocol
};

extern template class MptcpFactoryOn<SocketFactory>;
extern template class MptcpFactoryOn<TcpSocketFactory>;

/**
 * @ingroup mptcp
 * What a node gives for "ns3::TcpSocketFactory": the protocol that MptcpL4Protocol's Attribute DefaultProtocol names.
 */
class MptcpDefaultSocketFactory : public MptcpFactoryOn<TcpSocketFactory>
{
  public:
    static TypeId GetTypeId(); //!< @return the TypeId
    Ptr<Socket> CreateSocket() override;
};

/**
 * @ingroup mptcp
 * Multipath TCP sockets, whatever the node's default is: "ns3::MptcpSocketFactory".
 */
class MptcpSocketFactory : public MptcpFactoryOn<SocketFactory>
{
  public:
    static TypeId GetTypeId(); //!< @return the TypeId
    Ptr<Socket> CreateSocket() override;
};

/**
 * @ingroup mptcp
 * Sockets of the core's single-path TCP: "ns3::MptcpTcpSocketFactory".
 */
class MptcpTcpSocketFactory : public MptcpFactoryOn<SocketFactory>
{
  public:
    static TypeId GetTypeId(); //!< @return the TypeId
    Ptr<Socket> CreateSocket() override;
};

/**
 * @ingroup mptcp
 * Sockets of ns-3's own TCP on a node that has MPTCP: "ns3::MptcpNativeTcpSocketFactory".
 */
class MptcpNativeTcpSocketFactory : public MptcpFactoryOn<SocketFactory>
{
  public:
    static TypeId GetTypeId(); //!< @return the TypeId
    Ptr<Socket> CreateSocket() override;
};

} // namespace ns3

#endif /* MPTCP_SOCKET_FACTORY_H */
