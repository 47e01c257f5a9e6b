/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_SOURCE_ROUTING_H
#define MPTCP_SOURCE_ROUTING_H

#include "mptcp-compat.h"

#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv6-routing-protocol.h"

#include <vector>

namespace ns3
{

class MptcpL4Protocol;

/**
 * @ingroup mptcp
 * Routing by source address on a node with several interfaces, for Ipv4ListRouting at a high priority.
 *
 * A packet that has a source address of this node leaves by the interface that owns the address: the other protocols
 * of the list are asked for a route over that interface's device. So each interface needs a default route of its own
 * in the static table (MptcpHelper::AddDefaultRoute()). Packets without a source address, and those that are only
 * forwarded, are left to the others.
 *
 * As routing protocols are told of interfaces and addresses that come and go, it passes this on to MptcpL4Protocol.
 */
class MptcpSourceRouting : public Ipv4RoutingProtocol
{
  public:
    /** @return the TypeId */
    static TypeId GetTypeId();

    /** @param l4 to be told of changes */
    void SetL4(Ptr<MptcpL4Protocol> l4);
    /**
     * Give an interface a default route in the static table, in the place of the one it has. It is set again whenever
     * the interface comes up, for static routing forgets the routes of an interface that goes down.
     * @param interface of the node
     * @param gateway next hop
     */
    void SetDefaultRoute(uint32_t interface, Ipv4Address gateway);

    // From Ipv4RoutingProtocol
    Ptr<Ipv4Route>
    RouteOutput(Ptr<Packet> p, const Ipv4Header& header, Ptr<NetDevice> oif, Socket::SocketErrno& sockerr) override;
    bool RouteInput(Ptr<const Packet> p,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> idev,
                    MPTCP_ROUTE_CALLBACK(UnicastForwardCallback) ucb,
                    MPTCP_ROUTE_CALLBACK(MulticastForwardCallback) mcb,
                    MPTCP_ROUTE_CALLBACK(LocalDeliverCallback) lcb,
                    MPTCP_ROUTE_CALLBACK(ErrorCallback) ecb) override;
    void NotifyInterfaceUp(uint32_t interface) override;
    void NotifyInterfaceDown(uint32_t interface) override;
    void NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void SetIpv4(Ptr<Ipv4> ipv4) override;
    void PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit unit = Time::S) const override;

  protected:
    void DoDispose() override;

  private:
    /** A default route. */
    struct DefaultRoute
    {
        uint32_t interface;  //!< of the node
        Ipv4Address gateway; //!< next hop
    };

    void Sync();                    //!< Tell the L4 protocol that something has changed
    void Apply(uint32_t interface); //!< @param interface whose default route to set again, where it has one

    Ptr<Ipv4> m_ipv4;                   //!< of the node
    Ptr<MptcpL4Protocol> m_l4;          //!< to be told of changes; may be null
    std::vector<DefaultRoute> m_routes; //!< the first one has the least metric
};

/**
 * @ingroup mptcp
 * The same for IPv6, in Ipv6ListRouting. Link-local and multicast destinations are left to the others.
 */
class MptcpSourceRouting6 : public Ipv6RoutingProtocol
{
  public:
    /** @return the TypeId */
    static TypeId GetTypeId();

    /** @param l4 to be told of changes */
    void SetL4(Ptr<MptcpL4Protocol> l4);
    /** As MptcpSourceRouting::SetDefaultRoute(). @param interface of the node @param gateway next hop */
    void SetDefaultRoute(uint32_t interface, Ipv6Address gateway);

    // From Ipv6RoutingProtocol
    Ptr<Ipv6Route>
    RouteOutput(Ptr<Packet> p, const Ipv6Header& header, Ptr<NetDevice> oif, Socket::SocketErrno& sockerr) override;
    bool RouteInput(Ptr<const Packet> p,
                    const Ipv6Header& header,
                    Ptr<const NetDevice> idev,
                    MPTCP_ROUTE_CALLBACK(UnicastForwardCallback) ucb,
                    MPTCP_ROUTE_CALLBACK(MulticastForwardCallback) mcb,
                    MPTCP_ROUTE_CALLBACK(LocalDeliverCallback) lcb,
                    MPTCP_ROUTE_CALLBACK(ErrorCallback) ecb) override;
    void NotifyInterfaceUp(uint32_t interface) override;
    void NotifyInterfaceDown(uint32_t interface) override;
    void NotifyAddAddress(uint32_t interface, Ipv6InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, Ipv6InterfaceAddress address) override;
    void NotifyAddRoute(Ipv6Address dst,
                        Ipv6Prefix mask,
                        Ipv6Address nextHop,
                        uint32_t interface,
                        Ipv6Address prefixToUse = Ipv6Address::GetZero()) override;
    void NotifyRemoveRoute(Ipv6Address dst,
                           Ipv6Prefix mask,
                           Ipv6Address nextHop,
                           uint32_t interface,
                           Ipv6Address prefixToUse = Ipv6Address::GetZero()) override;
    void SetIpv6(Ptr<Ipv6> ipv6) override;
    void PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit unit = Time::S) const override;

  protected:
    void DoDispose() override;

  private:
    /** A default route. */
    struct DefaultRoute
    {
        uint32_t interface;  //!< of the node
        Ipv6Address gateway; //!< next hop
    };

    void Sync();                    //!< Tell the L4 protocol that something has changed
    void Apply(uint32_t interface); //!< @param interface whose default route to set again, where it has one

    Ptr<Ipv6> m_ipv6;                   //!< of the node
    Ptr<MptcpL4Protocol> m_l4;          //!< to be told of changes; may be null
    std::vector<DefaultRoute> m_routes; //!< the first one has the least metric
};

} // namespace ns3

#endif /* MPTCP_SOURCE_ROUTING_H */
