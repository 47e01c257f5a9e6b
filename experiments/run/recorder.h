/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EXP_RECORDER_H
#define EXP_RECORDER_H

#include "measure.h"
#include "topology.h"

#include "ns3/event-id.h"
#include "ns3/socket.h"

#include <memory>
#include <string>
#include <vector>

namespace experiment
{

/**
 * Makes traces of radio paths: instead of the scenario's flows, datagrams of 1500 bytes fill each radio path towards its
 * host (or away from it, where the flows send that way only), and when each arrives is when 1500 bytes can leave: Mahimahi's
 * format, as its authors recorded cellular networks with their Saturator. Small datagrams the other way measure the delay.
 * The paths share no medium, so that all are recorded in one run.
 */
class Recorder
{
  public:
    /** Send on every radio path, from the beginning. @param record of a run with the ranges @param topology what was built */
    Recorder(const measure& record, const Topology& topology);
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /**
     * Write a trace of each path, and the scenario with those in place of the radios, for the link engine.
     * @param folder where; made if need be
     */
    void Write(const std::string& folder) const;

  private:
    /** Datagrams of one size from one end of a path to the other. */
    struct Stream
    {
        ns3::Ptr<ns3::Socket> sender;    //!< connected to the receiver
        ns3::Ptr<ns3::Socket> receiver;  //!< at the other end
        uint32_t payloadBytes;           //!< of each
        ns3::Time interval;              //!< from one to the next
        std::vector<ns3::Time> sent;     //!< by the datagram's number
        std::vector<ns3::Time> arrivals; //!< in their order
        std::vector<ns3::Time> delays;   //!< likewise
    };

    /** What is recorded of one path. */
    struct Recording
    {
        const scn_path* spec;            //!< which
        std::unique_ptr<Stream> filling; //!< as much as goes through
        std::unique_ptr<Stream> probes;  //!< the other way
        double otherDelayMs;             //!< of the path at the other end of the flow
    };

    void Record(const Topology::Path& path); //!< @param path a radio path
    /** @return datagrams from one address to another */
    std::unique_ptr<Stream> MakeStream(const std::pair<ns3::Ptr<ns3::Node>, ns3::Ipv4Address>& from,
                                       const std::pair<ns3::Ptr<ns3::Node>, ns3::Ipv4Address>& to,
                                       uint32_t ipBytes,
                                       ns3::Time interval);
    void Send(Stream* stream); //!< @param stream to send a datagram of
    static void Receive(Stream* stream,
                        ns3::Ptr<ns3::Socket> socket); //!< @param stream of the socket @param socket that got some
    /** @return the delay of one way, in ms: the mean of both, each without a queue */
    static double GetDelayMs(const Recording& recording);
    /** @return the path as it is for the link engine @param recording of it @param file of its trace, kept by the caller */
    static scn_path Replace(const Recording& recording, const std::string& file);
    std::vector<scn_event> GetEvents() const; //!< @return the scenario's, and links that go down and up

    const measure& m_record;             //!< of the run
    const Topology& m_topology;          //!< what was built
    std::vector<Recording> m_recordings; //!< one a radio path
    uint16_t m_port{4000};               //!< last one used
};

} // namespace experiment

#endif
