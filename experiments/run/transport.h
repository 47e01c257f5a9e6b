/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_TRANSPORT_H
#define EXP_TRANSPORT_H

#include "scenario.h"
#include "topology.h"

#include "ns3/socket.h"

#include <vector>

namespace experiment
{

/** @return a socket of @p node that speaks the flow's protocol with the flow's settings */
ns3::Ptr<ns3::Socket> CreateFlowSocket(ns3::Ptr<ns3::Node> node, const scn_flow& flow);

/** Make a socket for each flow, on a host of its own, and throw them away. @throw ScenarioError what is wrong with one */
void CheckFlows(const scenario& s);

/** Bind a client's socket to the interface that its connection starts from. @return false: not possible */
bool BindClient(ns3::Ptr<ns3::Socket> socket, const ns3::MptcpPath::Interface& interface);

/** Keep a client's socket to the paths that the flow names, where it names any. */
void RestrictClient(ns3::Ptr<ns3::Socket> socket, const scn_flow& flow, const Topology& topology);

/** Have the server of an MPTCP flow announce its addresses, where it has several. */
void PrepareServer(const scn_flow& flow, const Topology& topology);

/** @return all counters of the host's module, by names that stay */
std::vector<std::pair<const char*, uint64_t>> ReadCounters(ns3::Ptr<ns3::Node> host);

/** What a sender knows of one way to the receiver. */
struct SubflowState
{
    ns3::Ipv4Address local;  //!< the sender's address
    ns3::Ipv4Address remote; //!< the receiver's address
    uint64_t cwndBytes;      //!< congestion window
    ns3::Time rtt;           //!< smoothed round-trip time, or the last one for ns-3's TCP
};

/** Looks into the sender's socket of a flow, whichever TCP it is. */
class SenderProbe
{
  public:
    /** @param socket connected, of the sending side */
    void Watch(ns3::Ptr<ns3::Socket> socket);
    /** @return the state of each subflow that is alive */
    std::vector<SubflowState> Read() const;
    /** @return stream bytes sent once more on another subflow, so far */
    uint64_t GetReinjectedBytes() const;
    /** @return whether MPTCP was asked for and has given way to TCP */
    bool HasFallenBack() const;

  private:
    void NotifyCwnd(uint32_t oldValue, uint32_t newValue);
    void NotifyRtt(ns3::Time oldValue, ns3::Time newValue);

    ns3::Ptr<ns3::Socket> m_socket; //!< null before Watch()
    uint32_t m_cwndBytes{0};        //!< of ns-3's TCP
    ns3::Time m_rtt;                //!< of ns-3's TCP
};

} // namespace experiment

#endif /* EXP_TRANSPORT_H */
