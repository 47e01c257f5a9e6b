/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_PORT_LEASE_H
#define MPTCP_PORT_LEASE_H

#include "ns3/address.h"
#include "ns3/ipv4-end-point.h"
#include "ns3/ipv6-end-point.h"
#include "ns3/ptr.h"

#include <memory>

namespace ns3
{

class MptcpL4Protocol;

/**
 * @ingroup mptcp
 * A local port taken from ns-3's TCP for a socket of ours, so that its own sockets do not use it. Given back on
 * destruction. Segments that reach it there belong to none of the core's connections: they are answered with a reset.
 */
class MptcpPortLease
{
  public:
    /**
     * @param tcp the node's TCP
     * @param local address (or any) and port (0: one that is free)
     * @return the lease, or null when the port is in use
     */
    static std::shared_ptr<MptcpPortLease> Take(Ptr<MptcpL4Protocol> tcp, const Address& local);
    ~MptcpPortLease();
    MptcpPortLease(const MptcpPortLease&) = delete;
    MptcpPortLease& operator=(const MptcpPortLease&) = delete;

    uint16_t GetPort() const; //!< @return the port

  private:
    /** @param tcp the node's TCP @param end4 the reservation, or null @param end6 the reservation, or null */
    MptcpPortLease(Ptr<MptcpL4Protocol> tcp, Ipv4EndPoint* end4, Ipv6EndPoint* end6);
    /** ns-3's TCP has ended and taken its reservations along. */
    void Forget();
    /** A segment for nobody. @param packet from the TCP header on @param header its IP header */
    void Refuse4(Ptr<Packet> packet, Ipv4Header header, uint16_t, Ptr<Ipv4Interface>);
    /** A segment for nobody. @param packet from the TCP header on @param header its IP header */
    void Refuse6(Ptr<Packet> packet, Ipv6Header header, uint16_t, Ptr<Ipv6Interface>);

    Ptr<MptcpL4Protocol> m_tcp;    //!< the node's TCP
    Ipv4EndPoint* m_end4{nullptr}; //!< the reservation in ns-3's TCP over IPv4, or null
    Ipv6EndPoint* m_end6{nullptr}; //!< the reservation in ns-3's TCP over IPv6, or null
    uint16_t m_port{0};            //!< the port
};

} // namespace ns3

#endif /* MPTCP_PORT_LEASE_H */
