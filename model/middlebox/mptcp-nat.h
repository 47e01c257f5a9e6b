/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef MPTCP_NAT_H
#define MPTCP_NAT_H

#include "mptcp-middlebox.h"

#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"

#include <map>

namespace ns3
{

/**
 * @ingroup mptcp
 * Translation of IPv4 addresses and ports; the hosts behind it are those that the link's first device leads to. A SYN
 * that goes up makes an entry for its connection with a random port. What has no entry does not pass, in either
 * direction; that of a connection that was idle for too long is forgotten.
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
        Time lastUsed;      //!< when the last segment passed
    };

    void TranslateUp(Segment& segment);   //!< @param segment from inside
    void TranslateDown(Segment& segment); //!< @param segment from outside
    /** @param segment the SYN @return its entry, null when all ports are in use */
    Entry* Create(const Segment& segment);
    /** @param entry maybe null @return it, unless it has been idle for too long; then it is removed */
    Entry* CheckAge(Entry* entry);
    void Remove(const Entry& entry); //!< @param entry to be forgotten
    void RemoveIdle();               //!< Forget all that were idle for too long

    Ipv4Address m_address;               //!< outside; any = the host's own
    Time m_timeout;                      //!< of idle connections
    Ptr<UniformRandomVariable> m_random; //!< draws ports
    std::map<uint16_t, Entry> m_entries; //!< by port outside
    std::map<FlowKey, uint16_t> m_ports; //!< outside, by four-tuple inside
};

} // namespace ns3

#endif /* MPTCP_NAT_H */
