/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef EXP_FLOW_H
#define EXP_FLOW_H

#include "measure.h"
#include "scenario.h"
#include "subflow-watch.h"
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
     * @param all what the scenario says, and where is written what happens
     * @param topology hosts and paths
     * @param index of the flow; port and random stream follow from it
     * @param onClosed called when both sides have closed in good order
     */
    Flow(measure& all, const Topology& topology, size_t index, std::function<void()> onClosed);
    Flow(const Flow&) = delete;
    Flow& operator=(const Flow&) = delete;

    /** Make the server listen and the client connect at its time. */
    void Schedule();

    /** Write down what is known at the end only. */
    void Finish();

    const scn_flow& GetSpec() const;     //!< @return what the scenario says
    measure_flow& GetRecord() const;     //!< @return what happened
    uint16_t GetPort() const;            //!< @return the server's port, which no other flow has
    const SenderProbe& GetProbe() const; //!< @return a look into the sender's socket

  private:
    void Listen();
    const ns3::MptcpPath::Interface& FindFirstInterface() const;
    void Connect();
    void Accept(ns3::Ptr<ns3::Socket> socket, const ns3::Address& from);
    void NotifyConnected(ns3::Ptr<ns3::Socket> socket);
    void NotifyFailed(ns3::Ptr<ns3::Socket> socket);
    void Attach(ns3::Ptr<ns3::Socket> socket, bool isSender);
    void NotifyWritable(ns3::Ptr<ns3::Socket> socket, uint32_t available);
    void NotifyReadable(ns3::Ptr<ns3::Socket> socket);
    void NotifyPeerClosed(ns3::Ptr<ns3::Socket> socket);
    void NotifyBroken(ns3::Ptr<ns3::Socket> socket);
    void TellFailed(const char* what);
    void Stop();
    uint32_t NextWriteBytes() const;
    bool IsServerSending() const;

    measure& m_measure;               //!< what happens, of all flows
    measure_flow& m_record;           //!< what happens
    const scn_flow& m_spec;           //!< what the scenario says
    const Topology& m_topology;       //!< hosts and paths
    uint16_t m_port;                  //!< the server's
    std::function<void()> m_onClosed; //!< to be told of the end
    ns3::Ptr<ns3::Socket> m_listener; //!< of the server
    ns3::Ptr<ns3::Socket> m_client;   //!< null before Connect()
    ns3::Ptr<ns3::Socket> m_sender;   //!< null before the connection is there
    SenderProbe m_probe;              //!< on the sender
    SubflowWatch m_clientWatch;       //!< on the client
    SubflowWatch m_serverWatch;       //!< on the server
    uint64_t m_written{0};            //!< stream bytes given to the sender
    bool m_isStopped{false};          //!< the sender has closed
};

} // namespace experiment

#endif /* EXP_FLOW_H */
