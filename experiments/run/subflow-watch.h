/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_SUBFLOW_WATCH_H
#define EXP_SUBFLOW_WATCH_H

#include "measure.h"
#include "topology.h"

#include "ns3/nstime.h"
#include "ns3/socket.h"

namespace experiment
{

/** Writes down what a socket at one end of a flow tells of its subflows; of ns-3's TCP the round-trip times it measures. */
class SubflowWatch
{
  public:
    /**
     * @param all where it is written to
     * @param flow of the flow
     * @param topology hosts and paths
     * @param isClient whether the socket is the client's
     */
    SubflowWatch(measure& all, measure_flow& flow, const Topology& topology, bool isClient);
    SubflowWatch(const SubflowWatch&) = delete;
    SubflowWatch& operator=(const SubflowWatch&) = delete;

    /** @param socket the client's, or the listener whose sockets inherit the sinks */
    void Watch(ns3::Ptr<ns3::Socket> socket);
    /** @param socket that the listener accepted */
    void Attach(ns3::Ptr<ns3::Socket> socket);

  private:
    /** Sink of one of MptcpSocket's trace sources. */
    template <measure_subflow_kind KIND>
    void Notify(uint32_t subflowId, uint64_t oldValue, uint64_t newValue);
    void NotifyRtt(ns3::Time oldValue, ns3::Time newValue);
    void Tell(measure_subflow_kind kind, uint32_t subflowId, uint64_t value);
    const scn_path* FindPath(uint32_t subflowId) const;
    const scn_path* PathOf(const ns3::Address& local, const ns3::Address& remote) const;

    measure& m_measure;             //!< of all flows
    measure_flow& m_flow;           //!< of this one
    const Topology& m_topology;     //!< hosts and paths
    bool m_isClient;                //!< see the constructor
    ns3::Ptr<ns3::Socket> m_socket; //!< null before it connects or is accepted
};

} // namespace experiment

#endif /* EXP_SUBFLOW_WATCH_H */
