/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_FLOW_H
#define EXP_FLOW_H

#include "byte-log.h"
#include "scenario.h"
#include "topology.h"
#include "transport.h"

#include "ns3/socket.h"

#include <functional>

namespace experiment
{

/** One flow of a scenario: a client and a server application, one of which sends and the other receives. */
class Flow
{
  public:
    /**
     * @param spec what the scenario says
     * @param topology hosts and paths
     * @param index of the flow; port and random stream follow from it
     * @param onClosed called when both sides have closed in good order
     */
    Flow(const scn_flow& spec, const Topology& topology, size_t index, std::function<void()> onClosed);
    Flow(const Flow&) = delete;
    Flow& operator=(const Flow&) = delete;

    /** Make the server listen and the client connect at its time. */
    void Schedule();

    const scn_flow& GetSpec() const;       //!< @return what the scenario says
    uint16_t GetPort() const;              //!< @return the server's port, which no other flow has
    ns3::Time GetStart() const;            //!< @return when the client connects
    ns3::Time GetEnd(ns3::Time now) const; //!< @return when everything had arrived, the sender closed, or @p now
    bool IsComplete() const;               //!< @return whether all bytes of a flow of limited size arrived
    bool IsClosed() const;                 //!< @return whether both sides closed in good order
    bool IsDamaged() const;                //!< @return whether content differed from what was sent
    const ByteLog& GetDelivered() const;   //!< @return what the receiving application got
    const SenderProbe& GetProbe() const;   //!< @return a look into the sender's socket

  private:
    void Listen();
    void Connect();
    void Accept(ns3::Ptr<ns3::Socket> socket, const ns3::Address& from);
    void NotifyConnected(ns3::Ptr<ns3::Socket> socket);
    void NotifyFailed(ns3::Ptr<ns3::Socket> socket);
    void Attach(ns3::Ptr<ns3::Socket> socket, bool isSender);
    void NotifyWritable(ns3::Ptr<ns3::Socket> socket, uint32_t available);
    void NotifyReadable(ns3::Ptr<ns3::Socket> socket);
    void NotifyPeerClosed(ns3::Ptr<ns3::Socket> socket);
    void NotifyBroken(ns3::Ptr<ns3::Socket> socket);
    void Stop();
    uint32_t NextWriteBytes() const;
    bool IsServerSending() const;

    const scn_flow& m_spec;                 //!< what the scenario says
    const Topology& m_topology;             //!< hosts and paths
    uint16_t m_port;                        //!< the server's
    ns3::Time m_start;                      //!< when the client connects
    std::function<void()> m_onClosed;       //!< to be told of the end
    ns3::Ptr<ns3::Socket> m_listener;       //!< of the server
    ns3::Ptr<ns3::Socket> m_client;         //!< null before Connect()
    ns3::Ptr<ns3::Socket> m_sender;         //!< null before the connection is there
    SenderProbe m_probe;                    //!< on the sender
    uint64_t m_written{0};                  //!< stream bytes given to the sender
    uint64_t m_received{0};                 //!< stream bytes taken from the receiver
    ByteLog m_delivered;                    //!< the same, over time
    bool m_isStopped{false};                //!< the sender has closed
    ns3::Time m_completed;                  //!< when all had arrived
    int m_sidesClosed{0};                   //!< sides that saw the other's close
    bool m_isDamaged{false};                //!< content differed
};

} // namespace experiment

#endif /* EXP_FLOW_H */
