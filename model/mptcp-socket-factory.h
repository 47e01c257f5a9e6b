/*
 * SPDX-License-Identifier: GPL-2.0-only
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
 * What a node gives for "ns3::TcpSocketFactory": the protocol that MptcpL4Protocol's Attribute DefaultProtocol names.
 */
class MptcpDefaultSocketFactory : public TcpSocketFactory
{
  public:
    static TypeId GetTypeId();              //!< @return the TypeId
    void SetL4(Ptr<MptcpL4Protocol> l4);    //!< @param l4 the node's protocol
    Ptr<Socket> CreateSocket() override;

  protected:
    void DoDispose() override;

  private:
    Ptr<MptcpL4Protocol> m_l4; //!< the node's protocol
};

/**
 * @ingroup mptcp
 * Multipath TCP sockets, whatever the node's default is: "ns3::MptcpSocketFactory".
 */
class MptcpSocketFactory : public SocketFactory
{
  public:
    static TypeId GetTypeId();              //!< @return the TypeId
    void SetL4(Ptr<MptcpL4Protocol> l4);    //!< @param l4 the node's protocol
    Ptr<Socket> CreateSocket() override;

  protected:
    void DoDispose() override;

  private:
    Ptr<MptcpL4Protocol> m_l4; //!< the node's protocol
};

/**
 * @ingroup mptcp
 * Sockets of the core's single-path TCP: "ns3::MptcpTcpSocketFactory".
 */
class MptcpTcpSocketFactory : public SocketFactory
{
  public:
    static TypeId GetTypeId();              //!< @return the TypeId
    void SetL4(Ptr<MptcpL4Protocol> l4);    //!< @param l4 the node's protocol
    Ptr<Socket> CreateSocket() override;

  protected:
    void DoDispose() override;

  private:
    Ptr<MptcpL4Protocol> m_l4; //!< the node's protocol
};

/**
 * @ingroup mptcp
 * Sockets of ns-3's own TCP on a node that has MPTCP: "ns3::MptcpNativeTcpSocketFactory".
 */
class MptcpNativeTcpSocketFactory : public SocketFactory
{
  public:
    static TypeId GetTypeId();              //!< @return the TypeId
    void SetL4(Ptr<MptcpL4Protocol> l4);    //!< @param l4 the node's protocol
    Ptr<Socket> CreateSocket() override;

  protected:
    void DoDispose() override;

  private:
    Ptr<MptcpL4Protocol> m_l4; //!< the node's protocol
};

} // namespace ns3

#endif /* MPTCP_SOCKET_FACTORY_H */
