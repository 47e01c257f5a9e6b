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
 * format, as its authors recorded cellular networks with their Saturator. The receiver answers every other one with a
 * datagram of an acknowledgement's size, for on Wi-Fi those take air time from the data; and small datagrams at
 * even times measure the delay that way. The paths share no medium, so that all are recorded in one run.
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
        ns3::Time interval;              //!< from one to the next, where they are not answers
        std::vector<ns3::Time> arrivals; //!< in their order
        std::vector<ns3::Time> delays;   //!< likewise
        Stream* answers{nullptr};        //!< sent by the receiver, one for every other arrival; null: none
        Stream* filling{nullptr};        //!< of the other direction, which waits for these; null: none
        bool isFilling{
            false}; //!< waits until the other direction was heard of since the link came up: a queue that is full
                    //!< from the beginning drops the replies by which neighbours find each other's addresses
        bool isHeard{false};                             //!< it was
        std::vector<std::pair<ns3::Time, bool>> changes; //!< when its link went down, and came up
        ns3::Ptr<ns3::NetDevice> station;                //!< nothing is sent while its link is down; null: it cannot be
    };

    /** What is recorded of one path. */
    struct Recording
    {
        const scn_path* spec;            //!< which
        std::unique_ptr<Stream> filling; //!< as much as goes through
        std::unique_ptr<Stream> probes;  //!< the other way
        std::unique_ptr<Stream> answers; //!< likewise, to what fills
        double otherDelayMs;             //!< of the path at the other end of the flow
    };

    void Record(const Topology::Path& path); //!< @param path a radio path
    /** @return datagrams from one address to another */
    std::unique_ptr<Stream> MakeStream(const std::pair<ns3::Ptr<ns3::Node>, ns3::Ipv4Address>& from,
                                       const std::pair<ns3::Ptr<ns3::Node>, ns3::Ipv4Address>& to,
                                       uint32_t ipBytes);
    static void NotifyLink(Stream* filling); //!< @param filling stream of the station whose link has changed
    static void Send(Stream* stream);        //!< @param stream to send a datagram of
    static void Repeat(Stream* stream);      //!< @param stream to send on, for the whole run
    /** Send more than arrives. @param filling stream @param arrivedBefore datagrams, when this was done last */
    static void Adapt(Stream* filling, size_t arrivedBefore);
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
