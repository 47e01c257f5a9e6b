/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_NAT_H
#define MPTCP_NAT_H

#include "mptcp-shared-box.h"

#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Translation of addresses and ports of TCP over IPv4; the hosts behind it are those that the link's first device leads
 * to. A SYN that goes up makes an entry for its connection, with a port of its own that is drawn at random (RFC 6056
 * 3.3.1). What has no entry does not pass, in either direction; that of a connection that was idle for too long is
 * forgotten, see mbx_flows.h. When no port is free, new connections do not pass.
 *
 * All else passes as it is, as other boxes let it: IPv6, UDP, ICMP and IP fragments keep their addresses. Of an ICMP
 * message about a translated segment the host learns nothing, for it says the NAT's address and port.
 */
class MptcpNat : public MptcpSharedBox
{
  public:
    MptcpNat();

    /** @return the TypeId */
    static TypeId GetTypeId();

    std::size_t GetEntryCount(); //!< @return how many connections have an entry now

  protected:
    void Configure() override;

  private:
    Ipv4Address m_address; //!< outside; any = the host's own
    Time m_timeout;        //!< of idle connections
    mbx_nat m_box{};       //!< does the work
};

} // namespace ns3

#endif /* MPTCP_NAT_H */
