/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_NAT_H
#define MPTCP_NAT_H

#include "mptcp-flow-table.h"

#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"

#include <map>

namespace ns3
{

/**
 * @ingroup mptcp
 * Translation of addresses and ports of TCP over IPv4; the hosts behind it are those that the link's first device leads
 * to. A SYN that goes up makes an entry for its connection, with a port of its own that is drawn at random (RFC 6056
 * 3.3.1). What has no entry does not pass, in either direction; that of a connection that was idle for too long is
 * forgotten, see MptcpFlowLife. When no port is free, new connections do not pass.
 *
 * All else passes as it is, as other boxes let it: IPv6, UDP, ICMP and IP fragments keep their addresses. Of an ICMP
 * message about a translated segment the host learns nothing, for it says the NAT's address and port.
 */
class MptcpNat : public MptcpMiddlebox
{
  public:
    MptcpNat();

    /** @return the TypeId */
    static TypeId GetTypeId();

    // From MptcpMiddlebox
    void Process(Segment& segment, Direction direction) override;
    int64_t AssignStreams(int64_t stream) override;

    std::size_t GetEntryCount(); //!< @return how many connections have an entry now

  private:
    /** One end of a connection. */
    struct Endpoint
    {
        Ipv4Address address; //!< of it
        uint16_t port{0};    //!< of it
    };

    /** One connection. */
    struct Entry
    {
        FlowKey inside;     //!< its four-tuple inside
        Endpoint host;      //!< inside
        Endpoint outside;   //!< what the other end sees instead
        MptcpFlowLife life; //!< how long it is remembered
    };

    void TranslateUp(Segment& segment);   //!< @param segment from inside
    void TranslateDown(Segment& segment); //!< @param segment from outside
    /** @param syn of a new connection @return its entry, null when all ports are in use */
    Entry* Create(const Segment& syn);
    uint16_t DrawPort(); //!< @return a port that no entry has; 0: all are in use
    /** @param entry maybe null @return it, unless it has been idle for too long; then it is removed */
    Entry* CheckAge(Entry* entry);
    void Remove(const Entry& entry); //!< @param entry to be forgotten
    void RemoveIdle();               //!< Forget all that were idle for too long

    Ipv4Address m_address;               //!< outside; any = the host's own
    Time m_timeout;                      //!< of idle connections
    Ptr<UniformRandomVariable> m_random; //!< draws ports
    std::map<uint16_t, Entry> m_entries; //!< by port outside, so that there are no more than ports
    std::map<FlowKey, uint16_t> m_ports; //!< outside, by four-tuple inside
};

} // namespace ns3

#endif /* MPTCP_NAT_H */
